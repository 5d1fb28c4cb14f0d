"""Which scenes there are, and which are asked for: the same ones that `manim FILE.py` offers."""

from pagereel.discovery.choose import choose_scenes, find_scenes, storytellers
from pagereel.discovery.source import SceneSource, Tells

__all__ = ["SceneSource", "Tells", "choose_scenes", "find_scenes", "storytellers"]

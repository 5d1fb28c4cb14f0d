"""Draw a picture of each section of a scene, to compare it with a golden one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pagereel.check.playing import Watcher, play, scene_class
from pagereel.check.pytest.golden import file_name
from pagereel.check.see.picture import photograph
from pagereel.errors import CheckError

if TYPE_CHECKING:
    from pathlib import Path

    from manim import Animation, Scene
    from manim.scene.section import Section
    from PIL import Image

    from pagereel.check.output import Output


def draw_sections(file: Path, name: str, output: Output) -> dict[str, Image.Image]:
    """Play a scene; return a picture of each of its sections, by the golden picture's file name.

    The picture shows the state that the section comes to: the one after its last play or wait,
    except those at its end that only take things away. A section in which nothing is drawn has no
    picture, nor has one that the scene skips (`next_section(..., skip_animations=True)`). A scene
    that plays nothing has one picture, of what it adds.

    Raises
    ------
    SceneFailed
        If the file or the scene raised.
    CheckError
        If there is no such scene, or it draws nothing.
    """
    watcher = _Sections()
    with scene_class(file, name, output) as loaded:
        play(loaded, watcher)
    if not watcher.pictures:
        raise CheckError(f"{file}: {name} draws nothing; there is no picture to compare")
    return watcher.pictures


class _Sections(Watcher):
    """Watches a scene, and draws the state that each section comes to."""

    def __init__(self) -> None:
        self.pictures: dict[str, Image.Image] = {}
        self._section: Section | None = None
        self._index = 0
        self._has_come_to_rest = False

    def rest(self, scene: Scene, *_: Any) -> None:
        """Draw the state after a play or wait, if it may be what the section comes to."""
        section: Section = scene.renderer.file_writer.sections[-1]
        if section is not self._section:
            self._section, self._has_come_to_rest = section, False
            self._index += 1
        leaves = bool(scene.animations) and all(map(_takes_away, scene.animations or ()))
        if leaves and self._has_come_to_rest:
            return
        picture = photograph(scene)
        if picture != photograph(scene, empty=True):
            self.pictures[file_name(self._index, section.name)] = picture
            self._has_come_to_rest |= not leaves


def _takes_away(animation: Animation) -> bool:
    """Return whether an animation only takes things away, as FadeOut does."""
    parts: list[Animation] = getattr(animation, "animations", [])
    if parts:
        return all(map(_takes_away, parts))
    return animation.is_remover()

"""Scenes rendered fast: `Scene(renderer=FastRenderer())`, or `render_scene`."""

from pagereel.fast.render import Chapter, Rendered, RenderSettings, render_scene
from pagereel.fast.renderer import FastRenderer
from pagereel.fast.writer import FastWriter, Sound

__all__ = [
    "Chapter",
    "FastRenderer",
    "FastWriter",
    "RenderSettings",
    "Rendered",
    "Sound",
    "render_scene",
]

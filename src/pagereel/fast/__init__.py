"""Scenes rendered fast: `Scene(renderer=FastRenderer())`, or `render_scene`."""

from pagereel.fast.boxes import Box, cover
from pagereel.fast.drawn import EVERY, Drawings, Drawn
from pagereel.fast.images import Picture
from pagereel.fast.movie import write_mp4
from pagereel.fast.render import RenderSettings, render_scene
from pagereel.fast.rendered import Chapter, Rendered
from pagereel.fast.renderer import FastRenderer
from pagereel.fast.sound import Sound, write_sound
from pagereel.fast.writer import FastWriter
from pagereel.fast.yuv import YuvPicture

__all__ = [
    "EVERY",
    "Box",
    "Chapter",
    "Drawings",
    "Drawn",
    "FastRenderer",
    "FastWriter",
    "Picture",
    "RenderSettings",
    "Rendered",
    "Sound",
    "YuvPicture",
    "cover",
    "render_scene",
    "write_mp4",
    "write_sound",
]

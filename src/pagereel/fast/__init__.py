"""Scenes rendered fast: `Scene(renderer=FastRenderer())`, or `render_scene`."""

from pagereel.fast.boxes import Box, cover
from pagereel.fast.drawn import Drawings, Drawn
from pagereel.fast.encode.lossless import Picture
from pagereel.fast.encode.mp4 import Sound, write_mp4, write_sound
from pagereel.fast.encode.yuv import YuvPicture
from pagereel.fast.render import Chapter, Rendered, RenderSettings, render_scene
from pagereel.fast.renderer import FastRenderer
from pagereel.fast.report import Report
from pagereel.fast.writer import FastWriter

__all__ = [
    "Box",
    "Chapter",
    "Drawings",
    "Drawn",
    "FastRenderer",
    "FastWriter",
    "Picture",
    "RenderSettings",
    "Rendered",
    "Report",
    "Sound",
    "YuvPicture",
    "cover",
    "render_scene",
    "write_mp4",
    "write_sound",
]

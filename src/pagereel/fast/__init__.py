"""Scenes rendered fast: `Scene(renderer=FastRenderer())`, or `render_scene`."""

from pagereel.fast.boxes import Box, cover
from pagereel.fast.draw.playing import stateless
from pagereel.fast.encode.lossless import Picture
from pagereel.fast.encode.mp4 import write_mp4, write_sound
from pagereel.fast.encode.yuv import YuvPicture
from pagereel.fast.plan import Drawings, Drawn
from pagereel.fast.render import (
    NothingMoves,
    RenderSettings,
    is_raised_at_the_end,
    render_scene,
)
from pagereel.fast.renderer import FastRenderer
from pagereel.fast.report import Report
from pagereel.fast.writer import FastWriter

__all__ = [
    "Box",
    "Drawings",
    "Drawn",
    "FastRenderer",
    "FastWriter",
    "NothingMoves",
    "Picture",
    "RenderSettings",
    "Report",
    "YuvPicture",
    "cover",
    "is_raised_at_the_end",
    "render_scene",
    "stateless",
    "write_mp4",
    "write_sound",
]

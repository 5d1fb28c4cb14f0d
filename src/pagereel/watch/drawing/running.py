"""Runs through a scene for an order, and says which files it has read.

A scene that does anything outside of its process, such as writing a file, would do it twice. It is
drawn by one process, one beat after another.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from manim import RendererType, config

from pagereel.discovery.load import load_scene
from pagereel.errors import StockNeeded
from pagereel.fast.render import is_raised_at_the_end
from pagereel.fast.renderer import FastRenderer, make_scene
from pagereel.fast.shards.guard import Guard, conclude, disarm
from pagereel.fast.shards.kept import KeptShards
from pagereel.fast.shards.processes import leave
from pagereel.fast.writer import Delivery
from pagereel.formulas import bring_formulas, keep_formulas
from pagereel.render.job import MEDIA
from pagereel.request import scaled
from pagereel.watch.drawing.beats import BeatCutter, Through, await_children
from pagereel.watch.drawing.inputs import inputs, modules, note_inputs

if TYPE_CHECKING:
    from pathlib import Path

    from manim import Scene

    from pagereel.watch.drawing.events import Events
    from pagereel.watch.drawing.order import Order


def draw(order: Order, events: Events) -> None:
    """Draw a scene: first the still where the reader is, then films of all beats."""
    known = {*sys.modules}
    note_inputs()
    own = order.folder / f"laid-out-{order.number}"
    laid_out = {"texts": order.folder / "texts", "Tex": MEDIA / "Tex" / "kept"}
    kept = KeptShards(MEDIA / "cache", order.scene)
    own.mkdir()
    for kind, folder in laid_out.items():
        bring_formulas(folder, own / kind)
    guard = Guard()
    try:
        with order.options.in_environment():
            scene_class = _loaded(order, own)
            if not order.alone and (why := guard.ties()):
                events.tell("alone", why=f"the scene's file {why}")
                leave(0)
            _run_through(scene_class, order, events, None if order.alone else kept)
    finally:
        if os.getpid() == events.owner:
            conclude()
            events.tell("inputs", files=inputs(order.folder), modules=modules(known))
    for kind, folder in laid_out.items():
        with suppress(OSError):
            keep_formulas(own / kind, folder)
    await_children(events)
    kept.trim()


def _loaded(order: Order, own: Path) -> type[Scene]:
    """Run the scene's file; return the scene. manim's settings are then those of a film."""
    folders = {"text_dir": str(own / "texts"), "tex_dir": str(own / "Tex")}
    size = {"pixel_width": order.width, "pixel_height": order.height, "frame_rate": order.rate}
    config.update({**folders, **size, "input_file": str(order.file), "format": "auto"})
    scene_class = load_scene(order.file, order.scene)
    if config.renderer != RendererType.CAIRO:
        raise StockNeeded("its file or a manim.cfg asks for another renderer than Cairo")
    config.update(
        {
            **folders,
            **own_size(order),
            "frame_rate": order.rate,
            "format": "mp4",
            "progress_bar": "none",
            "disable_caching": True,
            "preview": False,
            "show_in_file_browser": False,
            "save_sections": False,
            "output_file": "",
        }
    )
    return scene_class


def own_size(order: Order) -> dict[str, int]:
    """Return the size of the pictures: in the shape that the file has set, if it has set one."""
    found = config.pixel_width, config.pixel_height
    width, height = scaled(found, min(order.width, order.height))
    return {"pixel_width": width, "pixel_height": height}


def _run_through(
    scene_class: type[Scene], order: Order, events: Events, kept: KeptShards | None
) -> None:
    cutter = BeatCutter(order, events)
    delivery = Delivery(target=order.folder / "beat.mp4", sections=("?*",), kept=kept)
    renderer = FastRenderer(cutter=cutter, delivery=delivery, report=events)
    try:
        scene = make_scene(scene_class, renderer)
        events.tell("size", width=config.pixel_width, height=config.pixel_height)
        scene.render()
    except Through:
        pass
    except BaseException as error:
        cutter.fail_if_child(error)
        if renderer.num_plays or not is_raised_at_the_end(error):
            raise
        cutter.stand_still(scene)
    disarm()
    events.tell("through")
    cutter.go_back()

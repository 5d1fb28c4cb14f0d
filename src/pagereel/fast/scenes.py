"""Scenes made to be drawn by a `FastRenderer`, whether or not they can be given a renderer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from manim import CairoRenderer, RendererType, config

from pagereel.errors import RenderError
from pagereel.fast.renderer import FastRenderer

if TYPE_CHECKING:
    from manim import Scene

    from pagereel.fast.report import Report


class StockNeeded(RenderError):  # noqa: N818 (nobody has made a mistake)
    """manim has to render: something else than an opaque MP4 video is wanted, or known to us."""


def make_scene(scene_class: type[Scene], renderer: FastRenderer) -> Scene:
    """Make a scene that is drawn by a renderer.

    Raises
    ------
    StockNeeded
        If it cannot be: the scene wants OpenGL, brings a renderer of its own kind, or has begun
        with its own renderer before it could be given another.
    """
    name = scene_class.__name__
    if config.renderer != RendererType.CAIRO:
        _leave(name, "its file asks for another renderer than Cairo", renderer.report)
    scene = _given(scene_class, renderer) or scene_class()
    own: Any = scene.renderer
    if own is renderer:
        return scene
    if type(own) not in {CairoRenderer, FastRenderer}:
        _leave(name, f"it brings a renderer of its own, {type(own).__name__}", renderer.report)
    if own.num_plays or len(own.file_writer.sections) > 1 or own.file_writer.subcaptions:
        _leave(name, "it plays in its __init__", renderer.report)
    renderer.take_over(scene)
    return scene


def _given(scene_class: type[Scene], renderer: FastRenderer) -> Scene | None:
    """Return a scene that was given a renderer; None if its `__init__` does not take one.

    Whatever else is wrong with it is raised when it is made without.
    """
    try:
        return scene_class(renderer=renderer)
    except TypeError:
        return None


def _leave(name: str, why: str, report: Report) -> NoReturn:
    report.note(f"manim renders this scene: {why}")
    raise StockNeeded(f"{name}: {why}; only manim can render it")

"""`render_scene`: one scene in, one video out, and what is known about it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from manim import Scene, tempconfig
from manim.utils.module_ops import get_module

from pagereel.errors import RenderError
from pagereel.fast.cuts import Cutter
from pagereel.fast.drawn import spans
from pagereel.fast.renderer import FastRenderer
from pagereel.fast.workers import ForkingCutter
from pagereel.fast.writer import FastWriter, Sound

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from fractions import Fraction
    from pathlib import Path

    import srt

    from pagereel.fast.drawn import Drawings


class StockNeeded(RenderError):  # noqa: N818 (nobody has made a mistake)
    """Something else than an opaque MP4 video is wanted, which manim writes itself."""


@dataclass(frozen=True, slots=True)
class RenderSettings:
    """How to render.

    Attributes
    ----------
    width, height
        The video's, in pixels; even numbers.
    fps
        Images a second.
    jobs
        How many processes draw. More than one needs a system that can fork.
    exact
        Whether every pixel has to be manim's, before encoding.
    keep_images
        Whether what is drawn is kept for any encoder, instead of being encoded as it is drawn.
    sections
        The sections to draw, by names or patterns, each on its own; none: all, as one.
    manim
        More of manim's own settings.
    """

    width: int = 1920
    height: int = 1080
    fps: float = 60
    jobs: int = 1
    exact: bool = False
    keep_images: bool = False
    sections: tuple[str, ...] = ()
    manim: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A section of the video.

    Attributes
    ----------
    first, end
        Its first image, and the one behind its last, from 0.
    start, stop
        The same in seconds.
    """

    name: str
    type: str
    first: int
    end: int
    start: float
    stop: float


@dataclass(frozen=True, slots=True)
class Rendered:
    """A video that was made.

    Attributes
    ----------
    path
        Where it is.
    images, seconds
        How long it is.
    chapters
        The sections that have images.
    subcaptions
        As given by the scene, in its time.
    sounds
        What is heard, and when.
    shards
        How many images each of the separately drawn stretches has.
    """

    path: Path
    images: int
    seconds: float
    chapters: tuple[Chapter, ...]
    subcaptions: tuple[srt.Subtitle, ...]
    sounds: tuple[Sound, ...]
    shards: tuple[int, ...]


def render_scene(
    source: type[Scene] | tuple[Path, str],
    target: Path,
    settings: RenderSettings | None = None,
    on_progress: Callable[[int], None] | None = None,
    *,
    encode: Callable[[Drawings], None] | None = None,
) -> Rendered:
    """Render a scene into an MP4 video, which appears when it is complete.

    Parameters
    ----------
    source
        A scene, or a Python file and the name of a scene in it.
    target
        Where to.
    on_progress
        Called with the number of images drawn so far, now and then.
    encode
        Called with what was drawn, if it is to be something else than one video. It is gone when
        the scene has been rendered.

    Raises
    ------
    StockNeeded
        If settings ask for something else than an opaque MP4 video.
    RenderError
        If there is no such scene, it shows nothing, or its images cannot be drawn. Errors of the
        scene's own code come as they are.
    """
    settings = settings or RenderSettings()
    report = on_progress or (lambda _images: None)
    forks = settings.jobs > 1 and hasattr(os, "fork")
    cutter = ForkingCutter(settings.jobs, report) if forks else Cutter(report)
    with tempconfig(_config(source, settings)):
        renderer = FastRenderer(exact=settings.exact, cutter=cutter)
        try:
            scene = _scene_class(source)(renderer=renderer)
            writer = _require_fast_writer(renderer, target)
            writer.target, writer.encode = target, encode
            writer.keeps_images, writer.wanted = settings.keep_images, settings.sections
            scene.render()
        except BaseException as error:
            cutter.fail_if_child(error)
            raise
        finally:
            cutter.stop()
            if isinstance(getattr(renderer, "file_writer", None), FastWriter):
                renderer.file_writer.remove_shards()
    return _rendered(writer, target)


def _require_fast_writer(renderer: FastRenderer, target: Path) -> FastWriter:
    if not isinstance(renderer.file_writer, FastWriter):
        raise StockNeeded(
            f"{target}: only opaque MP4 videos are made; leave other formats to manim"
        )
    return renderer.file_writer


def _config(source: type[Scene] | tuple[Path, str], settings: RenderSettings) -> dict[str, Any]:
    file = {"input_file": str(source[0])} if isinstance(source, tuple) else {}
    return {
        **file,
        "pixel_width": settings.width,
        "pixel_height": settings.height,
        "frame_rate": settings.fps,
        "format": "mp4",
        "renderer": "cairo",
        "progress_bar": "none",  # its thread would not survive a fork
        **settings.manim,
    }


def _scene_class(source: type[Scene] | tuple[Path, str]) -> type[Scene]:
    if not isinstance(source, tuple):
        return source
    file, name = source
    found = getattr(get_module(file), name, None)
    if not (isinstance(found, type) and issubclass(found, Scene)):
        raise RenderError(f"{file}: there is no scene {name!r} in it; look at its class names")
    return found


def _rendered(writer: FastWriter, target: Path) -> Rendered:
    images = sum(writer.counts)
    if writer.video_encoder is None or not images:
        raise RenderError(f"{target}: the scene shows nothing; let it play or wait")
    rate = writer.video_encoder.frame_rate
    return Rendered(
        path=target,
        images=images,
        seconds=float(images / rate),
        chapters=_chapters(writer, rate),
        subcaptions=tuple(writer.subcaptions),
        sounds=tuple(writer.sounds),
        shards=tuple(writer.counts),
    )


def _chapters(writer: FastWriter, rate: Fraction) -> tuple[Chapter, ...]:
    return tuple(
        Chapter(section.name, section.type_, first, end, float(first / rate), float(end / rate))
        for section, first, end in spans(writer)
    )

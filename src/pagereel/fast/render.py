"""`render_scene`: renders one scene into one video."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from traceback import walk_tb
from typing import TYPE_CHECKING, Any, cast

from manim import RendererType, config, tempconfig
from manim._config.video_encoder import to_av_frame_rate
from manim.manager import Manager

from pagereel.checkpoints import claimed
from pagereel.discovery.load import load_scene
from pagereel.errors import RenderError, StockNeeded
from pagereel.fast import memory
from pagereel.fast.renderer import FastRenderer, make_scene
from pagereel.fast.report import Report
from pagereel.fast.shards.cutter import Cutter, DrawnElsewhere
from pagereel.fast.shards.forked import ForkingCutter
from pagereel.fast.shards.kept import KeptShards
from pagereel.fast.writer import Delivery, FastWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from manim import CairoRenderer, Scene
    from manim.typing import PixelArray

    from pagereel.checkpoints import Checkpoint
    from pagereel.fast.plan import Drawings

_EMPTY = "the scene shows nothing; let it play or wait"


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
        Whether every pixel has to equal manim's, before encoding.
    keep_images
        Whether images are kept losslessly for any encoder, instead of being encoded at once.
    sections
        The sections to draw, by names or shell patterns; none for the whole scene.
    manim
        Further settings of manim.
    checkpoint
        A folder for what is drawn of this video and of no other. If this call is interrupted, the
        next one resumes from it. It is removed when the video is there, or cannot be made.
    kept
        A folder in which shards are kept by what they show, for this video and others.
    renew
        Whether none of them is taken, as everything is to be drawn again.
    tied
        What keeps the scene from being forked, if its file has been read: see `Guard.ties`.
    """

    width: int = 1920
    height: int = 1080
    fps: float = 60
    jobs: int = 1
    exact: bool = False
    keep_images: bool = False
    sections: tuple[str, ...] = ()
    manim: Mapping[str, Any] = field(default_factory=dict)
    checkpoint: Path | None = None
    kept: Path | None = None
    renew: bool = False
    tied: str = ""


def render_scene(
    source: type[Scene] | tuple[Path, str],
    target: Path,
    settings: RenderSettings | None = None,
    report: Report | None = None,
    *,
    cutter: Cutter | None = None,
    encode: Callable[[Drawings], None] | None = None,
) -> FastWriter:
    """Render a scene into an MP4 video, which appears when it is complete.

    Parameters
    ----------
    source
        A scene, or a Python file and the name of a scene in it.
    target
        Where to.
    report
        Receives progress and remarks. If it is not given, remarks go to manim's log.
    cutter
        Has the shards drawn, if not `settings.jobs` processes of this machine are to do so.
    encode
        Called with the drawings to write other files than one video. The shards are removed
        afterwards.

    Returns
    -------
    FastWriter
        The writer, which knows the video's length, shards, sections, subcaptions and sounds.

    Raises
    ------
    StockNeeded
        If settings ask for something else than an opaque MP4 video, or the scene for something
        else than Cairo.
    RenderError
        If there is no such scene, it shows nothing, or its images cannot be drawn; `NothingMoves`
        if it neither plays nor waits. Errors of the scene's own code come as they are.
    """
    settings = settings or RenderSettings()
    report = report or Report()
    memory.keep()
    kept = None
    if settings.kept is not None:
        name = source[1] if isinstance(source, tuple) else source.__name__
        kept = KeptShards(settings.kept, name, renew=settings.renew)
    with claimed(settings.checkpoint) as checkpoint, tempconfig(_config(source, settings)):
        cutter = cutter or _cutter(settings, kept, checkpoint, report)
        delivery = Delivery(
            target=target,
            sections=settings.sections,
            keep_images=settings.keep_images,
            encode=encode,
            checkpoint=checkpoint,
            kept=kept,
        )
        renderer = FastRenderer(
            exact=settings.exact, cutter=cutter, delivery=delivery, report=report
        )
        try:
            scene_class = _scene_class(source)
            if checkpoint is not None and config.seed is None:
                config.seed = checkpoint.seed  # for a scene that is made without one of its own
            scene = make_scene(scene_class, renderer)
            writer = _require_fast_writer(renderer)
            _note_what_differs(writer, settings, report)
            try:
                scene.render()
            except DrawnElsewhere:  # raised in the scene's `tear_down`
                renderer.scene_finished(scene)
        except BaseException as error:
            cutter.fail_if_child(error)
            if not renderer.num_plays and is_raised_at_the_end(error):
                raise NothingMoves.of(scene) from error
            raise
        finally:
            cutter.stop()
            if isinstance(getattr(renderer, "file_writer", None), FastWriter):
                renderer.file_writer.remove_shards()
    if kept is not None:
        kept.trim()
    if not writer.plan.length:
        raise RenderError(f"{type(scene).__name__}: {_EMPTY}")
    return writer


def _cutter(
    settings: RenderSettings,
    kept: KeptShards | None,
    checkpoint: Checkpoint | None,
    report: Report,
) -> Cutter:
    """Return what has the shards drawn by processes of this machine."""
    # Only a process that runs ahead can take shards over. Asked before anything is kept.
    takes_over = (kept is not None and kept.has_any) or (
        checkpoint is not None and checkpoint.has_any()
    )
    if settings.tied and settings.jobs > 1:
        report.note(f"one process draws: the scene's file {settings.tied}")
    if settings.tied or not hasattr(os, "fork") or not (settings.jobs > 1 or takes_over):
        return Cutter()
    return ForkingCutter(settings.jobs)


class NothingMoves(RenderError):  # noqa: N818 (it need not be a mistake)
    """A scene that neither plays nor waits: there is no video of it.

    Attributes
    ----------
    pixels
        What it shows, as manim draws it: RGBA, shape (height, width, 4).
    """

    def __init__(self, scene: str, pixels: PixelArray) -> None:
        self.pixels = pixels
        super().__init__(
            f"{scene}: nothing plays or waits in it, so it is a still; take --format png"
        )

    @classmethod
    def of(cls, scene: Scene) -> NothingMoves:
        """Return what is to be raised of a scene that has ended."""
        return cls(type(scene).__name__, picture_of(scene))


def picture_of(scene: Scene) -> PixelArray:
    """Return what a scene shows between two plays, as manim draws it: RGBA."""
    renderer = cast("CairoRenderer", scene.renderer)
    renderer.static_image = None
    renderer.update_frame(scene)
    return renderer.get_frame()


def is_raised_at_the_end(error: BaseException) -> bool:
    """Return whether manim itself found an error in a scene that has ended."""
    *_, (innermost, _) = walk_tb(error.__traceback__)
    return innermost.f_code is Manager.post_construct.__code__


def _require_fast_writer(renderer: FastRenderer) -> FastWriter:
    if not isinstance(renderer.file_writer, FastWriter):
        raise StockNeeded("only opaque MP4 videos in manim's own encoding are written fast")
    return renderer.file_writer


def _note_what_differs(writer: FastWriter, settings: RenderSettings, report: Report) -> None:
    """Note if the file has set its own size or speed, which holds with manim, too."""
    video = writer.require_video()
    asked = settings.width, settings.height, to_av_frame_rate(settings.fps)
    if (video.width, video.height, video.rate) != asked:
        size = f"{video.width}x{video.height}, {float(video.rate):g} images a second"
        report.note(f"the scene's file itself sets {size}")


def _config(source: type[Scene] | tuple[Path, str], settings: RenderSettings) -> dict[str, Any]:
    file = {"input_file": str(source[0])} if isinstance(source, tuple) else {}
    return {
        **file,
        "pixel_width": settings.width,
        "pixel_height": settings.height,
        "frame_rate": settings.fps,
        "format": "mp4",
        # To set it has manim look at all of its classes, so it is not set to what it is.
        **({} if config.renderer is RendererType.CAIRO else {"renderer": "cairo"}),
        "progress_bar": "none",  # its thread would not survive a fork
        **settings.manim,
    }


def _scene_class(source: type[Scene] | tuple[Path, str]) -> type[Scene]:
    if not isinstance(source, tuple):
        return source
    return load_scene(*source)

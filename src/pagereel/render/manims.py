"""The process in which manim itself renders a scene, as its own command does.

All that the scene's file and manim.cfg set holds. Only the folders are set again when the file has
been read: what is made grows in the workplace, and is moved from there to where it belongs.
"""

from __future__ import annotations

import os
import pickle
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from manim import RendererType, config, tempconfig
from manim._config import error_console
from manim.manager import Manager
from PIL import Image

from pagereel.discovery.load import load_scene
from pagereel.errors import CannotWrite, PagereelError, one_line
from pagereel.failure import Failure, Kind
from pagereel.fast import NothingMoves, is_raised_at_the_end
from pagereel.files import write_facts
from pagereel.render.configured import Settings, plan_again
from pagereel.render.formats.encode import write_webvtt
from pagereel.render.formats.registry import FORMATS
from pagereel.render.stock import CHANGED, require_possible
from pagereel.render.workplace import FORMULAS, SECTIONS, TEXTS

if TYPE_CHECKING:
    from manim import Scene

    from pagereel.render.job import Job
    from pagereel.request import Request


def main() -> None:
    """Render what the file that is the argument says."""
    order = Path(sys.argv[1])
    job: Job
    job, progress, verbosity = pickle.loads(order.read_bytes())  # noqa: S301 (our own process wrote it)
    config.update({"progress_bar": progress, "verbosity": verbosity})
    if job.alone:
        config.media_dir = order.parent / "media"
    config.update(laid_out(order.parent))  # also what the scene's file lays out when it is read
    try:
        scene_class, changed = read_scene(job)
        if changed != job:
            write_facts(order.with_name(CHANGED), changed.facts)
            require_possible(changed)
        try:
            _render_formats(scene_class, changed, order.parent)
        except NothingMoves as still:
            made = keep_still(still, changed, order.parent)
            write_facts(order.with_name(CHANGED), made.facts)
    except PagereelError as error:
        print(f"pagereel: {one_line(str(error))}", file=sys.stderr)
        sys.exit(2)
    except Exception as error:  # noqa: BLE001 (so does manim's command)
        failure = Failure.of(error, folder=order.parent)
        if failure.kind is Kind.UNWRITABLE:
            where = job.target.parent if (full := Path(failure.folder)) == order.parent else full
            print(f"pagereel: {CannotWrite(where, failure.message)}", file=sys.stderr)
            sys.exit(2)
        error_console.print_exception()
        sys.exit(1)


def read_scene(job: Job) -> tuple[type[Scene], Job]:
    """Return the scene of a job, and the job as the scene's file has changed it.

    manim's `config` is then as its own command would leave it.

    Raises
    ------
    RenderError
        If what the file sets cannot be done.
    """
    config.update(typed(job.request))
    before = Settings.of(config)
    scene_class = load_scene(job.request.file, job.request.scene)
    return scene_class, plan_again(job, before, Settings.of(config))


def keep_still(still: NothingMoves, job: Job, folder: Path) -> Job:
    """Write the picture of a scene in which nothing moves; return the job as that changes it.

    As with manim, a video that is asked for by its format is refused.
    """
    request = job.request
    by_default = request.asked is not None and request.asked.formats is None
    if request.formats != ("png",) and not (by_default and request.formats == ("mp4",)):
        raise still
    Image.fromarray(still.pixels).save(folder / f"{job.stem}.png")
    return replace(job, request=replace(request, formats=("png",), sections=()))


def typed(request: Request) -> dict[str, Any]:
    """Return manim's settings as its command line would make them of a request."""
    video = request.video
    settings: dict[str, Any] = {
        "input_file": str(request.file),
        "pixel_width": video.width,
        "pixel_height": video.height,
        "frame_rate": video.fps,
    }
    if request.asked is None or request.asked.formats:
        settings["format"] = "auto"
    if request.seed is not None:
        settings["seed"] = request.seed
    return settings


def _render_formats(scene_class: type[Scene], job: Job, folder: Path) -> None:
    """Render one format after the other, each in a process of its own.

    The first one comes last: the index of the sections is of the last.
    """
    *others, last = reversed(job.request.formats)
    for each in others:
        process = os.fork()
        if not process:
            last = each
            break
        _, status = os.waitpid(process, 0)
        if code := os.waitstatus_to_exitcode(status):
            sys.exit(code if code > 0 else 128 - code)
    with tempconfig(placed(job, last, folder)):
        _render(scene_class)
    write_webvtt(folder / f"{job.stem}.srt")


def placed(job: Job, media_format: str, folder: Path) -> dict[str, Any]:
    """Return manim's settings with which a format grows in a folder."""
    video, made = job.request.video, FORMATS[media_format]
    return {
        "pixel_width": video.width,
        "pixel_height": video.height,
        "frame_rate": made.playable(video.fps),
        "format": media_format,
        "save_sections": bool(job.request.sections) and made.has_subtitles,
        "output_file": job.stem,
        **laid_out(folder),
        "video_dir": str(folder),
        "images_dir": str(folder),
        "sections_dir": str(folder / SECTIONS),
        "partial_movie_dir": str(folder / "partial"),
        "disable_caching": True,
        "preview": False,
        "show_in_file_browser": False,
    }


def laid_out(folder: Path) -> dict[str, Any]:
    """Return manim's settings with which it lays out texts and formulas in a folder."""
    return {"text_dir": str(folder / TEXTS), "tex_dir": str(folder / FORMULAS)}


def _render(scene_class: type[Scene]) -> None:
    """Render a scene as manim's command does; a plugin may have overridden `render`."""
    if config.renderer == RendererType.OPENGL:
        from manim.renderer.opengl_renderer import OpenGLRenderer  # noqa: PLC0415 (it imports OpenGL)

        scene = scene_class(OpenGLRenderer())
    else:
        scene = scene_class()
    Manager(scene)
    try:
        scene.render()
    except RuntimeError as error:
        if scene.renderer.num_plays or not is_raised_at_the_end(error):
            raise
        raise NothingMoves.of(scene) from error

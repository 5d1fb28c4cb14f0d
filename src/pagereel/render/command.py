"""`pagereel render`, `preview`, `replay` and films of `compare`: options, and what they do.

It has more than 400 lines: the commands share their options, and how jobs are carried out.
"""

from __future__ import annotations

import argparse
import math
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pagereel.assets import COMPARE, OWN_FILM, REPLAY
from pagereel.compare.command import names_of
from pagereel.discovery import SceneSource, Tells, choose_scenes, storytellers
from pagereel.discovery.stories import is_film
from pagereel.errors import RenderError
from pagereel.kinds import output_fault
from pagereel.render.cluster.address import Cluster, address
from pagereel.render.configured import Settings, plan
from pagereel.render.formats.registry import (
    FORMATS,
    STILLS,
    file_name,
    formats,
    paced,
    stem_of,
)
from pagereel.render.job import Job, preview_job
from pagereel.render.process import endable
from pagereel.render.run import RunOptions, run
from pagereel.render.screen import Screen, as_json, table
from pagereel.render.stock import require_possible
from pagereel.request import (
    ALL_SECTIONS,
    ASPECTS,
    LONGEST_FILM,
    LONGEST_RACE,
    PREVIEW,
    QUALITIES,
    SHORTEST_FILM,
    SHORTEST_RACE,
    Asked,
    Request,
    SceneOptions,
    TracePair,
    add_jobs_option,
    chosen_video,
    film_length,
    film_title,
    is_trace,
    race_length,
    shape_of,
    shaped,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_FILMS = tuple(name for name, each in FORMATS.items() if each.writer and not each.is_still)
_REPLAYS = (*_FILMS, "png")  # a still of the end
_LARGEST = 16_384  # pixels; x264 takes no more
_QUICKEST = 1000  # images a second
_LETTERS = ", ".join(f"{key} {height}p{fps:g}" for key, (_, height, fps) in QUALITIES.items())


def add_video_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of videos."""
    _add_size_options(parser)
    _add_file_options(parser)
    _add_cluster_options(parser)


def _add_size_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "-q",
        "--quality",
        choices=QUALITIES,
        help=f"manim's letters: {_LETTERS}; h if neither this nor a manim.cfg says",
    )
    parser.add_argument(
        "-r", "--resolution", type=size, metavar="W,H", help="another size, such as 1080,1920"
    )
    parser.add_argument("--fps", type=rate, metavar="N", help="other images a second")
    parser.add_argument(
        "--exact", action="store_true", help="draw every pixel as manim does, to the last bit"
    )
    parser.add_argument(
        "--stock", action="store_true", help="let manim itself render; takes several times as long"
    )


def size(text: str) -> tuple[int, int]:
    """Return width and height, as they are typed.

    Raises
    ------
    argparse.ArgumentTypeError
        If they are not even numbers; an MP4 video has half as many colours as pixels in a row.
    """
    found = re.fullmatch(r"(\d{1,5})[,x](\d{1,5})", text)
    numbers = tuple(map(int, found.groups())) if found else ()
    if not numbers or not all(0 < n <= _LARGEST and n % 2 == 0 for n in numbers):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a width and a height such as 1080,1920; both have to be even"
        )
    width, height = numbers
    return width, height


def rate(text: str) -> float:
    """Return images a second, as they are typed.

    Raises
    ------
    argparse.ArgumentTypeError
        If it is not a number of them.
    """
    try:
        fps = float(text)
    except ValueError:
        fps = math.nan
    if not 1 <= fps <= _QUICKEST:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a number of images a second from 1 to {_QUICKEST}"
        )
    return fps


def _add_file_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format",
        type=formats,
        metavar="A,B",
        help=f"{', '.join(FORMATS)}, or several of them; {STILLS}: a picture of each section; mp4 "
        "if neither this nor a manim.cfg says",
    )
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="the media file of one scene, such as docs/cache.gif, and nothing beside it",
    )
    sections = parser.add_mutually_exclusive_group()
    sections.add_argument(
        "--section",
        action="append",
        default=[],
        metavar="NAME",
        help="only this section, or those of a pattern such as 'a*', each as a video of its own",
    )
    sections.add_argument(
        "--save-sections",
        "--save_sections",
        dest="section",
        action="store_const",
        const=[ALL_SECTIONS],
        help="each section as a video of its own, too, and manim's index of them",
    )


def _add_cluster_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--dask",
        type=address,
        metavar="ADDRESS",
        help="let a Dask cluster draw, such as tcp://host:8786; --jobs is ignored then",
    )
    parser.add_argument(
        "--dask-files",
        action="append",
        metavar="PATTERN",
        help="files that the cluster needs, too, such as 'clips/*.mp4', if it does not find one",
    )


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that videos and previews share."""
    parser.add_argument(
        "scenes",
        nargs="*",
        metavar="FILE | SCENE",
        help="a file of Python first, if it is not scenes/; then scenes in it, all if none is "
        "named; or a story or a film: FILE.toml",
    )
    parser.add_argument("--force", action="store_true", help="even what is up to date")
    _add_json_option(parser)
    _add_running_options(parser)


def _add_json_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json", action="store_true", help="print what was made as JSON, and nothing else"
    )


def _add_running_options(parser: argparse.ArgumentParser) -> None:
    add_jobs_option(parser, "processes that draw")
    parser.add_argument("-v", "--verbose", action="store_true", help="show manim's own log")


def add_replay_options(parser: argparse.ArgumentParser) -> None:
    """Add what `pagereel replay` understands, but for the theme."""
    parser.add_argument("trace", type=Path, help="a trace: .jsonl, or .jsonl.gz")
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="the video, such as out.mp4 or out.gif, or a still, out.png; named as the trace, in "
        "this folder, if not given",
    )
    parser.add_argument(
        "--format",
        choices=_REPLAYS,
        help="as the file's name says, or mp4; a gif is small, 960 x 540 pixels, if not asked for",
    )
    parser.add_argument(
        "--title", type=film_title, metavar="TEXT", help="the title; the engine's name if not given"
    )
    parser.add_argument(
        "--seconds",
        type=film_length,
        metavar="N",
        help=f"how long it is to be, from {SHORTEST_FILM} to {LONGEST_FILM}; 45 if not given, "
        "and less for a trace of few events",
    )
    _add_film_options(parser)
    _add_json_option(parser)
    parser.set_defaults(force=True)


def add_compare_options(parser: argparse.ArgumentParser) -> None:
    """Add what `pagereel compare` understands of films, but for the theme and ``--json``."""
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="make a video of it, such as out.mp4 or out.gif; what follows is for videos only",
    )
    parser.add_argument(
        "--seconds",
        type=race_length,
        metavar="N",
        help=f"how long it is to be, from {SHORTEST_RACE} to {LONGEST_RACE}; 44 if not given",
    )
    _add_film_options(parser)
    parser.set_defaults(force=True, format=None)


def _add_film_options(parser: argparse.ArgumentParser) -> None:
    _add_size_options(parser)
    parser.add_argument("--aspect", choices=ASPECTS, help="the picture's shape; 16:9 if not given")
    _add_running_options(parser)


def render(arguments: argparse.Namespace, options: SceneOptions) -> int:
    """Render videos; return the exit code.

    Raises
    ------
    PagereelError
        If what is asked for does not go together, is not there, or cannot be read.
    """
    cluster = _cluster(arguments)
    settings = Settings.from_files()
    scenes = choose_scenes(arguments.scenes, options.story)
    asked = replace(_asked(arguments), scenes=len(scenes))
    asked = _with_one_file(asked, scenes, options.story)
    planned = [
        plan(scene.file, scene.name, _called(asked, scene, options), settings, options)
        for scene in scenes
    ]
    for job in planned:
        if job.is_for_manim:
            require_possible(job)
    read = read_story(scenes, options.story)
    screen = Screen(quiet=arguments.json)
    fps = asked.video(settings.width, settings.height, settings.fps).fps
    for name in planned[0].request.formats:
        if (shown := FORMATS[name].playable(fps)) != fps:
            screen.line(f"a {name.upper()} cannot play {fps:g} images a second: it gets {shown:g}")
    return _carry_out(planned, arguments, screen, read=read, cluster=cluster)


def preview(arguments: argparse.Namespace, options: SceneOptions) -> int:
    """Render previews; return the exit code."""
    scenes = choose_scenes(arguments.scenes, options.story, command="preview")
    planned = [preview_job(scene.file, scene.name, options) for scene in scenes]
    read = read_story(scenes, options.story)
    return _carry_out(planned, arguments, Screen(quiet=arguments.json), read=read)


def replay(arguments: argparse.Namespace, options: SceneOptions) -> int:
    """Render a trace into a video file, and leave nothing else; return the exit code.

    Raises
    ------
    TraceError
        If the trace cannot be read, or something in it cannot happen.
    RenderError
        If the video cannot be put where it is asked for.
    """
    trace: Path = arguments.trace
    output = arguments.output or Path(
        file_name(
            trace.name.removesuffix(".gz").removesuffix(".jsonl"), arguments.format or _FILMS[0]
        )
    )
    if str(trace) == "-":
        raise RenderError("-: a film is made of a trace in a file; put it into one")
    options = replace(
        options,
        story=trace.absolute(),
        seconds=arguments.seconds or options.seconds,
        title=arguments.title or options.title,
    )
    scene = SceneSource(REPLAY, "Replay", tells=Tells.TRACE)
    job = _film(scene, output, (trace,), arguments, options, _REPLAYS)
    read = read_story([scene], trace)
    return _carry_out([job], arguments, Screen(quiet=arguments.json), read=read)


def compare_film(arguments: argparse.Namespace, options: SceneOptions) -> int:
    """Render two traces that are compared into a video file; return the exit code.

    Raises
    ------
    TraceError, CompareError
        If a trace cannot be read, or the two cannot be compared.
    RenderError
        If the video cannot be put where it is asked for.
    """
    from pagereel.compare.comparison import compare_traces  # noqa: PLC0415 (it imports numpy)

    traces = arguments.a, arguments.b
    if Path("-") in traces:
        raise RenderError("-: a film is made of traces in files; put it into one")
    if arguments.json:
        raise RenderError("--json writes no film; leave out --json or -o")
    first, second = (trace.absolute() for trace in traces)
    names = names_of(arguments)
    pair = TracePair(first, second, names)
    options = replace(options, story=None, pair=pair, seconds=arguments.seconds or options.seconds)
    scene = SceneSource(COMPARE, "Compare", tells=Tells.PAIR)
    job = _film(scene, arguments.output, traces, arguments, options)
    read = compare_traces(traces, names)
    return _carry_out([job], arguments, Screen(), read=(read,))


def _film(
    scene: SceneSource,
    output: Path,
    traces: Sequence[Path],
    arguments: argparse.Namespace,
    options: SceneOptions,
    formats: Sequence[str] = _FILMS,
) -> Job:
    """Plan a film that is made of traces, into one file of one of these formats.

    Raises
    ------
    RenderError
        If it cannot be put there.
    """
    made = _format_of(output, (arguments.format,) if arguments.format else formats)
    for trace in traces:
        if fault := output_fault(output, trace):
            raise RenderError(f"{output}: {fault}")
    video = chosen_video(
        arguments.quality or "h",
        arguments.resolution,
        arguments.fps,
        exact=arguments.exact,
        stock=arguments.stock,
    )
    if made == "gif" and not arguments.quality and not arguments.resolution:
        video = replace(
            video, width=PREVIEW.width, height=PREVIEW.height, fps=arguments.fps or PREVIEW.fps
        )
    video = paced(video, (made,))
    if arguments.aspect:
        width, height = shaped(min(video.width, video.height), arguments.aspect)
        video = replace(video, width=width, height=height)
    request = Request(
        file=scene.file, scene=scene.name, options=options, video=video, formats=(made,)
    )
    folder = output.parent
    job = Job(request, folder, stills=folder, called=output.stem, alone=True)
    if job.is_for_manim:
        require_possible(job)
    return job


def _called(asked: Asked, scene: SceneSource, options: SceneOptions) -> Asked:
    """Let the files of a scene of ours say what else than the usual has been chosen."""
    if scene.tells is None:
        return asked
    name = "" if scene.file == OWN_FILM else scene.name  # its story's says more
    return replace(asked, called=options.called(name, shape_of(*asked.size or (16, 9))))


def _with_one_file(asked: Asked, scenes: Sequence[SceneSource], story: Path | None) -> Asked:
    """Choose the format that the name of the media file says, where one file is named.

    Raises
    ------
    RenderError
        If several files would be made, or this one cannot be.
    """
    output, named = asked.output, asked.formats or ()
    if output is None:
        return asked
    if len(scenes) > 1:
        raise RenderError(f"{output}: one file for {len(scenes)} scenes; name one of them")
    if asked.sections or len(named) > 1 or named == (STILLS,):
        raise RenderError(f"{output}: one file for several; leave -o out, or ask for one file")
    made = _format_of(output, named or FORMATS)
    for source in filter(None, (scenes[0].file, story)):
        if fault := output_fault(output, source):
            raise RenderError(f"{output}: {fault}")
    return replace(asked, formats=(made,))


def _format_of(output: Path, possible: Iterable[str]) -> str:
    """Return the format that the name of a media file says; of several, the longest ending."""
    endings = {each: file_name("", each) for each in possible}
    fitting = [each for each in endings if stem_of(output.name, each)]
    if not fitting:
        raise RenderError(
            f"{output}: the name of the file has to end with {' or '.join(endings.values())}"
        )
    return max(fitting, key=lambda each: len(endings[each]))


def _asked(arguments: argparse.Namespace) -> Asked:
    return Asked(
        quality=arguments.quality,
        size=arguments.resolution,
        fps=arguments.fps,
        formats=arguments.format,
        output=arguments.output,
        sections=tuple(dict.fromkeys(arguments.section)),
        exact=arguments.exact,
        stock=arguments.stock,
    )


def read_story(scenes: Iterable[SceneSource], story: Path | None) -> tuple[object, ...]:
    """Read the story for the scenes, so that a mistake in it ends the command here.

    Returns
    -------
    tuple
        A `Story`, a `Tape`, or both, as the scenes need; or the `Takes` of a film of one's own.
    """
    if story is None:
        return ()
    if is_film(story):
        from pagereel.story.takes import load_takes  # noqa: PLC0415 (as below)

        return (load_takes(story, storytellers()),)
    read: list[object] = []
    kinds = {scene.tells for scene in scenes}
    if is_trace(story) and Tells.TRACE in kinds:
        from pagereel.film.tape import read_tape  # noqa: PLC0415 (it imports numpy)

        read.append(read_tape(story))
    if Tells.STORY in kinds or not is_trace(story):
        from pagereel.story import load_story  # noqa: PLC0415 (most scenes are told without one)

        read.append(load_story(story))
    if not read:  # a scene that reads the trace in a way of its own
        from pagereel.trace import follow, open_trace  # noqa: PLC0415

        with open_trace(story) as trace:
            for _ in follow(trace):
                pass
    return tuple(read)


def _cluster(arguments: argparse.Namespace) -> Cluster | None:
    """Return the cluster that is to draw, if one is."""
    if arguments.dask and arguments.stock:
        raise RenderError("--stock and --dask: manim itself uses no cluster; leave one of them out")
    if arguments.dask_files and not arguments.dask:
        raise RenderError("--dask-files: say with --dask where they have to go")
    return Cluster(arguments.dask, tuple(arguments.dask_files or ())) if arguments.dask else None


def _carry_out(
    planned: Sequence[Job],
    arguments: argparse.Namespace,
    screen: Screen,
    *,
    read: tuple[object, ...],
    cluster: Cluster | None = None,
) -> int:
    """Carry jobs out; return the worst of their exit codes."""
    options = RunOptions(
        force=arguments.force,
        cores=arguments.jobs,
        cluster=cluster,
        read=read,
        verbose=arguments.verbose,
        json=arguments.json,
    )
    began = time.monotonic()
    with endable():
        outcomes = run(planned, options, screen)
    took = time.monotonic() - began
    if arguments.json:
        print(as_json(outcomes, took))
    else:
        for line in table(outcomes, took):
            print(line)
    return max((outcome.code for outcome in outcomes), default=0)

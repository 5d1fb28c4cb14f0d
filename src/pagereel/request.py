"""What is asked for: which scene, from which story, how long, how large, and in which formats.

A `Request` travels whole from the command line to the process that draws, and to other machines.
A scene of ours asks for its `SceneOptions`, whoever renders it: they are in the environment, which
only this module writes and reads.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pagereel.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_STOCK = "PAGEREEL_STOCK"
LONGEST_TITLE = 60  # characters of the title of a film
SHORTEST_FILM, LONGEST_FILM = 15, 600  # seconds
SHORTEST_RACE, LONGEST_RACE = 20, 120  # of a comparison
USUAL_THEME = "dark"

# manim's letters, and what they stand for. As with manim, a scene finds a whole number of images.
QUALITIES = {
    "l": (854, 480, 15),
    "m": (1280, 720, 30),
    "h": (1920, 1080, 60),
    "p": (2560, 1440, 60),
    "k": (3840, 2160, 60),
}
ASPECTS = {"16:9": (16, 9), "9:16": (9, 16), "1:1": (1, 1)}
ALL_SECTIONS = "*"
EACH_SECTION = "?*"  # a pattern that all names match: the sections without the whole
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Video:
    """What a video is to be.

    Attributes
    ----------
    width, height
        In pixels; even numbers.
    fps
        Images a second.
    exact
        Whether every pixel has to be manim's, before encoding.
    stock
        Whether manim itself renders it.
    """

    width: int
    height: int
    fps: float
    exact: bool = False
    stock: bool = False

    @property
    def label(self) -> str:
        """The folder that manim renders into."""
        return f"{self.height}p{self.fps:g}"


PREVIEW = Video(960, 540, 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a command line asks for; None leaves it to manim's settings.

    Attributes
    ----------
    quality
        One of `QUALITIES`.
    size
        Width and height in pixels, if not the quality's.
    fps
        Images a second, if not the quality's.
    formats, sections, exact, stock
        As in `Request` and `Video`.
    scenes
        How many scenes are asked for.
    called
        What the files are called where manim's settings do not say; empty: as the scene.
    output
        Where the media file goes instead, and nothing beside it.
    """

    quality: str | None = None
    size: tuple[int, int] | None = None
    fps: float | None = None
    formats: tuple[str, ...] | None = None
    sections: tuple[str, ...] = ()
    exact: bool = False
    stock: bool = False
    scenes: int = 1
    called: str = ""
    output: Path | None = None

    def video(self, width: int, height: int, fps: float) -> Video:
        """Return the video; what the command line leaves open is as given, by manim's settings."""
        if self.quality:
            width, height, fps = QUALITIES[self.quality]
        width, height = self.size or (width, height)
        return Video(width, height, self.fps or fps, exact=self.exact, stock=self.stock)


def chosen_video(
    quality: str,
    size: tuple[int, int] | None = None,
    fps: float | None = None,
    *,
    exact: bool = False,
    stock: bool = False,
) -> Video:
    """Return the video of a quality; a size and a rate take precedence over the quality's own."""
    asked = Asked(quality=quality, size=size, fps=fps, exact=exact, stock=stock)
    return asked.video(*QUALITIES[quality])


def shaped(short: int, aspect: str) -> tuple[int, int]:
    """Return width and height for a short side; the other one is the nearest even number.

    Parameters
    ----------
    short
        In pixels.
    aspect
        One of `ASPECTS`.
    """
    across, down = ASPECTS[aspect]
    long = 2 * round(short * max(across, down) / min(across, down) / 2)
    return (short, long) if across < down else (long, short)


def scaled(size: tuple[int, int], short: int) -> tuple[int, int]:
    """Return width and height of the same shape, as near as even numbers are, for a short side."""
    width, height = (2 * round(side * short / min(size) / 2) for side in size)
    return width, height


def shape_of(width: int, height: int) -> str:
    """Return the shape of a picture as a file's name says it: ``9x16``; empty if it is 16:9."""
    for across, down in ASPECTS.values():
        if abs(width * down - height * across) <= max(across, down):  # of a pixel, by rounding
            return "" if across > down else f"{across}x{down}"
    return f"{width}x{height}"


@dataclass(frozen=True, slots=True)
class TracePair:
    """Two traces to be compared, and what they are to be called; None leaves it to the traces."""

    first: Path
    second: Path
    names: tuple[str | None, str | None] = (None, None)

    @classmethod
    def of(cls, text: str) -> TracePair:
        """Read what `text` has written."""
        first, second, *names = json.loads(text)
        return cls(Path(first), Path(second), (names[0], names[1]))

    @property
    def text(self) -> str:
        """It in a line of text."""
        return json.dumps([str(self.first), str(self.second), *self.names])


def film_length(text: str) -> float:
    """Return how long a film is to be, in seconds, as it is typed.

    Raises
    ------
    argparse.ArgumentTypeError
        If it is not a number of seconds from 15 to 600.
    """
    return _length(text, SHORTEST_FILM, LONGEST_FILM)


def race_length(text: str) -> float:
    """Return how long the film of a comparison is to be, in seconds, as it is typed.

    Raises
    ------
    argparse.ArgumentTypeError
        If it is not a number of seconds from 20 to 120.
    """
    return _length(text, SHORTEST_RACE, LONGEST_RACE)


def _length(text: str, least: float, most: float) -> float:
    try:
        length = float(text)
    except ValueError:
        length = math.nan
    if not least <= length <= most:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a number of seconds from {least} to {most}"
        )
    return length


def film_title(text: str) -> str:
    """Return the title of a film, as it is typed.

    Raises
    ------
    argparse.ArgumentTypeError
        If it is empty, longer than 60 characters, or has characters that cannot be seen.
    """
    title = text.strip()
    if not title or len(title) > LONGEST_TITLE or not title.isprintable():
        shown = repr(text if len(text) <= LONGEST_TITLE else f"{text[:LONGEST_TITLE]}…")
        raise argparse.ArgumentTypeError(
            f"{shown} is not a title of 1 to {LONGEST_TITLE} characters that can be seen"
        )
    return title


def _in(
    variable: str, read: Callable[[str], T], write: Callable[[T], str] = str
) -> dict[str, object]:
    """Say of a field in which variable of the environment it is, if it is not None, and how."""
    return {"variable": variable, "read": read, "write": write}


@dataclass(frozen=True, slots=True)
class SceneOptions:
    """What the user of a scene of ours chooses; None is the scene's own choice.

    Attributes
    ----------
    story
        A storyboard or a trace.
    theme
        The name of a theme.
    seconds
        The length, where the scene has no length of its own.
    title
        The title of a film, in place of the engine's name.
    brand
        The file of a brand, whose colours and cards the scene takes.
    pair
        What a comparison compares, in place of its own two traces.
    """

    story: Path | None = field(default=None, metadata=_in("PAGEREEL_STORY", Path))
    theme: str | None = field(default=None, metadata=_in("PAGEREEL_THEME", str))
    seconds: float | None = field(
        default=None, metadata=_in("PAGEREEL_SECONDS", film_length, "{:g}".format)
    )
    title: str | None = field(default=None, metadata=_in("PAGEREEL_TITLE", film_title))
    brand: Path | None = field(default=None, metadata=_in("PAGEREEL_BRAND", Path))
    pair: TracePair | None = field(
        default=None, metadata=_in("PAGEREEL_PAIR", TracePair.of, attrgetter("text"))
    )

    @classmethod
    def from_environment(cls) -> SceneOptions:
        """Return the options of this process.

        Raises
        ------
        RequestError
            If the length or the title is not one that a film can have.
        """
        read: dict[str, Any] = {}
        for each in fields(cls):
            variable = each.metadata["variable"]
            if text := os.environ.get(variable):
                try:
                    read[each.name] = each.metadata["read"](text)
                except argparse.ArgumentTypeError as error:
                    raise RequestError(f"{variable}: {error}") from None
        return cls(**read)

    def environment(self, *, stock: bool = False) -> dict[str, str]:
        """Return the variables from which a process reads these options.

        Parameters
        ----------
        stock
            Whether manim's own renderer is to draw, where nothing else brings a renderer.
        """
        variables = {_STOCK: "1"} if stock else {}
        for each in fields(self):
            value = getattr(self, each.name)
            text = "" if value is None else each.metadata["write"](value)
            variables[each.metadata["variable"]] = text
        return variables

    @property
    def source(self) -> Path | None:
        """The file under whose name is kept what has been read for the scene."""
        return self.pair.first if self.pair else self.story

    def called(self, scene: str, shape: str = "") -> str:
        """Return what files of a scene are called: another choice is another file.

        Parameters
        ----------
        shape
            Of the picture, in words; empty if it is the usual one.
        """
        chosen = (self.story, self.brand)
        story, brand = (file.name.partition(".")[0] if file else "" for file in chosen)
        is_usual = self.theme == USUAL_THEME and not brand  # a brand may have another
        theme = None if is_usual else self.theme
        return "-".join(filter(None, (scene, story, brand, theme, shape)))

    @contextmanager
    def in_environment(self) -> Iterator[None]:
        """Let scenes of this process, and processes that it starts, find these options."""
        variables = self.environment()
        before = {name: os.environ.get(name) for name in variables}
        os.environ.update(variables)
        try:
            yield
        finally:
            for name, value in before.items():
                os.environ.pop(name)
                if value is not None:
                    os.environ[name] = value


def is_stock_wanted() -> bool:
    """Return whether the environment asks for manim's own renderer."""
    return bool(os.environ.get(_STOCK))


def is_trace(story: Path) -> bool:
    """Return whether a story is a trace, by its name; others are storyboards."""
    return story.name.endswith((".jsonl", ".jsonl.gz"))


def cores() -> int:
    """Return how many cores this process may use, where the system says so."""
    affinity = getattr(os, "sched_getaffinity", None)  # not on macOS
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def add_jobs_option(parser: argparse.ArgumentParser, processes: str) -> None:
    """Add the number of processes; `processes` says which."""
    parser.add_argument(
        "--jobs",
        type=_jobs,
        default=cores(),
        metavar="N",
        help=f"{processes}; as many as there are cores, if not given",
    )


def _jobs(text: str) -> int:
    if not re.fullmatch("[1-9][0-9]{0,2}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to 999")
    return int(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A scene to be rendered, and into what.

    Attributes
    ----------
    file, scene
        A Python file and the name of a class in it.
    formats
        Names of output formats.
    sections
        Only the sections with these names, or patterns of names; `ALL_SECTIONS`: all of them, and
        the whole, too; none: the whole alone.
    seed
        Of the scene's random numbers; None leaves it to the scene and manim's settings.
    asked
        What the command line says of it, from which it is planned again if the scene's file sets
        something else; None if that does not count.
    """

    file: Path
    scene: str
    video: Video
    options: SceneOptions = field(default_factory=SceneOptions)
    formats: tuple[str, ...] = ("mp4",)
    sections: tuple[str, ...] = ()
    seed: int | None = None
    asked: Asked | None = None

    @property
    def is_whole(self) -> bool:
        """Whether the whole scene is wanted, and not only some sections."""
        return not self.sections or ALL_SECTIONS in self.sections


_prepared: dict[tuple[type, Path], object] = {}


def prepare(story: Path, content: object) -> None:
    """Keep what has been read of a story for the scenes of this process."""
    _prepared[type(content), story.absolute()] = content


def prepared(kind: type[T], story: Path) -> T | None:
    """Return what has been read of a story; None if a scene has to read it itself."""
    content = _prepared.get((kind, story.absolute()))
    return content if isinstance(content, kind) else None

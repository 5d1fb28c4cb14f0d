"""The output formats. Their writers are imported where something is drawn, and not before.

A new format is a module with a `write(drawn, target)` and an entry here.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pagereel.request import Video


@dataclass(frozen=True, slots=True)
class Format:
    """An output format.

    Attributes
    ----------
    writer
        The module and the function that write it: `Callable[[Drawn, Path], object]`; empty if only
        manim can make it.
    rates
        The only numbers of images a second that it can play, the highest first; none: any.
    has_subtitles
        Whether it has subtitles beside it, and chapters or sections are of use.
    is_still
        Whether it is one picture, which goes to `media/images`.
    by_stock
        Whether manim itself can make it.
    of_whole
        Whether it is made of whole scenes only, and not of sections.
    longest_side
        How many pixels its pictures can have across or down; 0: as many as can be drawn.
    even_sides
        Whether these have to be even numbers.
    ending
        How its files' names end, if not with a dot and its name.
    """

    writer: str
    rates: tuple[int, ...] = ()
    has_subtitles: bool = False
    is_still: bool = False
    by_stock: bool = True
    of_whole: bool = False
    longest_side: int = 0
    even_sides: bool = False
    ending: str = ""

    def playable(self, fps: float) -> float:
        """Return how many images a second are shown where `fps` are drawn."""
        return next((rate for rate in self.rates if rate <= fps), fps)


FORMATS = {
    "mp4": Format(
        "pagereel.fast:write_mp4", has_subtitles=True, longest_side=16_384, even_sides=True
    ),
    "webm": Format("pagereel.render.formats.webm:write_webm", has_subtitles=True),
    "gif": Format(
        "pagereel.render.formats.gif:write_gif",
        # A GIF counts in 1/100 s, and browsers slow down what stands for less than 2 of them.
        rates=(50, 25, 20, 10, 5, 4, 2, 1),
        even_sides=True,  # manim, which draws odd ones, makes it of an MP4 video
    ),
    "webp": Format("pagereel.render.formats.webp:write_webp", by_stock=False, longest_side=16_383),
    "mov": Format("", has_subtitles=True, even_sides=True),
    "png": Format("pagereel.render.formats.poster:write_png", is_still=True),
    "sheet": Format(
        "pagereel.render.formats.sheet:write_sheet",
        is_still=True,
        by_stock=False,
        of_whole=True,
        ending="-sheet.png",
    ),
}
STILLS = "stills"  # not a format of its own: a png of each section
_TO_LOOK_AROUND = 10  # images a second, where a still is chosen of all


def formats(text: str) -> tuple[str, ...]:
    """Return names of formats, as they are typed: a list with commas; in the order of `FORMATS`.

    Raises
    ------
    argparse.ArgumentTypeError
        If one of them is unknown, or there is none.
    """
    asked = [word.strip() for word in text.split(",")]
    if asked == [STILLS]:
        return (STILLS,)
    for word in asked:
        if word == STILLS:
            raise argparse.ArgumentTypeError(f"{STILLS} are made alone; take --format {STILLS}")
        if word not in FORMATS:
            raise argparse.ArgumentTypeError(
                f"{word!r} is not a format; name some of {', '.join(FORMATS)}, with commas "
                f"between, or {STILLS}"
            )
    return tuple(each for each in FORMATS if each in asked)


def paced(video: Video, names: Iterable[str]) -> Video:
    """Return a video with no more images a second than can be seen in any of the formats."""
    moving = [FORMATS[name] for name in names if not FORMATS[name].is_still]
    if not moving:
        return replace(video, fps=min(video.fps, _TO_LOOK_AROUND))
    return replace(video, fps=max(each.playable(video.fps) for each in moving))


def file_name(stem: str, name: str) -> str:
    """Return what a file of a format is called."""
    return stem + _ending(name)


def stem_of(file: str, name: str) -> str | None:
    """Return what `file_name` makes a file of a format from; None if it ends otherwise."""
    stem = file.removesuffix(_ending(name))
    return None if stem in ("", file) else stem


def _ending(name: str) -> str:
    return FORMATS[name].ending or f".{name}"


def have_subtitles(names: Iterable[str]) -> bool:
    """Return whether subtitles are written if these formats are."""
    return any(FORMATS[name].has_subtitles for name in names)

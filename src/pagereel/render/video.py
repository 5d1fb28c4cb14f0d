"""What a video is to be: its size, its images a second, and who draws them."""

from __future__ import annotations

import argparse
import math
import re
from dataclasses import dataclass, replace

# manim's letters, and what they stand for.
QUALITIES = {
    "l": (854, 480, 15.0),
    "m": (1280, 720, 30.0),
    "h": (1920, 1080, 60.0),
    "p": (2560, 1440, 60.0),
    "k": (3840, 2160, 60.0),
}
FORMATS = ("mp4", "webm", "gif", "webp", "png")
ASPECTS = {"16:9": (16, 9), "9:16": (9, 16), "1:1": (1, 1)}
CAPTIONED = ("mp4", "webm")  # what subtitles lie beside
_LARGEST = 16_384  # x264 takes no more
_QUICKEST = 1000


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


# A GIF counts in 1/100 s, and browsers slow down what stands for less than 2 of them.
_PLAYABLE = (50, 25, 20, 10, 5, 4, 2, 1)
_TO_LOOK_AROUND = 10.0  # images a second, where one is chosen of all
PREVIEW = Video(960, 540, 20)


def playable(fps: float) -> int:
    """Return how many images a second a GIF is to have, that can have no more than `fps`."""
    return next(rate for rate in _PLAYABLE if rate <= fps)


def chosen_video(
    quality: str,
    size: tuple[int, int] | None = None,
    fps: float | None = None,
    *,
    exact: bool = False,
    stock: bool = False,
) -> Video:
    """Return what the options ask for: a size and a rate go before the quality's."""
    width, height, rate = QUALITIES[quality]
    width, height = size or (width, height)
    return Video(width, height, fps or rate, exact=exact, stock=stock)


def paced(video: Video, formats: tuple[str, ...]) -> Video:
    """Return a video with no more images a second than can be seen in any of the formats."""
    if formats == ("png",):
        return replace(video, fps=min(video.fps, _TO_LOOK_AROUND))
    if {*formats} <= {"gif", "png"}:
        return replace(video, fps=playable(video.fps))
    return video


def formats(text: str) -> tuple[str, ...]:
    """Return formats, as they are typed: a list with commas; in an order of our own.

    Raises
    ------
    argparse.ArgumentTypeError
        If one of them is unknown, or there is none.
    """
    asked = [word.strip() for word in text.split(",")]
    for word in asked:
        if word not in FORMATS:
            raise argparse.ArgumentTypeError(
                f"{word!r} is no format; formats are {', '.join(FORMATS)}, with commas in between"
            )
    return tuple(each for each in FORMATS if each in asked)


def size(text: str) -> tuple[int, int]:
    """Return width and height, as they are typed.

    Raises
    ------
    argparse.ArgumentTypeError
        If they are no even numbers; an MP4 video has half as many colours as pixels in a row.
    """
    found = re.fullmatch(r"(\d{1,5})[,x](\d{1,5})", text)
    numbers = tuple(map(int, found.groups())) if found else ()
    if not numbers or not all(0 < n <= _LARGEST and n % 2 == 0 for n in numbers):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no width and height, such as 1080,1920; both have to be even"
        )
    width, height = numbers
    return width, height


def rate(text: str) -> float:
    """Return images a second, as they are typed.

    Raises
    ------
    argparse.ArgumentTypeError
        If it is no number of them.
    """
    try:
        fps = float(text)
    except ValueError:
        fps = math.nan
    if not 1 <= fps <= _QUICKEST:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no number of images a second, from 1 to {_QUICKEST}"
        )
    return fps


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

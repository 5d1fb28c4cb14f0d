"""Values that are typed as options of several commands."""

from __future__ import annotations

import argparse
import math
import re

from pagereel.request import film_length

_LARGEST = 16_384  # pixels; x264 takes no more
_QUICKEST = 1000  # images a second


def jobs(text: str) -> int:
    """Return a number of worker processes, as it is typed.

    Raises
    ------
    argparse.ArgumentTypeError
        If it is not a number, or has more than three digits.
    """
    if not re.fullmatch("[1-9][0-9]{0,2}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to 999")
    return int(text)


def seconds(text: str) -> float:
    """Return how long a film is to be, as it is typed.

    Raises
    ------
    argparse.ArgumentTypeError
        If it is not a number of seconds from 15 to 600.
    """
    try:
        return film_length(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


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

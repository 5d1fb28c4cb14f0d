"""Seconds: how long each movement takes and how long a caption stands.

All are multiples of 0.2 s, which is a whole number of images at 15, 20, 25, 30 and 60 fps. At other
rates a `Pace` shares the images out, so that a story is equally long at every rate.
"""

from __future__ import annotations

import math
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from pagereel.languages import LATIN_SPEED, reading_load

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from manim import Animation

# From when to when something moves, 0 to 1, as shares of the time that a movement takes.
Span: TypeAlias = tuple[float, float]

TICK = 0.2


class Phase(Enum):
    """What moves together, in the order in which it does, and how many seconds it takes."""

    TITLE = 1, 1.2  # the title is written
    LAY_OUT = 2, 1.6  # page frames enter, one after another
    LABEL = 3, 0.6  # what names the parts
    APPEAR = 4, 0.6  # all other parts
    STEP = 5, 0.4  # a step of the engine begins ...
    TOKEN = 6, 0.4  # ... and tasks make their tokens
    LEAVE = 7, 0.8  # rows and connectors of what is gone fade out
    TAKE = 8, 0.8  # frames take a task's colour, or lose it, and flash
    FLIP = 9, 0.6  # the mask and the numbers change
    JOIN = 10, 0.6  # a task's badge enters
    PAGE = 11, 0.6  # a page enters or grows ...
    CONNECT = 12, 0.8  # ... and its connector reaches the frame
    POINT = 13, 0.4  # something lights up, opens or closes
    FLY = 14, 0.6  # a token or an entry flies
    SLIDE = 15, 1.0  # several move as one, or gaps open
    STREAM = 16, 1.4  # several tokens fly, one after another
    CLOSE_UP = 17, 0.6  # what stands in a line moves up
    FILL = 18, 0.8  # what is new comes, where something else had to move before
    END = 19, 1.0  # everything fades out

    @property
    def seconds(self) -> float:
        """How long it takes."""
        return self.value[1]


FRAME = 0.4  # one page frame of the pool enters, within `Phase.LAY_OUT`
CAPTION = 0.4  # a caption comes or goes
SETTLE = 0.2  # between a caption and the movement that it announces
HOLD = 1.2  # the least rest at the end of a beat ...
BRIEF = 0.4  # ... and in a film that has to be short
TAGLINE = 1.4  # the tagline is written
LAST = 2.0  # how long the last picture stands, at least ...
BRIEF_LAST = 1.2  # ... and in a film that has to be short

CARD = 1.2  # a card that opens a film stands after all of it has come ...
LAST_CARD = 2.4  # ... and one that closes it, as the last picture

LIGHT = 0.4  # what a caption speaks of is lit

REVEAL = 1.6  # all frames of a trace's pool have been laid out ...
SETTLED = 0.8  # ... and all that tells about them has come

DIVIDE = 0.8  # one pool becomes two
GROW = 0.6  # a number grows and shrinks again
EMPTY = 0.6  # what a request held becomes free
STRETCH = 0.8  # strips of requests come to stand on the card
HEADLINE = 0.8  # a headline is written
BOX = 0.4  # a result appears
RESULT = 4.0  # how long the card stands, when all of it is there
# How long the clock of a comparison stands still once a caption has come, by the kind of the stop.
STOPS = {"share": 1.6, "lost": 2.0, "gap": 2.0, "queue": 2.0, "done": 2.0}

_EXACT = 1e-9  # seconds; sums of floats are off by less

SHORTEST_READ = 1.6
_FASTER = 4
BREATH = 0.4  # the picture stands after a beat that is left out


def reading_time(text: str) -> float:
    """Return how long `text` has to stand to be read, in its language, in seconds."""
    return max(SHORTEST_READ, math.ceil(reading_load(text) / LATIN_SPEED / TICK) * TICK)


def hold_after(elapsed: float, text: str, *, least: float = HOLD) -> float:
    """Return the rest, in seconds, after `text` has been standing for `elapsed` seconds."""
    missing = math.ceil((reading_time(text) - elapsed) / TICK - 1e-9) * TICK
    return max(least, missing)


def quick(seconds: float) -> float:
    """Return how long a movement takes in a beat that is left out, in seconds."""
    return math.ceil(seconds / _FASTER / TICK - _EXACT) * TICK


def entrance_lag(frames: int) -> float:
    """Return the lag ratio for manim with which all page frames enter within `Phase.LAY_OUT`."""
    return (Phase.LAY_OUT.seconds - FRAME) / FRAME / max(1, frames - 1)


def spans(count: int, *, lag: float) -> list[Span]:
    """Return the spans of as many movements of equal length that begin one after another.

    Parameters
    ----------
    count
        How many.
    lag
        So much of one has passed when the next begins.
    """
    whole = 1 + lag * (count - 1)
    return [(lag * number / whole, (lag * number + 1) / whole) for number in range(count)]


def within(span: Span, moves: Sequence[Animation]) -> Sequence[Animation]:
    """Let movements happen during a span of the time in which they are played.

    So several move one after another. manim's `LaggedStart` would do as well, but brings all that
    it moves to the front, a page's tint before the words on it.
    """
    start, end = span

    def delayed(rate: Callable[[float], float]) -> Callable[[float], float]:
        return lambda alpha: rate(min(max((alpha - start) / (end - start), 0.0), 1.0))

    for move in moves:
        move.rate_func = delayed(move.rate_func)
    return moves


class Pace:
    """Shares images out among what a story plays, so that rounding does not add up.

    manim rounds each movement up to whole images, and each rest down.

    Parameters
    ----------
    fps
        Images a second.

    Attributes
    ----------
    ahead
        By how many seconds the video is ahead of the story: at most half an image.
    """

    def __init__(self, fps: float) -> None:
        self._fps = fps
        self.ahead = 0.0

    def images(self, seconds: float) -> int:
        """Return how many images show what takes some seconds in the story; at least none."""
        images = max(0, math.floor((seconds - self.ahead) * self._fps + 0.5))
        ahead = self.ahead + images / self._fps - seconds
        self.ahead = 0.0 if abs(ahead) < _EXACT else ahead
        return images

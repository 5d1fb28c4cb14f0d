"""Seconds: how long each movement takes and how long a caption stands.

All are multiples of 0.2 s, which is a whole number of images at 15, 20, 25, 30 and 60 fps, so a
story is equally long at every quality.
"""

from __future__ import annotations

import math

TICK = 0.2

TITLE = 1.2  # the title is written
APPEAR = 0.6  # something enters: a label, a row's badge, the mask
FRAME = 0.4  # one page frame of the pool enters ...
POOL = 1.6  # ... and all of them have entered
CAPTION = 0.4  # a caption comes or goes
SETTLE = 0.2  # between a caption and the movement it announces
TAKE = 0.8  # frames take a task's colour, or lose it, and flash
FLIP = 0.6  # the mask changes
PAGE = 0.6  # a page enters or grows ...
CONNECT = 0.8  # ... and its connector reaches the frame
LEAVE = 0.8  # a row and its connectors fade out
HOLD = 1.2  # the least rest at the end of a beat
TAGLINE = 1.4  # the tagline is written
LAST = 2.0  # how long the last picture stands, at least
END = 1.0  # everything fades out

REVEAL = 1.6  # all frames of a trace's pool have been laid out ...
SETTLED = 0.8  # ... and all that tells about them has come

READING_SPEED = 17  # characters a second
SHORTEST_READ = 1.6


def reading_time(text: str) -> float:
    """Return how long `text` has to stand to be read, in seconds."""
    return max(SHORTEST_READ, math.ceil(len(text) / READING_SPEED / TICK) * TICK)


def hold_after(elapsed: float, text: str, *, least: float = HOLD) -> float:
    """Return the rest, in seconds, after `text` has been standing for `elapsed` seconds."""
    missing = math.ceil((reading_time(text) - elapsed) / TICK - 1e-9) * TICK
    return max(least, missing)

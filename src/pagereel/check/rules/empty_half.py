"""Pictures of which a large part stays empty."""

from __future__ import annotations

import numpy as np

from pagereel.check.rules import Facts, Rule
from pagereel.check.see.parts import Floats, Hit, Hits, Moment, Role, Shape, View, Words

_EXACT = 0.005  # of a side: the error of rounding


class EmptyHalf(Rule):
    """Measures the fullest picture of a scene; the threshold is a share of width and height."""

    facts = Facts(
        says="the fullest state spans at least this share of the picture's width and height",
        unit="of a side",
        default=0.5,
        most=1,
        taste=True,
    )

    def __init__(self, limit: float) -> None:
        super().__init__(limit)
        self._fullest = 0.0
        self._found: list[Hit] = []

    def at_rest(self, view: View) -> Hits:
        """Judge the picture, if it is the fullest so far."""
        width, height = spans(view)
        if width * height > self._fullest:
            self._fullest = width * height
            self._found = [*self._empty(view)]
        yield from ()

    def end(self, moment: Moment) -> Hits:
        """Return what was wrong with the fullest picture."""
        del moment
        yield from self._found

    def _empty(self, view: View) -> Hits:
        shares = zip(spans(view), ("width", "height"), strict=True)
        least = self.limit - _EXACT
        small = [f"{share:.0%} of the {side}" for share, side in shares if share < least]
        if small:
            used = f"the fullest picture uses only {' and '.join(small)}"
            message = f"{used}; {self.limit:.0%} is the least"
            yield Hit("", message, extent(view), moment=view.moment.kept())


def spans(view: View) -> tuple[float, float]:
    """Return the shares of the picture's width and height that are used."""
    left, top, right, bottom = extent(view)
    return (right - left) / view.width, (bottom - top) / view.height


def extent(view: View) -> Floats:
    """Return the box around all that is seen, cut off at the picture's edges; in pixels.

    A plain shape that fills the whole picture is a background and does not count.
    """
    things: tuple[Words | Shape, ...] = (*view.texts, *view.shapes)
    boxes = [thing.box for thing in things if not _is_background(thing, view)]
    if not boxes:
        return np.zeros(4)
    every = np.array(boxes)
    size = (view.width, view.height)
    return np.concatenate(
        [every[:, :2].min(axis=0).clip(0, size), every[:, 2:].max(axis=0).clip(0, size)]
    )


def _is_background(thing: Words | Shape, view: View) -> bool:
    size = (view.width, view.height)
    fills = (thing.box[:2] <= 0).all() and (thing.box[2:] >= size).all()
    return bool(fills) and isinstance(thing, Shape) and thing.role is Role.PLAIN

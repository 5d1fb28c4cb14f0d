"""Rules about the room in the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pagereel.check.rules.text_rules import spot
from pagereel.check.see.parts import Hit, Role, Shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from pagereel.check.see.parts import View, Words

    Floats = NDArray[np.float64]


def tiny(view: View, limit: float) -> Iterator[Hit]:
    """Find closed shapes whose larger side is shorter than `limit` pixels."""
    for shape in view.shapes:
        size = float((shape.box[2:] - shape.box[:2]).max())
        if shape.is_stroked:
            size += shape.width
        drawn = shape.is_filled or shape.is_stroked
        if shape.closed and drawn and shape.role is Role.PLAIN and 0 < size < limit - 0.05:
            message = f"a {shape.name} is {size:.1f} px large; {round(limit, 1):g} px is the least"
            yield Hit("tiny-shape", shape.name, message, spot(shape.box), (shape.mobject,))


def extent(view: View) -> Floats:
    """Return the box around all that is seen, cut off at the picture's edges; in pixels.

    What fills the whole picture evenly is a background and does not count.
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


def spans(view: View) -> tuple[float, float]:
    """Return the shares of the picture's width and height that are used."""
    left, top, right, bottom = extent(view)
    return (right - left) / view.width, (bottom - top) / view.height


def empty(view: View, limit: float) -> Iterator[Hit]:
    """Find a picture that is used in less than `limit`, a share, of its width or height.

    To be asked of a scene's fullest picture.
    """
    shares = zip(spans(view), ("width", "height"), strict=True)
    small = [f"{share:.0%} of the {side}" for share, side in shares if share < limit - 0.005]
    if small:
        message = f"the fullest picture uses only {' and '.join(small)}; {limit:.0%} is the least"
        yield Hit("empty-half", "", message, spot(extent(view)))

"""What is hidden: glyphs behind shapes that are drawn after them."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from pagereel.check.see.geometry import around, contains

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from pagereel.check.see.parts import Shape, Words

    Floats = NDArray[np.float64]


def uncovered(texts: Iterable[Words], shapes: Sequence[Shape]) -> Iterator[Words]:
    """Yield what is left to see of texts."""
    covers = [shape for shape in shapes if shape.hides]
    for text in texts:
        yield from _uncovered(text, covers)


def _uncovered(text: Words, covers: Iterable[Shape]) -> Iterator[Words]:
    hidden = np.zeros(len(text.glyphs), dtype=bool)
    cover = None
    for shape in covers:
        if shape.order < text.order or not _touches(shape.box, text.box):
            continue
        inside = contains(shape.outline, _corners(text.glyphs)).reshape(len(text.glyphs), -1)
        middles = contains(shape.outline, (text.glyphs[:, :2] + text.glyphs[:, 2:]) / 2)
        if middles.any():
            cover = shape
        hidden |= inside.all(axis=1) & middles
    if hidden.all():
        return
    if cover is None:
        yield text
        return
    glyphs = text.glyphs[~hidden]
    yield dataclasses.replace(
        text, glyphs=glyphs, box=around(glyphs), colors=text.colors[~hidden], covered_by=cover
    )


def _touches(one: Floats, other: Floats) -> bool:
    return bool((one[:2] < other[2:]).all() and (other[:2] < one[2:]).all())


def _corners(boxes: Floats) -> Floats:
    """Return the corners of boxes, one box after another; shape (4 * boxes, 2)."""
    corners: Floats = boxes[:, [0, 1, 2, 1, 0, 3, 2, 3]].reshape(-1, 2)
    return corners

"""Rules about texts at rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pagereel.check.see.geometry import around, overlap
from pagereel.check.see.parts import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from pagereel.check.rules.contrast import Contrast
    from pagereel.check.see.parts import Spot, View, Words

_EXACT = 0.05  # pixels, or parts of a ratio: what rounding may take away


def spot(box: NDArray[np.float64]) -> Spot:
    """Return a box as plain numbers."""
    left, top, right, bottom = (float(edge) for edge in box)
    return left, top, right, bottom


def too_small(view: View, limit: float) -> Iterator[Hit]:
    """Find texts whose capitals are lower than `limit` pixels."""
    for text in view.texts:
        if text.cap < limit - _EXACT:
            size = f"{text.cap:.1f} px; {round(limit, 1):g} px is the least"
            message = f"{text.name} has capitals of {size}"
            yield Hit("text-too-small", text.says, message, spot(text.box), (text.mobject,))


def outside(view: View, limit: float) -> Iterator[Hit]:
    """Find texts that reach into the margin: `limit` percent of the picture at each side.

    Where the camera is zoomed or panned there is no margin, and a text whose middle is not in the
    picture is not meant to be read.
    """
    size = np.array([view.width, view.height, view.width, view.height])
    margin = size * (0 if view.moved else limit / 100)
    for text in view.texts:
        middle = (text.box[:2] + text.box[2:]) / 2
        if view.moved and not ((middle > 0) & (middle < size[:2])).all():
            continue
        left, top, right, bottom = text.box
        room = np.array([left, top, view.width - right, view.height - bottom])
        if (room < margin - _EXACT).any():
            side = int(np.argmin(room - margin))
            where = ("left", "upper", "right", "lower")[side]
            gap = f"{room[side]:.0f} px from" if room[side] >= 0 else f"{-room[side]:.0f} px over"
            rule = "" if view.moved else f"; {margin[side]:.0f} px is the margin"
            message = f"{text.name} is {gap} the {where} edge{rule}"
            yield Hit("text-outside", text.says, message, spot(text.box), (text.mobject,))


def overlapping(view: View, limit: float) -> Iterator[Hit]:
    """Find texts that overlap by more than `limit` pixels, or are partly covered."""
    for text in view.texts:
        if text.covered_by is not None:
            message = f"{text.name} is partly covered by a {text.covered_by.name}"
            yield Hit("text-overlap", text.says, message, spot(text.box), (text.mobject,))
    boxes = np.array([text.box for text in view.texts]).reshape(-1, 4)
    for i, j in np.argwhere(np.triu(overlap(boxes, boxes) > limit, 1)):
        one, other = view.texts[i], view.texts[j]
        depth = float(overlap(one.glyphs, other.glyphs).max())
        if depth > limit and not _same(one, other):
            message = f"{one.name} and {other.name} overlap by {depth:.0f} px"
            subject = " / ".join(sorted((one.says, other.says)))
            box, about = around(boxes[[i, j]]), (one.mobject, other.mobject)
            yield Hit("text-overlap", subject, message, spot(box), about)


def _same(one: Words, other: Words) -> bool:
    """Return whether two texts are drawn exactly upon each other and look like one."""
    return (
        one.glyphs.shape == other.glyphs.shape
        and np.abs(one.glyphs - other.glyphs).max() < 1
        and np.abs(one.colors - other.colors).max() < 1 / 16
    )


def faint(contrast: Contrast, view: View, limit: float) -> Iterator[Hit]:
    """Find texts whose contrast with what is behind them is below `limit`."""
    if not view.texts:
        return
    behind = view.draw(leaves(view))
    for text in view.texts:
        ratio = contrast.of(text, view, behind)
        if ratio < limit - _EXACT:
            least = f"{round(limit, 1):g}:1 is the least"
            message = f"{text.name} has a contrast of {ratio:.1f}:1; {least}"
            yield Hit("low-contrast", text.says, message, spot(text.box), (text.mobject,))


def leaves(view: View) -> frozenset[int]:
    """Return the ids of all mobjects that draw texts."""
    return frozenset(leaf for text in view.texts for leaf in text.leaves)

"""Connectors that run through shapes they do not end at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pagereel.check.rules import Facts, Rule
from pagereel.check.see.geometry import along, contains, distances, overlap, stroke_in_boxes
from pagereel.check.see.light import LinesSeen
from pagereel.check.see.parts import Floats, Hit, Hits, Role, Shape, View, Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

# In scene units, as manim's buffers are.
_TOUCH = 0.09  # a connector ends at whatever is this near to its end
_REACH = 0.6  # ... or with a gap, at a box that is this near to it
_BESIDE = 0.35  # ... or this near to a text
_BOX = 0.15  # the shorter side of the smallest box that holds a text
_BEAD = 0.5  # ... and of one that holds none: a smaller one marks a point of a line
_LINE = 0.3  # the shortest connector
_STEP = 3  # pixels between the points of a line that are looked at
_ASIDE = 0.5  # of a line's reach: with its middle further outside a box, it passes by
_PANEL = 0.9  # of the picture: anything larger is a background
_TINT = 0.5  # opacity: less, without an outline, is a zone
_SHARED = 2  # pixels
_ROW = 3  # boxes; a line through more, without a tip, is laid over them: a mean, a curve over data
_PEER = 2.5  # times: boxes of one kind differ in size by no more


class LineThroughBox(Rule):
    """Measures how deep a connector is seen inside a closed shape, in pixels."""

    facts = Facts(
        says="a connector runs no deeper than this through a closed shape that it does not end at",
        unit="px",
        default=2,
        scales=True,
        least=1,
    )

    def __init__(self, limit: float) -> None:
        super().__init__(limit)
        self._seen = LinesSeen()

    def at_rest(self, view: View) -> Hits:
        """Find shapes that a connector is seen in."""
        boxes = [shape for shape in view.shapes if _is_box(shape, view)]
        for line in view.shapes:
            if not _is_line(line, view):
                continue
            others = [box for box in boxes if box.leaves != line.leaves]
            deep = _deep_inside(line, others, self.limit)
            entered = {*deep}
            if not entered:
                continue
            ends = _Ends.of(line, others, view, entered=entered)
            if not ends.connect(line):
                continue  # a line of its own: a divider, a grid, a mean over bars
            passed = [box for box in others if id(box) in entered and box not in ends.at]
            if len(passed) > _ROW and not line.has_tip:
                continue
            for box in passed:
                points = deep[id(box)]
                if not ends.could_be_at(box, boxes, view):
                    continue
                if any(_holds(box, text) and _crosses(line, text) for text in view.texts):
                    continue  # a line through a text, which another rule finds
                if self._seen.within(box, [(line, points)], view=view):
                    where = f"{box.noun}{_label(box, view)} at {_where(box)}"
                    message = f"{line.noun} runs through {where}"
                    yield Hit(message, message, box.box, (line.mobject, box.mobject))


@dataclass(frozen=True, slots=True, eq=False)
class _Ends:
    """What a line ends at.

    Attributes
    ----------
    at
        The boxes that an end is at or in.
    near
        The boxes that an end has a gap to, as arrows have.
    proper
        How many ends are at a box, in it, or before it; or at a text.
    joined
        How many are so, or behind a box that the line runs through.
    """

    at: list[Shape]
    near: list[Shape]
    proper: int
    joined: int

    @classmethod
    def of(cls, line: Shape, boxes: list[Shape], view: View, *, entered: set[int]) -> _Ends:
        points = np.stack([line.outline[0, 0], line.outline[-1, 1]])
        far = np.array([distances(box.outline, points) for box in boxes]).reshape(-1, 2)
        within = np.array([contains(box.outline, points) for box in boxes], dtype=bool)
        at = within.reshape(-1, 2) | (far < _TOUCH * view.unit)
        near = far < _REACH * view.unit
        clear = np.array([id(box) not in entered for box in boxes], dtype=bool).reshape(-1, 1)
        # Beside the end of a line without a tip stands the line's own name.
        text = _at_text(points, view) & line.has_tip
        proper = at.any(axis=0) | (near & clear).any(axis=0) | text
        joined = proper | near.any(axis=0)
        return cls(
            [boxes[index] for index in np.flatnonzero(at.any(axis=1))],
            [boxes[index] for index in np.flatnonzero((near & ~at).any(axis=1))],
            int(proper.sum()),
            int(joined.sum()),
        )

    def connect(self, line: Shape) -> bool:
        """Return whether the line is a connector: it comes from one thing, and goes to another."""
        return bool(self.proper) and (self.joined == 2 or line.has_tip)

    def could_be_at(self, box: Shape, boxes: list[Shape], view: View) -> bool:
        """Return whether a box is one of those that such lines connect.

        It holds a text, or is about as large as those at the ends of the line. A zone, a lane, a
        cell beside them or a figure behind the line is neither.
        """
        mine = [other for other in (*self.at, *self.near) if other is not box]
        container = any(_holds(box, other) for other in boxes if other is not box)
        if container or _is_zone(box) or any(_adjoin(box, other) for other in mine):
            return False
        if any(_holds(box, text) for text in view.texts):
            return True
        large = min(box.box[2:] - box.box[:2]) > _BEAD * view.unit
        return large and any(_are_peers(box, other) for other in mine)


def _is_line(shape: Shape, view: View) -> bool:
    size = np.ptp(shape.outline.reshape(-1, 2), axis=0).max()
    return (
        shape.is_stroked
        and not shape.closed
        and shape.role is Role.PLAIN
        and size > _LINE * view.unit
    )


def _is_box(shape: Shape, view: View) -> bool:
    width, height = shape.box[2:] - shape.box[:2]
    return (
        shape.closed
        and (shape.is_stroked or shape.is_filled)
        and shape.role in {Role.PLAIN, Role.IMAGE}
        and min(width, height) > _BOX * view.unit
        and width * height < _PANEL * view.width * view.height
    )


def _is_zone(box: Shape) -> bool:
    """Return whether a shape is nothing but a tint of what is behind it."""
    return not box.is_stroked and bool(box.fill[3] < _TINT)


def _adjoin(one: Shape, other: Shape) -> bool:
    """Return whether two boxes share a side, or a part of it, as the cells of a row do."""
    sides = overlap(one.box[None], other.box[None])[0, 0]
    return bool(abs(sides) < _SHARED)


def _are_peers(one: Shape, other: Shape) -> bool:
    sizes = one.box[2:] - one.box[:2], other.box[2:] - other.box[:2]
    return bool((np.maximum(*sizes) < _PEER * np.minimum(*sizes)).all())


def _at_text(ends: Floats, view: View) -> NDArray[np.bool_]:
    """Return which ends are beside a text, shape (2,)."""
    boxes = np.array([text.box for text in view.texts]).reshape(-1, 4)
    points = np.concatenate([ends, ends], axis=1)
    return np.asarray((overlap(points, boxes) > -_BESIDE * view.unit).any(axis=1))


def _deep_inside(line: Shape, boxes: Sequence[Shape], limit: float) -> dict[int, Floats]:
    """Return where a line is inside boxes, or much of its width is: points by the boxes' ids."""
    aside = line.reach * _ASIDE
    every = np.array([box.box for box in boxes]).reshape(-1, 4)
    depths = overlap(line.box[None], every)[0]
    points = along(line.outline, _STEP)
    deep = {}
    for box, near in zip(boxes, depths >= -max(limit, aside), strict=True):
        if not near:
            continue
        # Only a point that is not further away than this can be deep.
        low, high = box.box[:2] - aside, box.box[2:] + aside
        close = points[((points >= low) & (points <= high)).all(axis=1)]
        inside = contains(box.outline, close)
        depth = distances(box.outline, close)
        found = close[np.where(inside, depth, aside - depth) - box.reach > limit]
        if len(found):
            deep[id(box)] = found
    return deep


def _crosses(line: Shape, text: Words) -> bool:
    return len(stroke_in_boxes(line.outline, line.reach, text.glyphs)) > 0


def _label(box: Shape, view: View) -> str:
    """Return what is written in a box, to tell it from others."""
    inside = [text for text in view.texts if _holds(box, text)]
    return f" around {inside[0].name}" if inside else ""


def _where(box: Shape) -> str:
    """Return where a box is, in scene units as its author placed it."""
    x, y, _ = box.mobject.get_center()
    return f"({x:.1f}, {y:.1f})"


def _holds(box: Shape, thing: Words | Shape) -> bool:
    return bool((box.box[:2] <= thing.box[:2]).all() and (box.box[2:] >= thing.box[2:]).all())

"""Connectors that run through shapes they do not end at."""

from __future__ import annotations

import numpy as np

from pagereel.check.rules import Facts, Rule
from pagereel.check.see.geometry import along, contains, distances, overlap
from pagereel.check.see.light import LinesSeen
from pagereel.check.see.parts import Floats, Hit, Hits, Role, Shape, View, Words

# In scene units, as manim's buffers are.
_TOUCH = 0.09  # a connector ends at whatever is this near to its end
_REACH = 0.6  # a line whose end is this near to a box is a connector
_BESIDE = 0.35  # ... or this near to a text
_BOX = 0.15  # the shorter side of the smallest box; anything smaller is a dot
_LINE = 0.3  # the shortest connector
_STEP = 3  # pixels between the points of a line that are looked at
_PANEL = 0.9  # of the picture: anything larger is a background


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
            ends = np.stack([line.outline[0, 0], line.outline[-1, 1]])
            others = [box for box in boxes if box.leaves != line.leaves]
            mine, attached = _ends_at(ends, others, view)
            if not (attached or _has_tip(line) or _at_text(ends, view)):
                continue  # a line of its own: a divider, a grid
            for box in others:
                if box in mine or overlap(line.box[None], box.box[None])[0, 0] < -self.limit:
                    continue
                points = _deep_inside(line, box, self.limit)
                if len(points) and self._seen.within(box, line, view=view, points=points):
                    where = f"{box.noun}{_label(box, view)} at {_where(box)}"
                    message = f"{line.noun} runs through {where}"
                    yield Hit(message, message, box.box, (line.mobject, box.mobject))


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


def _has_tip(line: Shape) -> bool:
    return bool(getattr(line.mobject, "tips", None) or getattr(line.mobject, "tip", None))


def _ends_at(ends: Floats, boxes: list[Shape], view: View) -> tuple[list[Shape], bool]:
    """Return the boxes that a line ends at, or in, and whether it ends near any at all."""
    near = np.array([distances(box.outline, ends) for box in boxes]).reshape(-1, 2)
    within = np.array([contains(box.outline, ends) for box in boxes], dtype=bool).reshape(-1, 2)
    touched = (within | (near < _TOUCH * view.unit)).any(axis=1)
    attached = bool(touched.any() or (near < _REACH * view.unit).any())
    return [boxes[index] for index in np.flatnonzero(touched)], attached


def _at_text(ends: Floats, view: View) -> bool:
    around = _BESIDE * view.unit
    boxes = np.array([text.box for text in view.texts]).reshape(-1, 4)
    points = np.concatenate([ends, ends], axis=1)
    return bool(len(boxes) and (overlap(points, boxes) > -around).any())


def _deep_inside(line: Shape, box: Shape, limit: float) -> Floats:
    points = along(line.outline, _STEP)
    points = points[contains(box.outline, points)]
    if not len(points):
        return points
    depth = distances(box.outline, points) - box.width / 2
    deep: Floats = points[depth > limit]
    return deep


def _label(box: Shape, view: View) -> str:
    """Return what is written in a box, to tell it from others."""
    inside = [text for text in view.texts if _holds(box, text)]
    return f" around {inside[0].name}" if inside else ""


def _where(box: Shape) -> str:
    """Return where a box is, in scene units as its author placed it."""
    x, y, _ = box.mobject.get_center()
    return f"({x:.1f}, {y:.1f})"


def _holds(box: Shape, text: Words) -> bool:
    return bool((box.box[:2] <= text.box[:2]).all() and (box.box[2:] >= text.box[2:]).all())

"""Rules about lines at rest: through texts, through boxes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pagereel.check.rules.contrast import luminance, ratio
from pagereel.check.rules.text_rules import leaves, spot
from pagereel.check.see.geometry import along, contains, distances, overlap, points_in_boxes
from pagereel.check.see.parts import Hit, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from pagereel.check.see.parts import Shape, View, Words

    Floats = NDArray[np.float64]

# By so much a line changes a pixel, if it is seen there: the contrast ratio, or of 255.
_CONTRAST = 1.2
_CHANGE = 48
_GAP = 0.7  # heights of a capital: less is a gap between words
# In scene units, as manim's buffers are.
_TOUCH = 0.09  # what a connector's end is so near to, it ends at
_REACH = 0.6  # a line whose end is so near to a box is a connector
_BESIDE = 0.35  # ... or so near to a text
_BOX = 0.15  # the shorter side of the smallest box; what is smaller is a dot
_LINE = 0.3  # the shortest connector
_STEP = 3  # pixels between the points of a line that are looked at
_PANEL = 0.9  # of the picture: what is larger is a background


class Lines:
    """The rules about lines. What has been found once is not looked for in the pixels again."""

    def __init__(self) -> None:
        self._found: set[tuple[int, int]] = set()

    def through_text(self, view: View, limit: float) -> Iterator[Hit]:
        """Find lines that are seen more than `limit` pixels inside a text."""
        lines = [shape for shape in view.shapes if shape.is_stroked]
        texts = np.array([text.box for text in view.texts]).reshape(-1, 4)
        touching = overlap(texts, np.array([line.box for line in lines]).reshape(-1, 4)) >= 0
        for i, j in np.argwhere(touching):
            text, line = view.texts[i], lines[j]
            points = points_in_boxes(line.outline, _words(text, limit))
            if len(points) and self._is_seen(view, (line, text), points):
                message = f"{_a(line)} runs through {text.name}"
                about = (line.mobject, text.mobject)
                yield Hit("line-through-text", text.says, message, spot(text.box), about)

    def through_box(self, view: View, limit: float) -> Iterator[Hit]:
        """Find connectors that are seen `limit` pixels inside a shape they do not end at."""
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
                if box in mine or overlap(line.box[None], box.box[None])[0, 0] < -limit:
                    continue
                points = _deep_inside(line, box, limit)
                if len(points) and self._is_seen(view, (line, box), points):
                    about = f"{_a(line)} runs through {_a(box)}{_label(box, view)} at {_where(box)}"
                    pair = line.mobject, box.mobject
                    yield Hit("line-through-box", about, about, spot(box.box), pair)

    def _is_seen(self, view: View, pair: tuple[Shape, Shape | Words], points: Floats) -> bool:
        """Return whether a line changes the picture at any of the points in something."""
        line, other = pair
        key = id(line.mobject), id(other.mobject)
        if key not in self._found and _changes(view, line, points):
            self._found.add(key)
        return key in self._found


def _words(text: Words, limit: float) -> Floats:
    """Return the boxes that no line may reach: a text's glyphs, and the gaps between them."""
    one, other = text.glyphs[:-1], text.glyphs[1:]
    gaps = np.stack(
        [
            one[:, 2] - limit,
            np.maximum(one[:, 1], other[:, 1]),
            other[:, 0] + limit,
            np.minimum(one[:, 3], other[:, 3]),
        ],
        axis=1,
    )
    widths = other[:, 0] - one[:, 2]
    gaps = gaps[(widths > 0) & (widths < _GAP * text.cap)]  # not from line to line
    boxes: Floats = np.concatenate([text.glyphs, gaps]) + limit * np.array([1, 1, -1, -1])
    return boxes


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


def _changes(view: View, line: Shape, points: Floats) -> bool:
    """Return whether a line changes the picture at any of the points."""
    texts = leaves(view)
    with_line, without = view.draw(texts), view.draw(texts | line.leaves)
    x, y = points.astype(int).T
    inside = (x >= 0) & (x < view.width) & (y >= 0) & (y < view.height)
    x, y = x[inside], y[inside]
    one, other = with_line[y, x], without[y, x]
    contrast = ratio(luminance(one), luminance(other))
    change = np.abs(one.astype(int) - other).max(axis=-1)
    return bool(((contrast > _CONTRAST) | (change > _CHANGE)).any())


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


def _a(shape: Shape) -> str:
    return f"{'an' if shape.name[0] in 'AEIOU' else 'a'} {shape.name}"

"""Lines that run through texts."""

from __future__ import annotations

import numpy as np

from pagereel.check.rules import Facts, Rule
from pagereel.check.see.geometry import around, overlap, stroke_in_boxes
from pagereel.check.see.light import LinesSeen, carries
from pagereel.check.see.parts import Floats, Hit, Hits, Role, Shape, View, Words

# In heights of a capital.
_LETTERS, _WORDS = 0.3, 0.8  # less is a gap between letters, or between words
_RAISED = 0.3  # an exponent is not further away from its letter
_ENDS = 0.3  # so near to the edges of what it strikes out does a stroke end
_LEVEL = 0.1  # of their height: so near to their middle does it run
_STRAIGHT = 1.01  # times the distance of its ends: a longer line is a curve


class LineThroughText(Rule):
    """Measures how far a line is seen inside a text, in pixels."""

    facts = Facts(
        says="a line reaches no further than this into a text",
        unit="px",
        default=1,
        scales=True,
        least=1,
    )

    part_of = frozenset({"text-overlap"})  # a title on a table is crossed by its lines, too

    def __init__(self, limit: float) -> None:
        super().__init__(limit)
        self._seen = LinesSeen()

    def at_rest(self, view: View) -> Hits:
        """Find texts that a line is seen in."""
        lines = [shape for shape in view.shapes if _is_line(shape)]
        texts = np.array([text.box for text in view.texts]).reshape(-1, 4)
        reached = [line.box + line.reach * np.array([-1, -1, 1, 1]) for line in lines]
        touching = overlap(texts, np.array(reached).reshape(-1, 4)) >= 0
        for text, near in zip(view.texts, touching, strict=True):
            if not near.any():
                continue
            letters, words = (_forbidden(text, gap, self.limit) for gap in (_LETTERS, _WORDS))
            inside: list[tuple[Shape, Floats]] = []
            for j in np.flatnonzero(near):
                line = lines[j]
                if line is text.covered_by or carries(line, text) or _strikes_out(line, text):
                    continue
                boxes = letters if _is_around_word(line, text) else words
                points = stroke_in_boxes(line.outline, line.reach, boxes)
                if len(points):
                    inside.append((line, points))
            for line in self._seen.within(text, inside, view=view):
                message = f"{line.noun} runs through {text.name}"
                yield Hit(text.says, message, text.box, (line.mobject, text.mobject))


def _is_line(shape: Shape) -> bool:
    return (shape.is_stroked or shape.is_line) and shape.role is not Role.CROSS


def _is_around_word(line: Shape, text: Words) -> bool:
    width, whole = line.box[2] - line.box[0], text.box[2] - text.box[0]
    return line.closed and bool(width < whole)


def _forbidden(text: Words, gap: float, limit: float) -> Floats:
    """Return the boxes that no line may reach: a text's glyphs, and the gaps between them.

    Only the gaps that are narrower than `gap` heights of a capital.
    """
    one, other = text.glyphs[:-1], text.glyphs[1:]
    low, high = np.minimum(one, other), np.maximum(one, other)
    left, right = one[:, 2] - 2 * limit, other[:, 0] + 2 * limit  # up to what is left of glyphs
    gaps = np.stack([left, low[:, 1], right, high[:, 3]], axis=1)
    widths, heights = other[:, 0] - one[:, 2], high[:, 1] - low[:, 3]
    beside = (widths > 0) & (widths < gap * text.cap) & (heights < _RAISED * text.cap)
    boxes: Floats = np.concatenate([text.glyphs, gaps[beside]]) + limit * np.array([1, 1, -1, -1])
    return boxes


def _strikes_out(line: Shape, text: Words) -> bool:
    """Return whether a stroke is there to strike out a text or some of its glyphs.

    It is straight or a flat fill, has no tip, and ends where they end: in the middle of both sides,
    or at opposite corners.
    """
    low, high = line.box[:2], line.box[2:]
    steps = np.hypot(*(line.outline[:, 1] - line.outline[:, 0]).T).sum()
    if line.has_tip or (steps > _STRAIGHT * np.hypot(*(high - low)) and not line.slim):
        return False
    middles = (text.glyphs[:, :2] + text.glyphs[:, 2:]) / 2
    struck = (middles[:, 0] > low[0]) & (middles[:, 0] < high[0])
    struck &= (text.glyphs[:, 1] < high[1]) & (text.glyphs[:, 3] > low[1])
    if not struck.any():
        return False
    box = around(text.glyphs[struck])
    size = box[2:] - box[:2]
    off = np.maximum(np.abs(low - box[:2]), np.abs(high - box[2:]))
    side, corner = off < _ENDS * np.minimum(size, text.cap)
    level = np.abs([low[1], high[1]] - (box[1] + box[3]) / 2).max() < _LEVEL * size[1]
    return bool(side and (corner or level))

"""Lines that run through texts."""

from __future__ import annotations

import numpy as np

from pagereel.check.rules import Facts, Rule
from pagereel.check.see.geometry import overlap, stroke_in_boxes
from pagereel.check.see.light import LinesSeen, carries
from pagereel.check.see.parts import Floats, Hit, Hits, Role, Shape, View, Words

_GAP = 0.3  # heights of a capital: less is a gap between letters, more one between words


class LineThroughText(Rule):
    """Measures how far a line is seen inside a text, in pixels."""

    facts = Facts(
        says="a line reaches no further than this into a text",
        unit="px",
        default=1,
        scales=True,
        least=1,
    )

    def __init__(self, limit: float) -> None:
        super().__init__(limit)
        self._seen = LinesSeen()

    def at_rest(self, view: View) -> Hits:
        """Find texts that a line is seen in."""
        lines = [shape for shape in view.shapes if _is_line(shape)]
        texts = np.array([text.box for text in view.texts]).reshape(-1, 4)
        reached = [line.box + line.reach * np.array([-1, -1, 1, 1]) for line in lines]
        touching = overlap(texts, np.array(reached).reshape(-1, 4)) >= 0
        for i, j in np.argwhere(touching):
            text, line = view.texts[i], lines[j]
            if line is text.covered_by or carries(line, text):
                continue
            points = stroke_in_boxes(line.outline, line.reach, _words(text, self.limit))
            if len(points) and self._seen.within(text, line, view=view, points=points):
                message = f"{line.noun} runs through {text.name}"
                yield Hit(text.says, message, text.box, (line.mobject, text.mobject))


def _is_line(shape: Shape) -> bool:
    return (shape.is_stroked or shape.role is Role.TIP) and shape.role is not Role.CROSS


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

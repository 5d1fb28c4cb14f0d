"""Contrast of texts with what was drawn behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pagereel.check.rules import Facts, Rule
from pagereel.check.see.geometry import contains, overlap
from pagereel.check.see.light import WEIGHTS, linear, luminance, ratio
from pagereel.check.see.parts import EXACT, Floats, Hit, Hits, Pixels, Shape, View, Words

if TYPE_CHECKING:
    from collections.abc import Sequence

_BEHIND = 25  # percent of the pixels behind a glyph that may have less contrast: a line, a speck


class LowContrast(Rule):
    """Measures the contrast of texts, each once as long as nothing changes around it."""

    facts = Facts(
        says="a text's colour has at least this contrast to what is drawn behind it",
        unit=": 1",
        default=4.5,
        most=21,
        source="WCAG 2.2, 1.4.3 (AA)",
    )

    def __init__(self, limit: float) -> None:
        super().__init__(limit)
        self._known: dict[tuple[object, ...], float] = {}

    def at_rest(self, view: View) -> Hits:
        """Find texts that have too little contrast with what is behind them."""
        if not view.texts:
            return
        behind = view.draw(view.text_leaves)
        for text in view.texts:
            contrast = self._contrast(text, view, behind)
            if contrast < self.limit - EXACT:
                least = f"{round(self.limit, 1):g}:1 is the least"
                message = f"{text.name} has a contrast of {contrast:.1f}:1; {least}"
                yield Hit(text.says, message, text.box, (text.mobject,))

    def _contrast(self, text: Words, view: View, behind: Pixels) -> float:
        """Return the contrast ratio of a text's faintest glyph.

        Parameters
        ----------
        text
            A text of the view.
        view
            What is drawn over the text may dim it.
        behind
            The picture without any text.
        """
        over = [shape for shape in view.shapes if _dims(shape, text)]
        left, top, right, bottom = _pixels(text.box, behind)
        around = behind[top:bottom, left:right]
        tints = (shape.fill.tobytes() + shape.outline.tobytes() for shape in over)
        key = (text.glyphs.tobytes(), text.colors.tobytes(), around.tobytes(), *tints)
        if key not in self._known:
            pairs = zip(text.glyphs, text.colors, strict=True)
            self._known[key] = min(_of_glyph(box, color, behind, over) for box, color in pairs)
        return self._known[key]


def _dims(shape: Shape, text: Words) -> bool:
    """Return whether a shape may lie over a text like a tinted glass."""
    tinted = shape.closed and shape.is_filled and not shape.hides and shape.order > text.order
    return tinted and bool(overlap(shape.box[None], text.box[None])[0, 0] > 0)


def _pixels(box: Floats, picture: Pixels) -> tuple[int, int, int, int]:
    """Return the pixels that a box touches: first column and row, and those after the last."""
    height, width, _ = picture.shape
    left, top = np.floor(box[:2]).astype(int).clip(0, (width - 1, height - 1))
    right, bottom = np.ceil(box[2:]).astype(int).clip((left + 1, top + 1), (width, height))
    return int(left), int(top), int(right), int(bottom)


def _of_glyph(box: Floats, color: Floats, behind: Pixels, over: Sequence[Shape]) -> float:
    left, top, right, bottom = _pixels(box, behind)
    pixels = behind[top:bottom, left:right].reshape(-1, 3)
    drawn = color[:3] * color[3] + np.median(pixels, axis=0) / 255 * (1 - color[3])
    for shape in over:
        if contains(shape.outline, ((box[:2] + box[2:]) / 2)[None])[0]:
            drawn = shape.fill[:3] * shape.fill[3] + drawn * (1 - shape.fill[3])
    text = linear(drawn) @ WEIGHTS
    return float(np.percentile(ratio(text, luminance(pixels)), _BEHIND))

"""Contrast of texts with what was drawn behind them, as WCAG 2.2 defines the ratio."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pagereel.check.see.geometry import contains, overlap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pagereel.check.see.parts import Shape, View, Words

    Floats = NDArray[np.float64]
    Picture = NDArray[np.uint8]

_WEIGHTS = np.array([0.2126, 0.7152, 0.0722])
_BEHIND = 25  # percent of the pixels behind a glyph that may have less contrast: a line, a speck


def linear(srgb: Floats) -> Floats:
    """Return linear light of sRGB components, both 0 to 1."""
    light: Floats = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    return light


_LINEAR = linear(np.arange(256) / 255)


def luminance(picture: Picture) -> Floats:
    """Return the relative luminance of pixels, 0 to 1; red, green and blue are the last axis."""
    light: Floats = _LINEAR[picture] @ _WEIGHTS
    return light


def ratio(one: Floats, other: Floats) -> Floats:
    """Return the contrast ratio of relative luminances, 1 to 21."""
    result: Floats = (np.maximum(one, other) + 0.05) / (np.minimum(one, other) + 0.05)
    return result


class Contrast:
    """Measures the contrast of texts, each once as long as nothing changes around it."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], float] = {}

    def of(self, text: Words, view: View, behind: Picture) -> float:
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


def _pixels(box: Floats, picture: Picture) -> tuple[int, int, int, int]:
    """Return the pixels that a box touches: first column and row, and those after the last."""
    height, width, _ = picture.shape
    left, top = np.floor(box[:2]).astype(int).clip(0, (width - 1, height - 1))
    right, bottom = np.ceil(box[2:]).astype(int).clip((left + 1, top + 1), (width, height))
    return int(left), int(top), int(right), int(bottom)


def _of_glyph(box: Floats, color: Floats, behind: Picture, over: Sequence[Shape]) -> float:
    left, top, right, bottom = _pixels(box, behind)
    pixels = behind[top:bottom, left:right].reshape(-1, 3)
    drawn = color[:3] * color[3] + np.median(pixels, axis=0) / 255 * (1 - color[3])
    for shape in over:
        if contains(shape.outline, ((box[:2] + box[2:]) / 2)[None])[0]:
            drawn = shape.fill[:3] * shape.fill[3] + drawn * (1 - shape.fill[3])
    text = linear(drawn) @ _WEIGHTS
    return float(np.percentile(ratio(text, luminance(pixels)), _BEHIND))

"""Contrast of texts with what was drawn behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pagereel.check.rules import Facts, Rule
from pagereel.check.see.geometry import contains, overlap
from pagereel.check.see.light import WEIGHTS, carries, linear, luminance, ratio
from pagereel.check.see.parts import EXACT, Floats, Hit, Hits, Pixels, Shape, View, Words

if TYPE_CHECKING:
    from collections.abc import Sequence

_BEHIND = 25  # percent of the pixels behind a glyph that may have less contrast: a line, a speck
# The standard asks large texts for 3 : 1. Large is what is about twice as high as a text must be.
_LARGE = 40 / 1080  # of the picture's short side: the height of capitals
_LESS = 2 / 3
_SOLID = 0.5  # opacity of a line that sets a glyph off


class LowContrast(Rule):
    """Measures the contrast of texts, each once as long as nothing changes around it."""

    facts = Facts(
        says="a text has at least this contrast to what is behind it; a large one two thirds of it",
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
        # Of lines in front or behind, others tell.
        lines = [shape for shape in view.shapes if _is_line(shape, view)]
        without = view.text_leaves.union(*(line.leaves for line in lines))
        pictures: dict[frozenset[int], Pixels] = {}
        large = _LARGE * min(view.width, view.height)
        sheets = [shape for shape in view.shapes if shape.closed and shape.is_filled]
        texts = np.array([text.box for text in view.texts])
        touching = overlap(texts, np.array([shape.box for shape in sheets]).reshape(-1, 4)) > 0
        for text, near in zip(view.texts, touching, strict=True):
            at = (sheets[index] for index in np.flatnonzero(near))
            over = [shape for shape in at if shape.order > text.order]
            covers = without.union(*(shape.leaves for shape in over if shape.hides))
            if covers not in pictures:
                pictures[covers] = view.draw(covers)
            glass = [shape for shape in over if not shape.hides]
            contrast = self._contrast(text, glass, pictures[covers])
            limit = self.limit * (_LESS if text.cap >= large else 1)
            if contrast < limit - EXACT:
                least = f"{round(limit, 1):g}:1 is the least"
                message = f"{text.name} has a contrast of {contrast:.1f}:1; {least}"
                yield Hit(text.says, message, text.box, (text.mobject,))

    def _contrast(self, text: Words, over: Sequence[Shape], behind: Pixels) -> float:
        """Return the contrast ratio of a text's faintest glyph.

        Parameters
        ----------
        text
            A text of the view.
        over
            What is drawn over it and may dim it: tinted glass.
        behind
            The picture without texts, without what covers this one, and without lines that no text
            stands on.
        """
        left, top, right, bottom = _pixels(text.box, behind)
        around = behind[top:bottom, left:right]
        tints = (shape.fill.tobytes() + shape.outline.tobytes() for shape in over)
        paints = np.stack([text.colors, text.outlines, text.halos], axis=1)
        key = (text.glyphs.tobytes(), paints.tobytes(), around.tobytes(), *tints)
        if key not in self._known:
            pairs = zip(text.glyphs, paints, strict=True)
            self._known[key] = min(_of_glyph(box, paint, behind, over) for box, paint in pairs)
        return self._known[key]


def _is_line(shape: Shape, view: View) -> bool:
    """Return whether a shape is nothing but a line, and no text stands on it."""
    return shape.is_line and not any(carries(shape, text) for text in view.texts)


def _pixels(box: Floats, picture: Pixels) -> tuple[int, int, int, int]:
    """Return the pixels that a box touches: first column and row, and those after the last."""
    height, width, _ = picture.shape
    left, top = np.floor(box[:2]).astype(int).clip(0, (width - 1, height - 1))
    right, bottom = np.ceil(box[2:]).astype(int).clip((left + 1, top + 1), (width, height))
    return int(left), int(top), int(right), int(bottom)


def _of_glyph(box: Floats, paints: Floats, behind: Pixels, over: Sequence[Shape]) -> float:
    """Return the contrast of a glyph or its outline to what is behind, or to a line around it.

    Parameters
    ----------
    box
        Around the glyph, in pixels.
    paints
        Of the glyph, its outline, and the line behind it; shape (3, 4).
    behind
        The picture without texts, and without lines that no text stands on.
    over
        What is drawn over it and dims it.
    """
    left, top, right, bottom = _pixels(box, behind)
    pixels = behind[top:bottom, left:right].reshape(-1, 3)
    ground = np.median(pixels, axis=0) / 255
    tints = [shape.fill for shape in over if contains(shape.outline, _middle(box))[0]]
    fill, outline, halo = (_drawn(paint, ground, tints) for paint in paints)
    around = luminance(pixels)
    values = [float(np.percentile(ratio(of, around), _BEHIND)) for of in (fill, outline)]
    values += [
        float(ratio(fill, of))
        for of, paint in ((outline, paints[1]), (halo, paints[2]))
        if paint[3] > _SOLID
    ]
    return max(values)


def _drawn(paint: Floats, ground: Floats, tints: Sequence[Floats]) -> Floats:
    """Return the luminance of a paint on a ground, below tinted sheets."""
    drawn = paint[:3] * paint[3] + ground * (1 - paint[3])
    for tint in tints:
        drawn = tint[:3] * tint[3] + drawn * (1 - tint[3])
    return np.asarray(linear(drawn) @ WEIGHTS)


def _middle(box: Floats) -> Floats:
    middle: Floats = ((box[:2] + box[2:]) / 2)[None]
    return middle

"""Luminance and contrast, as WCAG 2.2 defines them, and whether a line is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pagereel.check.see.geometry import corners, distances

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pagereel.check.see.parts import Floats, Pixels, Shape, View, Words


WEIGHTS = np.array([0.2126, 0.7152, 0.0722])
"""The parts of red, green and blue in luminance."""
# A line is seen where it changes a pixel by more than this: a contrast ratio, or levels of 255.
# A fainter one, such as a dimmed grid, disturbs nobody.
_CONTRAST = 2.1
_CHANGE = 80
_SAME = 1  # pixels between lines that are seen as one
# In heights of a capital.
_THIN = 0.5  # no text stands on a line of less width
_OVER = 0.15  # so far a glyph may reach over the bar that it stands on


def linear(srgb: Floats) -> Floats:
    """Return linear light of sRGB components, both 0 to 1."""
    light: Floats = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    return light


_LINEAR = linear(np.arange(256) / 255)


def luminance(picture: Pixels) -> Floats:
    """Return the relative luminance of pixels, 0 to 1; red, green and blue are the last axis."""
    light: Floats = _LINEAR[picture] @ WEIGHTS
    return light


def ratio(one: Floats, other: Floats) -> Floats:
    """Return the contrast ratio of relative luminances, 1 to 21."""
    result: Floats = (np.maximum(one, other) + 0.05) / (np.minimum(one, other) + 0.05)
    return result


def carries(line: Shape, text: Words) -> bool:
    """Return whether a text stands on a line as on a bar: its contrast is another rule's."""
    if line.is_filled or line.order > text.order or line.width < _THIN * text.cap:
        return False
    edge = _OVER * text.cap
    inner = text.glyphs + edge * np.array([1, 1, -1, -1])
    return bool((distances(line.outline, corners(inner)) <= line.reach).all())


class LinesSeen:
    """Tells where lines are seen. A line that was found once is not compared again."""

    def __init__(self) -> None:
        self._found: set[tuple[int, int]] = set()

    def within(
        self, other: Shape | Words, lines: Sequence[tuple[Shape, Floats]], *, view: View
    ) -> list[Shape]:
        """Return the lines that change the picture within something else.

        Parameters
        ----------
        other
            The thing that the lines run through.
        lines
            Each with its points within the other thing, in pixels; shape (points, 2).
        view
            The picture that shows all of them.
        """
        seen = []
        for line, points in lines:
            key = id(line.mobject), id(other.mobject)
            if key not in self._found:
                twins = [one for one, _ in lines if one is not line and _runs_along(one, points)]
                if not _changes(view, line, twins, points):
                    continue
                self._found.add(key)
            seen.append(line)
        return seen


def _runs_along(line: Shape, points: Floats) -> bool:
    """Return whether a line runs through points of another one, as those of a grid's cells do."""
    low, high = line.box[:2] - _SAME, line.box[2:] + _SAME
    near = points[((points >= low) & (points <= high)).all(axis=1)]
    return len(near) > 0 and bool((distances(line.outline, near) < _SAME).any())


def _changes(view: View, line: Shape, twins: Sequence[Shape], points: Floats) -> bool:
    """Return whether a line, together with those like it, changes the picture at any point."""
    texts = view.text_leaves
    with_lines = view.draw(texts)
    if twins:
        without = view.draw(texts, frozenset(leaf for one in (line, *twins) for leaf in one.leaves))
    else:
        without = view.draw(texts | line.leaves)
    x, y = points.astype(int).T
    inside = (x >= 0) & (x < view.width) & (y >= 0) & (y < view.height)
    x, y = x[inside], y[inside]
    one, other = with_lines[y, x], without[y, x]
    contrast = ratio(luminance(one), luminance(other))
    change = np.abs(one.astype(int) - other).max(axis=-1)
    return bool(((contrast > _CONTRAST) | (change > _CHANGE)).any())

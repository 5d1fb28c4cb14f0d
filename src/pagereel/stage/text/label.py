"""Text as shapes: labels, tickers that change many times a second, and captions of two lines."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from manim import DL, UP, Animation, FadeIn, FadeOut, VGroup, VMobject

from pagereel.errors import StageError
from pagereel.languages import columns, halves, is_wide
from pagereel.stage.text.outline import Face, outline

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from pagereel.stage.layout.places import CaptionPlace, Spot

    Floats = NDArray[np.float64]


class Label(VMobject):
    """One line of text as a single shape.

    Parameters
    ----------
    text
        What it says.
    face
        Its font.
    cap
        Height of a capital, in scene units.
    color
        Hex colour of the fill.
    width
        If given, a text wider than this (scene units) is drawn smaller until it fits.
    """

    def __init__(
        self,
        text: str,
        face: Face,
        *,
        cap: float,
        color: str,
        width: float | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(fill_color=color, fill_opacity=1, stroke_width=0, **kwargs)
        shape = outline(text, face)
        self.text = text
        self.face = face
        self.cap = cap if width is None else min(cap, width / shape.width)
        self.set_points(shape.points * self.cap)

    def put(self, x: float, y: float, align: float = 0) -> Label:
        """Place the text with the middle of its capitals at height `y`.

        Parameters
        ----------
        x, y
            The point, in scene units.
        align
            Which part of the text stands at `x`: -1 its left edge, 0 its middle, 1 its right edge.
        """
        # Straight after construction the baseline is y = 0 and the left edge x = 0.
        width = outline(self.text, self.face).width * self.cap
        self.shift((x - width * (align + 1) / 2, y - self.cap / 2, 0))
        return self

    def put_in(self, spot: Spot) -> Label:
        """Place the text in its spot; a text that was made smaller stays on its line."""
        return self.put(spot.x, spot.y - (spot.cap - self.cap) / 2, spot.align)

    def lit(self, part: str, color: str) -> Letters:
        """Return the same text, at the same place, with a part of it in another colour."""
        letters = self.letters()
        head, found, _ = self.text.partition(part)
        begin, end = (
            len(outline(text, self.face).glyphs) if text.strip() else 0
            for text in (head, head + found)
        )
        letters[begin:end].set_fill(color)
        return letters

    def letters(self) -> Letters:
        """Return the same text, at the same place, with one shape for each glyph."""
        letters = Letters(self)
        return letters.move_to(self.get_corner(DL), aligned_edge=DL)


class Letters(VGroup):
    """A line of text whose glyphs are shapes of their own, so that it can be written."""

    def __init__(self, label: Label) -> None:
        self.text, self.face, self.cap = label.text, label.face, label.cap
        super().__init__(
            *(
                VMobject(color=label.fill_color, fill_opacity=1, stroke_width=0).set_points(
                    glyph * self.cap
                )
                for glyph in outline(self.text, self.face).glyphs
            )
        )


_ROLL = 0.7  # how far a text rolls in and out, in heights of a capital


class Rolling(VGroup):
    """Texts that stand in fixed cells and roll over to new ones.

    Parameters
    ----------
    texts
        What the cells say at first.
    draw
        Makes the label of a cell: called with the cell's index and its text.
    """

    def __init__(self, texts: list[str], draw: Callable[[int, str], Label]) -> None:
        self._draw = draw
        self.labels = [draw(cell, text) for cell, text in enumerate(texts)]
        super().__init__(*self.labels)

    @property
    def texts(self) -> list[str]:
        """What the cells say now."""
        return [label.text for label in self.labels]

    def roll(self, texts: list[str]) -> list[Animation]:
        """Return the movements by which the cells that change come to say `texts`."""
        moves: list[Animation] = []
        for cell, (old, text) in enumerate(zip([*self.labels], texts, strict=True)):
            if old.text != text:
                new = self._draw(cell, text)
                shift = _ROLL * new.cap * UP
                moves += [FadeOut(old, shift=shift), FadeIn(new, shift=shift)]
                self.labels[cell] = self.submobjects[cell] = new
        return moves


def text_width(text: str, face: Face) -> float:
    """Return the width of a text in heights of a capital (no unit)."""
    return outline(text, face).width


_COMMA = 0.5  # of a digit's advance
_WIDE = "0123456789k"


class Ticker(VMobject):
    """A short text that is cheap to change: a number, or a name in Liberation Mono.

    Parameters
    ----------
    face
        Its font. In a serif only digits, commas and k may be set: for them the pitch is known.
    cap
        Height of a capital, in scene units.
    color
        Hex colour of the fill.
    at
        The point where it stands, its capitals' middle, in scene units.
    align
        Which part of it stands there: -1 its left edge, 0 its middle, 1 its right edge.
    """

    def __init__(
        self,
        face: Face,
        *,
        cap: float,
        color: str,
        at: tuple[float, float],
        align: float,
    ) -> None:
        super().__init__(fill_color=color, fill_opacity=1, stroke_width=0)
        self.face, self.cap, self.at, self.align = face, cap, at, align
        self.text = ""

    def say(self, text: str, color: str | None = None) -> None:
        """Change what it says, and its colour if one is given."""
        if color is not None and color != self.fill_color.to_hex():
            self.set_fill(color)
        if text == self.text:
            return
        self.text = text
        pens, width = pen_places(text, self.face)
        shapes = [
            glyph(character, self.face) + np.array([pen, 0, 0])
            for character, pen in zip(text, pens, strict=True)
        ]
        points = np.concatenate(shapes) if shapes else np.zeros((0, 3))
        x, y = self.at
        left = x - width * self.cap * (self.align + 1) / 2
        self.set_points(points * self.cap + (left, y - self.cap / 2, 0))


def pen_places(text: str, face: Face) -> tuple[list[float], float]:
    """Return where each character of a text begins, and its width, in heights of a capital."""
    step = advance(face)
    pens, pen = [], 0.0
    for character in text:
        pens.append(pen)
        narrow = face is not Face.MONO and character not in _WIDE
        pen += step * _COMMA if narrow else step
    return pens, pen


@cache
def glyph(character: str, face: Face) -> Floats:
    """Return a character by itself.

    Returns
    -------
    numpy.ndarray
        Cubic Bézier points in heights of a capital, shape (4 * curves, 3): the baseline at y = 0,
        and at x = 0 where a capital H would begin. Empty for a space.
    """
    if character.isspace():
        return np.zeros((0, 3))
    # Behind an H its place is known.
    shape: Floats = _points("H" + character, face)[len(_points("H", face)) :].copy()
    shape[:, 0] -= _pitch("H", face)
    return shape


@cache
def advance(face: Face) -> float:
    """Return the advance of a digit, in heights of a capital; all digits have the same."""
    return _pitch("0", face)


def _pitch(character: str, face: Face) -> float:
    two = _points(character * 2, face)
    first, second = np.split(two, 2)
    return float(second[:, 0].min() - first[:, 0].min())


@cache
def _points(text: str, face: Face) -> Floats:
    points: Floats = Label(text, face, cap=1, color="#FFFFFF").points
    return points


_LINE_PITCH = 1.55  # in heights of a capital
_WIDE_PITCH = 1.8  # where there are Chinese, Japanese or Korean letters, which are higher
_DESCENT = 0.33  # below the last line: g, p, y
_LONGEST_LINE = 60  # Latin letters
# Letters by which lines may be more uneven to break after one of these.
_BREAKS = {**dict.fromkeys(",;:，；：、", 8), **dict.fromkeys(".!?。！？", 12)}


def caption(text: str, place: CaptionPlace, *, color: str) -> VGroup:
    """Return a caption, broken into two lines and made smaller where it has to be.

    Parameters
    ----------
    text
        What it says.
    place
        Where it stands, and how small it may become.
    color
        Hex colour.

    Raises
    ------
    StageError
        If even two lines at the least height are too wide.
    """
    spot = place.spot
    lines = _break(text, spot.width / spot.cap)
    widest = max(text_width(line, Face.SERIF) for line in lines)
    pitch = _WIDE_PITCH if is_wide(text) else _LINE_PITCH
    caps_high = 1 + (len(lines) - 1) * pitch + _DESCENT
    cap = min(spot.cap, spot.width / widest, place.height / caps_high)
    if cap < place.least:
        raise StageError(f"the text {text!r} is too wide for this picture; shorten it")
    top = spot.y + (caps_high - 1) * cap / 2  # the middle of the first line
    return VGroup(
        *(
            Label(line, Face.SERIF, cap=cap, color=color).put(
                spot.x, top - i * pitch * cap, spot.align
            )
            for i, line in enumerate(lines)
        )
    )


def _break(text: str, room: float) -> list[str]:
    """Return the text as one line if it fits into `room` capitals, else as two even ones.

    Evenness is counted in letters: measuring would lay out every piece of the text.
    """
    if columns(text) <= _LONGEST_LINE and text_width(text, Face.SERIF) <= room:
        return [text]

    def unevenness(lines: tuple[str, str]) -> int:
        return max(map(columns, lines)) - _BREAKS.get(lines[0][-1:], 0)

    return [*min(halves(text), key=unevenness, default=(text,))]

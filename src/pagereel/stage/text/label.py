"""Text as shapes. Sizes are heights of a capital, in scene units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from manim import DL, VGroup, VMobject

from pagereel.stage.text.outline import outline

if TYPE_CHECKING:
    from pagereel.stage.text.outline import Face


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


def text_width(text: str, face: Face) -> float:
    """Return the width of a text in heights of a capital (no unit)."""
    return outline(text, face).width

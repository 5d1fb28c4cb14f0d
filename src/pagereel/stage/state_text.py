"""Machine state in print: the free mask as a literal, one bit at each frame, the counter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import UP, Animation, AnimationGroup, FadeIn, FadeOut, VGroup, VMobject

from pagereel.stage.layout import MONO_ADVANCE
from pagereel.stage.outline import Face
from pagereel.stage.text import Label

if TYPE_CHECKING:
    from collections.abc import Callable

    from pagereel.stage.layout import PoolLayout, Spot
    from pagereel.stage.theme import Theme

_ROLL = 0.7  # how far a text rolls in and out, in heights of a capital
_PREFIX = "free: "


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


class FreeMask:
    """The free mask twice: as `free: 11111111`, lowest bit rightmost, and a bit at each frame.

    Parameters
    ----------
    spot
        Where the literal stands.
    pool
        Where the frames stand.
    theme
        Colours: a set bit has the colour of free.
    frames
        Number of page frames, all of them free at first.
    """

    def __init__(self, spot: Spot, pool: PoolLayout, *, theme: Theme, frames: int) -> None:
        self._theme = theme
        advance = MONO_ADVANCE * spot.cap
        left = spot.x - (spot.align + 1) / 2 * (len(_PREFIX) + frames) * advance
        self.prefix = Label(_PREFIX.strip(), Face.MONO, cap=spot.cap, color=theme.dim)
        self.prefix.put(left, spot.y, -1)
        start = left + (len(_PREFIX) + 0.5) * advance
        self.literal = Rolling(
            ["1"] * frames,
            lambda cell, text: self._digit(text, spot.cap).put(start + cell * advance, spot.y),
        )
        self.bits = Rolling(
            ["1"] * frames,
            lambda frame, text: self._digit(text, pool.bit_cap).put(*pool.bit(frame)),
        )

    @property
    def parts(self) -> tuple[VMobject, ...]:
        """Prefix, literal and bits."""
        return self.prefix, self.literal, self.bits

    def show_literal(self, literal: str) -> Animation:
        """Return the movement by which the literal changes, most significant bit left."""
        return AnimationGroup(*self.literal.roll(list(literal)))

    def show_bits(self, literal: str) -> Animation:
        """Return the movement by which the bits at the frames change."""
        return AnimationGroup(*self.bits.roll(list(reversed(literal))))

    def _digit(self, text: str, cap: float) -> Label:
        color = self._theme.free if text == "1" else self._theme.dim
        return Label(text, Face.MONO, cap=cap, color=color)


class Counter:
    """How many frames are in use, such as `5 of 8 frames in use`."""

    def __init__(self, spot: Spot, *, theme: Theme, frames: int, short: bool) -> None:
        rest = f"of {frames} in use" if short else f"of {frames} frames in use"
        self.rest = Label(rest, Face.SERIF, cap=spot.cap, color=theme.dim, width=spot.width)
        self.rest.put(spot.x, spot.y, spot.align)
        right = self.rest.get_left()[0] - 0.5 * spot.cap
        self.number = Rolling(
            ["0"],
            lambda _, text: Label(text, Face.SERIF, cap=spot.cap, color=theme.ink).put(
                right, spot.y, 1
            ),
        )

    @property
    def parts(self) -> tuple[VMobject, ...]:
        """The number and the words behind it."""
        return self.number, self.rest

    def show(self, used: int) -> Animation:
        """Return the movement by which the number changes."""
        return AnimationGroup(*self.number.roll([str(used)]))

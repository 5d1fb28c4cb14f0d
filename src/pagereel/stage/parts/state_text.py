"""Machine state in print: the free mask as a literal, one bit at each frame, the counter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import UP, Animation, FadeIn, FadeOut, VGroup, VMobject

from pagereel.stage.layout.places import MONO_ADVANCE
from pagereel.stage.text.label import Label, text_width
from pagereel.stage.text.outline import Face

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pagereel.stage.layout.places import PoolLayout, Spot
    from pagereel.stage.theme import Theme

_ROLL = 0.7  # how far a text rolls in and out, in heights of a capital
_PREFIX = "free: "
_SPACE = 0.5  # between a number and its word, in heights of a capital
_BETWEEN = 0.9  # between a word and the next number


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
    literal
        The free mask at first.
    """

    def __init__(self, spot: Spot, pool: PoolLayout, *, theme: Theme, literal: str) -> None:
        self._theme = theme
        frames = len(literal)
        advance = MONO_ADVANCE * spot.cap
        left = spot.x - (spot.align + 1) / 2 * (len(_PREFIX) + frames) * advance
        self.prefix = Label(_PREFIX.strip(), Face.MONO, cap=spot.cap, color=theme.dim)
        self.prefix.put(left, spot.y, -1)
        start = left + (len(_PREFIX) + 0.5) * advance
        self.literal = Rolling(
            [*literal],
            lambda cell, text: self._digit(text, spot.cap).put(start + cell * advance, spot.y),
        )
        self.bits = Rolling(
            [*reversed(literal)],
            lambda frame, text: self._digit(text, pool.bit_cap).put(*pool.bit(frame)),
        )

    @property
    def parts(self) -> tuple[VMobject, ...]:
        """Prefix, literal and bits."""
        return self.prefix, self.literal, self.bits

    def show_literal(self, literal: str) -> list[Animation]:
        """Return the movements by which the literal changes, most significant bit left."""
        return self.literal.roll(list(literal))

    def show_bits(self, literal: str) -> list[Animation]:
        """Return the movements by which the bits at the frames change."""
        return self.bits.roll(list(reversed(literal)))

    def _digit(self, text: str, cap: float) -> Label:
        color = self._theme.free if text == "1" else self._theme.dim
        return Label(text, Face.MONO, cap=cap, color=color)


class Counter:
    """How many frames are in use, such as `5 of 8 frames in use`, or held, cached and free.

    Parameters
    ----------
    spot
        Where it stands.
    theme
        Colours.
    words
        What stands behind each of its numbers.
    free
        How many frames are free at first; no number becomes larger.
    """

    def __init__(self, spot: Spot, *, theme: Theme, words: Sequence[str], free: int) -> None:
        slot = text_width("0" * len(str(free)), Face.SERIF)
        across = sum(text_width(word, Face.SERIF) for word in words)
        if len(words) > 1:  # one number alone stands before the place of its word
            across += len(words) * (slot + _SPACE) + (len(words) - 1) * _BETWEEN
        cap, x = min(spot.cap, spot.width / across), spot.x
        self.words = VGroup()
        rights: list[float] = []
        for word in reversed(words):
            label = Label(word, Face.SERIF, cap=cap, color=theme.dim).put(x, spot.y, spot.align)
            self.words.add(label)
            rights.insert(0, label.get_left()[0] - _SPACE * cap)
            x = rights[0] - (slot + _BETWEEN) * cap
        self.numbers = Rolling(
            ["0", "0", str(free)][: len(words)],
            lambda cell, text: Label(text, Face.SERIF, cap=cap, color=theme.ink).put(
                rights[cell], spot.y, 1
            ),
        )

    @property
    def parts(self) -> tuple[VMobject, ...]:
        """The numbers and the words behind them."""
        return self.numbers, self.words

    def show(self, *numbers: int) -> list[Animation]:
        """Return the movements by which the numbers change; those without a place are left out."""
        return self.numbers.roll([str(number) for number in numbers[: len(self.numbers)]])

"""The pool: its page frames and its label."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import (
    Animation,
    AnimationGroup,
    FadeIn,
    FadeOut,
    LaggedStart,
    RoundedRectangle,
    Transform,
    VGroup,
)

from pagereel.stage import timing
from pagereel.stage.outline import Face
from pagereel.stage.shapes import rounded_box, stroke
from pagereel.stage.text import Label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pagereel.stage.layout import PoolLayout
    from pagereel.stage.theme import Theme

_FLASH_SCALE = 1.25
_FLASH_LINE = 7
_FREE_FILL = 0.1
_RADIUS = 0.09  # of a corner, as a share of the box


class FramePool(VGroup):
    """Page frames, numbered from 0, all free at first.

    Parameters
    ----------
    layout
        Where they stand.
    frames
        How many there are.
    theme
        Their colours.
    """

    def __init__(self, layout: PoolLayout, frames: int, *, theme: Theme) -> None:
        super().__init__()
        self.layout = layout
        self.theme = theme
        self.boxes = VGroup(*(self._free_box(frame) for frame in range(frames)))
        self.numbers = VGroup(
            *(
                Label(str(frame), Face.SERIF, cap=layout.cap, color=theme.dim).put(
                    *layout.frame(frame)
                )
                for frame in range(frames)
            )
        )
        self.add(self.boxes, self.numbers)

    def enter(self) -> Animation:
        """Return the frames' entrance, one after another."""
        pairs = [VGroup(*pair) for pair in zip(self.boxes, self.numbers, strict=True)]
        lag = 0.0
        if len(pairs) > 1:
            lag = (timing.POOL - timing.FRAME) / timing.FRAME / (len(pairs) - 1)
        return LaggedStart(*(FadeIn(pair, scale=0.5) for pair in pairs), lag_ratio=lag)

    def take(self, frames: Iterable[int], color: str) -> Animation:
        """Return the movement in which `frames` take a task's colour and flash in it."""
        return self._change(frames, color, self.theme.frame_fill, ink=self.theme.ink, flash=color)

    def give_back(self, frames: Iterable[int]) -> Animation:
        """Return the movement in which `frames` turn grey, flashing in the colour of free."""
        theme = self.theme
        return self._change(frames, theme.outline, _FREE_FILL, ink=theme.dim, flash=theme.free)

    def _change(
        self, frames: Iterable[int], color: str, fill: float, *, ink: str, flash: str
    ) -> Animation:
        moves: list[Animation] = []
        for frame in frames:
            box, number = self.boxes[frame], self.numbers[frame]
            outline = box.copy().set_fill(opacity=0).set_stroke(flash, width=stroke(_FLASH_LINE))
            moves += [
                Transform(box, box.copy().set_fill(color, opacity=fill).set_stroke(color)),
                Transform(number, number.copy().set_fill(ink)),
                FadeOut(outline, scale=_FLASH_SCALE),
            ]
        return AnimationGroup(*moves)

    def _free_box(self, frame: int) -> RoundedRectangle:
        size, color = self.layout.box, self.theme.outline
        box = rounded_box(size, size, radius=_RADIUS * size, color=color, fill=_FREE_FILL)
        return box.move_to((*self.layout.frame(frame), 0))

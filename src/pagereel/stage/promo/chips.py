"""Chips: the requests that wait for memory, by name; they push in, and fly into free frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from manim import LEFT, FadeOut, MoveToTarget, VGroup, smooth

from pagereel.stage.film.scene import Following
from pagereel.stage.layout.places import px
from pagereel.stage.part import Part
from pagereel.stage.parts.shapes import dashed, rounded_box
from pagereel.stage.promo.layout import CHIP_GAP
from pagereel.stage.text.fonts import say
from pagereel.stage.text.label import Label, text_width
from pagereel.stage.text.outline import Face
from pagereel.stage.timing import Phase, spans, within

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from manim import Animation, Mobject

    from pagereel.stage.layout.places import Point, Region
    from pagereel.stage.part import Movements
    from pagereel.stage.theme import Theme
    from pagereel.stage.timing import Span

_CAP = 0.44  # of a chip's height
_LABEL_CAP = 0.48  # of a chip's height
_PADDING = px(13)  # beside a name
_PER_LINE = {1: 14, 2: 7}
_PUSH_LAG = 0.05  # so much of a chip's way has passed when the next sets out
_FADES = 0.75  # of its way into a frame, from where on it fades
_OUTSIDE = 1.1  # how far left of their places chips begin, in widths of their region


@dataclass(frozen=True, slots=True)
class Waiting:
    """The requests that wait, the first to come first."""

    names: tuple[str, ...]
    lines: int


class Chips(Part[Waiting, object]):
    """A chip for each request that waits, in one line or two; the last says how many more wait."""

    def __init__(self, told: Waiting, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        height = (region.height - (told.lines - 1) * CHIP_GAP) / told.lines
        label_cap = _LABEL_CAP * height
        self.label = Label(say("waiting"), Face.SERIF, cap=label_cap, color=theme.dim)
        most = told.lines * _PER_LINE[told.lines]
        names = told.names[:most]
        more = len(told.names) - most
        texts = [*names] if more <= 0 else [*names[:-1], f"+{more + 1:,}"]
        across = text_width(self.label.text, Face.SERIF) * label_cap + 2 * CHIP_GAP
        per_line = _PER_LINE[told.lines]
        pitch = (region.width - across + CHIP_GAP) / per_line
        first = region.top - height / 2
        self._texts = texts
        self._away = _OUTSIDE * region.width
        self.label.put(region.left, first, -1)
        widest = max((text_width(text, Face.SERIF) for text in texts), default=1.0)
        cap = min(_CAP * height, (pitch - CHIP_GAP - 2 * _PADDING) / widest)
        self.chips: list[VGroup] = []
        for number, text in enumerate(texts):
            line, place = divmod(number, per_line)
            middle = (
                region.left + across + place * pitch + (pitch - CHIP_GAP) / 2,
                first - line * (height + CHIP_GAP),
            )
            self.chips.append(
                _chip(text, middle, (pitch - CHIP_GAP, height), cap=cap, color=theme.ink)
            )

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """The word, and the chips."""
        return [self.label, *self.chips]

    @property
    def shown(self) -> tuple[str, ...]:
        """What the chips say."""
        return (*self._texts,)

    def outside(self) -> None:
        """Stand left of the picture, at once."""
        for each in self.mobjects:
            each.generate_target()
            each.shift(self._away * LEFT)

    def push_in(self) -> Movements:
        """Return the movement in which they come from there, those at the right first."""
        each = [*reversed(self.chips), self.label]
        windows = spans(len(each), lag=_PUSH_LAG)
        return {
            Phase.STREAM: lambda: [
                move
                for window, one in zip(windows, each, strict=True)
                for move in within(window, [MoveToTarget(one)])
            ]
        }

    def fly(self, goals: Mapping[str, Region], windows: Sequence[Span]) -> list[Animation]:
        """Return the movements in which each request goes into a frame, and is gone.

        Parameters
        ----------
        goals
            Request -> the place of the frame.
        windows
            From when to when each chip flies, the first to come first.
        """
        moves: list[Animation] = [within((0.0, 0.3), [FadeOut(self.label)])[0]]
        for name, chip, window in zip(self._texts, self.chips, windows, strict=True):
            goal = goals.get(name)
            if goal is None:
                moves.append(within(window, [FadeOut(chip)])[0])
            else:
                moves.append(Following(chip, _Flight(chip, goal, window)))
        return moves


class _Flight:
    """A chip on its way into a frame: it becomes as large as that, and fades as it gets there."""

    def __init__(self, chip: VGroup, goal: Region, window: Span) -> None:
        self._chip, self._window = chip, window
        self._begin, self._end = chip.get_center(), np.array((*goal.center, 0))
        self._shrink = min(1.0, goal.width / chip.width, goal.height / chip.height)
        self._plain = [part.points.copy() for part in chip]

    def __call__(self, passed: float) -> None:
        start, end = self._window
        share = min(max((passed - start) / (end - start), 0.0), 1.0)
        eased = smooth(share)
        scale = 1 + (self._shrink - 1) * eased
        middle = self._begin + (self._end - self._begin) * eased
        for part, points in zip(self._chip, self._plain, strict=True):
            part.set_points((points - self._begin) * scale + middle)
        visible = 1 - max(share - _FADES, 0) / (1 - _FADES)
        self._chip[0].set_stroke(opacity=visible)
        self._chip[1].set_fill(opacity=visible)


def _chip(text: str, middle: Point, size: Point, *, cap: float, color: str) -> VGroup:
    box = rounded_box(*size, radius=px(10), color=color, fill=0, line=2.5)
    label = Label(text, Face.SERIF, cap=cap, color=color).put(*middle)
    return VGroup(dashed(box.move_to((*middle, 0))), label)

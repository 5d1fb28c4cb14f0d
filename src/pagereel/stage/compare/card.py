"""The result card: a headline over each strip, what differs in boxes, and the command."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, cast

from manim import PI, FadeIn, Triangle, VGroup, VMobject, Write

from pagereel.errors import StageError
from pagereel.stage.compare.race_part import RacePart
from pagereel.stage.compare.said import colored_line, line_width
from pagereel.stage.layout.places import MIN_CAP, MONO_ADVANCE, Spot, px
from pagereel.stage.parts.shapes import rule, stroke
from pagereel.stage.text.label import Label, text_width
from pagereel.stage.text.outline import Face

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Animation, Mobject

    from pagereel.compare.race import Race
    from pagereel.compare.totals import Pair
    from pagereel.stage.layout.places import Region
    from pagereel.stage.layout.race_places import CardPlace
    from pagereel.stage.theme import Theme

_LABEL, _NUMBER, _DIFFERENCE = px(25), px(38), px(28)  # heights of capitals
_ARROW = 1.1  # length, in heights of a number
_GAP = 0.4  # beside the arrow
_LEAST = px(40)  # between boxes
_HEAD = px(7)
_LEADING = px(46)  # of the command's lines
_HEADLINES = 1.5  # pitch of a headline's two lines, in heights of a capital
_ROW = px(172)  # a row of boxes of this height has text of the sizes above


class ResultBox:
    """What was measured, the number of A, an arrow, the number of B, and the difference."""

    def __init__(self, box: Pair, size: float, *, theme: Theme, colors: tuple[str, str]) -> None:
        cap, self._size = _NUMBER * size, size
        self.says = (box.total.label, *box.says, box.difference)
        self._theme, self._colors, self._cap = theme, colors, cap
        widths = [text_width(text, Face.MONO) * cap for text in box.says]
        self.width = max(
            text_width(box.total.label, Face.SERIF) * _LABEL * size,
            sum(widths) + (_ARROW + 2 * _GAP) * cap,
            text_width(box.difference, Face.SERIF) * _DIFFERENCE * size,
        )
        self._widths = widths

    def put(self, left: float, region: Region) -> list[VMobject]:
        """Return what it consists of, in the order in which it appears."""
        label, first, second, difference = self.says
        theme, cap = self._theme, self._cap
        y, size = region.center[1] + px(2), self._size
        pen = left + self._widths[0] + _GAP * cap
        end = pen + _ARROW * cap
        return [
            Label(label, Face.SERIF, cap=_LABEL * size, color=theme.dim).put(
                left, y + px(54) * size, -1
            ),
            Label(first, Face.MONO, cap=cap, color=self._colors[0]).put(left, y, -1),
            _arrow(pen, end, y, theme.dim),
            Label(second, Face.MONO, cap=cap, color=self._colors[1]).put(end + _GAP * cap, y, -1),
            Label(difference, Face.SERIF, cap=_DIFFERENCE * size, color=theme.ink).put(
                left, y - px(57) * size, -1
            ),
        ]


def _arrow(left: float, right: float, y: float, color: str) -> VGroup:
    line = rule(left, right - _HEAD, y, color=color)
    tip = Triangle(fill_color=color, fill_opacity=1, stroke_width=0).rotate(-PI / 2)
    tip.set(width=2 * _HEAD).move_to((right - _HEAD, y, 0))
    return VGroup(line.set_stroke(width=stroke(3)), tip)


def _cap(groups: Sequence[Sequence[tuple[str, str]]], spot: Spot) -> float:
    """Return how high the capitals of a line can be."""
    return min(spot.cap, spot.width / line_width(groups))


def _wrapped(text: str, spot: Spot, color: str) -> list[Label]:
    """Return a command on as few lines as it takes in letters that can be read."""
    longest = int(spot.width / (MIN_CAP * MONO_ADVANCE))
    lines = textwrap.wrap(text, longest, break_on_hyphens=False)
    cap = min(spot.cap, spot.width / (max(map(len, lines)) * MONO_ADVANCE))
    top = spot.y + (len(lines) - 1) / 2 * _LEADING
    return [
        Label(line, Face.MONO, cap=cap, color=color).put(spot.x, top - row * _LEADING, spot.align)
        for row, line in enumerate(lines)
    ]


class ResultCard(RacePart):
    """What the comparison comes to; the strips of requests come to stand on it."""

    def __init__(self, told: Race, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        place, result = cast("CardPlace", region), told.comparison.result
        self._result = result
        self._names = [run.name for run in told.runs]
        self.headlines = [
            self._headline(side, text, spot)
            for (side, text), spot in zip(result.headlines, place.headlines, strict=False)
        ]
        self.rules = [
            rule(place.left, place.right, y, color=theme.line)
            for y in (place.rules if result.boxes else ())
        ]
        self.boxes = self._laid_out(place) if result.boxes else []
        spot = place.command
        self.command = _wrapped(result.command, spot, theme.dim)

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """Nothing, before the end."""
        return []

    @property
    def pieces(self) -> list[Mobject]:
        """All of it."""
        boxes = [piece for box in self.boxes for piece in box]
        return [*self.headlines, *self.rules, *boxes, *self.command]

    @property
    def shown(self) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], str]:
        """Its headlines, boxes and command."""
        headlines = tuple(text for _, text in self._result.headlines)
        boxes = tuple((box.total.label, *box.says, box.difference) for box in self._result.boxes)
        return headlines, boxes, self._result.command

    def say(self, number: int) -> list[Animation]:
        """Return the movement in which a headline is written."""
        return [Write(self.headlines[number])]

    def open(self) -> list[Animation]:
        """Return the movement in which the rules come."""
        return [FadeIn(line) for line in self.rules]

    def count(self, number: int) -> list[Animation]:
        """Return the movement in which a box appears."""
        return [FadeIn(piece) for piece in self.boxes[number]]

    def _headline(self, side: int | None, text: str, spot: Spot) -> VGroup:
        ink = self.theme.ink
        name = [] if side is None else [(f"{self._names[side]}:", self.colors[side])]
        whole = [*name, (f" {text}" if name else text, ink)]
        if _cap([whole], spot) >= MIN_CAP:
            return colored_line([whole], spot)
        lines = [[name], [[(text, ink)]]] if name else [[whole]]  # the name above what is said
        cap = min(_cap(line, spot) for line in lines)
        if cap < MIN_CAP:
            says = "".join(text for text, _ in whole)
            raise StageError(f"the text {says!r} is too wide for this picture; give shorter names")
        top = spot.y + (len(lines) - 1) * _HEADLINES * cap / 2
        places = (spot.moved(top - at * _HEADLINES * cap, cap) for at in range(len(lines)))
        return VGroup(*(colored_line(*each) for each in zip(lines, places, strict=True)))

    def _laid_out(self, place: CardPlace) -> list[list[VMobject]]:
        """Share the boxes out among the rows, and the width of a row among its boxes."""
        found = self._result.boxes
        each = -(-4 // len(place.rows))
        size = place.rows[0].height / _ROW
        while True:
            boxes = [ResultBox(box, size, theme=self.theme, colors=self.colors) for box in found]
            rows = [boxes[at : at + each] for at in range(0, len(boxes), each)]
            columns = [
                max(row[at].width for row in rows if at < len(row))
                for at in range(min(each, len(boxes)))
            ]
            spare = place.width - sum(columns)
            if spare >= _LEAST * (len(columns) - 1) or _LABEL * size <= MIN_CAP:
                break
            size *= 0.97
        gap = spare / max(1, len(columns) - 1) if len(columns) == each else spare / each
        lefts = [place.left + sum(columns[:at]) + gap * at for at in range(len(columns))]
        return [
            box.put(left, region)
            for row, region in zip(rows, place.rows, strict=False)
            for box, left in zip(row, lefts, strict=False)
        ]

"""What is said of both runs: captions in which each run's name has its colour."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from manim import VGroup

from pagereel.compare.stops import Caption, Line
from pagereel.errors import StageError
from pagereel.stage.compare.race_part import run_colors
from pagereel.stage.parts.text import CaptionBar
from pagereel.stage.text.label import Label, text_width
from pagereel.stage.text.outline import Face

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pagereel.compare.race import Race
    from pagereel.stage.layout.places import CaptionPlace, Region, Spot
    from pagereel.stage.theme import Theme

    Piece = tuple[str, str]  # what is said, and in which colour (hex)

_PITCH = 1.62  # of lines, in heights of a capital
_DESCENT = 0.33  # below the last line
_BETWEEN = 1.0  # between two runs on one line, in heights of a capital
_LONGEST_LINE = 70  # characters; two texts beside each other


def line_width(groups: Sequence[Sequence[Piece]]) -> float:
    """Return the width of groups of pieces side by side, in heights of a capital."""
    widths = [text_width("".join(text for text, _ in group), Face.SERIF) for group in groups]
    return sum(widths) + _BETWEEN * (len(groups) - 1)


def colored_line(groups: Sequence[Sequence[Piece]], spot: Spot) -> VGroup:
    """Return groups of pieces side by side on one line, each piece in its colour.

    Parameters
    ----------
    groups
        The pieces of a group are one text.
    spot
        Where the line stands; it is made smaller if it is too wide.
    """
    width = line_width(groups)
    cap = min(spot.cap, spot.width / width)
    pen = spot.x - width * cap * (spot.align + 1) / 2
    y = spot.y - (spot.cap - cap) / 2
    labels = VGroup()
    for group in groups:
        before = ""
        for text, color in group:
            # Where a piece begins follows from the text up to its end: so kerning is as in one.
            reach = text_width(before + text, Face.SERIF) - text_width(text.strip(), Face.SERIF)
            label = Label(text.strip(), Face.SERIF, cap=cap, color=color)
            labels.add(label.put(pen + reach * cap, y, -1))
            before += text
        pen += (text_width(before, Face.SERIF) + _BETWEEN) * cap
    return labels


def parsed(text: str, names: Sequence[str]) -> Caption:
    """Return a text as what is said of each run: from ``NAME: `` on of the run of that name."""
    marks = "|".join(re.escape(f"{name}: ") for name in names)
    lead, *said = re.split(f"({marks})", text)
    lines = zip(said[::2], said[1::2], strict=True)
    return Caption(
        tuple(Line(names.index(mark[:-2]), words.strip()) for mark, words in lines), lead.strip()
    )


def draw_said(
    caption: Caption, place: CaptionPlace, *, names: Sequence[str], theme: Theme
) -> VGroup:
    """Return what is said of both runs, in its place.

    Raises
    ------
    StageError
        If it is too wide.
    """
    ink, spot, colors = theme.ink, place.spot, run_colors(theme)
    pieces = [
        [(f"{names[line.side]}:", colors[line.side]), (f" {line.text}", ink)]
        for line in caption.lines
    ]
    lead = [[[(caption.lead, ink)]]] if caption.lead else []
    lines = [*lead, *([piece] for piece in pieces)]
    if lead and pieces and _is_short(pieces, spot.width / place.least):
        lines = [*lead, pieces]
    high = 1 + (len(lines) - 1) * _PITCH + _DESCENT
    cap = min(spot.cap, spot.width / max(map(line_width, lines)), place.height / high)
    if cap < min(place.least, place.height / high):
        says = caption.plain((names[0], names[1]))
        raise StageError(f"the text {says!r} is too wide for this picture; give shorter names")
    top = spot.y + (high - 1) * cap / 2
    return VGroup(
        *(
            colored_line(line, spot.moved(top - number * _PITCH * cap, cap))
            for number, line in enumerate(lines)
        )
    )


class RaceCaptions(CaptionBar):
    """The line at the foot of the picture, and what is said below it of both runs."""

    def __init__(self, told: Race, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self._names = [run.name for run in told.runs]

    def said(self, caption: Caption) -> VGroup:
        """Return what is said at a stop, in its place.

        Raises
        ------
        StageError
            If it is too wide.
        """
        return draw_said(caption, self.place, names=self._names, theme=self.theme)


def _is_short(groups: Sequence[Sequence[Piece]], room: float) -> bool:
    """Return whether groups can stand side by side."""
    return line_width(groups) <= room and _length(groups) <= _LONGEST_LINE


def _length(groups: Sequence[Sequence[Piece]]) -> int:
    """Return how many characters a line has."""
    return sum(len(text) for group in groups for text, _ in group) + 3 * (len(groups) - 1)

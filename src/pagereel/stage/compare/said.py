"""What is said of both runs: captions in which each run's name has its colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import VGroup

from pagereel.errors import StageError
from pagereel.stage.compare.race_part import run_colors
from pagereel.stage.parts.text import CaptionBar
from pagereel.stage.text.label import Label, text_width
from pagereel.stage.text.outline import Face

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pagereel.compare.race import Race
    from pagereel.compare.stops import Caption
    from pagereel.stage.layout.places import Region, Spot
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


class RaceCaptions(CaptionBar):
    """The line at the foot of the picture, and what is said below it of both runs."""

    def __init__(self, told: Race, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self._names = tuple(run.name for run in told.runs)
        self._colors = run_colors(theme)

    def said(self, caption: Caption) -> VGroup:
        """Return what is said at a stop, in its place.

        Raises
        ------
        StageError
            If it is too wide.
        """
        ink, spot = self.theme.ink, self.place.spot
        pieces = [
            [(f"{self._names[line.side]}:", self._colors[line.side]), (f" {line.text}", ink)]
            for line in caption.lines
        ]
        lead = [[[(caption.lead, ink)]]] if caption.lead else []
        room = spot.width / self.place.least
        lines = [*lead, *([piece] for piece in pieces)]
        if lead and pieces and line_width(pieces) <= room and _length(pieces) <= _LONGEST_LINE:
            lines = [*lead, pieces]
        high = 1 + (len(lines) - 1) * _PITCH + _DESCENT
        cap = min(spot.cap, spot.width / max(map(line_width, lines)), self.place.height / high)
        if cap < min(self.place.least, self.place.height / high):
            says = caption.plain((self._names[0], self._names[1]))
            raise StageError(f"the text {says!r} is too wide for this picture; give shorter names")
        top = spot.y + (high - 1) * cap / 2
        return VGroup(
            *(
                colored_line(line, spot.moved(top - number * _PITCH * cap, cap))
                for number, line in enumerate(lines)
            )
        )


def _length(groups: Sequence[Sequence[Piece]]) -> int:
    """Return how many characters a line has."""
    return sum(len(text) for group in groups for text, _ in group) + 3 * (len(groups) - 1)

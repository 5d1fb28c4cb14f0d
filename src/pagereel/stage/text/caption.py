"""Captions: one or two lines at the foot of the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import VGroup

from pagereel.errors import StageError
from pagereel.stage.text.label import Label, text_width
from pagereel.stage.text.outline import Face

if TYPE_CHECKING:
    from pagereel.stage.layout.places import CaptionPlace

_LINE_PITCH = 1.55  # in heights of a capital
_DESCENT = 0.33  # below the last line: g, p, y
_LONGEST_LINE = 60  # characters
_PAUSE = 8  # characters by which lines may be more uneven to break after a comma


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
    caps_high = 1 + (len(lines) - 1) * _LINE_PITCH + _DESCENT
    cap = min(spot.cap, spot.width / widest, place.height / caps_high)
    if cap < place.least:
        raise StageError(f"the text {text!r} is too wide for this picture; shorten it")
    top = spot.y + (caps_high - 1) * cap / 2  # the middle of the first line
    return VGroup(
        *(
            Label(line, Face.SERIF, cap=cap, color=color).put(
                spot.x, top - i * _LINE_PITCH * cap, spot.align
            )
            for i, line in enumerate(lines)
        )
    )


def _break(text: str, room: float) -> list[str]:
    """Return the text as one line if it fits into `room` capitals, else as two even ones.

    Evenness is counted in characters: measuring would lay out every piece of the text.
    """
    if len(text) <= _LONGEST_LINE and text_width(text, Face.SERIF) <= room:
        return [text]
    words = text.split(" ")
    breaks = [[" ".join(words[:i]), " ".join(words[i:])] for i in range(1, len(words))]
    if not breaks:
        return [text]

    def unevenness(lines: list[str]) -> int:
        return max(map(len, lines)) - (_PAUSE if lines[0][-1] in ",;:.!?" else 0)

    return min(breaks, key=unevenness)

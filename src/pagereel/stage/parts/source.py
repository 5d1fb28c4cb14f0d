"""Source lines: where a number comes from, small under it for as long as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import VGroup

from pagereel.errors import StageError
from pagereel.stage.layout.places import MIN_CAP, Region
from pagereel.stage.text.label import Label, text_width
from pagereel.stage.text.outline import Face

if TYPE_CHECKING:
    from pagereel.stage.theme import Theme

_LINE = 1.55  # from line to line, in heights of a capital


def source_line(text: str, region: Region, theme: Theme) -> VGroup:
    """Return a source, dim, in one line or two.

    Parameters
    ----------
    text
        What it says.
    region
        Where it stands, from the left edge on.
    theme
        The colours.

    Raises
    ------
    StageError
        If it is too wide for two lines of the least height.
    """
    lines, words = [text], text.split(" ")
    if _width(text) > region.width:
        breaks = ([" ".join(words[:at]), " ".join(words[at:])] for at in range(1, len(words)))
        lines = min(breaks, key=lambda lines: max(map(_width, lines)), default=[text])
    if max(map(_width, lines)) > region.width:
        raise StageError(f"the source {text!r} is too wide for this picture; shorten it")
    spot = region.line(MIN_CAP)
    top = spot.y + (len(lines) - 1) / 2 * _LINE * MIN_CAP
    return VGroup(
        *(
            Label(line, Face.SERIF, cap=MIN_CAP, color=theme.dim).put(
                spot.x, top - number * _LINE * MIN_CAP, -1
            )
            for number, line in enumerate(lines)
        )
    )


def _width(text: str) -> float:
    return text_width(text, Face.SERIF) * MIN_CAP

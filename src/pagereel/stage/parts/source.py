"""Source lines: where a number comes from, small under it for as long as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pagereel.stage.layout.places import MIN_CAP, CaptionPlace, Region, Spot
from pagereel.stage.text.label import caption

if TYPE_CHECKING:
    from manim import VGroup

    from pagereel.stage.theme import Theme


def source_line(text: str, region: Region, theme: Theme, *, align: float = -1) -> VGroup:
    """Return a source, dim, in one line or two.

    Parameters
    ----------
    text
        What it says.
    region
        Where it stands.
    theme
        The colours.
    align
        Which part of it stands at that side of the region: -1 left, 0 the middle, 1 right.

    Raises
    ------
    StageError
        If it is too wide for two lines of the least height.
    """
    left, top, right, bottom = region.left, region.top, region.right, region.bottom
    line = region.line(MIN_CAP, align)
    spot = Spot.at(line.x, line.y, MIN_CAP, width=region.width, align=align)
    place = CaptionPlace(left, top, right, bottom, top, spot, 0.99 * MIN_CAP)
    return caption(text, place, color=theme.dim)

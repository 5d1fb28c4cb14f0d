"""Captions that fade into each other: for a moment neither can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pagereel.check.rules.text_rules import spot
from pagereel.check.see.geometry import area, common
from pagereel.check.see.parts import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pagereel.check.see.motion import Thing

_FAINT, _FULL = 0.1, 0.9
_STEP = 0.01  # of opacity, from image to image
_UPON = 0.2  # of the smaller one's area


class Fades:
    """Compares the opacity of captions from image to image.

    Parameters
    ----------
    shortest
        Characters from which on a text counts as a caption.
    """

    def __init__(self, shortest: float) -> None:
        self._shortest = shortest
        self._before: dict[int, Thing] = {}

    def look(self, things: dict[int, Thing]) -> Iterator[Hit]:
        """Take in an image; yield captions of which one fades out while the other fades in."""
        captions = {
            key: thing
            for key, thing in things.items()
            if thing.is_seen and len(thing.says) >= self._shortest
        }
        fading = [
            (thing.opacity - self._before[key].opacity, thing)
            for key, thing in captions.items()
            if key in self._before and _FAINT < thing.opacity < _FULL
        ]
        self._before = captions
        for out in (thing for change, thing in fading if change < -_STEP):
            for into in (thing for change, thing in fading if change > _STEP):
                upon = area(common(out.box, into.box))
                if upon > _UPON * min(area(out.box), area(into.box)):
                    message = f"{out.says!r} fades into {into.says!r} at the same place"
                    about = (out.mobject, into.mobject)
                    yield Hit("caption-cross-fade", message, message, spot(into.box), about)

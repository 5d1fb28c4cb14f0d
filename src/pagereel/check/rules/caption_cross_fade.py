"""Captions that fade into each other: for a moment neither can be read."""

from __future__ import annotations

from pagereel.check.rules import Facts, Rule
from pagereel.check.see.geometry import area, common
from pagereel.check.see.parts import Hit, Hits, Look, Thing

_FAINT, _FULL = 0.1, 0.9
_STEP = 0.01  # of opacity, from image to image
_UPON = 0.2  # of the smaller one's area


class CaptionCrossFade(Rule):
    """Compares the opacity of captions, which are texts of that many characters or more."""

    facts = Facts(
        says="of two texts of this length at one place, one is gone before the other comes",
        unit="characters",
        default=12,
        taste=True,
    )

    def __init__(self, limit: float) -> None:
        super().__init__(limit)
        self._before: dict[int, Thing] = {}

    def follow(self, look: Look) -> Hits:
        """Find captions of which one fades out while the other fades in."""
        captions = {
            key: thing
            for key, thing in look.things.items()
            if thing.is_seen and len(thing.says) >= self.limit
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
                    yield Hit(message, message, into.box, (out.mobject, into.mobject))

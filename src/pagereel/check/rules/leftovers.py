"""What is left on the screen when the scene has faded out all but a few things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pagereel.check.rules.text_rules import spot
from pagereel.check.see.parts import Hit, Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pagereel.check.finding import Place
    from pagereel.check.see.parts import Shape, View


class Leftovers:
    """Remembers the last change of what is seen.

    Attributes
    ----------
    place, seconds
        Where and when it was.
    """

    def __init__(self) -> None:
        self._before: dict[int, Words | Shape] = {}
        self._now: dict[int, Words | Shape] = {}
        self.place: Place | None = None
        self.seconds = 0.0

    def look(self, view: View, place: Place, seconds: float) -> None:
        """Take in what is seen at rest."""
        things: tuple[Words | Shape, ...] = (*view.texts, *view.shapes)
        seen = {id(thing.mobject): thing for thing in things}
        if seen.keys() != self._now.keys():
            self._before, self._now = self._now, seen
            self.place, self.seconds = place, seconds

    def end(self, share: float) -> Iterator[Hit]:
        """Find what the last change left, if it took more than `share` of all away."""
        gone = self._before.keys() - self._now.keys()
        if len(gone) <= share * len(self._before) or self._now.keys() - self._before.keys():
            return
        for thing in self._now.values():
            name = thing.name if isinstance(thing, Words) else f"a {thing.name}"
            message = f"{name} is left when {len(gone)} other things have gone"
            yield Hit("left-on-screen", thing.name, message, spot(thing.box), (thing.mobject,))

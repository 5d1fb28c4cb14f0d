"""Things left on screen when a scene has faded out all the others."""

from __future__ import annotations

from pagereel.check.rules import Facts, Rule
from pagereel.check.see.parts import Hit, Hits, Moment, Shape, View, Words


class LeftOnScreen(Rule):
    """Remembers the last change; the threshold is a share of the things seen before it."""

    facts = Facts(
        says="where the last movement takes away more than this share, nothing is left",
        unit="of what is seen",
        default=0.5,
        most=1,
        taste=True,
    )

    def __init__(self, limit: float) -> None:
        super().__init__(limit)
        self._before: dict[int, Words | Shape] = {}
        self._now: dict[int, Words | Shape] = {}
        self._changed: Moment | None = None

    def at_rest(self, view: View) -> Hits:
        """Note what is seen."""
        things: tuple[Words | Shape, ...] = (*view.texts, *view.shapes)
        seen = {id(thing.mobject): thing for thing in things}
        if seen.keys() != self._now.keys():
            self._before, self._now = self._now, seen
            self._changed = view.moment
        yield from ()

    def end(self, moment: Moment) -> Hits:
        """Find what the last change left, if it took enough away."""
        gone = self._before.keys() - self._now.keys()
        few = len(gone) <= self.limit * len(self._before)
        if self._changed is None or few or self._now.keys() - self._before.keys():
            return
        changed = moment.dated(self._changed.place, self._changed.seconds)
        for thing in self._now.values():
            name = thing.name if isinstance(thing, Words) else thing.noun
            message = f"{name} is left when {len(gone)} other things have gone"
            yield Hit(thing.name, message, thing.box, (thing.mobject,), changed)

"""How long things stand: what appears and goes too quickly to be seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pagereel.check.rules.text_rules import spot
from pagereel.check.see.geometry import area, common
from pagereel.check.see.parts import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pagereel.check.finding import Place
    from pagereel.check.see.motion import Thing

_SAME_PLACE = 0.3  # of the larger one's area: what comes there takes the other's place
_EXACT = 1e-3  # seconds


@dataclass(slots=True, eq=False)
class _Life:
    since: float  # when it was last not seen
    place: Place
    thing: Thing
    takes_over: bool = False  # from something that went as this came


class Presence:
    """Follows everything from its appearing to its going.

    Parameters
    ----------
    shortest
        Seconds that a thing has to stand.
    """

    def __init__(self, shortest: float) -> None:
        self._shortest = shortest
        self._lives: dict[int, _Life] = {}
        self._before = 0.0

    def look(
        self, things: dict[int, Thing], seconds: float, place: Place
    ) -> Iterator[tuple[Place, Hit]]:
        """Take in an image; yield what has gone too soon, and where it had appeared.

        An appearing is dated back to the last image without the thing: a doubt is no finding.
        """
        seen = {key: thing for key, thing in things.items() if thing.is_seen}
        gone = [self._lives.pop(key) for key in [*self._lives] if key not in seen]
        new = [key for key in seen if key not in self._lives]
        for key in new:
            thing = seen[key]
            takes_over = any(_same_place(thing, life.thing) for life in gone)
            self._lives[key] = _Life(self._before, place, thing, takes_over)
        for key, thing in seen.items():
            self._lives[key].thing = thing
        for life in gone:
            stood = seconds - life.since
            quick = stood < self._shortest - _EXACT and not life.takes_over
            if quick and not any(_same_place(seen[key], life.thing) for key in new):
                yield life.place, self._hit(life.thing, stood)
        self._before = seconds

    def is_young(self, seconds: float) -> bool:
        """Return whether anything has not stood long enough yet."""
        return any(seconds - life.since < self._shortest for life in self._lives.values())

    def _hit(self, thing: Thing, stood: float) -> Hit:
        name = type(thing.mobject).__name__
        what = repr(thing.says) if thing.says else f"a {name}"
        message = f"{what} appears and goes within {stood:.2f} s; {self._shortest:g} s is the least"
        return Hit("too-short", thing.says or name, message, spot(thing.box), (thing.mobject,))


def _same_place(one: Thing, other: Thing) -> bool:
    larger = max(area(one.box), area(other.box))
    return area(common(one.box, other.box)) > _SAME_PLACE * larger

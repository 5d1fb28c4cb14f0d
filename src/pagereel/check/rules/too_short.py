"""Things that appear and go too quickly to be seen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from manim.mobject.geometry.tips import ArrowTip

from pagereel.check.rules import Facts, Rule
from pagereel.check.see.geometry import area, common
from pagereel.check.see.parts import Hit, Hits, Look, Moment, Place, Thing, noun

_SAME_PLACE = 0.3  # of the larger one's area: a thing that comes there takes over
_BLINK = 1.0  # seconds: what comes back by then blinks
_READ = 0.5  # of the limit: letters that stand for less are an effect, not to be read
_WORD = re.compile(r"[^\W\d_]{3,}")
_EXACT = 1e-3  # seconds


@dataclass(slots=True, eq=False)
class _Life:
    since: float  # when it was last not seen
    place: Place
    thing: Thing
    before: list[Thing]  # what went there as this came
    may_go: bool = False  # it takes over from that, or is taken over; or came or went in a hurry
    stood: float = 0.0  # seconds, before it went
    blinks: bool = False  # it has come back
    gone: Moment | None = None  # when it was not seen any more


_Key: TypeAlias = tuple[int, str]
"""A mobject's id, and what it says: a text that says something else is another one."""


class TooShort(Rule):
    """Measures how many seconds each thing is seen; of one that blinks, all of its times."""

    facts = Facts(
        says="what appears stands for at least this long",
        unit="s",
        default=0.3,
    )

    def __init__(self, limit: float) -> None:
        super().__init__(limit)
        self._lives: dict[_Key, _Life] = {}
        self._gone: dict[_Key, _Life] = {}  # of what may come back
        self._before = 0.0
        self._last: Moment | None = None  # in which anything had not stood long enough yet

    def follow(self, look: Look) -> Hits:
        """Find what has gone too soon; it belongs to the play in which it appeared.

        That is dated back to the last image without the thing: when in doubt, it is no finding.
        """
        seen = {_key(thing): thing for thing in look.things.values() if _may_pop(thing)}
        seconds, place = look.moment.seconds, look.moment.place
        gone = [self._lives.pop(key) for key in [*self._lives] if key not in seen]
        # What moves out of the picture, or is passed by the camera, is not gone.
        gone = [life for life in gone if not _is_outside(life.thing, look)]
        new = [key for key in seen if key not in self._lives]
        for key in new:
            thing = seen[key]
            before = [life.thing for life in gone if _same_place(thing, life.thing)]
            life = _Life(self._before, place, thing, before, look.hurries)
            self._lives[key] = self._come_back(life) or life
        for key, thing in seen.items():
            self._lives[key].thing = thing
        for life in gone:
            life.stood += seconds - life.since
            life.gone = (self._last or look.moment.kept()).dated(life.place, seconds)
            if self._is_quick(life):
                after = [seen[key] for key in new if _same_place(seen[key], life.thing)]
                life.may_go = look.hurries or self._goes_on(life, [*life.before, *after])
            self._gone[_key(life.thing)] = life
        self._before = seconds
        if any(seconds - life.since < self.limit for life in self._lives.values()):
            self._last = look.moment.kept()
        yield from self._hits(before=seconds - _BLINK)

    def end(self, moment: Moment) -> Hits:
        """Find what has gone too soon at the end."""
        del moment
        yield from self._hits(before=float("inf"))

    def _come_back(self, new: _Life) -> _Life | None:
        """Return the life of what has gone and is seen again: the same, or one like it."""
        alike = (
            key
            for key, life in self._gone.items()
            if (life.blinks or self._is_quick(life)) and _are_alike(life.thing, new.thing)
        )
        key = _key(new.thing)
        life = self._gone.pop(key if key in self._gone else next(alike, key), None)
        if life:
            life.since, life.blinks = new.since, True
        return life

    def _is_quick(self, life: _Life) -> bool:
        return life.stood < self.limit - _EXACT and not life.may_go

    def _goes_on(self, life: _Life, others: list[Thing]) -> bool:
        """Return whether a thing is one with what was there before it, or comes there after it.

        A number that runs, or a text that is typed, is. A word that others follow is not.
        """
        if life.stood < _READ * self.limit:
            return bool(others)
        return any(not _are_other_words(life.thing.says, each.says) for each in others)

    def _hits(self, *, before: float) -> Hits:
        """Yield what went too soon before a time, and has not come back."""
        late = [key for key, life in self._gone.items() if life.gone and life.gone.seconds < before]
        for life in map(self._gone.pop, late):
            if self._is_quick(life):
                thing, name = life.thing, type(life.thing.mobject).__name__
                what = repr(thing.says) if thing.says else noun(thing.mobject)
                stood = f"within {life.stood:.2f} s; {self.limit:g} s is the least"
                message = f"{what} appears and goes {stood}"
                yield Hit(thing.says or name, message, thing.box, (thing.mobject,), life.gone)


def _key(thing: Thing) -> _Key:
    return id(thing.mobject), thing.says


def _may_pop(thing: Thing) -> bool:
    """Return whether a thing is seen, and not as a part of an arrow that makes its tips anew."""
    return thing.is_seen and not isinstance(thing.mobject, ArrowTip)


def _is_outside(thing: Thing, look: Look) -> bool:
    now = look.things.get(id(thing.mobject))
    return now is not None and now.is_outside


def _are_alike(one: Thing, other: Thing) -> bool:
    same = one.says == other.says and type(one.mobject) is type(other.mobject)
    return same and _same_place(one, other)


def _are_other_words(one: str, other: str) -> bool:
    if one.startswith(other) or other.startswith(one):
        return False
    words, others = ({*_WORD.findall(text)} for text in (one, other))
    return bool(words and others) and not words & others and "\\" not in one + other


def _same_place(one: Thing, other: Thing) -> bool:
    larger = max(area(one.box), area(other.box))
    return area(common(one.box, other.box)) > _SAME_PLACE * larger

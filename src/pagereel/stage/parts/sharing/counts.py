"""Counts of what is shared: pages in how many frames, and pages of prompts that were found."""

from __future__ import annotations

from dataclasses import replace
from math import isclose
from typing import TYPE_CHECKING, NamedTuple

from manim import UP, Animation, FadeIn, FadeOut, Transform, VGroup, smooth, squish_rate_func

from pagereel.cache import Arrive
from pagereel.fast import stateless
from pagereel.stage.layout.places import MIN_CAP, CounterNeed, Need, Spot, px
from pagereel.stage.layout.pool_over_map import HitPlaces
from pagereel.stage.part import Extent, Part
from pagereel.stage.text.label import Label, text_width
from pagereel.stage.text.outline import Face
from pagereel.stage.timing import Phase
from pagereel.wording import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from manim import Mobject

    from pagereel.cache import CacheState, Step
    from pagereel.stage.layout.places import Region
    from pagereel.stage.part import Movements
    from pagereel.stage.theme import Theme

_COUNTER, _LARGE, _SMALL = px(30), px(64), px(28)
_SPACE = 0.46  # between two words, in heights of a capital
_ROLL = 0.7  # how far a word rolls in and out
_LINE = 1.55  # from line to line
_GAP = px(20)
_LONG = 8  # characters, from which on a word is not rolled over
_ASCENT, _DESCENT = 0.08, 0.33  # of letters above capitals, and below their line
# One line of words leaves before another one comes to its place.
_FIRST, _SECOND = squish_rate_func(smooth, 0, 0.4), squish_rate_func(smooth, 0.6, 1)
_WORDS = ("prompt pages", "not computed again")


class Word(NamedTuple):
    """A word or a number of a phrase, and its colour."""

    text: str
    color: str


class Phrase:
    """A line of words of which some change: those that stay make room for the others.

    Attributes
    ----------
    spot
        Where it stands.
    labels
        What is on screen.
    """

    def __init__(self, spot: Spot) -> None:
        self.spot = spot
        self.labels: list[Label] = []

    @property
    def text(self) -> str:
        """What it says."""
        return " ".join(label.text for label in self.labels)

    def say(self, words: Sequence[Word]) -> list[Animation]:
        """Return the movements by which it comes to say other words."""
        before, self.labels = self.labels, self.laid_out(words)
        moves: list[Animation] = []
        for number, new in enumerate(self.labels):
            old = before[number] if len(before) == len(words) else None
            shift = _ROLL * new.cap * UP
            if old and old.text == new.text:
                if not isclose(old.get_x(), new.get_x()):
                    moves.append(Transform(old, new, rate_func=_FIRST))
                self.labels[number] = old
            elif old and len(new.text) < _LONG:
                moves += [
                    FadeOut(old, shift=shift, rate_func=_FIRST),
                    FadeIn(new, shift=shift, rate_func=_FIRST),
                ]
            elif old:
                moves += [FadeOut(old, rate_func=_FIRST), FadeIn(new, rate_func=_SECOND)]
            else:
                moves.append(FadeIn(new, rate_func=_SECOND if before else _FIRST))
        if len(before) == len(words):
            return moves
        return [*(FadeOut(old, rate_func=_FIRST) for old in before), *moves]

    def laid_out(self, words: Sequence[Word]) -> list[Label]:
        """Return labels that say words in its place."""
        spot = self.spot
        widths = [text_width(word.text, Face.SERIF) for word in words]
        room = sum(widths) + _SPACE * (len(words) - 1)
        cap = min(spot.cap, spot.width / room) if words else spot.cap
        x, labels = spot.x - (spot.align + 1) / 2 * room * cap, []
        for word, width in zip(words, widths, strict=True):
            label = Label(word.text, Face.SERIF, cap=cap, color=word.color)
            labels.append(label.put(x, spot.y, -1))
            x += (width + _SPACE) * cap
        return labels


class PageCount(Part[Extent, "Step"]):
    """How many pages there are in how many frames, such as `12 pages in 8 frames`.

    It enters with the first page.
    """

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self._phrase = Phrase(region.line(_COUNTER, align=1))
        if told.initial.tables:
            self._phrase.say(self._words(told.initial))

    @classmethod
    def need(cls, told: Extent) -> Need:  # noqa: ARG003 (its numbers are small in any story)
        """Return that of a counter of two numbers."""
        return CounterNeed(counts=2)

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """Numbers and words."""
        return self._phrase.labels

    @property
    def shown(self) -> str:
        """What it says."""
        return self._phrase.text

    def show(self, change: Step) -> Movements:
        """Return the movements by which its numbers change."""
        if change.before.tables == change.after.tables:
            return {}
        return {Phase.TAKE: lambda: self._phrase.say(self._words(change.after))}

    def run(self, begin: int | None, end: int | None) -> list[Movements]:
        """Return the movements in which the engine's steps are counted in place of the pages."""
        if begin is None or end is None:
            return []  # they are not known

        def words(number: int) -> list[Word]:
            return [Word("step", self.theme.dim), Word(str(number), self.theme.ink)]

        def count() -> list[Animation]:
            return [Counting(self._phrase, {n: words(n) for n in range(begin, end + 1)})]

        return [{Phase.POINT: lambda: self._phrase.say(words(begin)), Phase.FLY: count}]

    def _words(self, state: CacheState) -> list[Word]:
        pages, frames = sum(map(len, state.tables.values())), len(state.holders)
        ink, dim = self.theme.ink, self.theme.dim
        nouns = ("page" if pages == 1 else "pages", "frame" if frames == 1 else "frames")
        return [
            Word(str(pages), ink),
            Word(f"{nouns[0]} in", dim),
            Word(str(frames), ink),
            Word(nouns[1], dim),
        ]


@stateless
class Counting(Animation):
    """A phrase says one number after the other.

    Parameters
    ----------
    phrase
        It says the first of them already.
    words
        Number -> what it says then, in as many words.
    """

    def __init__(self, phrase: Phrase, words: Mapping[int, Sequence[Word]]) -> None:
        super().__init__(VGroup(*phrase.labels))
        self._labels = phrase.labels
        self._steps = [phrase.laid_out(each) for each in words.values()]

    def interpolate_mobject(self, alpha: float) -> None:
        """Show the number that it has come to at `alpha`, 0 to 1."""
        step = self._steps[round((len(self._steps) - 1) * alpha)]
        for label, new in zip(self._labels, step, strict=True):
            if label.text != new.text or label.get_x() != new.get_x():
                label.become(new)
                label.text = new.text


class HitCount(Part[Extent, "Step"]):
    """How many of the prompts' pages were found and not computed again, such as `4 of 10`.

    It enters with `count_all`, or with the first task.
    """

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self._arrivals = [step.event for step in told.steps if isinstance(step.event, Arrive)]
        self._beside = isinstance(region, HitPlaces) and region.beside
        number, *lines = self._spots(region)
        self._number, self._lines = Phrase(number), [Phrase(line) for line in lines]

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """The numbers and the words."""
        return [label for phrase in (self._number, *self._lines) for label in phrase.labels]

    @property
    def shown(self) -> str:
        """Its numbers."""
        return self._number.text

    def leave(self) -> Movements:
        """Return the movement in which all of it fades out."""
        return {Phase.END: lambda: [FadeOut(m, rate_func=_FIRST) for m in self.mobjects]}

    def count_all(self) -> Movements:
        """Return the movements in which it comes to show how many pages all prompts have."""
        pages = sum(map(_pages, self._arrivals))
        tokens = sum(event.tokens or 0 for event in self._arrivals)
        says = ("prompt pages,", counted(tokens, "token"))
        return {Phase.FLY: lambda: self._say([Word(str(pages), self.theme.ink)], says)}

    def show(self, change: Step) -> Movements:
        """Return the movements in which it counts what a task finds, page by page."""
        event = change.event
        if not isinstance(event, Arrive):
            return {}
        begun = self._arrivals[: self._arrivals.index(event)]
        came = len(change.after.tables[event.task])
        found = sum(len(each.shared) for each in begun) + min(came, len(event.shared))
        words = self._words(found, sum(map(_pages, [*begun, event])))
        return {Phase.TAKE: lambda: self._say(words, _WORDS)}

    def recount(self) -> Movements:
        """Return the movement in which it counts once more from 1 up to what was found in all."""
        found = sum(len(event.shared) for event in self._arrivals)
        pages = sum(map(_pages, self._arrivals))
        words = {number: self._words(number, pages) for number in range(1, found + 1)}
        return {Phase.STREAM: lambda: [Counting(self._number, words)] if words else []}

    def _words(self, found: int, pages: int) -> list[Word]:
        return [Word(str(found), self.theme.ink), Word(f"of {pages}", self.theme.dim)]

    def _say(self, numbers: Sequence[Word], words: tuple[str, str]) -> list[Animation]:
        lines = words if len(self._lines) > 1 else (" ".join(words),)
        moves = self._number.say(numbers)
        for phrase, line in zip(self._lines, lines, strict=True):
            if self._beside:  # they follow the numbers
                x = self._number.labels[-1].get_right()[0] + _GAP
                phrase.spot = replace(phrase.spot, x=x)
            if self._beside or phrase.text != line:
                moves += phrase.say([Word(line, self.theme.dim)])
        return moves

    def _spots(self, region: Region) -> list[Spot]:
        """Return the places of the numbers and of one or two lines of words."""
        if not self._beside:
            cap, small = min(_LARGE, 0.52 * region.height), _SMALL
            y = region.top - (0.5 + _ASCENT) * cap
            number = Spot.at(region.right, y, cap, width=region.width, align=1)
            y = region.bottom + (0.5 + _DESCENT) * small
            return [number, Spot.at(region.right, y, small, width=region.width, align=1)]
        pages = sum(map(_pages, self._arrivals))
        room = text_width(str(pages), Face.SERIF) + _SPACE
        room += text_width(f"of {pages}", Face.SERIF)
        small = MIN_CAP
        words = max(text_width(line, Face.SERIF) for line in _WORDS) * small
        cap = min(_LARGE, 0.6 * region.height, (region.width - words - _GAP) / room)
        _, y = region.center
        left = region.left + room * cap + _GAP
        return [
            Spot.at(region.left, y, cap, width=room * cap, align=-1),
            *(
                Spot.at(left, y - line * 0.5 * _LINE * small, small, width=words, align=-1)
                for line in (-1, 1)
            ),
        ]


def _pages(event: Arrive) -> int:
    return len(event.shared) + len(event.frames)

"""How engines treat full and half-filled pages: rings around page frames, with a few words each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from manim import Animation, Create, FadeIn, VGroup

from pagereel.stage.layout.fork import BetweenPlaces, ForkNeed
from pagereel.stage.layout.places import MIN_CAP, Region, px
from pagereel.stage.part import Extent, LimitError, Part
from pagereel.stage.parts.fork.marks import ring
from pagereel.stage.parts.fork.state import first_copy
from pagereel.stage.text.label import Label, text_width
from pagereel.stage.text.outline import Face
from pagereel.stage.timing import Phase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Mobject

    from pagereel.cache import Copy
    from pagereel.stage.part import Movements
    from pagereel.stage.theme import Theme
    from pagereel.toml.table import Table

_LINE = 1.5  # from line to line, in heights of a capital
_GAP = px(30)  # between a ring and its words
_PAST = px(18)  # from a connector to the words right of it


@dataclass(frozen=True, slots=True)
class Engines:
    """How engines treat shared pages, in the words of a story.

    Attributes
    ----------
    full, half
        Of a page that is full, and of one that is half filled while it is shared.
    """

    full: str
    half: str


def read_engines(table: Table) -> Engines:
    """Read how engines treat shared pages.

    Raises
    ------
    StoryError
        If something is missing or too much: file, line, what to do.
    """
    table.allow(("full", "half"))
    full, half = (table.needed_text(key, longest=60) for key in ("full", "half"))
    return Engines(full, half)


class Verdict(Part[Extent, Any]):
    """Rings around the frame that stays shared, and around those of the page that was copied.

    Nothing of it enters with the other parts: a scene lets it `judge`.
    """

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self.places = BetweenPlaces.within(region, ForkNeed.of(told))
        self._engines: Engines | None = told.own.get("engines")
        self._there: list[Mobject] = []
        self._said: list[str] = []
        if self._engines:  # what does not fit is refused before anything is drawn
            for frames, text in zip(
                self._frames(), (self._engines.full, self._engines.half), strict=True
            ):
                self._words(frames, text)

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """Rings and words, as far as they have come."""
        return self._there

    @property
    def shown(self) -> tuple[str, ...]:
        """What it says, as far as it has come."""
        return tuple(self._said)

    def enter(self) -> Movements:
        """Return no movement: it comes when its beat does."""
        return {}

    def judge(self) -> list[Movements]:
        """Return the movements in which the rings close one after another, each with its words."""
        if self._engines is None:
            return []
        texts = self._engines.full, self._engines.half
        return [self._ring(*each) for each in zip(self._frames(), texts, strict=True)]

    def _ring(self, frames: Sequence[int], text: str) -> Movements:
        def draw() -> list[Animation]:
            boxes = [self.places.boxes[frame] for frame in frames]
            outline = ring(boxes, color=self.theme.ink, radius=px(12))
            words = self._words(frames, text)
            self._there += [outline, words]
            self._said.append(text)
            return [Create(outline), FadeIn(words)]

        return {Phase.CONNECT: draw}

    def _frames(self) -> tuple[Sequence[int], Sequence[int]]:
        """Return the frames that are still shared, and those of the page that was copied."""
        copy = cast("Copy", first_copy(self.told))  # the frames have refused a story without one
        tables = (*self.told.earlier, *self.told.steps)[-1].after.tables.values()
        shared = [frame for frame in range(self.told.frames) if sum(frame in t for t in tables) > 1]
        return shared, sorted((copy.src, copy.dst))

    def _words(self, frames: Sequence[int], text: str) -> VGroup:
        """Return words in lines at some frames: below them or right of them, or aside."""
        first, last = self.places.boxes[frames[0]], self.places.boxes[frames[-1]]
        aside, cap = self.places.aside, MIN_CAP if self.places.brief else px(25)
        if self.places.level:
            left, top = first.right + _GAP, (first.top + first.bottom) / 2 - _GAP
            width = px(230)
        elif aside is not None and len(frames) > 1:
            left, top, width = aside.left, aside.top - px(10), aside.width
        else:
            left, top = (first.left + first.right) / 2 + _PAST, first.bottom - _GAP
            width = max(last.right - left, first.width)
        labels = VGroup()
        for number, line in enumerate(_lines(text, width / cap)):
            y = top - cap / 2 - number * _LINE * cap
            labels.add(Label(line, Face.SERIF, cap=cap, color=self.theme.ink).put(left, y, -1))
        return labels


def _lines(text: str, room: float) -> list[str]:
    """Break a text into lines of at most so many heights of a capital."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if text_width(word, Face.SERIF) > room:
            raise LimitError(f"{word!r} is too wide; write a shorter word", key="engines")
        lines[-1:] = [longer] if text_width(longer, Face.SERIF) <= room else [lines[-1], word]
    return lines

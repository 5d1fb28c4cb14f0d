"""The prefix index: from the pages that are found in it to the frames that hold them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from manim import Animation, FadeIn, FadeOut

from pagereel.cache import Arrive
from pagereel.stage.layout.page_map import notes_in
from pagereel.stage.layout.places import px
from pagereel.stage.layout.pool_over_map import IndexPlaces
from pagereel.stage.part import Extent, Part
from pagereel.stage.parts.connector import Connect, Connector
from pagereel.stage.parts.sharing.signs import said
from pagereel.stage.parts.steps import refuse_events
from pagereel.stage.timing import Phase

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from manim import Mobject, VGroup

    from pagereel.cache import Step
    from pagereel.stage.layout.places import Region
    from pagereel.stage.part import Movements
    from pagereel.stage.theme import Theme
    from pagereel.story import Beat
    from pagereel.toml.table import Table

_LABEL = px(28)
_NAME = "prefix index"
_LONGEST = 60  # characters of a note


@dataclass(frozen=True, slots=True)
class IndexNotes:
    """A story's notes on how engines keep their prefix index: keyed by tokens, or by hashes."""

    tokens: str = ""
    hashes: str = ""


def read_index(table: Table) -> IndexNotes:
    """Read the table `[index]` of a story.

    Raises
    ------
    StoryError
        If it has another key, or lacks one of the notes.
    """
    table.allow(("tokens", "hashes", "source"))
    table.text("source", longest=300)
    tokens, hashes = (table.needed_text(key, longest=_LONGEST) for key in ("tokens", "hashes"))
    return IndexNotes(tokens, hashes)


class PrefixIndex(Part[Extent, "Step"]):
    """Arrows from pages that a later task finds, to the frames that hold them.

    It is empty until it is opened. Its arrows lead from the points `page` of another part to the
    points `frame` of one.
    """

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        spots = region.label if isinstance(region, IndexPlaces) else (region.line(_LABEL),)
        words = (_NAME,) if len(spots) == 1 else _NAME.split()
        self.label = said(words, spots, color=theme.dim)
        self._spots = region.notes if isinstance(region, IndexPlaces) else notes_in(region)
        self._has_arrows = isinstance(region, IndexPlaces) and region.arrows
        arrivals = [step.event for step in told.steps if isinstance(step.event, Arrive)]
        self._hit = {frame for event in arrivals for frame in event.shared}
        self._texts: IndexNotes = told.own.get("index", IndexNotes())
        self._held: tuple[int, ...] = ()
        self._is_open = False
        self.arrows: dict[int, Connector] = {}
        self.notes: list[VGroup] = []

    def rehearsal(self) -> Callable[[Beat], object]:
        """Refuse events while it is opened: nothing would play them."""
        return lambda beat: refuse_events(beat) if beat.act == "index" else None

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """Its label, once it is open, its arrows and its notes."""
        return [*([self.label] if self._is_open else []), *self.arrows.values(), *self.notes]

    @property
    def shown(self) -> tuple[int, ...]:
        """The frames that it leads to: of those that are hit in the story, those with a page."""
        return self._held if self._is_open else ()

    def enter(self) -> Movements:
        """Return nothing: it is opened later."""
        return {}

    def open(self) -> Movements:
        """Return the movement in which its name, its arrows and the note on tokens appear."""
        self._is_open = True
        note = self._texts.tokens
        return {
            Phase.CONNECT: lambda: [FadeIn(self.label), *self._connect(), *self._note(note)],
        }

    def show(self, change: Step) -> Movements:
        """Return the movements in which arrows come and go with the pages in their frames."""
        after = change.after
        kept = {*after.holders, *after.cached}
        self._held = tuple(sorted(self._hit & kept))
        return {Phase.LEAVE: self._drop, Phase.CONNECT: self._connect} if self._is_open else {}

    def hashes(self) -> Movements:
        """Return the movement in which the note on hashes appears; the other one steps back."""
        return {Phase.POINT: lambda: self._note(self._texts.hashes)}

    def clear(self) -> Movements:
        """Return the movement in which the notes leave."""
        return {Phase.POINT: self._clear}

    def _connect(self) -> list[Animation]:
        new = [frame for frame in self._held if frame not in self.arrows]
        if not self._has_arrows:
            return []
        for frame in new:
            start, end = self.anchors["page"](frame), self.anchors["frame"](frame)
            color, background = self.theme.ink, self.theme.background
            self.arrows[frame] = Connector(start, end, color=color, background=background)
        return [Connect(self.arrows[frame]) for frame in new]

    def _drop(self) -> list[Animation]:
        gone = [frame for frame in self.arrows if frame not in self._held]
        return [FadeOut(self.arrows.pop(frame)) for frame in gone]

    def _note(self, text: str) -> list[Animation]:
        if not text:
            return []
        spots, dim = self._spots[len(self.notes)], self.theme.dim
        first, _, rest = text.rpartition(", ")
        lines = (text,) if len(spots) == 1 else (f"{first},", rest)
        note = said(lines, spots, color=self.theme.ink)
        dimmed = [old.animate.set_fill(dim).build() for old in self.notes]
        self.notes.append(note)
        return [*dimmed, FadeIn(note)]

    def _clear(self) -> list[Animation]:
        notes, self.notes = self.notes, []
        return [*map(FadeOut, notes)]

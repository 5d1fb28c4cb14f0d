"""The line of cached frames: stairs from the exit up to the frame that was used last."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

import numpy as np
from manim import Create, FadeIn, FadeOut, Line, Polygon, VGroup, VMobject

from pagereel.cache import Evict, Submit
from pagereel.errors import StageError
from pagereel.stage.layout.places import Region, px
from pagereel.stage.layout.stairs import stairs_in, stairs_need
from pagereel.stage.part import Extent, LimitError, Part
from pagereel.stage.parts.eviction.entry import entries_after, rising, sinking
from pagereel.stage.parts.eviction.flight import Fall, Sight, TileFlight
from pagereel.stage.parts.eviction.tile import Tile, dotted
from pagereel.stage.parts.shapes import stroke
from pagereel.stage.parts.slots.flight import Flight
from pagereel.stage.parts.steps import refuse_parts
from pagereel.stage.text.label import Label, caption, text_width
from pagereel.stage.text.outline import Face
from pagereel.stage.theme import mixed
from pagereel.stage.timing import Phase, within
from pagereel.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from manim import Animation, Mobject

    from pagereel.cache import Step
    from pagereel.stage.layout.places import Point
    from pagereel.stage.layout.stairs import StairsNeed
    from pagereel.stage.part import Movements
    from pagereel.stage.parts.eviction.entry import Entry
    from pagereel.stage.theme import Theme
    from pagereel.stage.timing import Span
    from pagereel.story import Beat
    from pagereel.toml.table import Table

NOTE = "evict"  # the table of a story that has the note
LONGEST_NOTE, LONGEST_SOURCE = 80, 200
_MOST = 8  # steps
_BODY = 0.22  # how much of a line's colour the stairs have
_EDGE = 4  # pixels
_HEAD = px(18)  # of the exit's arrow
_GOES = (0.0, 0.3)  # of the end: the line goes first
_FILLS = (0.8, 1.0)  # of the time in which the stairs draw: their body comes
_SOON = 0.15  # of a flight, in which what it leaves goes, or what belongs to it comes


class EvictionLine(Part[Extent, "Step"]):
    """Cached frames on stairs, the next to be evicted on the lowest step.

    A frame that joins flies down from the pool to the first bare step. One that is used again flies
    up into the pool, and the others step down. The content of one that is evicted falls out at the
    exit, and its frame flies up to the task that takes it.

    It holds on to the point `inside` of a pool.

    Attributes
    ----------
    entries
        The entries in line, in the order of eviction.
    """

    limits = f"lines of up to {_MOST} cached frames"

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self.places = stairs_in(region, longest(told))
        self.entries: tuple[Entry, ...] = reduce(entries_after, told.earlier, ())
        self._stairs, self._labels = self._draw_stairs(), self._draw_labels()
        self._tiles: dict[int, Tile] = {}
        self._stamps: dict[int, Label] = {}
        self._steps: dict[int, int] = {}  # frame -> the step that it stands on
        self._holds: list[Mobject] = []  # the outlines of the entries that just left
        self._said: list[Mobject] = []
        text = told.own.get(NOTE)
        self._note = self._noted(text) if text else None
        for number, entry in enumerate(self.entries):
            self._stand(entry, number)

    @classmethod
    def need(cls, told: Extent) -> StairsNeed:
        """Return the room for as many steps as are ever filled."""
        return stairs_need(longest(told))

    @classmethod
    def check(cls, told: Extent) -> None:
        """Refuse a story in which no frame is ever cached, or too many at once."""
        refuse_parts(told)
        if not told.caches:
            raise LimitError("a story in which no frame is ever cached", key="frames")
        for step in told.steps:
            if len(step.after.cached) > _MOST:
                raise LimitError(f"{len(step.after.cached)} cached frames", step=step)

    def rehearsal(self) -> Callable[[Beat], object]:
        """Refuse an eviction that is played as one movement with more than makes it necessary."""

        def rehearse(beat: Beat) -> None:
            others = [step for step in beat.steps if not isinstance(step.event, Evict | Submit)]
            if beat.act == "evict" and len(others) > 1:
                says = "the act evict plays evictions and the one event that they make room for"
                raise StageError(f"{says}, not {len(others)}; give it these alone")

        return rehearse

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """The stairs, their labels, the entries with their stamps, and what is said of them."""
        entries = [*self._tiles.values(), *self._stamps.values()]
        return [*self._stairs, *self._labels, *self._holds, *entries, *self._said]

    @property
    def shown(self) -> tuple[Entry, ...]:
        """The entries in line, in the order of eviction."""
        return self.entries

    def enter(self) -> Movements:
        """Return the movements in which the stairs draw from the exit up, and get their labels."""
        body, edge = self._stairs
        others = [each for each in self.mobjects if each not in self._stairs]
        return {
            Phase.LAY_OUT: lambda: [Create(edge), *within(_FILLS, [FadeIn(body)])],
            Phase.LABEL: lambda: [*map(FadeIn, others)],
        }

    def show(self, change: Step) -> Movements:
        """Return the movements by which entries leave and join, and the others step down."""
        moves: dict[Phase, Callable[[], Sequence[Animation]]] = {}
        if self._said:
            moves[Phase.LEAVE] = self._fall_silent
        if rising(change):
            moves[Phase.SLIDE] = lambda: [*self._rise(change)]
            moves[Phase.CLOSE_UP] = lambda: [*self._step_down()]
        if sinking(change):
            moves[Phase.STREAM] = lambda: [*self._join(change)]
        return moves

    def leave(self) -> Movements:
        """Return the movements in which all of it fades out, before the pool does."""
        return {Phase.END: lambda: within(_GOES, [*map(FadeOut, self.mobjects)])}

    def note(self) -> Movements:
        """Return the movement in which the story's note comes; it goes with the next event."""
        if self._note is None:
            return {}
        self._said.append(self._note)
        return {Phase.POINT: lambda: [FadeIn(self._said[-1])]}

    def _fall_silent(self) -> list[Animation]:
        said, self._said = self._said, []
        return [*map(FadeOut, said)]

    def _rise(self, step: Step) -> Iterator[Animation]:
        """Let frames leave: up to the task that uses them, or out, or both."""
        spans, holders = rising(step), step.after.holders
        used = {*getattr(step.event, "shared", ())}
        for entry in self.entries:
            if entry.frame not in spans:
                continue
            start, end = span = spans[entry.frame]
            at = self.places.entry(self._steps.pop(entry.frame))
            hold = dotted(self.places.size, at, theme=self.theme)
            self._holds.append(hold)
            yield Sight(hold, span, stays=True)
            there = [each.pop(entry.frame) for each in (self._tiles, self._stamps)]
            yield from within((start, start + _SOON * (end - start)), [*map(FadeOut, there)])
            if entry.frame not in used:
                yield from self._drop(entry, at, step)
            if entry.frame in holders:
                task, to = holders[entry.frame][0], self.anchors["inside"](entry.frame).point
                tile = self._tile(entry.frame, task, to, held=True)
                yield self._flight(tile, (at, to), task=task, span=span, stays=False)
        self.entries = entries_after(self.entries, step)

    def _drop(self, entry: Entry, at: Point, step: Step) -> Iterator[Animation]:
        """Let the content of a frame fall, and say how long it was not used."""
        ghost = self._tile(entry.frame, entry.task, at, held=False, pale=True)
        (x, y), (out, below) = at, self.places.out
        yield Fall(ghost, (out - x, below - y))
        if entry.since is not None and step.at is not None:
            said = self._unused(counted(step.at - entry.since, "step"))
            self._said.append(said)
            yield FadeIn(said)

    def _step_down(self) -> Iterator[Animation]:
        """Let the entries that remain close up."""
        holds, self._holds = self._holds, []
        yield from map(FadeOut, holds)
        for number, entry in enumerate(self.entries):
            before, self._steps[entry.frame] = self._steps[entry.frame], number
            if before == number:
                continue
            (x, y), (left, low) = self.places.entry(before), self.places.entry(number)
            for each in (self._tiles[entry.frame], self._stamps[entry.frame]):
                middle = each.get_center()
                ends = middle, middle + np.array((left - x, low - y, 0))
                path = VMobject().set_points_as_corners(ends)
                yield Flight(each, path)

    def _join(self, step: Step) -> Iterator[Animation]:
        """Let frames come down to the end of the line, one after another."""
        spans, self.entries = sinking(step), entries_after(self.entries, step)
        for number, entry in enumerate(self.entries):
            if entry.frame not in spans:
                continue
            start, end = span = spans[entry.frame]
            at, from_ = self.places.entry(number), self.anchors["inside"](entry.frame).point
            yield Sight(dotted(self.places.size, at, theme=self.theme), (0.0, end))
            self._stand(entry, number)
            tile = self._tiles[entry.frame]
            yield self._flight(tile, (from_, at), task=entry.task, span=span, stays=True)
            stamp = [FadeIn(self._stamps[entry.frame])]
            yield from within((end - _SOON * (end - start), end), stamp)

    def _stand(self, entry: Entry, number: int) -> None:
        """Make tile and stamp of an entry that comes to stand on a step."""
        at, cap = self.places.entry(number), self.places.stamp_cap
        self._steps[entry.frame] = number
        self._tiles[entry.frame] = self._tile(entry.frame, entry.task, at, held=False)
        says = "cached" if entry.since is None else f"since step {entry.since}"
        if text_width(says, Face.SERIF) * cap > self.places.run:
            says = says.removeprefix("since ")
        stamp = Label(says, Face.SERIF, cap=cap, color=self.theme.dim)
        self._stamps[entry.frame] = stamp.put(*self.places.stamp(number))

    def _tile(self, frame: int, task: str, at: Point, *, held: bool, pale: bool = False) -> Tile:
        color, size = self._color(task), self.places.size
        if pale:
            color = self.theme.quiet(color)
        tile = Tile(frame, task, size=size, color=color, theme=self.theme, held=held)
        return tile.shift((*at, 0))

    def _flight(
        self, tile: Tile, ends: tuple[Point, Point], *, task: str, span: Span, stays: bool
    ) -> TileFlight:
        color = mixed(self.theme.background, self._color(task), 0.75)
        return TileFlight(tile, ends, size=self.places.size, color=color, span=span, stays=stays)

    def _color(self, task: str) -> str:
        return self.theme.tasks[self.told.colors[task]]

    def _draw_stairs(self) -> tuple[VMobject, VMobject]:
        """Return the body of the stairs and their edge, from the exit up."""
        places, theme = self.places, self.theme
        corners = [corner for step in range(places.steps) for corner in places.edge(step)]
        points = [(*corner, 0) for corner in corners]
        (left, _), (right, _) = corners[0], corners[-1]
        feet = [(right, places.bottom, 0), (left, places.bottom, 0)]
        fill = mixed(theme.background, theme.line, _BODY)
        body = Polygon(*points, *feet, stroke_width=0, fill_color=fill, fill_opacity=1)
        edge = VMobject(stroke_color=theme.quiet(theme.outline), stroke_width=stroke(_EDGE))
        return body, edge.set_points_as_corners(points)

    def _draw_labels(self) -> list[VMobject]:
        """Return the label of the exit with its arrow, and the label of the line."""
        places, dim = self.places, self.theme.dim
        texts = {"next to go": places.exit, "cached frames, in line": places.label}
        labels = [
            Label(text, Face.SERIF, cap=spot.cap, color=dim, width=spot.width).put_in(spot)
            for text, spot in texts.items()
        ]
        right, tip = places.arrow
        y = right[1]
        shaft = Line((*right, 0), (tip[0] + _HEAD, y, 0), stroke_color=dim)
        shaft.set_stroke(width=stroke(_EDGE))
        corners = [(tip[0], y), *((tip[0] + _HEAD, y + side * _HEAD / 2) for side in (1, -1))]
        head = Polygon(*((*corner, 0) for corner in corners), stroke_width=0)
        return [*labels, VGroup(shaft, head.set_fill(dim, opacity=1))]

    def _noted(self, text: str) -> VGroup:
        """Return a note in its place."""
        try:
            return caption(text, self.places.note, color=self.theme.ink)
        except StageError as error:
            raise LimitError(str(error), key=NOTE) from error

    def _unused(self, steps: str) -> VGroup:
        """Return how long an evicted frame was not used, in two lines beside the stairs."""
        spot, ink = self.places.unused, self.theme.ink
        lines = ["unused", f"for {steps}"] if self.places.beside else [f"unused for {steps}"]
        labels = [Label(text, Face.SERIF, cap=spot.cap, color=ink) for text in lines]
        for number, label in enumerate(labels):
            label.put(spot.x, spot.y - 1.45 * number * spot.cap, spot.align)
        return VGroup(*labels)


def read_note(table: Table) -> str:
    """Read a story's note on how engines evict; its source has to be there, too, and is not shown.

    Raises
    ------
    StoryError
        If the note or its source is missing: file, line, what to do.
    """
    table.allow(("note", "source"))
    note = table.text("note", longest=LONGEST_NOTE)
    if note is None or table.text("source", longest=LONGEST_SOURCE) is None:
        raise table.error("a note and its source go together; add what is missing")
    return note


def longest(told: Extent) -> int:
    """Return the most frames that are ever cached at once."""
    states = (told.initial, *(step.after for step in told.steps))
    return max(1, *(len(state.cached) for state in states))

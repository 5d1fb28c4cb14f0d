"""The parts of the close part as one: what happens is shown in rows at first, later in lanes."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING

from manim import Animation, FadeIn, FadeOut, Transform, smooth

from pagereel.cache import Arrive, Evict, Submit
from pagereel.cache.lookup import Context
from pagereel.stage.part import Parts, during, only
from pagereel.stage.parts.batch.course import first_step
from pagereel.stage.parts.batch.pool import BatchMask
from pagereel.stage.parts.batch.risers import Risers
from pagereel.stage.parts.batch.running import RunningTasks
from pagereel.stage.parts.batch.strip import StepStrip
from pagereel.stage.parts.batch.waiting import WaitingRow
from pagereel.stage.parts.connector import Connect
from pagereel.stage.promo.close.pool import ClosePool
from pagereel.stage.promo.close.rows import OpeningRows
from pagereel.stage.promo.travelling import TravellingPool
from pagereel.stage.timing import Phase

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from manim import Mobject, VMobject

    from pagereel.cache import Step
    from pagereel.stage.part import AnyPart, Movements
    from pagereel.stage.parts.batch.badge import Badge
    from pagereel.stage.parts.batch.cell import StripCell
    from pagereel.stage.parts.rows import TaskRow
    from pagereel.stage.picture_scene import PictureScene

# Seconds of what moves together.
_FACE, _BITS = 0.2, 0.4  # the frames become those of this part; then bits and labels come
_COME, _REACH = 0.6, 0.6  # badges and pages come; then connectors reach their frames ...
_SOON = 0.4  # ... or sooner, where several parts of an arrival are shown
_CLOSE = 0.4  # a row that is open closes
_LANES, _QUEUE = 0.8, 0.4  # rows become lanes; then the waiting row opens
_BEGIN, _LEAVE = 0.4, 0.6  # a step of the engine begins; tasks leave
_PASS, _TICK = 0.4, 0.6  # a step passes in which nothing happens, or with all that does

# The parts of the close part.
LIVING = Parts(
    pool=ClosePool,
    mask=BatchMask,
    rows=OpeningRows,
    strip=StepStrip,
    running=RunningTasks,
    waiting=WaitingRow,
    risers=Risers,
)

_BEGINS = Phase.STEP, Phase.TOKEN, Phase.POINT
_GOES, _COMES = (Phase.LEAVE, Phase.TAKE), (Phase.JOIN, Phase.PAGE)
_SMALL = 0.3  # of what goes into something, or comes out of it


class Life:
    """What eight frames and their tasks go through, on a scene's stage.

    Attributes
    ----------
    pool, rows
        The frames, and the rows of tasks.
    """

    def __init__(self, scene: PictureScene) -> None:
        part = scene.stage.part
        self._scene = scene
        self.pool, self.rows, mask = part(ClosePool), part(OpeningRows), part(BatchMask)
        self._memory: tuple[AnyPart, ...] = (self.pool, mask)
        self._strip, self._running = part(StepStrip), part(RunningTasks)
        self._waiting, self._risers = part(WaitingRow), part(Risers)
        self._lanes: tuple[AnyPart, ...] = (
            *(self._strip, self._running, self._waiting, self._risers),
        )
        self._at = first_step(self.pool.told)
        self._entered = self._in_lanes = False

    @property
    def frames(self) -> range:
        """All frames."""
        return range(self.pool.told.frames)

    def play(self, seconds: float, *movements: Movements) -> None:
        """Play movements together, if there are any."""
        moves = during(Phase.STEP, *movements)[Phase.STEP]()
        if moves:
            self._scene.move(*moves, seconds=seconds)

    def _be_ready(self, *, lines: bool = True) -> None:
        """Let the frames take the place of those that were seen, if they have not; close a row."""
        if self.rows.opened:
            self.play(_CLOSE, self.rows.close(lines=lines), self.pool.point_out(None))
        if self._entered:
            return
        self._entered = True
        gone = [each for each in self._scene.mobjects if isinstance(each, TravellingPool)]
        enter = self.pool.enter()
        self.play(_FACE, only(enter, Phase.LAY_OUT), {Phase.END: lambda: [*map(FadeOut, gone)]})
        self.play(_BITS, only(enter, Phase.LABEL), self._memory[1].enter())

    def context(self) -> Context:
        """Return the tokens, as numbers, of the task that came first, and its page table."""
        told, rows = self.pool.told, self.rows.rows
        row = next(iter(rows.values()))
        count = told.tokens[self._at][row.task]
        size = told.initial.page_size or 1
        return Context(row.task, tuple(map(str, range(count))), row.frames, size)

    def show(self, steps: Sequence[Step]) -> None:
        """Show events one after another: in rows, or in the lanes if rows have become these."""
        self._be_ready()
        if self._in_lanes:
            self._unfold(steps)
            return
        for step in steps:
            self._note([step])
            if isinstance(step.event, Submit):  # who waits is seen later
                continue
            parts = [*_shared_first(step)]
            come, reach = (_COME, _REACH) if len(parts) == 1 else (_SOON, _SOON)
            for part in parts:
                pool = [each.show(part) for each in self._memory]
                rows = self.rows.show(part)
                goes = [only(each, *_BEGINS, *_GOES) for each in pool]
                self.play(come, only(rows, *_GOES, *_COMES), *goes)
                moves = [only(each, Phase.CONNECT) for each in (rows, *pool)]
                self.play(_REACH if part is parts[0] else reach, *moves)

    def catch_up(self, steps: Sequence[Step]) -> None:
        """Show events of which nothing is said: all that happen in a step of the engine at once."""
        if steps:
            self._be_ready()
        for at, group in groupby(steps, key=lambda step: step.at or 0):
            self.tick(at, [*group])

    def tick(self, at: int, steps: Sequence[Step]) -> None:
        """Let a step of the engine pass, with all that happens in it at once."""
        self._note(steps)
        parts = [*self._memory, *(self._lanes if self._in_lanes else [self.rows])]
        moves = [part.show(step) for step in steps for part in parts]
        begins = [part.begin(at) for part in parts if not steps]
        self.play(_TICK if steps else _PASS, *begins, *moves)

    def seek(self, step: Step, seconds: float) -> None:
        """Show that a task that waits finds too few frames."""
        self._note([step])
        self.play(seconds, *(part.show(step) for part in (*self._memory, *self._lanes)))

    def become_lanes(self) -> None:
        """Let rows become lanes, then let the waiting row open below them; once."""
        self._be_ready(lines=False)
        if self._in_lanes:
            return
        self._in_lanes = True
        _settle(self._risers.begin(self._at))  # what was taken in this step has been seen
        rows, running, strip = self.rows.hand_over(), self._running, self._strip
        known: set[Mobject] = set()
        moves: list[Animation] = []
        for lane, badge in running.badges.items():
            row, table = rows[badge.task], running.tables[badge.task]
            cells = [cell for (other, _), cell in sorted(strip.cells.items()) if other == lane]
            known |= {badge, *table, *(shape for cell in cells for shape in cell.mobjects)}
            moves += self._become_lane(row, badge, [*table], cells)
        others = [*strip.mobjects, *running.mobjects]
        moves = [*(FadeIn(each) for each in others if each not in known), *moves]
        self._scene.move(*moves, seconds=_LANES)
        self._scene.move(*map(FadeIn, self._waiting.mobjects), seconds=_QUEUE)
        # From back to front as the parts have them.
        self._scene.add(*(each for part in self._lanes for each in part.mobjects))

    def _become_lane(
        self, row: TaskRow, badge: Badge, table: Sequence[VMobject], cells: Sequence[StripCell]
    ) -> Iterator[Animation]:
        """Yield the movements in which a row becomes the lane of its task."""
        self._scene.remove(row.badge)
        own = badge.copy()
        badge.scale_to_fit_height(row.badge.height).move_to(row.badge)
        yield Transform(badge, own)
        for old, new in zip_longest(row.table, table):  # one of them may be left out
            if new is None:
                yield FadeOut(old)
            else:
                self._scene.remove(old)
                yield _coming_from(old, new) if old else FadeIn(new)
        for connector in row.connectors:
            yield Connect(connector, rate_func=_backwards, remover=True)
        for number, page in enumerate(row.pages):
            if number >= len(cells):
                at = cells[-1].body.get_center()
                yield FadeOut(page, target_position=at, scale=_SMALL)
                continue
            self._scene.remove(page)
            yield _coming_from(page[0], cells[number].body)
            yield FadeOut(page[1])
        last = row.pages[-1].get_center()
        for number, cell in enumerate(cells):
            shapes = cell.mobjects if number >= len(row.pages) else cell.mobjects[1:]
            yield from (FadeIn(each, target_position=last, scale=_SMALL) for each in shapes)

    def _unfold(self, steps: Sequence[Step]) -> None:
        """Show events of a step of the engine in lanes, one after another."""
        self._note(steps)
        at, parts = steps[-1].at or 0, (*self._memory, *self._lanes)
        queued = [step for step in steps if isinstance(step.event, Submit)]
        begins = [part.begin(at) for part in parts]
        self.play(_BEGIN, *begins, *(self._waiting.show(step) for step in queued))
        seen: set[int] = set()
        for step in steps:
            if step in queued:
                continue
            drawn = step.number in seen  # of an arrival in two parts, the task is there already
            seen.add(step.number)
            some = (*self._memory, self._running, self._risers) if drawn else parts
            moves = [part.show(step) for part in some]
            self.play(_LEAVE, *(only(each, Phase.LEAVE) for each in moves))
            if not drawn:
                self.play(_COME, *(only(each, Phase.JOIN) for each in moves))
            self.play(_REACH, *(only(each, Phase.CONNECT) for each in moves))

    def _note(self, steps: Sequence[Step]) -> None:
        """Note what happens; lanes that are not seen yet follow."""
        for step in steps:
            self._at = step.at or 0
            if not self._in_lanes:
                for part in self._lanes:
                    _settle(part.show(step))


def found_first(steps: Sequence[Step]) -> Iterator[Step]:
    """Yield events so that a task finds cached pages before another frame is evicted for it."""
    *before, arrive = steps
    evict = before.pop() if before else arrive
    event, evicted = arrive.event, evict.event
    if not (isinstance(event, Arrive) and isinstance(evicted, Evict)):
        yield from steps
        return
    yield from before
    tables = {**arrive.after.tables, event.task: event.shared}
    cached = tuple(frame for frame in evict.before.cached if frame not in event.shared)
    found = replace(arrive.after, tables=tables, cached=cached)
    yield replace(arrive, before=evict.before, after=found)
    emptied = replace(found, cached=tuple(f for f in cached if f not in evicted.frames))
    yield replace(evict, before=found, after=emptied)
    yield replace(arrive, before=emptied)


def _shared_first(step: Step) -> Iterator[Step]:
    """Yield an event in the parts that are shown one after another: pages that are shared first."""
    event = step.event
    if not isinstance(event, Arrive) or not event.shared or not event.frames:
        yield step
        return
    tables = {**step.after.tables, event.task: event.shared}
    first = replace(step, after=replace(step.after, tables=tables))
    yield first
    yield replace(step, before=first.after)


def _settle(movements: Movements) -> None:
    """Let movements of what is not on screen have happened."""
    for phase in Phase:
        for move in movements[phase]() if phase in movements else ():
            move.begin()
            move.finish()
            if move.remover:  # as it cleans up
                move.interpolate(0)


def _coming_from(old: VMobject, new: VMobject) -> Animation:
    """Return the movement of something new that looks like something old at first."""
    own = new.copy()
    new.become(old)
    return Transform(new, own)


def _backwards(alpha: float) -> float:
    return float(smooth(1 - alpha))

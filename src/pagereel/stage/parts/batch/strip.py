"""The step strip: what each task of a running batch does in each of the engine's steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from manim import Animation, Create, Dot, FadeIn, FadeOut, Indicate, Transform, VMobject

from pagereel.cache import Abort, Arrive, Expand, Leave
from pagereel.stage.layout.batch import Window, batch_need, strip_in
from pagereel.stage.layout.places import Anchor, px
from pagereel.stage.part import Extent, LimitError
from pagereel.stage.parts.batch.cell import StripCell
from pagereel.stage.parts.batch.course import (
    Cell,
    Does,
    caught_up,
    courses,
    first_course,
    first_step,
    lanes_at_end,
    last_step,
)
from pagereel.stage.parts.batch.delay import DelayLine, delay_of
from pagereel.stage.parts.batch.notes import tokens_lost
from pagereel.stage.parts.batch.risers import arriving, leaving, vanishing
from pagereel.stage.parts.rows import printed
from pagereel.stage.parts.shapes import rounded_box
from pagereel.stage.parts.steps import Stepped
from pagereel.stage.text.label import Label, text_width
from pagereel.stage.text.outline import Face
from pagereel.stage.timing import Phase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Mobject
    from numpy.typing import NDArray

    from pagereel.cache import Step
    from pagereel.stage.layout.batch import BatchNeed
    from pagereel.stage.layout.places import Region
    from pagereel.stage.part import Anchors, Movements
    from pagereel.stage.parts.batch.course import Place
    from pagereel.stage.theme import Theme

_MOST_LANES, _MOST_STEPS = 5, 24
_BAND_FILL = 0.32
_SAY = px(29)  # capitals of what is said of a step
_DOT = Dot(radius=px(2.5))  # marks a place where nobody runs


class StepStrip(Stepped):
    """A cell for each task and step, in the lanes of the running batch.

    Its points: `cell`, where risers leave the cell of a task in this step, called with the task,
    which riser it is, and how many there are; `passage`, where a line from below gets through,
    called with where it comes from.

    Attributes
    ----------
    course
        What has happened so far.
    window
        The steps that are seen.
    cells
        What is drawn where.
    """

    limits = f"{_MOST_LANES} tasks at once, {_MOST_STEPS} steps of an engine"

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self.places = strip_in(region, self.need(told))
        self.course = first_course(told)
        self._begun = self.course.at
        self.window = Window(self.course.at, self.places.columns)
        self.cells: dict[Place, StripCell] = {}
        self.numbers: dict[int, Label] = {}
        self.note: Label | None = None
        self.delay: DelayLine | None = None
        self._covered: set[Place] = set()  # where there is no room for a dot
        self.band: VMobject | None = self._band()
        self.dots = self._new_dots()
        self._draw()
        self._number()

    @classmethod
    def need(cls, told: Extent) -> BatchNeed:
        """Return the room for all lanes and steps that there are."""
        return need_of_batch(told)

    @classmethod
    def check(cls, told: Extent) -> None:
        """Refuse what has no steps, and too many tasks and steps."""
        for step in told.steps:
            if step.at is None:
                raise LimitError("the engine's step of this event is not known", step=step)
            if (passed := step.at - first_step(told)) >= _MOST_STEPS:
                raise LimitError(f"an event {passed} steps after the first one", step=step)
        for step, course in zip(told.steps, courses(told), strict=True):
            if len(course.lanes) > _MOST_LANES:
                raise LimitError(f"{len(course.lanes)} tasks at once", step=step)
        if "static" in told.own:
            delay_of(told, told.own["static"])

    @property
    def points(self) -> Anchors:
        """Where risers leave the cell of a task, and where lines pass."""
        return {"cell": self._head, "passage": self._passage}

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """The band of this step, dots, numbers and cells."""
        seen = [cell for (_, at), cell in self.cells.items() if self.window.holds(at)]
        shapes = [shape for cell in seen for shape in cell.mobjects]
        band = [self.band] if self.band else []
        said = [shape for shape in (self.note, self.delay) if shape is not None]
        return [*band, self.dots, *self.numbers.values(), *shapes, *said]

    @property
    def shown(self) -> dict[Place, Cell]:
        """Lane and step -> what is drawn there."""
        return {place: shape.cell for place, shape in self.cells.items()}

    def enter(self) -> Movements:
        """Return the movements in which the empty strip appears."""
        return {Phase.APPEAR: lambda: [*map(FadeIn, self.mobjects)]}

    def begins(self, at: int) -> Movements:
        """Return the movements in which a step begins: its band comes, then tasks make tokens."""
        return {
            Phase.STEP: lambda: self._pass(at),
            Phase.TOKEN: self._draw,
            Phase.POINT: self._blink,
        }

    def show(self, change: Step) -> Movements:
        """Return the movements in which cells come, or are done or lost."""
        begin = self.begin_with(change)
        match change.event:
            case Arrive() | Expand():
                return {**begin, Phase.CONNECT: lambda: leaving(self._follow(change))}
            case Leave():
                return {**begin, Phase.LEAVE: lambda: self._release(change)}
            case _:
                return begin

    def close_up(self) -> Movements:
        """Return the movement in which all steps come to be seen, and none of them is now."""
        first = first_step(self.told)
        whole = Window(first, max(last_step(self.told) - first + 1, self.places.columns))

        def draw() -> list[Animation]:
            band, self.band = self.band, None
            return [*self._look_at(whole), *self._number(), *([FadeOut(band)] if band else [])]

        return {Phase.CLOSE_UP: draw}

    def would_begin(self) -> Movements:
        """Return the movements in which it is shown where a task would begin in a static batch."""
        if "static" not in self.told.own:
            return {}
        delay = delay_of(self.told, self.told.own["static"])

        def draw() -> list[Animation]:
            lane, last = max(
                (place for place, cell in self.course.cells.items() if cell.task == delay.task),
                key=lambda place: place[1],
            )
            start = self.places.box(lane, last, self.window).right
            box = self.places.box(lane, delay.until, self.window)
            color = self.theme.tasks[self.told.colors[delay.task]]
            self.delay = DelayLine(delay, start, box, color=color, theme=self.theme)
            self._covered = {(lane, at) for at in range(last, delay.until + 1)}
            self.dots.set_points(self._dots())
            return [*map(Create, self.delay.line), *map(FadeIn, (self.delay.says, self.delay.cell))]

        return {Phase.STREAM: draw}

    def leave(self) -> Movements:
        """Return the movements in which it fades out, before what has fewer shapes."""
        return {Phase.END: lambda: vanishing(map(FadeOut, self.mobjects))}

    def _release(self, step: Step) -> list[Animation]:
        moves = leaving(self._follow(step))
        aborts = [
            one for one in self.told.steps if one.at == step.at and isinstance(one.event, Abort)
        ]
        if step not in aborts[-1:]:
            return moves
        return [*moves, *arriving(self._say(tokens_lost(self.told, aborts)))]

    def _follow(self, step: Step) -> list[Animation]:
        self.course = self.course.after(step)
        return self._draw()

    def _pass(self, at: int) -> list[Animation]:
        self.course = caught_up(self.course, self.told, at)
        moves: list[Animation] = [FadeOut(self.note)] if self.note else []
        self.note, self._covered = None, set()
        self.dots.set_points(self._dots())
        moves += self._look_at(self.window.following(at, last_step(self.told)))
        return [*moves, Transform(self.band, self._band()), *self._number()]

    def _draw(self) -> list[Animation]:
        """Return the movements in which cells come to show the course."""
        moves: list[Animation] = []
        for place, cell in self.course.cells.items():
            shape = self.cells.get(place)
            if shape is None:
                color = self.theme.tasks[self.told.colors[cell.task]]
                box = self.places.box(*place, self.window)
                shape = StripCell(cell, box, color=color, theme=self.theme)
                self.cells[place] = shape
                moves += shape.enter() if self.window.holds(place[1]) else []
            elif shape.cell != cell:
                moves += shape.turn(cell)
        self.dots.set_points(self._dots())
        return moves

    def _say(self, texts: Sequence[str]) -> list[Animation]:
        """Return the movement in which something is said of this step, until it has passed.

        It stands behind the step, in the lowest lane in which nobody runs as the step ends, and is
        left out if there is none. The first of the texts that fits is taken.
        """
        places, at = self.places, self.course.at
        lanes = lanes_at_end(self.told, at)
        free = [lane for lane in range(places.count) if not any(lanes[lane : lane + 1])]
        left = places.gap(at, self.window) + px(10)
        room = places.right - left
        fitting = [text for text in texts if text_width(text, Face.SERIF) * _SAY <= room]
        if not free or not fitting:
            return []
        lane = free[-1]
        self.note = Label(fitting[0], Face.SERIF, cap=_SAY, color=self.theme.ink)
        self.note.put(left, places.middle(lane), -1)
        pitch = places.pitch_of(self.window)
        columns = int((self.note.get_right()[0] - left) / pitch) + 2
        self._covered = {(lane, at + 1 + column) for column in range(columns)}
        self.dots.set_points(self._dots())
        return [FadeIn(self.note)]

    def _blink(self) -> list[Animation]:
        """Return the movements in which the signs of tasks blink whose next token has no frame."""
        asking = [
            shape.sign
            for (_, at), shape in self.cells.items()
            if at == self.course.at and shape.cell.does is Does.ASKS and shape.sign
        ]
        return [Indicate(ring, scale_factor=1.6, color=self.theme.ink) for ring in asking]

    def _look_at(self, window: Window) -> list[Animation]:
        """Return the movements in which cells go to their places in another window."""
        before, self.window = self.window, window
        if window == before:
            return []
        moves: list[Animation] = []
        for (lane, at), shape in self.cells.items():
            if window.holds(at) or before.holds(at):
                box, leaves = self.places.box(lane, at, window), not window.holds(at)
                moves += shape.to(box, leaves=leaves)
        if window.count != before.count:
            old, self.dots = self.dots, self._new_dots()
            moves += [FadeOut(old), FadeIn(self.dots)]
        return moves

    def _number(self) -> list[Animation]:
        """Return the movements in which numbers come to name the columns, the step's own in ink."""
        moves: list[Animation] = []
        for at in range(self.window.first, self.window.first + self.window.count):
            if at % self._every == 0:
                old, new = self.numbers.get(at), self._label(at)
                self.numbers[at] = old or new
                moves.append(Transform(old, new) if old else FadeIn(new))
        gone = [
            self.numbers.pop(at)
            for at in [*self.numbers]
            if not self.window.holds(at) or at % self._every
        ]
        return [*moves, *map(FadeOut, gone)]

    @property
    def _every(self) -> int:
        """Every so many columns have a number, so that there is room between numbers."""
        widest = text_width(str(last_step(self.told)), Face.SERIF) * self.places.cap
        return 1 if widest + px(10) < self.places.pitch_of(self.window) else 2

    def _label(self, at: int) -> Label:
        now = self.band is not None and at == self.course.at
        color = self.theme.ink if now else self.theme.dim
        label = Label(str(at), Face.SERIF, cap=self.places.cap, color=color)
        return label.put(self.places.x(at, self.window), self.places.axis)

    def _band(self) -> VMobject:
        region = self.places.band(self.course.at, self.window)
        box = rounded_box(
            region.width,
            region.height,
            radius=px(12),
            color=self.theme.line,
            fill=_BAND_FILL,
            line=0,
        )
        box.set_stroke(width=0)
        return box.move_to((*region.center, 0))

    def _new_dots(self) -> VMobject:
        dots = VMobject(fill_color=self.theme.outline, fill_opacity=0.7, stroke_width=0)
        return dots.set_points(self._dots())

    def _dots(self) -> NDArray[np.float64]:
        """Return the dots that mark where nobody runs, as Bézier points of shape (n, 3)."""
        places, window = self.places, self.window
        free = [
            (places.x(at, window), places.middle(lane), 0)
            for at in range(window.first, window.first + window.count)
            for lane in range(places.count)
            if (lane, at) not in self.course.cells and (lane, at) not in self._covered
        ]
        return np.concatenate([np.zeros((0, 3)), *(_DOT.points + centre for centre in free)])

    def _head(self, task: str, number: int = 0, count: int = 1) -> Anchor:
        """Return where a riser leaves a task's cell: upwards, past other cells in the next gap."""
        places, at = self.places, self.course.at
        lane = self.course.lanes.index(task)
        box, top = places.box(lane, at, self.window), places.band(at, self.window).top
        if all((above, at) not in self.course.cells for above in range(lane)):
            x = box.left + box.width * (number + 1) / (count + 1)
            return Anchor((x, box.top), ((x, top),))
        gap, y = places.gap(at, self.window), places.middle(lane)
        return Anchor((box.right, y), ((gap, y + px(24)), (gap, top)))

    def _passage(self, x: float) -> Anchor:
        """Return the next gap between columns at the right."""
        places, pitch = self.places, self.places.pitch_of(self.window)
        columns = int((x - places.left) / pitch) + 1
        gap = places.left + columns * pitch
        band = places.band(self.course.at, self.window)
        return Anchor((x, band.bottom), ((gap, band.bottom), (gap, band.top)))


def need_of_batch(told: Extent) -> BatchNeed:
    """Return the room for all the lanes, steps, names and tables that there ever are."""
    return batch_need(
        max((len(course.lanes) for course in courses(told)), default=1),
        last_step(told) - first_step(told) + 1,
        name=max(text_width(task, Face.BOLD) for task in told.colors),
        table=max(len(printed(table)) for table in told.tables),
    )

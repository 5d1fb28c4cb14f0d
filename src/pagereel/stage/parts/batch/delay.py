"""How much later a task would start in a static batch, which no task joins until all are done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from manim import Dot, Polygon, VGroup, VMobject

from pagereel.cache import Abort, Arrive, Finish, Submit
from pagereel.stage.layout.places import MIN_CAP, px
from pagereel.stage.part import LimitError
from pagereel.stage.parts.shapes import dashed, rounded_box
from pagereel.stage.text.label import Label, text_width
from pagereel.stage.text.outline import Face

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pagereel.stage.layout.places import Region
    from pagereel.stage.part import Extent
    from pagereel.stage.theme import Theme
    from pagereel.toml.table import Table

_CAP, _PITCH = px(29), 1.5
_DOT, _APART, _PAD = px(2), px(11), px(14)
_TIP = px(14)
_NUMBERS = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)


@dataclass(frozen=True, slots=True)
class Delay:
    """A task that a static batch would keep waiting.

    Attributes
    ----------
    task, tokens
        The task, and how many tokens its prompt has.
    began, until
        The engine's step in which it began, and in which the batch before it was done.
    more
        Whether that batch might have taken longer: some of its tasks were given up.
    """

    task: str
    tokens: int | None
    began: int
    until: int
    more: bool

    @property
    def says(self) -> tuple[str, ...]:
        """By how much it would have begun later, in words, in one or two pieces."""
        steps = self.until - self.began
        number = _NUMBERS[steps] if steps < len(_NUMBERS) else str(steps)
        says = f"{number} {'step' if steps == 1 else 'steps'} later"
        return (f"{says},", "or more") if self.more else (says,)


def read_static(table: Table) -> str:
    """Read which task a static batch would keep waiting.

    Raises
    ------
    StoryError
        If it names none.
    """
    table.allow(("task",))
    task = table.name("task")
    if task is None:
        raise table.error('the task is missing; add task = "D"')
    return task


def delay_of(told: Extent, task: str) -> Delay:
    """Return how long a static batch would keep a task waiting.

    The batch before it consists of the tasks that had arrived when it was submitted.

    Raises
    ------
    LimitError
        If the task does not arrive, or no task of that batch finishes after it has arrived.
    """
    batch: list[str] = []
    arrived: tuple[int, int | None] | None = None
    ends: list[int] = []
    more = waits = False
    for step in told.steps:
        at = step.at or 0
        match step.event:
            case Submit(task=other):
                waits |= other == task
            case Arrive(task=other, tokens=tokens) if other == task:
                arrived = at, tokens
            case Arrive(task=other) if not waits:
                batch.append(other)
            case Finish(task=other) if other in batch:
                ends.append(at)
            case Abort(task=other) if other in batch:
                more = True
            case _:
                pass
    if arrived is None:
        raise LimitError(f"{task} never arrives, so no batch keeps it waiting", key="static")
    began, tokens = arrived
    until = max(ends, default=began)
    if until <= began:
        raise LimitError(
            f"no task of the batch before {task} ends after it has begun", key="static"
        )
    return Delay(task, tokens, began, until, more)


class DelayLine(VGroup):
    """A dotted line from a task's last cell to where its first one would stand, and what it means.

    Parameters
    ----------
    delay
        What is shown.
    start
        Where the task's last cell ends.
    box
        Where its first cell would stand.
    color
        Of the task.
    theme
        The other colours.
    """

    def __init__(
        self, delay: Delay, start: float, box: Region, *, color: str, theme: Theme
    ) -> None:
        _, y = middle = box.center
        left, right = start + _PAD, box.left - px(6)
        self.says = _words(delay.says, left, right - _TIP, y=y, theme=theme)
        dots = [
            x
            for x in np.arange(left, right - _TIP - _APART / 2, _APART)
            if not any(
                label.get_left()[0] - _PAD < x < label.get_right()[0] + _PAD for label in self.says
            )
        ]
        line = VMobject(fill_color=color, fill_opacity=1, stroke_width=0)
        dot = Dot(radius=_DOT).points
        line.set_points(
            np.concatenate([dot + np.array([x, y, 0]) for x in dots] or [np.zeros((0, 3))])
        )
        corners = (right, y, 0), (right - _TIP, y + _TIP / 2, 0), (right - _TIP, y - _TIP / 2, 0)
        tip = Polygon(*corners, fill_color=color, fill_opacity=1, stroke_width=0)
        radius = min(px(9), box.width / 4)
        rim = rounded_box(box.width, box.height, radius=radius, color=color, fill=0)
        self.line, self.cell = VGroup(line, tip), VGroup(dashed(rim.move_to((*middle, 0))))
        if delay.tokens is not None:
            cap = max(MIN_CAP, min(px(36), 0.36 * box.width))
            self.cell.add(Label(str(delay.tokens), Face.BOLD, cap=cap, color=color).put(*middle))
        super().__init__(self.line, self.says, self.cell)


def _words(says: Sequence[str], left: float, right: float, *, y: float, theme: Theme) -> VGroup:
    """Return what is said, on one line where it fits beside some dots, else on two."""
    room = right - left - 2 * _PAD - 6 * _APART
    lines = [" ".join(says)]
    if text_width(lines[0], Face.SERIF) * _CAP > room:
        lines = [*says]
    widest = max(text_width(line, Face.SERIF) for line in lines)
    cap = max(MIN_CAP, min(_CAP, room / widest))
    top = y + (len(lines) - 1) * _PITCH * cap / 2
    return VGroup(
        *(
            Label(line, Face.SERIF, cap=cap, color=theme.ink).put(
                (left + right) / 2, top - number * _PITCH * cap
            )
            for number, line in enumerate(lines)
        )
    )

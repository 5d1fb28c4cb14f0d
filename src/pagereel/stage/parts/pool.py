"""The pool: its page frames and what they show."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from manim import (
    Animation,
    FadeIn,
    FadeOut,
    LaggedStart,
    RoundedRectangle,
    Transform,
    VGroup,
)

from pagereel.cache import Discard, LetGo, Load, Offload, present
from pagereel.cache.events import task_of
from pagereel.stage.layout.frames import pool_in, pool_need
from pagereel.stage.layout.places import MIN_CAP, Anchor, px
from pagereel.stage.part import Extent, LimitError, Part
from pagereel.stage.parts.shapes import cross, dashed, rounded_box, striped, stroke
from pagereel.stage.parts.slots.look import TIMES
from pagereel.stage.parts.text import digit
from pagereel.stage.text.fonts import say
from pagereel.stage.text.label import Label, Rolling
from pagereel.stage.text.outline import Face
from pagereel.stage.timing import Phase, entrance_lag

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from manim import Mobject, VMobject

    from pagereel.cache import CacheState, Step
    from pagereel.stage.layout.places import Need, Region
    from pagereel.stage.part import Anchors, Movements
    from pagereel.stage.theme import Theme

    # Tier and slot -> whose page is in it; empty if that is not known.
    Stored = Mapping[tuple[str, int], str]

_MOST = 16  # frames that can be told apart, with their connectors
_FLASH_SCALE = 1.25
_FLASH_LINE = 7
_FREE_FILL = 0.1
CACHED_FILL = 0.35  # of what fills a frame that is held
RADIUS = 0.09  # of a corner, as a share of the box


class FramePool(Part[Extent, "Step"]):
    """Page frames, numbered from 0, and a bit of the free mask at each of them.

    Its points: `frame`, below a frame, called with its number and, of a frame that several tasks
    hold, which of them comes and how many there are; and `inside`, the middle of a frame.

    Attributes
    ----------
    looks
        What the frames show now.
    marks
        Frame -> what is drawn on its box: the dashes of a cached frame, the count of a shared one,
        the cross of a reserved one.
    """

    limits = f"pools of up to {_MOST} frames"

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self.places = pool_in(region, told.frames)
        self.looks, self._stored = looks_at_start(told)
        self._colors = theme.colored(told.colors)
        self.boxes = [*map(self._box, range(told.frames))]
        self.numbers = [*map(self._number, range(told.frames))]
        marks = {frame: self._mark(frame) for frame in range(told.frames)}
        self.marks = {frame: mark for frame, mark in marks.items() if mark is not None}
        self.bits = Rolling(
            [*reversed(told.initial.mask_literal)],
            lambda frame, text: digit(text, self.places.bit_cap, theme).put(
                *self.places.bit(frame)
            ),
        )
        self.labels = self._labels()

    @classmethod
    def need(cls, told: Extent) -> Need:
        """Return the room for its frames."""
        return pool_need(told.frames)

    @classmethod
    def check(cls, told: Extent) -> None:
        """Refuse a pool with more frames than can be told apart."""
        if told.frames > _MOST:
            raise LimitError(f"a pool of {told.frames} frames", key="frames")

    @property
    def points(self) -> Anchors:
        """The point below a frame, and its middle."""
        return {
            "frame": self.places.foot,
            "inside": lambda frame: Anchor(self.places.frame(frame)),
        }

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """Boxes, numbers, marks, bits and the labels."""
        return [*self.boxes, *self.numbers, *self.marks.values(), self.bits, *self.labels]

    @property
    def shown(self) -> tuple[tuple[Look, ...], str]:
        """What the frames show, and their bits, most significant bit left."""
        return self.looks, "".join(reversed(self.bits.texts))

    def enter(self) -> Movements:
        """Return the entrance of the frames, one after another, of the labels, and of the bits."""
        whole = [VGroup(*self.drawn(frame)) for frame in range(self.told.frames)]
        lag = entrance_lag(len(whole))
        frames = LaggedStart(*(FadeIn(frame, scale=0.5) for frame in whole), lag_ratio=lag)
        return {
            Phase.LAY_OUT: lambda: [frames],
            Phase.LABEL: lambda: [*map(FadeIn, self.labels)],
            Phase.APPEAR: lambda: [FadeIn(self.bits)],
        }

    def drawn(self, frame: int) -> Sequence[VMobject]:
        """Return what is drawn of a frame, from back to front."""
        mark = self.marks.get(frame)
        return [self.boxes[frame], self.numbers[frame], *([mark] if mark else [])]

    def show(self, change: Step) -> Movements:
        """Return the movements in which frames and bits change.

        What a task takes flashes in its colour, what becomes free in the colour of free.
        """
        return {Phase.TAKE: lambda: self._take(change)}

    def _labels(self) -> list[Label]:
        """Return what names the frames and, where there is a place for it, what names the bits."""
        spot, bits, dim = self.places.label, self.places.bits_label, self.theme.dim
        last = self.told.frames - 1
        text = say("page frames") if spot.brief else say("page frames [0..{}]", last)
        label = Label(text, Face.SERIF, cap=spot.cap, color=dim, width=spot.width).put_in(spot)
        if bits is None:
            return [label]
        return [label, Label("free", Face.MONO, cap=bits.cap, color=dim).put_in(bits)]

    def _take(self, step: Step) -> list[Animation]:
        before, self.looks = self.looks, next_looks(self.looks, step, self._stored)
        self._stored = next_stored(self._stored, before, step)
        changed = [frame for frame, look in enumerate(self.looks) if look != before[frame]]
        moves = [move for frame in changed for move in self._change(frame, before[frame])]
        return [*moves, *self.bits.roll([*reversed(step.after.mask_literal)])]

    def _change(self, frame: int, before: Look) -> list[Animation]:
        moves = self._repaint(frame)
        color = self._flash(frame, before)
        if color:
            outline = self._plain_box(frame, color, 0).set_stroke(width=stroke(_FLASH_LINE))
            moves.append(FadeOut(outline, scale=_FLASH_SCALE))
        return [*moves, *self._mark_anew(frame)]

    def _repaint(self, frame: int) -> list[Animation]:
        """Return the movements in which box and number come to show a frame's look."""
        return [
            Transform(self.boxes[frame], self._box(frame)),
            Transform(self.numbers[frame], self._number(frame)),
        ]

    def _mark_anew(self, frame: int) -> list[Animation]:
        """Return the movements in which the mark of a frame comes or goes."""
        moves: list[Animation] = []
        old = self.marks.pop(frame, None)
        if old is not None:
            moves.append(FadeOut(old))
        new = self._mark(frame)
        if new is not None:
            self.marks[frame] = new
            moves.append(FadeIn(new))
        return moves

    def _flash(self, frame: int, before: Look) -> str | None:
        """Return the colour in which a frame flashes, if it has found a holder or lost its last."""
        look = self.looks[frame]
        if look.kind is Kind.FREE:
            return self.theme.free
        new = [task for task in look.tasks if task not in before.tasks or before.kind != look.kind]
        return self._color(new[-1]) if look.kind is Kind.HELD and new else None

    def _box(self, frame: int) -> RoundedRectangle:
        look, theme = self.looks[frame], self.theme
        if look.kind is Kind.HELD:
            colors = [*map(self._color, look.tasks)]
            box = self._plain_box(frame, colors[0], theme.frame_fill)
            return striped(box, colors, theme.frame_fill) if len(colors) > 1 else box
        if look.kind is Kind.CACHED:
            box = self._plain_box(frame, self._last(look), CACHED_FILL * theme.frame_fill)
            return box.set_stroke(opacity=0)  # the dashes are its outline
        color = theme.line if look.kind is Kind.RESERVED else theme.outline
        return self._plain_box(frame, color, _FREE_FILL)

    def _color(self, table: str) -> str:
        """Return the colour of the task that a page table belongs to."""
        return self._colors[task_of(table)]

    def _last(self, look: Look) -> str:
        """Return the colour of the task that held a cached frame last, if it is known."""
        return self._color(look.tasks[0]) if look.tasks else self.theme.outline

    def _plain_box(self, frame: int, color: str, fill: float) -> RoundedRectangle:
        size = self.places.box
        box = rounded_box(size, size, radius=RADIUS * size, color=color, fill=fill)
        return box.move_to((*self.places.frame(frame), 0))

    def _number(self, frame: int) -> Label:
        look, (x, y) = self.looks[frame], self.places.frame(frame)
        ink = self.theme.ink if look.kind is Kind.HELD else self.theme.dim
        label = Label(str(frame), Face.SERIF, cap=self.places.cap, color=ink)
        return label.put(x, y + self._lift(look)[0])

    def _mark(self, frame: int) -> VMobject | None:
        look, (x, y) = self.looks[frame], self.places.frame(frame)
        if look.kind is Kind.RESERVED:
            return cross(self.places.box, color=self.theme.outline).move_to((x, y, 0))
        if look.kind is Kind.CACHED:
            return dashed(self._plain_box(frame, self._last(look), 0))
        if len(look.tasks) > 1:
            down, cap = self._lift(look)[1:]
            count = Label(f"{TIMES}{len(look.tasks)}", Face.SERIF, cap=cap, color=self.theme.ink)
            return count.put(x, y - down)
        return None

    def _lift(self, look: Look) -> tuple[float, float, float]:
        """Return how far a shared frame's number stands up and its count down, and its height."""
        if len(look.tasks) < 2:
            return 0, 0, 0
        box, cap = self.places.box, max(MIN_CAP, 0.22 * self.places.box)
        gap = max(px(6), 0.1 * box)
        return (cap + gap) / 2, (self.places.cap + gap) / 2, cap


class Kind(Enum):
    """What a frame is; always exactly one of these."""

    FREE = auto()
    HELD = auto()
    CACHED = auto()
    RESERVED = auto()


@dataclass(frozen=True, slots=True)
class Look:
    """What one frame shows.

    Parameters
    ----------
    kind
        What it is.
    tasks
        The tasks that hold it, in order of arrival; of a cached frame the one that held it last,
        if it is known.
    """

    kind: Kind
    tasks: tuple[str, ...] = ()


FREE = Look(Kind.FREE)
RESERVED = Look(Kind.RESERVED)


def first_looks(state: CacheState) -> tuple[Look, ...]:
    """Return what the frames show before the first event, by frame.

    Nothing says whose content the frames have that are cached then.
    """
    return _looks(state, dict.fromkeys(state.cached, Look(Kind.CACHED)))


def next_looks(
    before: Sequence[Look], step: Step, stored: Stored | None = None
) -> tuple[Look, ...]:
    """Return what the frames show after a step, by frame.

    Parameters
    ----------
    before
        What they show before it: a cached frame keeps the task that it has there.
    step
        What happens.
    stored
        What is in tiers before it: a frame that is loaded and cached gets the task from there.
    """
    cached = {frame: before[frame] for frame in step.after.cached}
    if isinstance(step.event, Load):
        tier, slots = step.event.tier, step.event.slots
        for slot, frame in zip(slots, step.event.frames, strict=True):
            task = (stored or {}).get((tier, slot))
            cached[frame] = Look(Kind.CACHED, (task,) if task else ())
    if isinstance(step.event, LetGo):
        cached |= dict.fromkeys(step.event.cached, Look(Kind.CACHED, (step.event.task,)))
    return _looks(step.after, cached)


def looks_at_start(told: Extent) -> tuple[tuple[Look, ...], Stored]:
    """Return what the frames show before the first step, and what is in tiers then.

    Nothing says whose pages those are that were there before the earlier steps.
    """
    begun = told.earlier[0].before if told.earlier else told.initial
    looks = first_looks(begun)
    stored: Stored = {(tier, slot): "" for tier, held in begun.stored.items() for slot in held}
    for step in told.earlier:
        looks, stored = next_looks(looks, step, stored), next_stored(stored, looks, step)
    return looks, stored


def next_stored(before: Stored, looks: Sequence[Look], step: Step) -> Stored:
    """Return what is in tiers after a step; before it, the frames show `looks`."""
    stored, event = dict(before), step.event
    if isinstance(event, Offload):
        for slot, frame in zip(event.slots, event.frames, strict=True):
            stored[event.tier, slot] = next(iter(looks[frame].tasks), "")
    elif isinstance(event, Discard):
        for slot in event.slots:
            del stored[event.tier, slot]
    return stored


def _looks(state: CacheState, cached: Mapping[int, Look]) -> tuple[Look, ...]:
    frames = range(state.frames)
    looks = [RESERVED if frame in state.reserved else cached.get(frame, FREE) for frame in frames]
    for task, table in state.tables.items():
        for frame in present(table):
            looks[frame] = Look(Kind.HELD, (*_holders(looks[frame]), task))
    return tuple(looks)


def _holders(look: Look) -> tuple[str, ...]:
    return look.tasks if look.kind is Kind.HELD else ()

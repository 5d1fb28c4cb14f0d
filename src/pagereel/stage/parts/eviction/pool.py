"""The pool over a line of cached frames: its frames change as their entries leave and arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import AnimationGroup, FadeOut, LaggedStart, Transform, VGroup, there_and_back

from pagereel.cache import Arrive, Submit
from pagereel.stage.parts.eviction.entry import begins, rising, settles, sinking
from pagereel.stage.parts.eviction.tile import NUMBER, letter
from pagereel.stage.parts.pool import FramePool, Kind, next_looks
from pagereel.stage.parts.shapes import stroke
from pagereel.stage.parts.steps import StepCount
from pagereel.stage.parts.text import Counter
from pagereel.stage.text.label import Label
from pagereel.stage.text.outline import Face
from pagereel.stage.timing import Phase, within

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from manim import Animation, VMobject

    from pagereel.cache import Step
    from pagereel.stage.part import Movements
    from pagereel.stage.timing import Span

_LATE, _EARLY = 0.2, 0.3  # of a flight, in which a frame changes as its entry arrives, or leaves
_SOON = (0.0, 0.4)  # of the time of all flights: what changes besides
_WHOLE = (0.0, 1.0)
_GOES = (0.3, 0.6)  # of the end
_LAST = (0.7, 1.0)  # ... and what changes when all have arrived
_LIT_LINE, _LIT_FILL = 6, 1.6  # pixels; of the fill of a frame that is held


class LetteredPool(FramePool):
    """A pool whose frames have the letter of their task, held and cached.

    A frame that is taken out of the line changes as its entry arrives; one that joins it, as its
    entry leaves.
    """

    def show(self, change: Step) -> Movements:
        """Return the movements in which frames and bits change."""
        up, down = rising(change), sinking(change)
        before, after = self.looks, next_looks(self.looks, change)
        changed = [frame for frame, look in enumerate(after) if look != before[frame]]
        others = [frame for frame in changed if frame not in up and frame not in down]
        bits = [*reversed(change.after.mask_literal)]

        def turn(frame: int, span: Span, *, flash: bool) -> Sequence[Animation]:
            self.looks = after
            if flash:
                return within(span, self._change(frame, before[frame]))
            return within(span, [*self._repaint(frame), *self._mark_anew(frame)])

        def rise() -> list[Animation]:
            ends = {frame: (end - _LATE * (end - start), end) for frame, (start, end) in up.items()}
            return [move for frame in up for move in turn(frame, ends[frame], flash=False)]

        def sink() -> list[Animation]:
            starts = {
                f: (start, start + _EARLY * (end - start)) for f, (start, end) in down.items()
            }
            moves = [move for frame in down for move in turn(frame, starts[frame], flash=False)]
            moves += [move for frame in others for move in turn(frame, _SOON, flash=True)]
            return [*moves, *within(_SOON, self.bits.roll(bits))]

        def fill() -> list[Animation]:
            moves = [move for frame in others for move in turn(frame, _WHOLE, flash=True)]
            return [*moves, *self.bits.roll(bits)]

        settled = settles(change)
        moves = {settled: sink if settled is Phase.STREAM else fill}
        return {Phase.SLIDE: rise, **moves} if up else moves

    def leave(self) -> Movements:
        """Return the movements in which all of it fades out, after the line."""
        return {Phase.END: lambda: within(_GOES, [*map(FadeOut, self.mobjects)])}

    def brighten_bits(self) -> Movements:
        """Return the movement in which the bits that are 0 brighten once, together."""
        ink = self.theme.ink
        return {
            Phase.FILL: lambda: [
                Transform(bit, bit.copy().set_fill(ink), rate_func=there_and_back)
                for bit in self.bits.labels
                if bit.text == "0"
            ]
        }

    def light(self, frames: Iterable[int]) -> Movements:
        """Return the movement in which frames brighten, one after another, and stay so."""

        def lit(frame: int) -> Animation:
            box, number, mark = self.boxes[frame], self.numbers[frame], self.marks.get(frame)
            bright = box.copy().set_stroke(width=stroke(_LIT_LINE))
            bright.set_fill(opacity=_LIT_FILL * self.theme.frame_fill)
            # What stands on the box is moved with it, to stay in front.
            kept = [Transform(each, each.copy()) for each in (number, mark) if each is not None]
            return AnimationGroup(Transform(box, bright), *kept)

        return {Phase.SLIDE: lambda: [LaggedStart(*map(lit, frames), lag_ratio=0.5)]}

    def _number(self, frame: int) -> Label:
        look, at, cap = self.looks[frame], self.places.frame(frame), NUMBER * self.places.box
        ink = self.theme.ink if look.tasks else self.theme.dim
        return Label(str(frame), Face.SERIF, cap=cap, color=ink).put(*at)

    def _mark(self, frame: int) -> VMobject | None:
        mark, look = super()._mark(frame), self.looks[frame]
        if len(look.tasks) != 1:
            return mark
        color = self.theme.ink if look.kind is Kind.HELD else self._colors[look.tasks[0]]
        name = letter(look.tasks[0], self.places.box, color=color)
        if name is None:
            return mark
        name.shift((*self.places.frame(frame), 0))
        return VGroup(mark, name) if mark else name


class LineCounter(Counter):
    """How many frames are held, cached and free, counted when what flies has arrived."""

    def show(self, change: Step) -> Movements:
        """Return the movements by which its numbers change."""
        (roll,), settled = super().show(change).values(), settles(change)
        span = _LAST if settled is Phase.STREAM else _WHOLE
        return {settled: lambda: within(span, roll())}


class LineStep(StepCount):
    """The engine's step, which changes as the first movement of an event begins."""

    def show(self, change: Step) -> Movements:
        """Return the movement in which the number comes to be that of an event's step."""
        (roll,) = super().show(change).values()
        return {begins(change): lambda: within(_SOON, roll())}


def admitted(steps: Iterable[Step]) -> Iterator[Step]:
    """Yield steps as they are shown: a task that is queued comes as one with what happens next.

    Only the number of the engine's step would change as it is queued.
    """
    queued: Step | None = None
    for step in steps:
        shown = queued.then(step) if queued else step
        queued = shown if isinstance(step.event, Submit) else None
        if queued is None:
            yield shown
    if queued:
        yield queued


def rescued(steps: Iterable[Step]) -> tuple[int, ...]:
    """Return the frames that were taken out of the line before it was their turn, lowest first."""
    return tuple(
        sorted(
            {
                frame
                for step in steps
                if isinstance(step.event, Arrive)
                for frame in step.event.shared
                if frame in step.before.cached
            }
        )
    )

"""Page frames that two tasks hold from two sides, and the tokens that are written into them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from manim import (
    Animation,
    AnimationGroup,
    Create,
    FadeIn,
    FadeOut,
    GrowFromCenter,
    LaggedStart,
    ShrinkToCenter,
    Transform,
    VGroup,
)

from pagereel.cache import Copy
from pagereel.stage.layout.fork import BetweenPlaces, ForkNeed
from pagereel.stage.layout.places import Anchor, px
from pagereel.stage.layout.slots import row_of, two_row_page
from pagereel.stage.part import Extent, LimitError, Part
from pagereel.stage.parts.connector import route_curve
from pagereel.stage.parts.fork.marks import as_it_arrives, barrier, bounce, copy_arc, slice_of, soon
from pagereel.stage.parts.fork.state import (
    Rehearsal,
    first_copy,
    looks,
    page_size,
    place_of,
    refcount,
    word_at,
    writers,
    written_before,
)
from pagereel.stage.parts.slots.cell import require_room
from pagereel.stage.parts.slots.flight import Flight, Token, flight_curve, land
from pagereel.stage.parts.slots.look import Fill, PageLook, Paint
from pagereel.stage.parts.slots.page import SlotPage
from pagereel.stage.parts.steps import refuse_parts
from pagereel.stage.text.label import Label
from pagereel.stage.text.outline import Face
from pagereel.stage.timing import Phase, entrance_lag

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from manim import Mobject, RoundedRectangle

    from pagereel.cache import Step
    from pagereel.stage.layout.places import Point, Region
    from pagereel.stage.part import Anchors, Movements
    from pagereel.stage.theme import Theme
    from pagereel.story import Beat

_CAP, _SMALL_CAP = px(34), px(28)  # of a token on its way
_BAR = px(40)  # from the bar that stops a token to the frame behind it
_LONG = px(196)  # the bar
_GAP = px(8)  # between a frame and the connectors that end at it
_MOST_FRAMES, _PAGE_SIZE = 5, 4


class ForkFrames(Part[Extent, "Step"]):
    """Page frames with their token slots, and the next tokens of the tasks on their way to them.

    Its points: `edge`, beside a frame, called with its number and the side, 0 or 1. It holds on to
    `mouth`, where tokens leave a page of a task, and to `beside`, where they wait at it.

    Attributes
    ----------
    written
        What is held and written.
    pages
        The frames.
    tokens
        Task -> its token that is on its way.
    """

    limits = f"pools of up to {_MOST_FRAMES} frames, pages of {_PAGE_SIZE} tokens"

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self.places = places = BetweenPlaces.within(region, self.need(told))
        self.written = written_before(told)
        self._paint = Paint(theme, theme.colored(told.colors))
        self._columns = page_size(told) // places.rows
        self._coming: list[tuple[str, int]] = []
        self._cap = _SMALL_CAP if places.brief else _CAP
        self._out: Collection[int] = ()
        self._lit: Collection[int] = ()
        self._open: tuple[int, int] | None = None
        self.pages = [
            SlotPage(two_row_page(box, page_size(told), rows=places.rows), look, self._paint)
            for box, look in zip(places.boxes, self._looks(), strict=True)
        ]
        for task, each in told.words.items():
            for says in each:
                require_room(says, self.pages[0].places.slots[0].word, task=task)
        spot = places.label
        name = "frames" if places.brief else "page frames"
        self.label = Label(name, Face.SERIF, cap=spot.cap, color=theme.dim, width=spot.width)
        self.label.put_in(spot)
        self.tokens: dict[str, Token] = {}
        self._bar: RoundedRectangle | None = None
        self._arc: VGroup | None = None
        self._closed = False  # into a bar

    @classmethod
    def need(cls, told: Extent) -> ForkNeed:
        """Return how many frames there are, and how many pages a task has."""
        return ForkNeed.of(told)

    @classmethod
    def check(cls, told: Extent) -> None:
        """Refuse frames that are too many or too large, and tasks without words."""
        if told.frames > _MOST_FRAMES:
            raise LimitError(f"a pool of {told.frames} frames", key="frames")
        if told.initial.page_size != _PAGE_SIZE:
            raise LimitError(f"pages of {told.initial.page_size} tokens", key="frames")
        refuse_parts(told)
        if first_copy(told) is None:
            raise LimitError("no page is copied", key="frames")
        for task in told.colors:
            if task not in told.words:
                raise LimitError(f"{task} has no words; add them", key="words")

    def rehearsal(self) -> Callable[[Beat], object]:
        """Refuse acts that cannot be played: with other events, before others, without words."""
        return Rehearsal(self.told).do

    @property
    def points(self) -> Anchors:
        """The points beside a frame."""
        return {"edge": self._edge}

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """Frames, label, tokens on their way, and the marks between them."""
        if self._closed:
            return self._boxes
        frames = [mobject for page in self.pages for mobject in page.mobjects]
        marks = [mark for mark in (self._bar, self._arc) if mark]
        return [*frames, self.label, *marks, *self.tokens.values()]

    @property
    def shown(self) -> tuple[PageLook, ...]:
        """What the frames show."""
        return tuple(page.look for page in self.pages)

    @property
    def copied(self) -> Copy:
        """The first event in which a page is copied; `check` refuses a story without one."""
        return cast("Copy", first_copy(self.told))

    def enter(self) -> Movements:
        """Return the entrance of the frames, one after another, and of their name."""
        frames = [VGroup(*page.mobjects) for page in self.pages]
        lag = entrance_lag(len(frames))
        return {
            Phase.LAY_OUT: lambda: [
                LaggedStart(*(FadeIn(frame, scale=0.8) for frame in frames), lag_ratio=lag)
            ],
            Phase.LABEL: lambda: [FadeIn(self.label)],
        }

    def show(self, change: Step) -> Movements:
        """Return the movements in which frames change hands, and new tokens come into them.

        Tokens that come with a task or with a page leave that page one after another. Where a page
        was copied, both refcounts and the slot of the next token stand out.
        """
        before, after, size = self.written, self.written.after(change), page_size(self.told)
        come = [
            (task, position)
            for task, count in after.tokens.items()
            for position in range(before.tokens.get(task, 0), count)
            if after.state.tables[task][position // size] not in before.state.holders
        ]
        one_by_one = Phase.SLIDE if self._coming else Phase.FLY  # if steps are shown together
        self.written, self._coming = after, [*self._coming, *come]

        def turn() -> list[Animation]:
            self._lit, self._open = (), None
            if isinstance(change.event, Copy):
                self._lit = (change.event.src, change.event.dst)
                self._open = place_of(self.told, after, change.event.task)
            moves = self._turn()
            for move in moves:
                move.rate_func = as_it_arrives
            return moves

        phase = Phase.STREAM if len(come) > 1 else one_by_one
        return {Phase.CONNECT: turn, phase: lambda: self._stream(come)}

    def point_out(self) -> Movements:
        """Return the movements in which the frames that are still shared stand out."""

        def turn() -> list[Animation]:
            self._out = [number for number, page in enumerate(self.pages) if _is_shared(page)]
            return self._turn()

        return {Phase.POINT: turn}

    def call(self, task: str) -> Movements:
        """Return the movements in which a task's next token leaves its page, and its slot opens."""

        def leave() -> list[Animation]:
            self._open = place_of(self.told, self.written, task)
            x, y = self._way(task)[0]
            out = self._direction(task)
            at = (x + out[0] * px(85), y + out[1] * px(24))
            token = self.tokens[task] = self._token(task, at)
            return [FadeIn(token, target_position=(x, y, 0), scale=0.4), *self._turn()]

        return {Phase.POINT: leave}

    def stop(self) -> Movements:
        """Return the movements in which a task's next token comes out, and a bar stops it.

        Others read where it belongs: the refcount says so, and stands out.
        """
        task = self.copied.task
        frame, _ = place_of(self.told, self.written, task)

        def stop() -> list[Animation]:
            self._lit = (frame,)
            token, (x, y), out = self.tokens[task], self._way(task)[1], self._direction(task)
            level = self.places.level
            at = (x - out[0] * _BAR, y - out[1] * _BAR)
            half = (token.width if level else token.height) / 2 + px(13)
            end = (at[0] - out[0] * half, at[1] - out[1] * half)
            long = 0.62 * _LONG if level else _LONG
            self._bar = barrier(at, long, level=level, color=self.theme.ink)
            path = flight_curve(_point(token), end, level=level)
            return [
                GrowFromCenter(self._bar, rate_func=soon),
                Flight(token, path, rate_func=bounce),
                *self._turn(),
            ]

        return {**self.call(task), Phase.FLY: stop}

    def withdraw(self) -> Movements:
        """Return the movements in which the bar opens, and the token goes back beside its page."""
        task = self.copied.task

        def back() -> list[Animation]:
            token = self.tokens.get(task)
            if token is None:  # it was not called before
                return []
            bar, self._bar = self._bar, None
            page, _ = divmod(self.written.tokens[task], page_size(self.told))
            path = flight_curve(_point(token), self.anchors["beside"](task, page).point)
            return [*([ShrinkToCenter(bar, remover=True)] if bar else []), Flight(token, path)]

        return {Phase.FLY: back}

    def copy(self, steps: Sequence[Step]) -> Movements:
        """Return the movements in which a page's tokens are copied; its frame is still shared."""
        (step,) = steps
        event = cast("Copy", step.event)  # the rehearsal has refused others
        source, target = self.pages[event.src], self.pages[event.dst]
        filled = [at for at, slot in enumerate(source.look.slots) if slot.fill is Fill.WORD]
        ready = looks(self.told, self.written.after(step), columns=self._columns)[event.dst]

        def take() -> list[Animation]:
            self._open = None
            empty = ready.slots[len(filled)]
            note = refcount(0, brief=self.places.brief)  # its page still points elsewhere
            look = replace(ready, note=note, slots=(empty,) * len(ready.slots))
            return [*self._turn(), *target.turn(look)]

        def slide() -> list[Animation]:
            color = self._paint.tasks[event.task]
            moves: list[Animation] = []
            for at in filled:
                slot, where = ready.slots[at], source.slot(at)
                token = Token(slot.says, color=color, theme=self.theme, cap=self._cap, at=where)
                moves += land(token, target, at, slot, fresh=True)
            self._arc = copy_arc(
                source, target, len(filled), level=self.places.level, theme=self.theme
            )
            return [*moves, Create(self._arc)]

        return {Phase.POINT: take, Phase.SLIDE: slide}

    def write_in_turn(self) -> list[Movements]:
        """Return the movements in which tasks write that have shared a page.

        The one that has the copy is the first. The others find the page their own, and write in
        place.
        """
        first, *others = writers(self.copied, self.written)
        in_place = [move for task in others for move in (self.call(task), self.write(task))]
        return [self._settle(), self.write(first), *in_place]

    def close_up(self, bar: Region) -> Movements:
        """Return the movements in which only the frames are left, and close up into a bar."""

        def empty() -> list[Animation]:
            gone = [each for each in self.mobjects if each not in self._boxes]
            self._closed = True
            return [FadeOut(each, rate_func=soon) for each in gone]

        def close() -> list[Animation]:
            shares = row_of(bar, len(self.pages), columns=len(self.pages), gap=0)
            pairs = zip(self._boxes, shares, strict=True)
            return [Transform(box, slice_of(share, box)) for box, share in pairs]

        return {Phase.LEAVE: empty, Phase.FLY: close}

    def write(self, task: str) -> Movements:
        """Return the movement in which a task's next token goes into its slot."""

        def fly() -> list[Animation]:
            position = self.written.tokens[task]
            self.written = self.written.with_token(task)
            self._open = None
            return self._land(task, position, self.tokens.pop(task, None))

        return {Phase.FLY: fly}

    def _settle(self) -> Movements:
        """Return the movements in which nothing stands out any more, and the arc leaves."""

        def turn() -> list[Animation]:
            self._lit, arc, self._arc = (), self._arc, None
            return [*self._turn(), *([FadeOut(arc)] if arc else [])]

        return {Phase.POINT: turn}

    @property
    def _boxes(self) -> list[RoundedRectangle]:
        return [page.box for page in self.pages]

    def _turn(self) -> list[Animation]:
        pairs = zip(self.pages, self._looks(), strict=True)
        return [move for page, look in pairs for move in page.turn(look)]

    def _looks(self) -> list[PageLook]:
        found = looks(
            self.told,
            self.written,
            coming=self._coming,
            columns=self._columns,
            brief=self.places.brief,
        )
        seen = []
        for frame, look in enumerate(found):
            if self._open and self._open[0] == frame:
                at = self._open[1]
                look = look.with_slot(at, replace(look.slots[at], lit=True))  # noqa: PLW2901
            seen.append(replace(look, lit=frame in self._out, note_lit=frame in self._lit))
        return seen

    def _stream(self, come: Sequence[tuple[str, int]]) -> list[Animation]:
        flights = [AnimationGroup(*self._land(*each, None)) for each in come]
        return [LaggedStart(*flights, lag_ratio=0.55)] if flights else []

    def _land(self, task: str, position: int, token: Token | None) -> list[Animation]:
        """Return the movements by which a token comes down its connector into its slot."""
        self._coming = [each for each in self._coming if each != (task, position)]
        page, slot = divmod(position, page_size(self.told))
        frame = self.written.state.tables[task][page]
        mouth, edge = self._way(task, page)
        fresh, token = token is None, token or self._token(task, mouth, position)
        target = self.pages[frame]
        path = flight_curve(mouth, edge, level=self.places.level)
        if not fresh:
            path = flight_curve(_point(token), edge, level=self.places.level)
        path.append_points(route_curve([edge, target.slot(slot)]))
        look = self._looks()[frame].slots[slot]
        return land(token, target, slot, look, path=path, fresh=fresh)

    def _token(self, task: str, at: Point, position: int | None = None) -> Token:
        position = self.written.tokens[task] if position is None else position
        says, color = word_at(self.told, task, position), self._paint.tasks[task]
        return Token(says, color=color, theme=self.theme, cap=self._cap, at=at)

    def _way(self, task: str, page: int | None = None) -> tuple[Point, Point]:
        """Return where a token leaves a task's page, and where it comes to that page's frame."""
        if page is None:
            page = self.written.tokens[task] // page_size(self.told)
        frame = self.written.state.tables[task][page]
        return self.anchors["mouth"](task, page).point, self._edge(frame, self._side(task)).point

    def _side(self, task: str) -> int:
        return [*self.told.colors].index(task)

    def _direction(self, task: str) -> Point:
        """Return where tokens of a task go to: as a step of length 1."""
        sign = 1 - 2 * self._side(task)
        return (float(sign), 0.0) if self.places.level else (0.0, -float(sign))

    def _edge(self, frame: int, side: int) -> Anchor:
        page = self.pages[frame]
        if self.places.level:
            x, y = page.right if side else page.left
            return Anchor((x + (2 * side - 1) * _GAP, y))
        x, y = page.bottom if side else page.top
        return Anchor((x, y - (2 * side - 1) * _GAP))


def _is_shared(page: SlotPage) -> bool:
    return len(page.look.holders) > 1


def _point(mobject: Mobject) -> Point:
    x, y, _ = mobject.get_center()
    return float(x), float(y)

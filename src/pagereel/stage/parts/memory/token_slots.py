"""The token slots of a memory: reserved in one piece, or in page frames; a slot never moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from manim import Animation, AnimationGroup, FadeIn, FadeOut, LaggedStart, linear

from pagereel.stage.layout.memory import MemoryPlace
from pagereel.stage.layout.places import px
from pagereel.stage.part import Extent, LimitError, Part
from pagereel.stage.parts.memory.use import Models, Use, memory_need, paged_use, writing
from pagereel.stage.parts.shapes import rounded_box
from pagereel.stage.parts.slots.flight import Token, flight_curve, land
from pagereel.stage.parts.slots.hatching import Hatching
from pagereel.stage.parts.slots.look import FREE, Edge, Fill, PageLook, Paint, Slot, empty, word
from pagereel.stage.parts.slots.page import SlotPage
from pagereel.stage.parts.steps import refuse_gaps, refuse_parts
from pagereel.stage.text.label import Label
from pagereel.stage.text.outline import Face
from pagereel.stage.timing import Phase, within

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from manim import Mobject, RoundedRectangle

    from pagereel.cache import Step
    from pagereel.stage.layout.memory import MemoryNeed
    from pagereel.stage.layout.places import Point, Region
    from pagereel.stage.layout.slots import PagePlaces
    from pagereel.stage.part import Movements
    from pagereel.stage.theme import Theme
    from pagereel.story import Beat

_MOST_SLOTS = 64
_PANEL = 0.05  # how much of the outline's colour fills the panel
_DROP = 1.1  # how far above its slot a token appears that was just generated, in slots
_SWEEP = 0.4  # of the time in which a slot is hatched, after which the next one starts
_FIRST = 0.0, 0.25  # of the entrance: the panel comes, a large area
_LAG = 0.25  # of a token's flight, after which the next one starts
_TOKEN = 0.9  # height of a token's capital, of that of the word in its slot


class TokenSlots(Part[Extent, "Step"]):
    """Every token slot of a memory, and whose it is.

    At first slots stand in rows without gaps, as tasks reserve them; `cut` parts them into page
    frames. Then tokens come from the point `badge` of another part. Its own points: `slot`, the
    middle of a slot, called with its number.

    Attributes
    ----------
    use
        What the memory holds, as it is shown.
    framed
        Whether the slots stand in page frames.
    size
        How many slots a page has as it is drawn. A reservation is drawn in such pages, too.
    """

    limits = f"memories of up to {_MOST_SLOTS} token slots"

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        need = memory_need(told)
        self.place = MemoryPlace.within(region, need)
        self._paint = Paint(theme, theme.colored(told.colors))
        self.use = paged_use(told, told.earlier[-1] if told.earlier else None)
        self.framed = bool(self.use.tables)
        self._fresh: frozenset[int] = frozenset()
        self._bright = False
        self.size = self.use.size
        self.pages = self._drawn(self.place.pages(self.size) if self.framed else self._even())
        self._spots = self.place.reserved(self.size)[1]
        self.labels: dict[str, Label] = {}
        self._label = Label(
            f"KV cache: {need.slots} token slots",
            Face.SERIF,
            cap=self.place.label.cap,
            color=theme.dim,
            width=self.place.label.width,
        ).put_in(self.place.label)
        self._panel = self._background()

    @classmethod
    def need(cls, told: Extent) -> MemoryNeed:
        """Return its slots, and the sizes of pages into which they are cut."""
        return memory_need(told)

    @classmethod
    def check(cls, told: Extent) -> None:
        """Refuse a memory that cannot be drawn slot by slot, and steps without end."""
        refuse_gaps(told)
        refuse_parts(told)
        need = memory_need(told)
        if need.slots > _MOST_SLOTS:
            raise LimitError(f"a memory of {need.slots} token slots", key="frames")
        for size in need.sizes:
            if need.slots % size or need.longest % size:
                says = f"{need.slots} slots for requests of {need.longest} in pages of {size}"
                raise LimitError(f"{says}: they do not divide evenly", key="reservation")

    def rehearsal(self) -> Callable[[Beat], object]:
        """Refuse acts for which the requests and the tables of the story do not give enough."""
        return Models(self.told).rehearse

    @property
    def points(self) -> dict[str, Callable[..., Any]]:
        """The middle of a slot."""
        return {"slot": self._slot}

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """The panel, the slots, and the labels."""
        slots = [mobject for page in self.pages for mobject in page.mobjects]
        return [self._panel, self._label, *slots, *self.labels.values()]

    @property
    def shown(self) -> tuple[tuple[str, int | None] | None, ...]:
        """By slot: None if it is free, else its task, and which of its tokens is there, if any."""
        return self.use.slots

    def enter(self) -> Movements:
        """Return the entrance of the slots, row by row, and of what names them."""
        rows = [page.mobjects for page in self.pages]
        moves = [AnimationGroup(*map(FadeIn, row)) for row in rows]
        return {
            Phase.LAY_OUT: lambda: [
                *within(_FIRST, [FadeIn(self._panel)]),
                LaggedStart(*moves, lag_ratio=_LAG),
            ],
            Phase.LABEL: lambda: [FadeIn(self._label)],
        }

    def show(self, change: Step) -> Movements:
        """Return the movements in which it comes to show the pages after a step."""
        return self.become(paged_use(self.told, change))

    def become(self, use: Use) -> Movements:
        """Return the movements in which tasks take slots or give them back, then write tokens.

        Parameters
        ----------
        use
            What the memory holds then; in pages of any size that divides it.
        """
        before = self.use
        new = {
            task: range(before.tokens.get(task, 0), tokens) for task, tokens in use.tokens.items()
        }
        arriving = use.tables.keys() - before.tables.keys()
        moving = use.moved(before)
        moves: dict[Phase, Callable[[], Sequence[Animation]]] = {}
        if use.tables != before.tables or use.size != before.size:
            moves[Phase.FLIP] = lambda: self._take(use, moving)
        if moving:
            moves[Phase.FLY] = lambda: self._move(moving)
        if any(new.values()):
            moves[writing(self.use, use)] = lambda: self._write(use, new, arriving)
        return moves

    def cut(self) -> Movements:
        """Return the movement in which gaps open and each group of slots gets its own place."""
        return {Phase.CLOSE_UP: self._open}

    def regroup(self, size: int) -> Movements:
        """Return the movement in which frames split or join: they have `size` slots then."""
        return {Phase.SLIDE: lambda: self._regroup(size)} if size != self.size else {}

    def brighten(self) -> Movements:
        """Return the movement in which all that is set aside and empty stands out."""
        return {Phase.POINT: lambda: self._tint(bright=True)}

    def _slot(self, number: int) -> Point:
        page, index = divmod(number, self.size)
        return self.pages[page].slot(index)

    def _even(self) -> tuple[PagePlaces, ...]:
        return self.place.reserved(self.size)[0]

    def _drawn(self, places: Sequence[PagePlaces]) -> list[SlotPage]:
        looks = self._looks()
        return [SlotPage(*each, self._paint) for each in zip(places, looks, strict=True)]

    def _looks(self, moving: Collection[int] = ()) -> list[PageLook]:
        """Return what the pages look like, while tokens are on the way to some slots."""
        slots = [
            empty(slot[0]) if slot and at in moving else self._slot_look(slot)
            for at, slot in enumerate(self.use.slots)
        ]
        cut = [tuple(slots[at : at + self.size]) for at in range(0, len(slots), self.size)]
        return [self._page_look(number, slots) for number, slots in enumerate(cut)]

    def _page_look(self, number: int, slots: tuple[Slot, ...]) -> PageLook:
        holders = tuple(dict.fromkeys(slot.task for slot in slots if slot.task))
        if not self.framed:
            return PageLook(slots, holders, edge=Edge.NONE)
        fresh = number in self._fresh and not holders
        name = f"{number}" if self.place.tabs else f"frame {number}"
        name = name if len(slots) > 1 else ""  # too many to be read
        return PageLook(slots, holders, name, note="free" if fresh else "", fresh=fresh)

    @staticmethod
    def _slot_look(slot: tuple[str, int | None] | None) -> Slot:
        if slot is None:
            return FREE
        task, token = slot
        return empty(task) if token is None else word(f"{task}{token}", task)

    def _take(self, use: Use, moving: Mapping[int, int]) -> list[Animation]:
        """Let tasks have the slots of `use`, without the tokens that are still to be written."""
        before = self._held()
        self.use = use.taken(self.use)
        self._fresh = before - self._held() if self.framed else frozenset()
        return [*self._relabel(), *self._turn(moving)]

    def _move(self, moving: Mapping[int, int]) -> list[Animation]:
        """Let tokens go from slot to slot."""
        found = []
        for slot, before in moving.items():
            held = self.use.slots[slot]
            if held:
                task, token = held
                found.append(self._fly(f"{task}{token}", task, slot, self._slot(before)))
        return found

    def _regroup(self, size: int) -> list[Animation]:
        """Let every slot find its place in a page of another size."""
        cells = [cell for page in self.pages for cell in page.cells]
        kept = {id(mobject) for cell in cells for mobject in cell.mobjects}
        gone = [each for page in self.pages for each in page.mobjects if id(each) not in kept]
        self.size, self._fresh = size, frozenset()
        self.pages = self._drawn(self.place.pages(size))
        moves: list[Animation] = [*map(FadeOut, gone)]
        for page in self.pages:
            page.cells, cells = cells[:size], cells[size:]
            own = {id(mobject) for cell in page.cells for mobject in cell.mobjects}
            moves += [FadeIn(each) for each in page.mobjects if id(each) not in own]
            for cell, place in zip(page.cells, page.places.slots, strict=True):
                moves += cell.to(place)
        return moves

    def _turn(self, moving: Mapping[int, int]) -> list[Animation]:
        rests = self._tint(bright=False) if self._bright else []
        looks = self._looks(moving)
        moves: list[Animation] = [
            LaggedStart(*each, lag_ratio=_SWEEP, rate_func=linear)
            for each in self._sweeps(looks).values()
        ]
        for page, look in zip(self.pages, looks, strict=True):
            moves += page.turn(look)
        turned = {id(move.mobject) for move in moves}
        return [*moves, *(move for move in rests if id(move.mobject) not in turned)]

    def _sweeps(self, looks: Sequence[PageLook]) -> dict[str, list[Animation]]:
        """Return for each task how its new slots are hatched, in their order."""
        found: dict[str, list[Animation]] = {}
        for page, look in zip(self.pages, looks, strict=True):
            for index, slot in enumerate(look.slots):
                if slot.fill is Fill.EMPTY and page.look.slots[index].fill is Fill.FREE:
                    moves = page.turn(page.look.with_slot(index, slot))
                    found.setdefault(slot.task, []).append(AnimationGroup(*moves))
        return found

    def _held(self) -> frozenset[int]:
        """Return the pages, as they are drawn, of which a task has a slot."""
        return frozenset(at // self.size for at, slot in enumerate(self.use.slots) if slot)

    def _relabel(self) -> list[Animation]:
        """Label each reservation with its task; page frames have no such labels."""
        tables = {} if self.framed else self.use.tables
        moves: list[Animation] = []
        gone = [task for task in self.labels if task not in tables]
        moves += [FadeOut(self.labels.pop(task)) for task in gone]
        for task, table in tables.items():
            if task not in self.labels and self.use.size == self.place.need.longest:
                spot = self._spots[table[0]]
                label = Label(
                    f"{task} reserves {self.use.size}",
                    Face.SERIF,
                    cap=spot.cap,
                    color=self._paint.tasks[task],
                ).put_in(spot)
                self.labels[task] = label
                moves.append(FadeIn(label))
        return moves

    def _write(
        self, use: Use, new: Mapping[str, range], arriving: Collection[str]
    ) -> list[Animation]:
        """Let new tokens drop into their slots: those of a prompt one after another."""
        self.use = use
        moves: list[Animation] = []
        for task, tokens in new.items():
            slots = [use.slot_of(task, token) for token in tokens]
            flights = [
                self._fly(
                    f"{task}{token}", task, slot, self._start(task, slot, arrives=task in arriving)
                )
                for token, slot in zip(tokens, slots, strict=True)
            ]
            moves += [LaggedStart(*flights, lag_ratio=_LAG)] if flights else []
        return moves

    def _start(self, task: str, slot: int, *, arrives: bool) -> Point:
        """Return where a token comes from.

        That of a prompt comes from the task's badge, or from the lane if there are none yet; one
        that was just generated drops from right above its slot.
        """
        x, y = self._slot(slot)
        if not arrives:
            return x, y + _DROP * self.pages[0].places.slots[0].region.height
        if self.framed:
            point: Point = self.anchors["badge"](task).point
            return point
        return x, self.place.below.top

    def _fly(self, says: str, task: str, slot: int, start: Point) -> Animation:
        number, index = divmod(slot, self.size)
        page = self.pages[number]
        pill = Token(
            says,
            color=self._paint.tasks[task],
            theme=self.theme,
            cap=_TOKEN * page.places.slots[index].word.cap,
            at=start,
        )
        path = flight_curve(start, page.slot(index))
        return AnimationGroup(*land(pill, page, index, word(says, task), path=path, fresh=True))

    def _open(self) -> list[Animation]:
        self.framed = True
        places = self.place.pages(self.size)
        pairs = zip(self.pages, places, strict=True)
        return [*self._relabel(), *(move for page, place in pairs for move in page.to(place))]

    def _tint(self, *, bright: bool) -> list[Animation]:
        """Let what is hatched stand out, or step back again."""
        self._bright, quiet = bright, self.theme.quiet
        return [
            cell.content.animate.set_fill(cell.color if bright else quiet(cell.color)).build()
            for page in self.pages
            for cell in page.cells
            if isinstance(cell.content, Hatching)
        ]

    def _background(self) -> RoundedRectangle:
        place = self.place
        box = rounded_box(
            place.width,
            place.height,
            radius=px(18),
            color=self.theme.outline,
            fill=_PANEL,
            line=0,
        )
        return box.set_stroke(width=0).move_to((*place.center, 0))

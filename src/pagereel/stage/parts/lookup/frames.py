"""Page frames as small pages of text: a line for each token slot, with the slot's number."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from manim import Animation, FadeIn, Group, LaggedStart

from pagereel.cache import Arrive, Expand
from pagereel.stage.layout.path_to_slot import FramesNeed, FramesPlaces, place_frames
from pagereel.stage.layout.places import Anchor, Area, Spot
from pagereel.stage.layout.slots import line_page
from pagereel.stage.part import Extent, LimitError, Part
from pagereel.stage.parts.lookup.acts import Act, CountLookUps, EndReading, Locate, LookUp, ReadPage
from pagereel.stage.parts.lookup.facts import TABLE, context_of
from pagereel.stage.parts.lookup.strip import LAG
from pagereel.stage.parts.slots.look import FREE, PageLook, Paint, bar, pages_of, word
from pagereel.stage.parts.slots.page import SlotPage
from pagereel.stage.timing import Phase, entrance_lag, spans, within

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from manim import Mobject

    from pagereel.stage.layout.places import Region
    from pagereel.stage.layout.slots import PagePlaces
    from pagereel.stage.part import Anchors, Movements
    from pagereel.stage.parts.slots.look import Slot
    from pagereel.stage.theme import Theme

_MOST = 8  # frames whose words can be read


class LinedFrames(Part[Extent, Act]):
    """The pool: what every token slot of every frame holds.

    The tokens of the task that is asked about, and of others with words, are words; those of the
    rest are bars. Its points: `head`, above a frame; `slot`, where the word of a slot stands;
    `lane`, at the left edge of a slot, if a line from above can come there.

    Attributes
    ----------
    pages
        The frames.
    """

    limits = f"pools of up to {_MOST} frames"

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        if not isinstance(region, FramesPlaces):
            shape = Area(region.width, region.height)
            region = place_frames(region, self.need(told), shape)
        self.places, self._context = region, context_of(told)
        self.size = size = self._context.size
        paint, contents = Paint(theme, theme.colored(told.colors)), _contents(told)
        self.pages = [
            SlotPage(
                self._lines(frame),
                self._look(frame, contents.get(frame, (FREE,) * size)),
                paint,
                first=frame * size,
            )
            for frame in range(told.frames)
        ]

    @classmethod
    def need(cls, told: Extent) -> FramesNeed:
        """Return how many frames there are."""
        return FramesNeed(frames=told.frames)

    @classmethod
    def check(cls, told: Extent) -> None:
        """Refuse a large pool, and tasks whose number of tokens is not known."""
        if told.frames > _MOST:
            raise LimitError(f"a pool of {told.frames} frames", key="frames")
        _contents(told)

    @property
    def points(self) -> Anchors:
        """The points above a frame and at a slot."""
        return {"head": self.places.head, "slot": self._slot, "lane": self._lane}

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """Everything of all frames."""
        return [mobject for page in self.pages for mobject in page.mobjects]

    @property
    def shown(self) -> tuple[tuple[PageLook, ...], int | None]:
        """What the frames show, and the number of the slot that stands out."""
        looks = tuple(page.look for page in self.pages)
        slots = [slot for look in looks for slot in look.slots]
        return looks, next((number for number, slot in enumerate(slots) if slot.lit), None)

    def enter(self) -> Movements:
        """Return the entrance of the frames, one after another."""
        frames = [Group(*page.mobjects) for page in self.pages]
        lag = entrance_lag(len(frames))
        return {
            Phase.LAY_OUT: lambda: [
                LaggedStart(*(FadeIn(frame, scale=0.7) for frame in frames), lag_ratio=lag)
            ]
        }

    def show(self, change: Act) -> Movements:
        """Return the movements in which frames and slots stand out and step back."""
        match change:
            case LookUp(address):
                return {Phase.POINT: lambda: self._light(address.frame)}
            case Locate(address):
                return {Phase.POINT: lambda: self._light_slot(address.frame, address.offset)}
            case CountLookUps():
                return {Phase.LEAVE: lambda: self._light(None)}
            case EndReading():
                return {Phase.POINT: lambda: self._light(None, dim=False)}
            case ReadPage(page):
                return {
                    Phase.POINT: lambda: self._light(self._context.table[page]),
                    Phase.SLIDE: lambda: self._read(page),
                }
            case _:
                return {}

    def _light(self, frame: int | None, *, dim: bool = True) -> list[Animation]:
        """Let a frame stand out, or none, and the others step back if `dim`."""
        moves = []
        for number, page in enumerate(self.pages):
            slots = tuple(replace(slot, lit=False) for slot in page.look.slots)
            lit = number == frame
            look = replace(page.look, slots=slots, lit=lit, dim=dim and not lit)
            moves += page.turn(look)
        return moves

    def _light_slot(self, frame: int, offset: int) -> list[Animation]:
        page = self.pages[frame]
        return page.turn(page.look.with_slot(offset, replace(page.look.slots[offset], lit=True)))

    def _read(self, page: int) -> list[Animation]:
        """Let the slots of a page light up one after another, as their tokens leave."""
        frame, tokens = self.pages[self._context.table[page]], self._context.positions(page)
        times = enumerate(spans(len(tokens), lag=LAG))
        return [move for offset, span in times for move in within(span, frame.blink(offset))]

    def _lines(self, frame: int) -> PagePlaces:
        places = line_page(self.places.boxes[frame], self.size, first=frame * self.size)
        spot = places.number
        if spot is None or not self.places.mirrored(frame):
            return places
        at = places.box.right - (spot.x - places.box.left)
        return replace(places, number=Spot.at(at, spot.y, spot.cap, width=spot.width, align=1))

    def _look(self, frame: int, slots: tuple[Slot, ...]) -> PageLook:
        tables = self.told.initial.tables
        holders = tuple(task for task, table in tables.items() if frame in table)
        number = f"{frame}" if self.places.brief else f"frame {frame}"
        return PageLook(number=number, holders=holders, slots=slots)

    def _slot(self, frame: int, offset: int) -> Anchor:
        return Anchor(self.pages[frame].slot(offset))

    def _lane(self, frame: int, offset: int) -> Anchor:
        """Return the left end of a slot, and where a line from above turns to it."""
        box = self.pages[frame].places.slots[offset].region
        x, y = self.places.lane(frame), box.center[1]
        return Anchor((box.left, y), () if x is None else ((x, y),))


def _contents(told: Extent) -> Mapping[int, tuple[Slot, ...]]:
    """Return frame -> what its slots hold, of the frames that a task holds.

    Raises
    ------
    LimitError
        If nothing says how many tokens a task has, or they are more or fewer than fit its pages.
    """
    found: dict[int, tuple[Slot, ...]] = {}
    size = told.initial.page_size or 1
    for task, table in told.initial.tables.items():
        if told.words.get(task):
            tokens = [word(says, task) for says in told.words[task]]
        else:
            tokens = [bar(task)] * _count(told, task)
        pages = pages_of(tokens, size, task)
        if len(pages) != len(table):
            says = f"{len(tokens)} tokens of {task} fill {len(pages)} pages of {size}"
            raise LimitError(f"{says}, but its page table has {len(table)}", key=TABLE)
        found |= dict(zip(table, pages, strict=True))
    return found


def _count(told: Extent, task: str) -> int:
    """Return how many tokens a task has at least: its prompt, and what its last page was for."""
    count = None
    for step in told.earlier:
        match step.event:
            case Arrive(task=other, tokens=tokens) if other == task:
                count = tokens
            case Expand(task=other, pos=pos) if other == task:
                count = None if pos is None else pos + 1
    if count is None:
        raise LimitError(f"nothing says how many tokens {task} has; add words.{task}", key=TABLE)
    return count

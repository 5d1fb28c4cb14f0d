"""The token strip: a task's positions in order, which part into pages, and the tokens read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from manim import DOWN, Animation, FadeIn, FadeOut, Group, LaggedStart, Transform

from pagereel.errors import StageError
from pagereel.stage.layout.path_to_slot import StripNeed, StripPlaces, place_strip
from pagereel.stage.layout.places import Anchor, Area, Region, Spot, px
from pagereel.stage.layout.slots import PagePlaces, SlotPlace, Style
from pagereel.stage.part import Extent, LimitError, Part
from pagereel.stage.parts.lookup.acts import (
    Act,
    Ask,
    Cite,
    CountLookUps,
    CutPages,
    Divide,
    Fetch,
    ReadPage,
)
from pagereel.stage.parts.lookup.facts import (
    TABLE,
    address_of,
    check_act,
    check_numbers,
    context_of,
)
from pagereel.stage.parts.slots.cell import TEXT, require_room
from pagereel.stage.parts.slots.flight import Token, land
from pagereel.stage.parts.slots.look import Edge, Fill, PageLook, Paint, Slot, empty, word
from pagereel.stage.parts.slots.page import SlotPage
from pagereel.stage.parts.steps import refuse_events
from pagereel.stage.text.label import Label
from pagereel.stage.text.outline import Face
from pagereel.stage.timing import Phase, spans, within

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from manim import Mobject

    from pagereel.stage.part import Anchors, Movements
    from pagereel.stage.theme import Theme
    from pagereel.story import Beat

_MOST_PAGES, _MOST_SIZE = 4, 4
_WORD, _LARGE = px(25), px(34)  # height of the capitals of a word, and of what asks for one
LAG = 0.25  # of a flight: so much later comes the next word of a page
_PAD = px(4)  # beside a word
_DROP = px(30)  # by which a label drops where a chip takes its place
_MARK = "?"


class TokenStrip(Part[Extent, Act]):
    """Boxes in the order of the positions, each with its number above and, once read, its token.

    Tokens fly to it from the point `slot` of another part. Its points: `position`, below a box.

    Attributes
    ----------
    context
        The tokens and their page table.
    address
        Where the token is that is asked for.
    pages
        The boxes, page by page.
    """

    limits = f"a task of {_MOST_PAGES} pages, {_MOST_SIZE} tokens a page"

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self.context, self.address = context_of(told), address_of(told)
        if not isinstance(region, StripPlaces):
            shape = Area(region.width, region.height)
            region = place_strip(region, self.need(told), shape)
        self.places = region
        self._color = theme.tasks[told.colors[self.context.task]]
        self._parted = False
        self._asked: int | None = None
        self._open: int | None = None  # the position that is asked for, until its token comes
        self.pages = [self._page(page) for page in range(len(self.context.table))]
        for says in self.context.tokens:
            require_room(says, self.pages[0].places.slots[0].word, task=self.context.task)
        self.numbers = [self._number(position) for position in range(len(self.context.tokens))]
        self.labels = [
            Label(f"page {page}", Face.SERIF, cap=spot.cap, color=theme.dim).put_in(spot)
            for page, spot in enumerate(self.places.labels)
        ]
        self._named: set[int] = set()  # the pages whose label is on screen

    @classmethod
    def need(cls, told: Extent) -> StripNeed:
        """Return how many pages it has, and of how many positions."""
        context = context_of(told)
        return StripNeed(pages=len(context.table), size=context.size)

    @classmethod
    def check(cls, told: Extent) -> None:
        """Refuse a token that does not exist, a title of another look-up, and too many tokens."""
        address, context = address_of(told), context_of(told)
        try:
            check_numbers(told.title, context, address)
        except StageError as error:
            raise LimitError(str(error), key="title") from error
        if len(context.table) > _MOST_PAGES:
            raise LimitError(f"{context.task} has {len(context.table)} pages", key=TABLE)
        if context.size > _MOST_SIZE:
            raise LimitError(f"{context.size} tokens a page", key="page_size")

    def rehearsal(self) -> Callable[[Beat], object]:
        """Refuse acts out of order, and captions with numbers of another look-up."""
        earlier: list[str] = []

        def rehearse(beat: Beat) -> None:
            refuse_events(beat)
            if beat.act:
                check_act(beat.act, earlier)
                earlier.append(beat.act)
            if beat.act != "price":  # a measurement has numbers of its own, others are computed
                check_numbers(beat.caption, self.context, self.address)

        return rehearse

    @property
    def points(self) -> Anchors:
        """The point below the box of a position."""
        return {"position": self._foot}

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """The boxes, what is in them, the numbers, and the labels of pages."""
        boxes = [mobject for page in self.pages for mobject in page.mobjects]
        return [*boxes, *self.numbers, *(self.labels[page] for page in sorted(self._named))]

    @property
    def shown(self) -> tuple[tuple[str, ...], int | None, frozenset[int]]:
        """What the boxes say, the position that stands out, and the pages that have a label."""
        says = tuple(slot.says for page in self.pages for slot in page.look.slots)
        return says[: len(self.context.tokens)], self._asked, frozenset(self._named)

    def enter(self) -> Movements:
        """Return the entrance of the positions, from left to right."""
        boxes = [Group(*cell.mobjects) for page in self.pages for cell in page.cells]
        numbers: list[Mobject] = [*self.numbers, *[Group()] * (len(boxes) - len(self.numbers))]
        return {
            Phase.LABEL: lambda: [
                LaggedStart(*map(FadeIn, map(Group, boxes, numbers)), lag_ratio=LAG)
            ]
        }

    def show(self, change: Act) -> Movements:  # noqa: PLR0911 (one for each act)
        """Return the movements in which it asks, parts into pages, or takes tokens."""
        match change:
            case Ask(address):
                return {Phase.POINT: lambda: self._ask(address.position)}
            case CutPages():
                return {Phase.SLIDE: self._cut}
            case Divide(address):
                return {Phase.CONNECT: lambda: self._single_out(address.page)}
            case Fetch(address):
                return {Phase.FLY: lambda: self._take(address.position)}
            case CountLookUps():
                return {Phase.LEAVE: self._calm}
            case ReadPage(page):
                return {Phase.SLIDE: lambda: self._read(page)}
            case Cite():
                return {Phase.LEAVE: lambda: self._name(())}
            case _:
                return {}

    def _ask(self, position: int) -> list[Animation]:
        self._asked = self._open = position
        page, index = divmod(position, self.context.size)
        self._place(page)
        look = self.pages[page].look.with_slot(index, word(_MARK, self.context.task))
        return [
            Transform(self.numbers[position], self._number(position)),
            *self.pages[page].turn(look),
        ]

    def _cut(self) -> list[Animation]:
        self._parted = True
        moves = [
            move for page, boxes in enumerate(self.pages) for move in boxes.to(self._boxes(page))
        ]
        moves += [
            Transform(label, self._number(position)) for position, label in enumerate(self.numbers)
        ]
        return [*moves, *self._name(range(len(self.pages)))]

    def _single_out(self, page: int) -> list[Animation]:
        """Let the other pages step back; the chip takes the place of this page's label."""
        others = {*range(len(self.pages))} - {page}
        named = () if self.places.crowded else others
        return [*self._dim(others), *self._name(named)]

    def _calm(self) -> list[Animation]:
        self._asked = None
        return [*self._dim(()), *self._name(range(len(self.pages)) if self._parted else ())]

    def _dim(self, pages: Collection[int]) -> list[Animation]:
        moves = [
            move
            for page, boxes in enumerate(self.pages)
            for move in boxes.turn(replace(boxes.look, dim=page in pages))
        ]
        for position, label in enumerate(self.numbers):
            dim = position // self.context.size in pages
            moves.append(Transform(label, self._number(position, dim=dim)))
        return moves

    def _name(self, pages: Iterable[int]) -> list[Animation]:
        """Return the movements after which these pages have a label and no others."""
        before, self._named = self._named, {*pages}
        going = (self.labels[page] for page in before - self._named)
        coming = (self.labels[page] for page in self._named - before)
        return [*(FadeOut(label, shift=_DROP * DOWN) for label in going), *map(FadeIn, coming)]

    def _read(self, page: int) -> list[Animation]:
        """Let the tokens of a page come, one after another."""
        tokens = self.context.positions(page)
        times = zip(tokens, spans(len(tokens), lag=LAG), strict=True)
        return [move for position, span in times for move in within(span, self._take(position))]

    def _take(self, position: int) -> list[Animation]:
        """Let a token fly from its slot into its box."""
        context = self.context
        address, says = context.address(position), context.tokens[position]
        at = self.anchors["slot"](address.frame, address.offset).point
        if position == self._open:
            self._open = None
            self._place(address.page)
        token = Token(says, color=self._color, theme=self.theme, cap=_WORD, at=at)
        page, index = self.pages[address.page], address.offset
        return land(token, page, index, word(says, context.task), fresh=True)

    def _place(self, page: int) -> None:
        """Place the words of a page anew: what asks for a token is larger than a token."""
        places = self._boxes(page)
        self.pages[page].places = places
        for cell, place in zip(self.pages[page].cells, places.slots, strict=True):
            cell.place = place

    def _page(self, page: int) -> SlotPage:
        task, size = self.context.task, self.context.size
        waiting = [Slot(Fill.FREE, task)] * len(self.context.positions(page))
        slots = (*waiting, *[empty("")] * (size - len(waiting)))
        look = PageLook(slots=slots, holders=(task,), edge=Edge.NONE)
        # What nobody asks for is quiet from the start: the slots that no token has reached yet.
        colors = {task: self._color, "": self.theme.quiet(self._color)}
        return SlotPage(self._boxes(page), look, Paint(self.theme, colors))

    def _boxes(self, page: int) -> PagePlaces:
        size = self.context.size
        places = self.places.parted if self._parted else self.places.together
        boxes = places[page * size : (page + 1) * size]
        whole = Region(boxes[0].left, boxes[0].top, boxes[-1].right, boxes[0].bottom)
        caps = (_LARGE if page * size + index == self._open else _WORD for index in range(size))
        slots = tuple(
            SlotPlace(box, _middle_of(box, cap), Style.TILE, number)
            for number, (box, cap) in enumerate(zip(boxes, caps, strict=True))
        )
        return PagePlaces(whole, 0, Style.TILE, None, None, slots)

    def _number(self, position: int, *, dim: bool = False) -> Label:
        theme, asked = self.theme, position == self._asked
        color = theme.ink if asked else theme.quiet(theme.dim, TEXT) if dim else theme.dim
        cap = self.places.asked if asked else self.places.cap
        x, y = self._box(position).center
        y += self.places.numbers + (cap - self.places.cap) / 2
        return Label(str(position), Face.SERIF, cap=cap, color=color).put(x, y)

    def _foot(self, position: int) -> Anchor:
        """Return the anchor below a box: past a row below it, a line runs between two pages."""
        box, lowest = self._box(position), self.places.bottom
        x, _ = box.center
        if box.bottom - lowest < box.height / 2:
            return Anchor((x, box.bottom))
        gap, above = self.places.gap, lowest + box.height / 2 + self.places.numbers
        return Anchor((x, box.bottom), ((gap, above + self.places.cap), (gap, lowest)))

    def _box(self, position: int) -> Region:
        return (self.places.parted if self._parted else self.places.together)[position]


def _middle_of(box: Region, cap: float) -> Spot:
    """Return where a word stands in a box."""
    line = box.line(cap, 0)
    return Spot.at(line.x, line.y, line.cap, width=box.width - 2 * _PAD, align=0)

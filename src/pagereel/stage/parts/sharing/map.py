"""The map of pages: a row of pages for each task, and a line for each task that runs through them.

Pages that several tasks hold are drawn once, in the row of the task that computed them. The lines
of all their holders run through them; a page that was found, and not computed, stays an outline.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, takewhile
from typing import TYPE_CHECKING

from manim import (
    UP,
    Animation,
    AnimationGroup,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    Line,
    Transform,
    VGroup,
    VMobject,
    smooth,
    squish_rate_func,
    there_and_back,
)

from pagereel.cache import Copy
from pagereel.stage.layout.page_map import Cell, map_in, map_need, remark_spots, route
from pagereel.stage.layout.places import Anchor, Region
from pagereel.stage.layout.slots import Head, PagePlaces, two_row_page
from pagereel.stage.part import Extent, LimitError, Part
from pagereel.stage.parts.sharing.path import Draw, TaskPath, grown
from pagereel.stage.parts.sharing.signs import badge, bracket, equals, hash_key, said
from pagereel.stage.parts.sharing.state import MapState, MapStory
from pagereel.stage.parts.slots.flight import Flight
from pagereel.stage.parts.slots.look import Edge, Fill, Paint
from pagereel.stage.parts.slots.page import SlotPage
from pagereel.stage.parts.steps import refuse_gaps, refuse_parts
from pagereel.stage.timing import Phase
from pagereel.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from manim import Mobject
    from numpy.typing import NDArray

    from pagereel.cache import Step
    from pagereel.stage.layout.page_map import MapNeed
    from pagereel.stage.part import Anchors, Movements
    from pagereel.stage.parts.slots.look import PageLook
    from pagereel.stage.theme import Theme

_MOST_TASKS, _MOST_PAGES, _PAGE_SIZE = 4, 5, 4
# A page changes after a line has come to it; without a line at once, so that a GIF is smaller.
_LATE, _EARLY = squish_rate_func(smooth, 0.5, 0.9), squish_rate_func(smooth, 0, 0.35)
_SWELL = 1.7  # of a line that stands out for a moment
_TIMES = ("once", "twice", "three times", "four times")


class PageMap(Part[Extent, "Step"]):
    """Rows of pages with their tokens, and lines that run through them.

    Its points: `page`, the middle of the upper edge of the page that a frame holds.

    Attributes
    ----------
    pages
        What is in the cells of the map.
    paths
        Task in the cache -> its line.
    """

    limits = (
        f"{_MOST_TASKS} tasks with their words, {_MOST_PAGES} pages a task, "
        f"{_PAGE_SIZE} tokens a page"
    )

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self.places = map_in(region, self.need(told))
        self._story = MapStory(told, private_words=not self.places.narrow)
        self._state = self._story.first
        self._paint = Paint(theme, theme.colored(told.colors))
        self.pages = {
            cell: self._page(cell, look) for cell, look in self._story.looks(self._state).items()
        }
        self.badges = {task: self._badge(task) for task in self._story.rows}
        self.paths: dict[str, TaskPath] = {}
        self._lit: set[str] = set()  # tasks whose badges have their colour
        self._passing: list[Mobject] = []  # what leaves with the next event
        self._remarks: dict[str, VGroup] = {}  # these leave when the page is computed

    @classmethod
    def need(cls, told: Extent) -> MapNeed:
        """Return the room for a row for each task."""
        return map_need(len(told.words), max(map(len, told.tables)))

    @classmethod
    def check(cls, told: Extent) -> None:
        """Refuse more tasks, pages and steps than there is room for, and pages that change."""
        if not told.words:
            raise LimitError("no words of the tasks' prompts", key="title")
        for task in told.colors:
            if task not in told.words:
                raise LimitError(f"no words of {task}'s prompt", key="words")
        if len(told.words) > _MOST_TASKS:
            raise LimitError(counted(len(told.words), "task"), key="words")
        if told.initial.page_size != _PAGE_SIZE:
            raise LimitError(f"{told.initial.page_size} tokens a page", key="frames")
        for step in told.steps:
            if isinstance(step.event, Copy):
                raise LimitError("a page is copied", step=step)
            for task, table in step.after.tables.items():
                if len(table) > _MOST_PAGES:
                    raise LimitError(f"{task} has {len(table)} pages", step=step)
        refuse_gaps(told)
        refuse_parts(told)
        _refuse_overlap(told)

    @property
    def points(self) -> Anchors:
        """The middle of a page's upper edge."""
        return {"page": lambda frame: Anchor(self.places.head(self._state.homes[frame]))}

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """Lines, badges, pages, and what passes."""
        pages = (page.mobjects for page in self.pages.values())
        lines, badges = self.paths.values(), self.badges.values()
        said = self._remarks.values()
        return [*lines, *badges, *chain.from_iterable(pages), *said, *self._passing]

    @property
    def shown(self) -> dict[Cell, str]:
        """What the pages show: their number, their holders, and what is in their slots."""
        return {cell: described(page.look) for cell, page in sorted(self.pages.items())}

    def enter(self) -> Movements:
        """Return the movement in which the rows appear, one after another."""
        rows = [
            [
                badge,
                *(m for cell in self.pages if cell.row == row for m in self.pages[cell].mobjects),
            ]
            for row, badge in enumerate(self.badges.values())
        ]
        groups = [
            FadeIn(Group(*row), rate_func=_EARLY) for row in rows
        ]  # one by one they would take longer to draw
        return {Phase.LAY_OUT: lambda: [LaggedStart(*groups, lag_ratio=1)]}

    def leave(self) -> Movements:
        """Return the movement in which all of it fades out."""
        return {Phase.END: lambda: [FadeOut(Group(*self.mobjects), rate_func=_EARLY)]}

    def alike(self) -> Movements:
        """Return the movements in which the pages that all prompts begin with stand out."""
        count = self._alike()
        cells = [Cell(row, page) for row in range(len(self.badges)) for page in range(count)]

        def light() -> list[Animation]:
            lights = [move for cell in cells for move in self._light(cell, lit=False)]
            for move in lights:
                move.rate_func = _EARLY
            return [*lights, FadeIn(self._passes(self._bracket(count)), rate_func=_EARLY)]

        return {Phase.FLY: light}

    def show(self, change: Step) -> Movements:
        """Return the movements in which pages and lines come to show a step."""
        state = self._story.after(self._state, change)
        return {Phase.TAKE: lambda: self._become(state)}

    def tick(self, at: int) -> Movements:
        """Return the movements in which the tokens of one of the engine's steps come in."""
        return {Phase.POINT: lambda: self._become(self._story.at(self._state, at))}

    def rise(self, step: Step, *, slowly: bool = False) -> Movements:
        """Return the movements in which copies of pages that are found rise to where these stand.

        Parameters
        ----------
        step
            The arrival, or a part of it.
        slowly
            Whether signs say that they are equal, and a remark which page is not looked up.
        """
        state = self._story.after(self._state, step)
        looks = self._story.looks(state)
        found = [cell for cell in state.found if cell not in self._state.found]
        if not found:
            return {}
        task = [*self._story.rows][found[0].row]

        def fly() -> list[Animation]:
            homes = [state.homes[state.found[cell]] for cell in found]
            pairs = [*zip(found, homes, strict=True)]
            self._state = replace(self._state, asking=task)
            moves = [*self._greet(task), *self._turn(self._state)]
            if slowly:
                signs = [sign for pair in pairs for sign in self._equals(*pair)]
                moves += [*self._remark(task), *(FadeIn(self._passes(sign)) for sign in signs)]
            return [*moves, *(move for pair in pairs for move in self._fly(*pair, looks[pair[0]]))]

        return {Phase.FLY if slowly else Phase.POINT: fly}

    def brighten(self) -> Movements:
        """Return the movement in which all lines stand out for a moment."""
        return {Phase.POINT: lambda: [*map(_swell, self.paths.values())]}

    def hashes(self) -> Movements:
        """Return the movement in which the pages of the track show the hashes of their tokens."""
        keys = [self._key(cell) for cell in sorted(self._story.track) if cell in self.pages]
        return {Phase.POINT: lambda: [FadeIn(self._passes(key), shift=_up(key)) for key in keys]}

    def words(self) -> Movements:
        """Return the movement in which all pages show their words again."""
        return {Phase.POINT: self._pass}

    def saved(self) -> Movements:
        """Return the movement in which the pages that were found stand out, one after another."""

        def light() -> list[Animation]:
            lights = [self._light(cell, lit=True) for cell in self._state.found]
            return [LaggedStart(*(AnimationGroup(*each) for each in lights), lag_ratio=0.8)]

        return {Phase.STREAM: light}

    def _become(self, state: MapState) -> list[Animation]:
        """Return the movements in which all comes to show a state."""
        lines = self._lines(state)
        grows = any(isinstance(line, Draw) and line.grows for line in lines)
        moves = [*self._pass(), *lines, *self._turn(state, later=grows)]
        before, self._state = self._state, state
        moves += [
            FadeOut(self._remarks.pop(task)) for task in [*self._remarks] if task != state.asking
        ]
        for task in [*self.badges]:
            if task in before.tables and task not in state.tables:
                moves.append(FadeOut(self.badges.pop(task)))
            elif task in state.tables:
                moves += self._greet(task)
        return moves

    def _greet(self, task: str) -> list[Animation]:
        """Return the movement in which a badge takes the colour of its task, unless it has it."""
        if task in self._lit:
            return []
        self._lit.add(task)
        return [Transform(self.badges[task], self._badge(task, lit=True))]

    def _turn(self, state: MapState, *, later: bool = False) -> list[Animation]:
        """Return the movements of the pages; they are later where a line has to come first."""
        looks, moves = self._story.looks(state), list[Animation]()
        for cell in [*self.pages]:
            if cell not in looks:
                moves.append(FadeOut(Group(*self.pages.pop(cell).mobjects)))
        for cell, look in looks.items():
            if cell in self.pages:
                moves += self._fill(self.pages[cell], look)
            else:
                self.pages[cell] = self._page(cell, look)
                moves.append(FadeIn(Group(*self.pages[cell].mobjects)))
        for move in moves:
            move.rate_func = _LATE if later else _EARLY
        return moves

    def _fill(self, page: SlotPage, look: PageLook) -> list[Animation]:
        """Return the movements of a page; what is computed comes in word by word."""
        if page.look.number or not look.number:
            return page.turn(look)
        cells = [
            AnimationGroup(*cell.turn(slot, dim=look.dim))
            for cell, slot in zip(page.cells, look.slots, strict=True)
            if cell.slot != slot
        ]
        lagged = [LaggedStart(*cells, lag_ratio=0.5)] if cells else []
        return [*lagged, *page.turn(look)]

    def _lines(self, state: MapState) -> list[Animation]:
        """Return the movements of all lines: they grow, make room for others, and draw back."""
        moves: list[Animation] = []
        for task in [*self.paths]:
            if task not in state.tables:
                path = self.paths.pop(task)
                moves.append(Draw(path, path.legs, (1, 0)))
        ways = self._story.ways(state)
        routes = route(self.places, [*ways.values()], self._story.track)
        for task, legs in zip(ways, routes, strict=True):
            if task not in self.paths:
                self.paths[task] = TaskPath(self._paint.tasks[task])
            path = self.paths[task]
            if legs != path.legs:
                longer = len(legs) > len(path.legs)
                moves.append(grown(path, legs) if longer else Draw(path, legs))
        return moves

    def _fly(self, cell: Cell, home: Cell, look: PageLook) -> list[Animation]:
        """Return the movements in which a copy of a page goes to where it was found."""
        page = self.pages[cell]
        sought = self._page(cell, self._story.sought(cell))
        back = sought.box.copy().set_fill(self.theme.background, opacity=1)
        copy = Group(back, *sought.mobjects)
        self._passes(copy)
        start, end = (self.places.page(each) for each in (cell, home))
        centre = copy.get_center()
        across = (end.left - start.left, end.top - start.top, 0)
        way = Line(centre, centre + across)
        left = page.turn(look)
        for move in left:
            move.rate_func = _EARLY
        return [*left, Flight(copy, way)]

    def _remark(self, task: str) -> list[Animation]:
        """Return the movement in which is said that a page that is not full is not looked up."""
        page, rest = divmod(self._story.prompts.get(task, 0), _PAGE_SIZE)
        if not rest or task in self._remarks:
            return []
        says = ("half filled:" if 2 * rest == _PAGE_SIZE else "not full:", "not looked up")
        lines = says if self.places.turned else (" ".join(says),)
        spots = remark_spots(self.places.remark(Cell(self._story.rows[task], page)), len(lines))
        text = said(lines, spots, color=self.theme.dim)
        self._remarks[task] = text
        return [FadeIn(text)]

    def _equals(self, cell: Cell, home: Cell) -> list[VMobject]:
        """Return the sign between a page and the equal one beside it."""
        if abs(cell.row - home.row) != 1:
            return []
        one, other = self.places.page(home), self.places.page(cell)
        if self.places.turned:
            x, y = (one.right + other.left) / 2, (one.top + one.bottom) / 2
        else:
            x, y = (one.left + one.right) / 2, (one.bottom + other.top) / 2
        gap = self.places.pitch - self.places.breadth
        return [equals((x, y), gap, self.theme)]

    def _light(self, cell: Cell, *, lit: bool) -> list[Animation]:
        page = self.pages[cell]
        return page.turn(replace(page.look, dim=False, lit=lit))

    def _passes(self, mobject: Mobject) -> Mobject:
        """Remember what leaves with the next event."""
        self._passing.append(mobject)
        return mobject

    def _pass(self) -> list[Animation]:
        """Return the movements in which all that is passing leaves."""
        passing, self._passing = self._passing, []
        return [FadeOut(each, rate_func=_EARLY) for each in passing]

    def _alike(self) -> int:
        """Return how many full pages all prompts have in common."""
        tokens = zip(*self.told.words.values(), strict=False)
        return len([*takewhile(lambda words: len({*words}) == 1, tokens)]) // _PAGE_SIZE

    def _bracket(self, pages: int) -> VGroup:
        text = f"the same {pages * _PAGE_SIZE} tokens, {_TIMES[len(self.badges) - 1]}"
        return bracket(self.places.bracket(pages), text, self.theme)

    def _key(self, cell: Cell) -> VGroup:
        first, *_, last = (place.region for place in self.pages[cell].places.slots)
        region = Region(first.left, first.top, last.right, last.bottom)
        return hash_key(region, cell.page, self.theme)

    def _badge(self, task: str, *, lit: bool = False) -> VGroup:
        color, at = self._paint.tasks[task], self.places.badge_at(self._story.rows[task])
        drawn = badge(task, self.places.badge, color=color, theme=self.theme, lit=lit)
        return drawn.shift((*at, 0))

    def _page(self, cell: Cell, look: PageLook) -> SlotPage:
        try:
            return SlotPage(self._slots(cell), look, self._paint)
        except LimitError as error:
            task = [*self._story.rows][cell.row]
            raise LimitError(str(error), key=f"words.{task}") from error

    def _slots(self, cell: Cell) -> PagePlaces:
        head = Head.TOP if self.places.turned and not self.places.narrow else Head.LEFT
        return two_row_page(self.places.page(cell), _PAGE_SIZE, head=head, ruled=True)


def described(look: PageLook) -> str:
    """Return a look in words: `3 B: Rome ? - /`; bars are -, empty slots are /."""
    signs = {Fill.BAR: "-", Fill.EMPTY: "/", Fill.BLANK: ""}
    slots = " ".join(signs.get(slot.fill, slot.says) for slot in look.slots)
    kept = "kept" if look.edge is Edge.DASHED else ""
    head = " ".join(filter(None, (look.number, look.note, "".join(look.holders), kept)))
    return f"{head}: {slots}".strip()


def _swell(path: TaskPath) -> Animation:
    wide = path.line.copy().set_stroke(width=_SWELL * path.line.stroke_width)
    return Transform(path.line, wide, rate_func=there_and_back)


def _up(mobject: VMobject) -> NDArray[np.float64]:
    return 0.15 * mobject.height * UP


def _refuse_overlap(told: Extent) -> None:
    """Refuse pages where the hits are counted: behind those of the first two tasks or the last."""
    longest, tasks = max(map(len, told.tables)), [*told.words]
    room = dict.fromkeys(tasks[:2], longest - 1) | {tasks[-1]: longest - 2}
    for step in told.steps:
        for task, table in step.after.tables.items():
            if len(table) > room.get(task, longest):
                message = f"{task} has {len(table)} of at most {longest} pages"
                raise LimitError(
                    f"{message}: the hits are counted where its last one is", step=step
                )

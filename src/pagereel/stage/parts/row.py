"""A task's row: badge, page table in print, pages, and the connectors to their frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import Animation, AnimationGroup, FadeIn, FadeOut, GrowFromCenter, Transform, VGroup

from pagereel.stage.layout.route import route, spacing
from pagereel.stage.parts.connector import Connect, Connector
from pagereel.stage.parts.shapes import rounded_box
from pagereel.stage.text.label import Label
from pagereel.stage.text.outline import Face
from pagereel.stage.text.printed import PrintedTable

if TYPE_CHECKING:
    from pagereel.stage.layout.places import Layout
    from pagereel.stage.parts.pool import FramePool
    from pagereel.stage.theme import Theme

_RADIUS = 0.16  # of a page's corner, as a share of its size
_TIP_SHARE = 0.9  # of an arrowhead in its part of the frame


class TaskRow(VGroup):
    """One task's row, empty at first.

    Parameters
    ----------
    layout
        Where rows and frames stand.
    index
        Which row of the picture this is, from 0.
    task
        The task's name.
    color
        Its colour.
    theme
        The other colours.
    pool
        The frames: what they show says which of its holders the task is.
    """

    def __init__(
        self,
        layout: Layout,
        index: int,
        *,
        task: str,
        color: str,
        theme: Theme,
        pool: FramePool,
    ) -> None:
        self._layout = layout
        self._pool = pool
        self._theme = theme
        self._color = color
        self.index = index
        self.task = task
        self.badge = self._badge()
        self.pages = VGroup()
        self.connectors: list[Connector] = []
        self.table = PrintedTable(layout.rows.table, self.badge, color=theme.dim)
        super().__init__(self.badge, self.table, self.pages)

    def enter(self) -> Animation:
        """Return the movement in which the badge appears."""
        return FadeIn(self.badge, scale=0.7)

    def arrive(self, frames: tuple[int, ...]) -> Animation:
        """Return the movement in which the task's first pages fade in."""
        pages = [self._add_page(frame) for frame in frames]
        return AnimationGroup(
            *(FadeIn(page, scale=0.5) for page in pages), *self.table.extend(frames)
        )

    def expand(self, frame: int) -> Animation:
        """Return the movement in which one page more grows from nothing."""
        return AnimationGroup(GrowFromCenter(self._add_page(frame)), *self.table.extend((frame,)))

    def connect(self, pages: int) -> Animation:
        """Return the movement in which the last `pages` pages reach out to their frames."""
        return AnimationGroup(*map(Connect, self.connectors[-pages:]))

    def redirect(self, table: tuple[int, ...]) -> list[Animation]:
        """Return the movements in which connectors come to end where `table` says.

        They make room for those of other tasks below a frame that is shared, take it back, and
        follow a page that was copied.
        """
        moves = self.table.correct(table)
        for page, connector in enumerate(self.connectors):
            new = self._connector(page, table[page])
            if new.route != connector.route:
                moves.append(Transform(connector, new))
                connector.route = new.route
        return moves

    def leave(self) -> list[Animation]:
        """Return the movements in which the row and its connectors fade out.

        Each part by itself: as one group they would rise above the connectors of other rows.
        """
        return [FadeOut(part) for part in (self.badge, *self.table, *self.pages, *self.connectors)]

    def _add_page(self, frame: int) -> VGroup:
        rows, number = self._layout.rows, len(self.pages)
        x, y = rows.page_centre(self.index, number)
        box = rounded_box(
            rows.page,
            rows.page,
            radius=_RADIUS * rows.page,
            color=self._color,
            fill=self._theme.page_fill,
        ).move_to((x, y, 0))
        label = Label(str(number), Face.SERIF, cap=rows.cap, color=self._color).put(x, y)
        page = VGroup(box, label)
        self.pages.add(page)
        connector = self._connector(number, frame)
        self.connectors.append(connector)
        self.add(connector)
        return page

    def _connector(self, page: int, frame: int) -> Connector:
        place = self._pool.looks[frame].place_of(self.task)
        return Connector(
            route(self._layout, self.index, page, frame, place=place),
            color=self._color,
            background=self._theme.background,
            room=_TIP_SHARE * self._layout.pool.box / place[1],
            apart=spacing(self._layout, frame, place[1]),
        )

    def _badge(self) -> VGroup:
        rows = self._layout.rows
        x, y = rows.badge_x, rows.page_centre(self.index, 0)[1]
        box = rounded_box(
            rows.badge_width,
            rows.badge_height,
            radius=rows.badge_height / 2,
            color=self._color,
            fill=self._theme.page_fill,
        ).move_to((x, y, 0))
        name = Label(self.task, Face.BOLD, cap=rows.badge_cap, color=self._color)
        return VGroup(box, name.put(x, y))

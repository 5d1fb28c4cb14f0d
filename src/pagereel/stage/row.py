"""A task's row: badge, page table in print, pages, and the connectors to their frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import Animation, AnimationGroup, FadeIn, FadeOut, GrowFromCenter, Transform, VGroup

from pagereel.stage.connector import Connect, Connector
from pagereel.stage.layout import MONO_ADVANCE
from pagereel.stage.outline import Face
from pagereel.stage.route import route
from pagereel.stage.shapes import rounded_box
from pagereel.stage.text import Label

if TYPE_CHECKING:
    from pagereel.stage.layout import Layout, TableLayout
    from pagereel.stage.theme import Theme

_RADIUS = 0.16  # of a page's corner, as a share of its size


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
    """

    def __init__(self, layout: Layout, index: int, *, task: str, color: str, theme: Theme) -> None:
        self._layout = layout
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
        way = route(self._layout, self.index, number, frame)
        connector = Connector(way, color=self._color, background=self._theme.background)
        self.connectors.append(connector)
        self.add(connector)
        return page

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


def printed(table: tuple[int, ...]) -> str:
    """Return a page table in print, such as `[0 1 4 7]`."""
    return f"[{' '.join(map(str, table))}]"


class PrintedTable(VGroup):
    """A page table as text; nothing where the layout leaves it out.

    Parameters
    ----------
    layout
        Where it stands, seen from the middle of the badge.
    badge
        The badge of its row.
    color
        Of the text.
    """

    def __init__(self, layout: TableLayout | None, badge: VGroup, *, color: str) -> None:
        super().__init__()
        self._layout = layout
        self._color = color
        self._x, self._y, _ = badge.get_center()
        self.frames: tuple[int, ...] = ()

    def extend(self, frames: tuple[int, ...]) -> list[Animation]:
        """Return the movements by which the table comes to list `frames` as well.

        What is there stays; the closing bracket makes room for the new entries.
        """
        layout = self._layout
        if layout is None:
            return []
        old, self.frames = printed(self.frames), self.frames + frames
        text = printed(self.frames)
        if not self.submobjects:
            self.add(
                *(self._character(layout, text, at) for at in range(len(text)) if text[at] != " ")
            )
            return [FadeIn(self)]
        bracket = self.submobjects[-1]
        new = [
            self._character(layout, text, at)
            for at in range(len(old) - 1, len(text) - 1)
            if text[at] != " "
        ]
        self.submobjects[-1:] = [*new, bracket]
        end = self._character(layout, text, len(text) - 1)
        return [*map(FadeIn, new), Transform(bracket, end)]

    def _character(self, table: TableLayout, text: str, at: int) -> Label:
        x = self._x + table.dx + (at + 0.5) * MONO_ADVANCE * table.cap
        label = Label(text[at], Face.MONO, cap=table.cap, color=self._color)
        return label.put(x, self._y + table.dy)

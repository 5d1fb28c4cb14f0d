"""A page table in print, such as `[0 1 4 7]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import Animation, FadeIn, FadeOut, Transform, VGroup

from pagereel.stage.layout.places import MONO_ADVANCE
from pagereel.stage.text.label import Label
from pagereel.stage.text.outline import Face

if TYPE_CHECKING:
    from pagereel.stage.layout.places import TableLayout


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

    def correct(self, frames: tuple[int, ...]) -> list[Animation]:
        """Return the movements by which entries change, as many as the table has.

        What says the same at the same place stays.
        """
        layout, frames = self._layout, frames[: len(self.frames)]
        if layout is None or frames == self.frames:
            return []
        old, text = printed(self.frames), printed(frames)
        shown = dict(zip(_marks(old), self.submobjects, strict=True))
        kept = {at: shown[at] for at in _marks(text) if old[at : at + 1] == text[at]}
        self.frames = frames
        self.submobjects = [
            kept.get(at) or self._character(layout, text, at) for at in _marks(text)
        ]
        return [
            *(FadeOut(label) for at, label in shown.items() if at not in kept),
            *(FadeIn(label) for label in self.submobjects if label not in kept.values()),
        ]

    def _character(self, table: TableLayout, text: str, at: int) -> Label:
        x = self._x + table.dx + (at + 0.5) * MONO_ADVANCE * table.cap
        label = Label(text[at], Face.MONO, cap=table.cap, color=self._color)
        return label.put(x, self._y + table.dy)


def _marks(text: str) -> list[int]:
    """Return where something is printed in a text."""
    return [at for at, character in enumerate(text) if character != " "]

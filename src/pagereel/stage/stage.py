"""Everything that can be seen of a story, built for one picture and one theme."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from pagereel.errors import StageError, StoryError
from pagereel.stage.layout.arrange import arrange
from pagereel.stage.layout.places import MIN_CAP, Extent
from pagereel.stage.parts.pool import FramePool, next_looks
from pagereel.stage.parts.row import TaskRow
from pagereel.stage.parts.shapes import rule
from pagereel.stage.parts.state_text import Counter, FreeMask
from pagereel.stage.text.label import Label, caption, text_width
from pagereel.stage.text.outline import Face
from pagereel.stage.text.printed import printed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from manim import Animation, VGroup

    from pagereel.cache import CacheState, Step
    from pagereel.stage.layout.places import Spot
    from pagereel.stage.theme import Theme
    from pagereel.story import Beat, Story


class Stage:
    """The mobjects of a story and where they stand. Nothing is on screen yet.

    Parameters
    ----------
    story
        What is to be told.
    size
        Width and height of the picture in scene units.
    theme
        The colours.

    Raises
    ------
    StoryError
        If a text of the story is too wide for the picture.
    StageError
        If the story has too much for a picture of this shape, or a font is missing.
    """

    def __init__(self, story: Story, size: tuple[float, float], *, theme: Theme) -> None:
        self.layout = arrange(size, _extent(story))
        self.theme = theme
        layout, frames = self.layout, story.frames
        with _blaming(story, "title"):
            self.title = self._text(story.title, layout.title, theme.title)
        self.label = self._text(f"page frames [0..{frames - 1}]", layout.label, theme.dim)
        self._colors = {task: theme.tasks[name] for task, name in story.colors.items()}
        self._rows: dict[str, TaskRow] = {}
        self.pool = FramePool(layout.pool, story.initial, colors=self._colors, theme=theme)
        literal = story.initial.mask_literal
        self.mask = FreeMask(layout.mask, layout.pool, theme=theme, literal=literal)
        words = _counted(story, short=not layout.area.wide)
        self.counter = Counter(layout.counter, theme=theme, words=words, free=literal.count("1"))
        self.rule = rule(layout.area, layout.rule, color=theme.line)
        # All captions are laid out once: one that does not fit stops here and not half-way.
        for beat in story.beats:
            with _blaming(story, beat):
                self.caption(beat.caption)
        for text in (*story.preface, *([story.tagline] if story.tagline else [])):
            with _blaming(story, "tagline"):
                self.caption(text)

    def color(self, task: str) -> str:
        """Return a task's colour (hex)."""
        return self._colors[task]

    def row(self, task: str, index: int) -> TaskRow:
        """Return an empty row for a task, as row `index` of the picture."""
        row = TaskRow(
            self.layout,
            index,
            task=task,
            color=self.color(task),
            theme=self.theme,
            pool=self.pool,
        )
        self._rows[task] = row
        return row

    def show(self, step: Step) -> list[Animation]:
        """Return the movements in which frames, bits and connectors come to what a step changes.

        Rows of tasks that it has ended are gone; that of one that arrives comes later.
        """
        tables = step.after.tables
        self._rows = {task: row for task, row in self._rows.items() if task in tables}
        frames = self.pool.change(next_looks(self.pool.looks, step))
        turns = [move for task, row in self._rows.items() for move in row.redirect(tables[task])]
        return [*frames, *turns, *self.mask.show_bits(step.after.mask_literal)]

    def count(self, state: CacheState) -> list[Animation]:
        """Return the movements in which the mask in print and the counter come to a state."""
        held, free = len(state.holders), len(state.free_frames)
        return [
            *self.mask.show_literal(state.mask_literal),
            *self.counter.show(held, len(state.cached), free),
        ]

    def caption(self, text: str, *, color: str | None = None) -> VGroup:
        """Return a caption, in ink unless a colour is given."""
        return caption(text, self.layout.caption, color=color or self.theme.ink)

    def _text(self, text: str, spot: Spot, color: str) -> Label:
        label = Label(text, Face.SERIF, cap=spot.cap, color=color, width=spot.width)
        if label.cap < MIN_CAP:
            raise StageError(f"the text {text!r} is too wide for this picture; shorten it")
        # A text that was made smaller stays on its line.
        return label.put(spot.x, spot.y - (spot.cap - label.cap) / 2, spot.align)


@contextmanager
def _blaming(story: Story, part: Beat | str) -> Iterator[None]:
    """Say of what does not fit which line of the story it comes from."""
    try:
        yield
    except StageError as error:
        if isinstance(part, str):
            raise StoryError(story.path, str(error), line=story.lines[part]) from error
        raise StoryError(story.path, f"{part.place}: {error}", line=part.line) from error


def _extent(story: Story) -> Extent:
    tables = [table for step in story.steps for table in step.after.tables.values()]
    return Extent(
        frames=story.frames,
        tasks=story.most_tasks,
        pages=story.most_pages,
        name=max(text_width(task, Face.BOLD) for task in story.colors),
        table=max(len(printed(table)) for table in tables),
        counts=3 if _caches(story) else 1,
    )


def _counted(story: Story, *, short: bool) -> tuple[str, ...]:
    """Return what the counter says behind its numbers: frames held, and cached and free."""
    if _caches(story):
        return ("held", "cached") if short else ("held", "cached", "free")
    usable = story.frames - len(story.initial.reserved)
    return (f"of {usable} in use" if short else f"of {usable} frames in use",)


def _caches(story: Story) -> bool:
    return any(step.after.cached for step in story.steps)

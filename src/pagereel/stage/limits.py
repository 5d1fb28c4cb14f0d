"""What a scene can show, and what to say of a story that is more than that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pagereel.errors import StoryError
from pagereel.request import is_trace
from pagereel.story.from_trace import ADVICE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pagereel.story import Story


@dataclass(frozen=True, slots=True)
class Limits:
    """The most a scene can show: frames in the pool, tasks at once, pages of a task."""

    frames: int
    tasks: int
    pages: int

    def check(self, story: Story, scene: str) -> None:
        """Raise a `StoryError` at the first line of the story that is too much for `scene`."""
        can = (
            f"{scene} shows pools of up to {self.frames} frames, "
            f"{self.tasks} tasks at once, {self.pages} pages a task"
        )
        if is_trace(story.path):
            can += f"; {ADVICE}"
        if story.frames > self.frames:
            raise StoryError(
                story.path,
                f"a pool of {story.frames} frames; {can}",
                line=story.lines["frames"],
            )
        for beat in story.beats:
            for step in beat.steps:
                fault = self._fault(step.after.tables)
                if fault:
                    message = f"{beat.place}: {fault}; {can}"
                    raise StoryError(story.path, message, line=beat.line)

    def _fault(self, tables: Mapping[str, Sequence[int]]) -> str | None:
        if len(tables) > self.tasks:
            return f"{len(tables)} tasks at once"
        long = (task for task, table in tables.items() if len(table) > self.pages)
        return next((f"{task} has {len(tables[task])} pages" for task in long), None)

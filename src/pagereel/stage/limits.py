"""What a scene can show, and what to say of a story that is more than that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pagereel.cache import place
from pagereel.errors import StoryError
from pagereel.options import is_trace
from pagereel.story.from_trace import ADVICE
from pagereel.story.lines import line_of

if TYPE_CHECKING:
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
                line=line_of(story, "pool", "frames"),
            )
        for beat in story.beats:
            tables = beat.step.after.tables
            event = place(beat.step.number, beat.step.event.label)
            if len(tables) > self.tasks:
                raise StoryError(
                    story.path, f"{event}: {len(tables)} tasks at once; {can}", line=beat.line
                )
            for task, table in tables.items():
                if len(table) > self.pages:
                    raise StoryError(
                        story.path, f"{event}: {task} has {len(table)} pages; {can}", line=beat.line
                    )

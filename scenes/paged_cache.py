"""The first story: tasks arrive, expand and finish over one pool of page frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pagereel.cache import Abort, Arrive, Expand, Finish, Preempt
from pagereel.stage import timing
from pagereel.stage.limits import Limits
from pagereel.stage.scene import StoryScene

if TYPE_CHECKING:
    from pagereel.cache import Step


class _TaskRow:
    """One task's row, played: its badge, its pages, and an arrow from each page to its frame.

    Parameters
    ----------
    scene
        The scene that plays it.
    task
        A task of the scene's story: it gives the row its name and colour.
    index
        Which row of the picture it is, from 0.
    """

    def __init__(self, scene: StoryScene, task: str, index: int) -> None:
        self.scene = scene
        self.row = scene.stage.row(task, index)

    def arrive(self, *frames: int) -> None:
        """Fade in the task's first pages, held by `frames`."""
        self.scene.play(self.row.enter(), run_time=timing.APPEAR)
        self.scene.play(self.row.arrive(frames), run_time=timing.PAGE)
        self.scene.play(self.row.connect(len(frames)), run_time=timing.CONNECT)

    def expand(self, frame: int) -> None:
        """Grow the task by one page, held by `frame`."""
        self.scene.play(self.row.expand(frame), run_time=timing.PAGE)
        self.scene.play(self.row.connect(1), run_time=timing.CONNECT)

    def finish(self) -> None:
        """Fade out the row and its arrows."""
        self.scene.play(*self.row.leave(), run_time=timing.LEAVE)


class PagedCache(StoryScene):
    """A pool of page frames, its free mask, and a row of pages for each task."""

    default_story = "paged_cache.toml"
    limits = Limits(frames=16, tasks=5, pages=8)

    def construct(self) -> None:
        """Tell the story."""
        self.rows: dict[str, _TaskRow] = {}
        self.opening("A bit for each page frame: 1 means free.")
        for beat in self.story.beats:
            with self.beat(beat.key, beat.caption):
                for step in beat.steps:
                    self.tell(step)
        self.closing()

    def tell(self, step: Step) -> None:
        """Play one event of the cache."""
        match step.event:
            case Arrive(task=task):
                self.show(step)
                self.rows[task] = _TaskRow(self, task, self._free_row())
                self.rows[task].arrive(*step.after.tables[task])
            case Expand(task=task, frame=frame):
                self.show(step)
                self.rows[task].expand(frame)
            case Finish(task=task) | Abort(task=task) | Preempt(task=task):
                if task in self.rows:
                    self.rows.pop(task).finish()
                self.show(step)
            case _:
                self.show(step)

    def _free_row(self) -> int:
        """Return the uppermost row that no task stands in."""
        used = {row.row.index for row in self.rows.values()}
        return next(index for index in range(len(used) + 1) if index not in used)

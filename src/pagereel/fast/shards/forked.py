"""Shards drawn by forked workers while this process runs ahead through the scene.

The process that runs `construct` draws nothing. At each cut it forks a worker that waits for its
turn and draws one shard. A fork keeps the scene's state, the fonts and the state of all random
numbers; nothing is pickled. So each part of the scene's code runs twice, once in the parent and
once in a worker. Output is printed only once.

Where a shard ends, its worker asks what to do. If it has shown what the parent has shown (see
`History`), it ends. If not, as the scene has thrown dice or looked at a clock, the worker draws all
of the rest alone, and the parent gives up what it and the others have made of it. So the video
always shows one run of the scene: the parent's up to a cut, and then that of one worker. The same
happens

- before the scene does anything outside of its process, such as writing a file (see `Guard`);
- at a cut where the scene has threads or connections, which no fork would have;
- at a cut after which the scene's own code has taken most of the worker's time. Then it does not
  pay to run it twice.

A spare worker is forked before the first image. If other workers are killed, it runs through the
scene again and draws the missing shards. If one raises an error that the parent has not met, or
stands still, the spare worker draws everything alone.

Shards of a checkpoint are reused if both their ends, and what is shown between them, are the same
again.
"""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, NoReturn

from pagereel.errors import RenderError
from pagereel.failure import Failure, Killed, Kind
from pagereel.fast.report import INTERVAL
from pagereel.fast.shards.crew import Crew
from pagereel.fast.shards.cutter import Cutter, DrawnElsewhere
from pagereel.fast.shards.guard import Guard, arm, disarm
from pagereel.fast.shards.processes import ANY, Alone, Child, LaidOut, leave, share_no_bars
from pagereel.fast.shards.watch import LAST_PATIENCE, PATIENCE, complaint
from pagereel.fast.writer import Course

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from manim import Scene

    from pagereel.fast.shards.history import Passed

# The scene's own share in the time of drawing it from which on one process is not slower: it runs
# the scene's code once instead of twice, and may encode aside.
_MOST_OWN = 1 / 3
_LEAST_OWN = 1.0  # seconds in a shard; less does not matter
_UNLIKE = "the scene does not show the same twice, as with dice or clocks"


@dataclass(frozen=True, slots=True)
class Done:
    """A worker has drawn its shards; it tells what it has passed."""

    passed: Mapping[int, Passed]


@dataclass(frozen=True, slots=True)
class Acting:
    """In a worker, the scene is about to do something outside of its process."""

    act: str


class ForkingCutter(Cutter):
    """Has the shards drawn by workers.

    Its user must catch all errors of the scene and call `fail_if_child`, and must call `stop` at
    the end, whatever happens.

    Parameters
    ----------
    jobs
        How many workers draw at the same time.
    """

    def __init__(self, jobs: int) -> None:
        super().__init__()
        self.jobs = jobs
        self._parent = os.getpid()
        self._crew = Crew(jobs)
        self._guard = Guard()
        self._passed: dict[int, Passed] = {}  # before each shard, and at the end
        self._work: dict[int, float] = {}  # of each shard, see `work_of`
        # In the parent: its own time at the last cut, and how much later it counted each image.
        self._since, self._own = 0.0, [0.0]
        self._me: Child | None = None  # in a worker: itself
        self._todo: set[int] = set()  # in a worker: the shards to draw
        self._is_alone = False  # whether this process draws all from here on
        self._printed = inf  # in a worker: until which image the parent prints
        self._left: int | None = None  # in the parent: the shard whose worker draws on alone
        self._is_through = False  # whether the parent has run through the scene
        self._done: set[int] = set()
        self._taken: set[int] = set()
        self._laid_out = LaidOut()
        self._apart: Path | None = None  # where workers lay out more

    def is_due(self) -> bool:
        """Return whether the next image begins a shard; end the scene if another draws it."""
        self._end_if_left()
        return super().is_due()

    def weigh(self, work: float) -> None:
        """Note how much work a play is; the shard with the most work is drawn first."""
        self._work[len(self._writer.plan.counts) - 1] += work

    def pass_by(self, scene: Scene) -> None:
        """Note what the scene has shown where a shard is about to begin, or where the last ends."""
        if self._left is None:
            super().pass_by(scene)

    def count(self, images: int) -> None:
        """Count images; in a worker, end if the parent has ended."""
        super().count(images)
        if self._me is None:
            self._own += [time.process_time() - self._since] * images
        else:
            if self.drawing:
                self._crew.tally[self._me.place] += images
                self._crew.worked[self._me.place] = time.process_time_ns()
            self._speak_up()
            if os.getppid() != self._parent:
                leave(1)

    def finish(self) -> None:
        """Wait for all shards; have the shards of killed workers drawn again.

        Raises
        ------
        Killed
            If shards are still missing.
        """
        writer = self._writer
        writer.end_shard()
        if self._me is not None:
            self._finish_in_worker(self._me)
        disarm()
        self._is_through = self._left is None
        if self._is_through and not self._is_alone:
            self._report.plan(writer.plan.images, self._count_of(self._taken))
        self._await_all()
        if (missing := writer.missing()) and self._crew.has_spare:
            self._crew.send_spare(missing)
            self._await_all()
        if writer.missing():
            raise Killed
        self._pace.finish(writer.plan.images)

    def stop(self) -> None:
        """Kill all workers."""
        if self._me is None:
            disarm()
            self._crew.kill()
            if self._apart is not None:
                shutil.rmtree(self._apart, ignore_errors=True)

    def fail_if_child(self, error: BaseException) -> None:
        """End a worker with an error, which the parent will raise. Do nothing in the parent."""
        if self._me is not None:
            folder = self._writer.movie_file_path.parent if self._attached else None
            self._me.report(Failure.of(error, folder=folder))
            leave(1)

    def _begin(self, index: int) -> None:
        self._work[index] = 0
        if self._is_alone:
            super()._begin(index)
        elif self._me is None:
            self._provide(index)
        else:
            if index > max(self._todo):
                self._ask(self._me, Done(self._passed))
            self._begin_in_worker(index)

    # What the parent does as it runs ahead.

    def _provide(self, index: int) -> None:
        """Reuse a shard, fork a worker to draw it, or skip it."""
        self.drawing = False
        writer = self._writer
        if index:
            self._settle(index - 1)
        elif why := self._guard.ties():
            self._report.note(f"one process draws: the scene {why}")
            self._is_alone, self.jobs = True, 1
            super()._begin(index)
            return
        disarm()
        if not self._crew.has_spare:
            folder = writer.shard_folder  # made before there are workers
            self._apart = folder / ".apart"
            self._laid_out.note()
            spare = self._crew.fork()
            if not spare.process:
                self._start(spare, index, folder if writer.delivery.checkpoint is None else None)
                return
        if writer.plan.is_drawn(index) and not self._is_there(index):
            self._laid_out.note()
            worker = self._crew.fork(index)
            if not worker.process:
                self._start(worker, index)
                return
            arm(self._act)
            self._crew.send(self._work, ahead=True)
            while self._crew.is_full:
                self._crew.send(self._work, ahead=False)
                self._await_worker()
                self._end_if_left()
        self._guard.has_forked()
        self._since, self._own = time.process_time(), [0.0]

    def _settle(self, ended: int) -> None:
        """Decide, where a shard ends, whether more processes are of use; see above."""
        share = self._share_of(ended)
        while self._left is None and (child := self._crew.first_to_speak(0)) is not None:
            self._hear(child)
        if self._left is None:
            if why := self._guard.ties():
                self._leave_to(ended, f"the scene {why}")
            elif share > _MOST_OWN:
                self._leave_to(ended, "the scene's own code takes most of the time")
        self._end_if_left()

    def _share_of(self, shard: int) -> float:
        """Return the scene's own share in the time that it takes to draw a shard, if known.

        The worker of the shard has drawn some of its images by now.
        """
        child = self._crew.find(shard)
        images = self._crew.tally[child.place] if child is not None else 0
        if child is None or not images:
            return 0
        own = self._own[-1]
        if own < _LEAST_OWN:
            return 0
        worked = self._crew.worked[child.place] / 1e9
        drawing = max(0.0, worked - self._own[min(images, len(self._own) - 1)])
        whole = own + drawing / images * self._writer.plan.counts[shard]
        return own / whole

    def _is_there(self, index: int) -> bool:
        """Return whether a shard is in the checkpoint."""
        checkpoint = self._writer.delivery.checkpoint
        if checkpoint is None:
            return False
        if checkpoint.has(index):
            self._taken.add(index)
            self._report.plan(None, self._count_of(self._taken))
            return True
        if checkpoint.is_noted(index):
            self._report.note("a part of the video in the checkpoint is damaged and drawn again")
        checkpoint.drop(index)
        return False

    def _end_if_left(self) -> None:
        if self._left is not None and self._me is None:
            raise DrawnElsewhere

    # What a worker does.

    def _start(self, me: Child, index: int, folder: Path | None = None) -> None:
        """In a worker, wait for an order, and continue where a shard begins."""
        self._me = me
        order = me.listen(folder)
        share_no_bars()
        if self._apart is not None:
            self._laid_out.go_apart(self._apart / str(me.shard))
        if isinstance(order, Alone):
            self._go_on_alone(order)
            super()._begin(index)
            return
        self._todo = order
        if me.shard != ANY:
            arm(self._act)
        self._begin_in_worker(index)

    def _begin_in_worker(self, index: int) -> None:
        self.drawing = self._is_alone or index in self._todo
        if self.drawing:
            super()._begin(index)

    def _ask(self, me: Child, fact: Done | Acting | Course) -> None:
        """Report a fact, and end unless this process is to draw on alone."""
        me.report(fact)
        order = me.listen()
        if not isinstance(order, Alone):
            leave(0)
        self._go_on_alone(order)

    def _go_on_alone(self, order: Alone) -> None:
        disarm()
        self._is_alone, self.jobs, self._printed = True, 1, order.printed
        self._speak_up()

    def _speak_up(self) -> None:
        """Print what the scene prints from where the parent has stopped printing it."""
        if self._me is not None and self._writer.plan.length >= self._printed:
            self._me.speak_up()
            self._printed = inf

    def _finish_in_worker(self, me: Child) -> NoReturn:
        if not self._is_alone:
            self._ask(me, Done(self._passed))
        self._ask(me, self._writer.course)
        leave(0)

    def _act(self, act: str) -> None:
        """Keep the scene, in any process, from acting twice."""
        if self._me is not None:
            self._ask(self._me, Acting(act))
        else:
            self._end_if_left()  # it has gone on all the same
            self._leave_to(len(self._writer.plan.counts) - 1, f"the scene {act}")
            self._end_if_left()

    # What the parent hears of the workers.

    def _await_all(self) -> None:
        while self._crew:
            self._crew.send(self._work, ahead=False)
            self._await_worker()

    def _await_worker(self) -> None:
        """Wait a moment for a worker to report something."""
        child = self._crew.first_to_speak(INTERVAL)
        if child is not None:
            self._hear(child)
            return
        self._look()
        for child, still in [*self._crew.at_work()]:
            words = self._crew.words[child.place]
            if child.shard != self._left and still > PATIENCE:
                self._begin_again(f"{words} stands still in a second process")
                return
            if still > LAST_PATIENCE:
                raise RenderError(complaint(words, still))
            if still > PATIENCE:
                self._report.note(f"{words} stands still; Ctrl-C ends it")

    def _hear(self, child: Child) -> None:
        fact = child.hear()
        is_left_to = child.shard == self._left
        match fact:
            case Course():
                self._writer.adopt(fact)
                self._crew.end(child)
            case Done() | Acting() if is_left_to:
                child.order(self._alone())
            case Done(passed):
                self._compare(child, passed)
            case Acting(act):
                self._leave_to(child.shard, f"the scene {act}")
                child.order(self._alone())
            case Failure():
                self._crew.end(child)
                self._failed(fact, is_final=is_left_to)
            case _:
                self._crew.end(child)
                if is_left_to and not self._crew.has_spare:
                    raise Killed
                if is_left_to:
                    self._begin_again("the process that drew was killed")

    def _compare(self, child: Child, passed: Mapping[int, Passed]) -> None:
        """Let a worker end that has shown the same as this process; otherwise leave all to it."""
        if all(self._passed.get(index) == each for index, each in passed.items()):
            self._crew.end(child)
            self._done.add(child.shard)
        elif child.shard == ANY:
            raise RenderError(f"{_UNLIKE}, and processes were killed; render it with --jobs 1")
        else:
            self._leave_to(child.shard, _UNLIKE)
            child.order(self._alone())

    def _failed(self, failure: Failure, *, is_final: bool) -> None:
        """Have everything drawn alone if the scene raised what it has not raised here."""
        is_scenes = failure.kind in {Kind.RAISED, Kind.EXIT}
        if is_final or not is_scenes or not self._crew.has_spare:
            failure.raise_again(self._writer.movie_file_path.parent)
        self._begin_again(f"a second process raised {failure.message}")

    def _leave_to(self, shard: int, why: str) -> None:
        """Leave all from a shard on to its worker."""
        child = self._crew.find(shard)
        if child is None:
            self._begin_again(why)
            return
        self._report.note(f"one process draws on: {why}")
        self._crew.kill(after=shard)
        self._left, self._work[shard] = shard, inf

    def _begin_again(self, why: str) -> None:
        """Leave all from the first image on to the spare worker."""
        if not self._crew.has_spare:
            raise RenderError(f"{why}; render it with --jobs 1")
        self._report.note(f"one process draws: {why}")
        self._crew.kill(after=ANY)
        self._done.clear()
        self._taken.clear()
        self._left = ANY
        self._crew.send_spare(self._alone())

    def _alone(self) -> Alone:
        return Alone(inf if self._is_through else self._writer.plan.length)

    # What the others need.

    @property
    def _remembers(self) -> bool:
        return self._attached is not None and (not self._is_alone or super()._remembers)

    def _mark(self, index: int, passed: Passed) -> None:
        """Note what the scene has come to; drop the shards whose ends or plays have changed."""
        self._passed[index] = passed
        checkpoint = self._writer.delivery.checkpoint
        if checkpoint is None or (self._me is not None and not self._is_alone):
            return
        changed = checkpoint.mark(index, **passed._asdict())
        if "here" in changed and not self._is_alone:
            checkpoint.drop(index)
        if changed and index - 1 in self._taken:
            self._taken.remove(index - 1)
            checkpoint.drop(index - 1)

    def _at(self, play: str) -> None:
        if self._me is None:
            super()._at(play)
        else:
            self._crew.words[self._me.place].say(play)

    def _drawn(self) -> int:
        return sum(self._crew.tally) + self._count_of(self._done | self._taken)

    def _look(self) -> None:
        if self._me is None:
            super()._look()

    def _count_of(self, shards: set[int]) -> int:
        counts = self._writer.plan.counts
        return sum(counts[shard] for shard in shards if shard < len(counts))

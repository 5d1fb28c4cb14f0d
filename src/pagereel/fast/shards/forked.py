"""Shards drawn by forked workers while this process runs ahead through the scene.

The process that runs `construct` draws the first images itself: a short scene of small pictures is
done before a fork would be of use. After a second of work it forks a worker that draws on, and
runs ahead without drawing. At each cut it forks a worker that waits for its turn and draws one
shard. A fork keeps the scene's state, the fonts and the state of all random numbers; nothing is
pickled. So most of the scene's code runs twice, once in the parent and once in a worker. Output is
printed only once.

Where a shard ends, its worker asks what to do. If it has shown what the parent has shown (see
`History`), it ends. If not, as the scene has thrown dice or looked at a clock, the worker draws all
of the rest alone, and the parent gives up what it and the others have made of it. So the video
always shows one run of the scene: the parent's up to a cut, and then that of one worker. The same
happens

- before the scene does anything outside of its process, such as writing a file (see `Guard`);
- at a cut where the scene has threads or connections, which no fork would have;
- where the scene's own code takes over a third of the time. Then it does not pay to run it twice.

A spare worker is forked before the first image. If other workers are killed, it runs through the
scene again and draws the missing shards. If one raises an error that the parent has not met, or
stands still, the spare worker draws everything alone.

Shards of a checkpoint are reused if both their ends, and what is shown between them, are the same
again.

Any of these processes may become one of another kind, so this long module has the code of all.
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
from pagereel.fast.shards.guard import Guard, arm, conclude, disarm, end_elsewhere
from pagereel.fast.shards.kept import Found
from pagereel.fast.shards.processes import ANY, Alone, Child, LaidOut, leave, share_no_bars
from pagereel.fast.shards.share import Ahead, Beginning
from pagereel.fast.shards.watch import LAST_PATIENCE, PATIENCE, complaint, remark
from pagereel.fast.writer import Course

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from manim import Scene

    from pagereel.fast.shards.history import Passed

_SMALL = 20_000_000  # pixels a second, of all that is shown: 480p at less than 49 images a second
_LOOKS = 3  # seconds of work, all mostly the scene's own code, after which one process draws
_MOSTLY_OWN = "the scene's own code takes over a third of the time"
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
        self._parent = os.getpid()
        self._crew = Crew(jobs)
        self._guard = Guard()
        self._passed: dict[int, Passed] = {}  # before each shard, and at the end
        self._work: dict[int, float] = {}  # of each shard, see `work_of`
        self._ahead = Ahead()
        self._beginning: Beginning | None = None  # as long as the parent draws the first shard
        self._may_stop = False  # whether another process may draw the rest of that
        self._looks = _LOOKS
        self._at_now = ""
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

    def drew(self, seconds: float) -> None:
        """Note how long it took to draw an image."""
        if self._beginning is not None:
            self._beginning.drew(seconds)

    def count(self, images: int) -> None:
        """Count images; in a worker, end if the parent has ended."""
        super().count(images)
        if self._me is None:
            self._ahead.count(images)
            if self._may_stop and self._beginning is not None and self._beginning.is_long:
                self._stop_drawing(self._beginning)
        else:
            if self.drawing:
                self._crew.tally[self._me.place] += images
                self._crew.worked[self._me.place] = time.process_time_ns()
            self._speak_up()
            if os.getppid() != self._parent:
                leave(1)

    def cut(self) -> None:
        """Begin a shard; leave it to a worker to encode what the parent has drawn of the first."""
        if self._may_stop and self._beginning is not None:
            self._stop_drawing(self._beginning)
        super().cut()

    def finish(self) -> None:
        """Wait for all shards; have the shards of killed workers drawn again.

        Raises
        ------
        Killed
            If shards are still missing.
        """
        writer = self._writer
        self._end_shard()
        if self._me is not None:
            self._finish_in_worker(self._me)
        disarm()
        self._is_through = self._left is None
        self._take(len(writer.plan.counts) - 1)
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
        super().fail_if_child(error)
        if self._me is not None:
            if self._is_alone:
                conclude()
            folder = self._writer.movie_file_path.parent if self._attached else None
            self._me.report(Failure.of(error, folder=folder))
            leave(1)

    def _begin(self, index: int) -> None:
        self._work[index] = 0
        if self._is_alone:
            self._draw(index)
        elif self._me is None:
            self._provide(index)
        else:
            if index > max(self._todo):
                self._ask(self._me, Done(self._passed))
            self._begin_in_worker(index)

    # What the parent does as it runs ahead.

    def _provide(self, index: int) -> None:
        """Reuse a shard, draw it, fork a worker to draw it, or skip it."""
        self.drawing = False
        writer = self._writer
        if index:
            self._settle(index - 1)
        elif why := self._guard.ties():
            self._report.note(f"one process draws: the scene {why}")
            self._stay_alone()
        if self._is_alone:
            self._draw(index)
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
            if self._may_take:
                self._crew.held = index
            if index or self._may_take:
                self._have_drawn(index)
            else:
                self._draw_first()
        self._guard.has_opened()
        self._ahead = Ahead()

    def _have_drawn(self, index: int) -> None:
        """Fork a worker to draw a shard; return in both processes."""
        self._laid_out.note()
        worker = self._crew.fork(index)
        if not worker.process:
            self._start(worker, index)
            return
        if self._pictures is not None and not self._may_take:
            self._pictures.leave()
        arm(self._act)
        self._send(ahead=True)
        if self._crew.is_full:
            self._report.play("")  # until there is room, only the workers may stand still
        while self._crew.is_full:
            self._send(ahead=False)
            self._await_worker()
            self._end_if_left()
        self._report.play(self._at_now)

    def _draw_first(self) -> None:
        """Draw the first shard until it is clear that it takes longer.

        If so, another process draws on, and encodes all of it. Small pictures are encoded at once:
        they seldom take so long, and what is kept would have to be encoded at the end.
        """
        self._beginning = Beginning()
        video = self._writer.require_video()
        self._may_stop = video.width * video.height * video.rate > _SMALL
        self._draw(0, later=self._may_stop)
        arm(self._act)

    def _stop_drawing(self, beginning: Beginning) -> None:
        """Have a worker draw the rest of the first shard, if more processes are of use."""
        writer = self._writer
        if beginning.is_mostly_own:
            self._looks -= 1
            if self._looks:
                self._beginning = Beginning()  # it may have laid out texts, as most do at first
            else:
                self._may_stop = False
                writer.begin_encoding()
            return
        self._may_stop = False
        if why := self._guard.ties():
            self._report.note(f"one process draws on: the scene {why}")
            self._stay_alone()
            return
        disarm()
        drawn = writer.plan.counts[0]
        self._beginning = None
        self._have_drawn(0)
        if self._me is None:
            self.drawing = False
            writer.leave_shard()
            self._guard.has_opened()
            self._ahead = Ahead(drawn)

    @property
    def _may_take(self) -> bool:
        """Whether it pays to run through a shard before it is drawn, as it may be kept."""
        kept = self._writer.delivery.kept
        return self._pictures is not None and kept is not None and kept.has_any

    def _take(self, ended: int) -> None:
        """Take a shard that has been run through, if it is kept; otherwise let it be drawn."""
        kept, writer = self._writer.delivery.kept, self._writer
        if self._crew.held is None or kept is None:
            return
        self._crew.held = None
        if self._left is not None:
            return
        digest, found = self._digests.get(ended), Found.NOTHING
        if digest:
            found = kept.take(digest, writer.shard_path(ended))
        if found is Found.WHOLE:
            self._crew.kill(after=ended - 1)
            self._taken.add(ended)
            self._report.plan(None, self._count_of(self._taken))
            return
        if found is Found.DAMAGED:
            self._report.note("a part of the video that was kept is damaged and drawn again")
        self._send(ahead=True)

    def _send(self, *, ahead: bool) -> None:
        self._crew.send(self._work, ahead=ahead)

    def _skip_images(self) -> None:
        if self._pictures is not None:
            self._pictures.skips_images = True

    def _stay_alone(self) -> None:
        """Draw all from here on in this process."""
        self._skip_images()
        disarm()
        self._is_alone, self._beginning, self._may_stop = True, None, False
        self._crew.kill()
        self._writer.begin_encoding()

    def _settle(self, ended: int) -> None:
        """Decide, where a shard ends, whether more processes are of use; see above."""
        self._take(ended)
        beginning, self._beginning = self._beginning, None
        is_mostly_own = self._is_mostly_own(ended) if beginning is None else beginning.is_mostly_own
        while self._left is None and (child := self._crew.first_to_speak(0)) is not None:
            self._hear(child)
        if self._left is None:
            why = self._guard.ties()
            why = f"the scene {why}" if why else _MOSTLY_OWN if is_mostly_own else ""
            if why and beginning is not None:
                if why != _MOSTLY_OWN:  # so early that is not worth a line: nothing was drawn twice
                    self._report.note(f"one process draws on: {why}")
                self._stay_alone()
            elif why:
                self._leave_to(ended, why)
        if beginning is not None:
            self._done.add(ended)
        self._end_if_left()

    def _is_mostly_own(self, shard: int) -> bool:
        """Return whether it is the scene's own code that takes long; its worker may be at work."""
        child = self._crew.find(shard)
        if child is None:
            return False
        worked = self._crew.worked[child.place] / 1e9
        return self._ahead.is_mostly_own(self._crew.tally[child.place], worked)

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
        """In a worker, wait for an order, and begin a shard, or go on with it."""
        self._me, self._process = me, os.getpid()
        if self.drawing:
            self._crew.tally[me.place] = self._writer.plan.counts[index]
            self._crew.words[me.place].say(self._at_now)
        order = me.listen(folder)
        share_no_bars()
        if self._apart is not None:
            self._laid_out.go_apart(self._apart / str(me.shard))
        if isinstance(order, Alone):
            self._go_on_alone(order)
            self._todo = {index}
        else:
            self._todo = order
            if me.shard != ANY:
                arm(self._act)
        if self.drawing:
            self._writer.begin_encoding()
        else:
            self._begin_in_worker(index)

    def _begin_in_worker(self, index: int) -> None:
        self.drawing = self._is_alone or index in self._todo
        if self.drawing:
            self._draw(index)

    def _ask(self, me: Child, fact: Done | Acting | Course) -> None:
        """Report a fact, and end unless this process is to draw on alone."""
        me.report(fact)
        order = me.listen()
        if not isinstance(order, Alone):
            leave(0)
        self._go_on_alone(order)

    def _go_on_alone(self, order: Alone) -> None:
        self._skip_images()
        disarm()
        self._is_alone, self._printed = True, order.printed
        self._speak_up()

    def _speak_up(self) -> None:
        """Print what the scene prints from where the parent has stopped printing it."""
        if self._me is not None and self._writer.plan.length >= self._printed:
            self._me.speak_up()
            self._printed = inf

    def _finish_in_worker(self, me: Child) -> NoReturn:
        if not self._is_alone:
            self._ask(me, Done(self._passed))
        conclude()
        self._ask(me, self._writer.course)
        leave(0)

    def _act(self, act: str) -> None:
        """Keep the scene, in any process, from acting twice."""
        if self._me is not None:
            self._ask(self._me, Acting(act))
        else:
            self._end_if_left()  # it has gone on all the same
            if self._beginning is not None:
                self._report.note(f"one process draws on: the scene {act}")
                self._stay_alone()
            else:
                self._leave_to(len(self._writer.plan.counts) - 1, f"the scene {act}")
            self._end_if_left()

    # What the parent hears of the workers.

    def _await_all(self) -> None:
        while self._crew:
            self._send(ahead=False)
            self._await_worker()

    def _await_worker(self) -> None:
        """Wait a moment for a worker to report something."""
        child = self._crew.first_to_speak(INTERVAL)
        if child is not None:
            self._hear(child)
            return
        self._look()
        for child, watch in [*self._crew.at_work()]:
            words = self._crew.words[child.place]
            if child.shard != self._left and watch.idle > PATIENCE:
                self._begin_again(f"{words} stands still in a second process")
                return
            if child.shard != self._left and watch.fruitless > LAST_PATIENCE:
                self._begin_again(remark(words, watch))
                return
            if watch.idle > LAST_PATIENCE:
                raise RenderError(complaint(words, watch.idle))
            if said := remark(words, watch):
                self._report.note(said)

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
        self._crew.held = None
        self._crew.kill(after=shard)
        self._left, self._work[shard] = shard, inf
        end_elsewhere()

    def _begin_again(self, why: str) -> None:
        """Leave all from the first image on to the spare worker."""
        if not self._crew.has_spare:
            raise RenderError(f"{why}; render it with --jobs 1")
        self._report.note(f"one process draws: {why}")
        self._crew.held = None
        self._crew.kill(after=ANY)
        self._done.clear()
        self._taken.clear()
        self._left = ANY
        end_elsewhere()
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

    def _at(self, words: str) -> None:
        self._at_now = words
        if self._me is None:
            super()._at(words)
        else:
            self._crew.words[self._me.place].say(words)

    def _drawn(self) -> int:
        if self._me is None and (self._is_alone or self._beginning is not None):
            return super()._drawn()
        return sum(self._crew.tally) + self._count_of(self._done | self._taken)

    def _look(self) -> None:
        if self._me is None:
            super()._look()

    def _count_of(self, shards: set[int]) -> int:
        counts = self._writer.plan.counts
        return sum(counts[shard] for shard in shards if shard < len(counts))

"""Cuts a scene into beats, and has them drawn: where the reader is first.

A beat is a section of the scene. Where a section is long, it goes on in another beat with the next
play. The process that runs through the scene draws nothing but one still, of the moment where the
reader is. From there on it forks a process where each beat begins, which has the scene as it is
there. That waits until the serving process sends it SIGUSR1, then draws the beat as a film, and
ends. Each fork would make the still come later, so the beats before the reader's are drawn by forks
of another process. That waits at the beginning, and runs up to the reader's beat when the first one
has come to the end.

What a beat shows is known when it has been run through. If a film of it is kept, that is taken, and
its process is ended.
"""

from __future__ import annotations

import os
import random
import signal
from contextlib import suppress
from enum import Enum, auto
from typing import TYPE_CHECKING, NoReturn

from pagereel.errors import StockNeeded
from pagereel.failure import ending
from pagereel.fast.draw.playing import line_of
from pagereel.fast.plan import UNNAMED
from pagereel.fast.render import picture_of
from pagereel.fast.shards.cutter import Cutter
from pagereel.fast.shards.guard import Guard, arm, disarm
from pagereel.fast.shards.kept import Found
from pagereel.fast.shards.processes import LaidOut, leave, share_no_bars
from pagereel.story import Story
from pagereel.watch.drawing.faults import fault, fault_of, shown
from pagereel.watch.drawing.media import write_film, write_still

if TYPE_CHECKING:
    from pathlib import Path

    from manim import Scene
    from manim.typing import PixelArray

    from pagereel.fast.writer import FastWriter
    from pagereel.watch.drawing.events import Events
    from pagereel.watch.drawing.order import Order

_LONG = 10.0  # seconds after which a section goes on in another beat


class Through(BaseException):
    """The scene has been run through, so that manim need not finish anything."""


class _Role(Enum):
    """What a process does with the scene."""

    FIRST = auto()  # runs through all of it, reports what it passes, and draws the still
    EARLIER = auto()  # runs through what comes before the reader's beat
    BEAT = auto()  # draws a beat


def await_children(events: Events) -> None:
    """Wait for the processes that draw; say of one that was ended that it was."""
    with suppress(ChildProcessError):
        while True:
            _, status = os.wait()
            if code := os.waitstatus_to_exitcode(status):
                message = f"the process that draws a beat ended with {ending(code)}"
                events.tell("failed", fault=fault(message))


class BeatCutter(Cutter):
    """Cuts a scene into beats, and has each drawn by a process that is forked where it begins."""

    drawing = False

    def __init__(self, order: Order, events: Events) -> None:
        super().__init__()
        self._order, self._events = order, events
        self._role = _Role.FIRST
        self._processes: dict[int, int] = {}  # which this one has forked for beats
        self._earlier = 0  # the process for the beats before the reader's; 0: none
        self._laid_out = LaidOut()
        self._guard = Guard()
        self._names: list[str] = []
        self._part = 1
        self._is_reached = False  # whether the reader's beat has begun
        self._is_new = False  # whether the beat has not been reported
        self._is_playing = False  # no beat begins within a play
        self._seen = False  # whether the still of this beat has been made

    def is_due(self) -> bool:
        """Return whether the next image begins a beat."""
        plan = self._writer.plan
        is_new = plan.section is not self._section
        self._section = plan.section
        if is_new:
            self._part = 1
        elif not self._is_playing and plan.counts and plan.counts[-1] >= _LONG * self._order.rate:
            self._part += 1
            return True
        return is_new or not plan.counts

    def may_cut(self, images: int) -> bool:
        """Return that no beat begins within a play."""
        del images
        return False

    @property
    def keeps_shards(self) -> bool:
        """Whether it is found out what pictures are drawn from.

        The first process does not before the reader's beat: an earlier beat is another's to draw.
        """
        return super().keeps_shards and (self._is_reached or self._role is not _Role.FIRST)

    def pass_by(self, scene: Scene) -> None:
        """Complete the beat that ends here."""
        plan = self._writer.plan
        if not plan.counts:
            self._guard = Guard()
            return
        number = len(plan.counts) - 1
        digest = self._pictures.end() if self.keeps_shards and self._pictures is not None else None
        if self.drawing:
            self._complete(number, digest)
        if self._role is _Role.BEAT:
            leave(0)
        if self._role is _Role.FIRST:
            self._report_passed(scene, number)
        self._take(number, digest)

    def _report_passed(self, scene: Scene, number: int) -> None:
        if self._is_wanted(number) and not self._seen:  # the beat has become shorter
            with self.unwatched():
                self.see(picture_of(scene))
        plan, rate = self._writer.plan, self._order.rate
        stop = plan.length
        start = stop - plan.counts[-1]
        captions = [
            {
                "start": max(each.start.total_seconds() - start / rate, 0.0),
                "end": min(each.end.total_seconds() - start / rate, plan.counts[-1] / rate),
                "text": each.content,
            }
            for each in self._writer.subcaptions
            if each.start.total_seconds() < stop / rate and each.end.total_seconds() > start / rate
        ]
        self._events.tell("passed", beat=number, seconds=plan.counts[-1] / rate, captions=captions)

    def cut(self) -> None:
        """Begin a beat."""
        plan = self._writer.plan
        self._seen, self._is_new = False, True
        self._names.append(_name(plan.section.name, self._part))
        self._begin(plan.begin_shard())

    def begin_play(self, scene: Scene) -> None:
        """Say where the beat comes from, when its first play begins."""
        if self._is_new and self._role is _Role.FIRST:
            plan = self._writer.plan
            file, line = _place(scene, plan.section.name, self._order)
            start = plan.length / self._order.rate
            number, name = len(plan.counts) - 1, self._names[-1]
            self._events.tell(
                "begins", beat=number, name=name, start=start, file=str(file), line=line
            )
        self._is_new, self._is_playing = False, True

    def pass_on(self) -> None:
        """Note that the play has ended."""
        self._is_playing = False
        super().pass_on()

    def finish(self) -> None:
        """End: there is nothing to be joined."""
        if self._role is _Role.EARLIER:  # no beat was the reader's
            self._end_earlier()
        raise Through

    def go_back(self) -> None:
        """Have the beats before the reader's drawn, now that all has been run through."""
        if self._earlier:
            with suppress(ProcessLookupError):
                os.kill(self._earlier, signal.SIGUSR1)

    def wanted(self, images: int) -> int | None:
        """Return which of the next images is that of the moment where the reader is."""
        number = len(self._writer.plan.counts) - 1
        is_still = self._role is _Role.FIRST and not self.drawing and not self._seen
        if not (is_still and self._is_wanted(number)):
            return None
        at = round(self._order.spot.at * self._order.rate) - self._writer.plan.counts[-1]
        return max(at, 0) if at < images else None

    def see(self, pixels: PixelArray) -> None:
        """Write the still."""
        self._seen = True
        number = max(len(self._writer.plan.counts) - 1, 0)
        media = write_still(pixels, self._order)
        self._events.tell("still", beat=number, at=self._order.spot.at, media=media)

    def stand_still(self, scene: Scene) -> None:
        """Show a scene in which nothing moves."""
        file, line = _place(scene, UNNAMED, self._order)
        name = type(scene).__name__
        self._events.tell("begins", beat=0, name=name, start=0, file=str(file), line=line)
        with self.unwatched():
            self.see(picture_of(scene))
        self._events.tell("passed", beat=0, seconds=0, captions=[])

    def fail_if_child(self, error: BaseException) -> None:
        """End a process that was forked here, with an error."""
        super().fail_if_child(error)
        if self._role is not _Role.FIRST:
            self._events.tell("failed", fault=fault_of(error, self._order.file))
            leave(0)

    def _begin(self, index: int) -> None:
        self._is_reached |= self._is_wanted(index)
        if self._order.alone:
            self._draw_on(index)
        elif self._role is _Role.FIRST and not self._is_reached:
            if not index:
                self._have_earlier_drawn()
        elif self._role is _Role.EARLIER and self._is_reached:
            self._end_earlier()
        else:
            self._have_drawn(index)

    def _have_earlier_drawn(self) -> None:
        """Fork the process for the beats before the reader's, at the first one of them."""
        self._earlier = self._fork()
        if not self._earlier:
            self._role = _Role.EARLIER
            self._await_turn("earlier")
            self._have_drawn(0)

    def _end_earlier(self) -> NoReturn:
        disarm()
        await_children(self._events)
        leave(0)

    def _have_drawn(self, index: int) -> None:
        """Fork a process that draws a beat when its turn comes; return in both."""
        process = self._fork()
        if process:
            self._processes[index] = process
            if self._pictures is not None:  # the still must not wait until each image is looked at
                is_first = self._role is _Role.FIRST
                self._pictures.skips_images = is_first and self._is_wanted(index)
            return
        self._role, self._processes = _Role.BEAT, {}
        if self._pictures is not None:
            self._pictures.skips_images = False
        self._events.tell("waits", beat=index, process=os.getpid())
        self._await_turn(str(index))
        arm(lambda _act: leave(0))  # its parent has left the scene to one process
        self._draw_on(index)

    def _fork(self) -> int:
        """Fork a process; return its number in this one, and 0 in itself."""
        disarm()
        if why := self._guard.ties():
            self._leave_to_one(f"the scene {why}")
        self._laid_out.note()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
        dice = random.getstate()
        process = os.fork()
        random.setstate(dice)  # Python reseeds it in a child
        if process:
            self._guard.has_opened()
            arm(lambda act: self._leave_to_one(f"the scene {act}"))
        else:
            self._process = os.getpid()
        return process

    def _await_turn(self, name: str) -> None:
        """Wait for SIGUSR1 in a forked process; be silent, as its parent runs the same code.

        Parameters
        ----------
        name
            Of the process, for its folder.
        """
        self._events.is_heard = False
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        signal.sigwait({signal.SIGUSR1})
        share_no_bars()
        self._laid_out.go_apart(self._order.folder / f"laid-out-{self._order.number}-{name}")

    def _draw_on(self, index: int) -> None:
        self.drawing = True
        self._writer.begin_shard(index)

    def _complete(self, number: int, digest: str | None) -> None:
        """Write the film of a beat that was drawn here, and keep it."""
        writer = self._writer
        writer.end_shard()
        disarm()
        shard, kept = writer.shard_path(number), writer.delivery.kept
        media = write_film(shard, writer, self._order)
        self._events.tell("film", beat=number, media=media)
        if digest and kept is not None:
            kept.keep(digest, shard)

    def _take(self, number: int, digest: str | None) -> None:
        """Take the film of a beat that is kept, in place of the one to be drawn."""
        kept, process = self._writer.delivery.kept, self._processes.get(number)
        shard = self._order.folder / f"kept-{os.getpid()}-{number}.mp4"
        if kept is None or not (digest and process):
            return
        if kept.take(digest, shard) is Found.WHOLE:
            del self._processes[number]
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            media = write_film(shard, self._writer, self._order)
            self._events.tell("film", beat=number, media=media)

    def _is_wanted(self, number: int) -> bool:
        return self._order.spot.is_in(number, self._names[number])

    def _leave_to_one(self, why: str) -> NoReturn:
        """Leave the scene to one process, before it does what cannot be done twice."""
        self._events.tell("alone", why=why)
        leave(0)

    @property
    def _writer(self) -> FastWriter:
        if self._attached is None:
            raise StockNeeded("its settings ask for something else than an opaque video")
        return self._attached


def _name(section: str, part: int) -> str:
    if section == UNNAMED:
        return f"part {part}"
    return section if part == 1 else f"{section} ({part})"


def _place(scene: Scene, section: str, order: Order) -> tuple[Path, int | None]:
    """Return file and line of a section: of its story, if that has it, or of the scene's file."""
    story = getattr(scene, "story", None)
    if isinstance(story, Story):
        lines = {"closing": story.lines.get("tagline"), "opening": story.lines.get("opening")}
        lines |= {beat.key: beat.line for beat in story.beats}
        if line := lines.get(section):
            return shown(story.path), line
    at = line_of(scene).rpartition(":")[2]
    return shown(order.file), int(at) if at else None

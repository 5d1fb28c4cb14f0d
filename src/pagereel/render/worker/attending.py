"""The processes that draw scenes, side by side: how many cores each gets, and how each ends."""

from __future__ import annotations

import os
import select
import signal
from typing import TYPE_CHECKING

from pagereel.failure import Failure, Kind
from pagereel.fast.shards.watch import LAST_PATIENCE, Watch, complaint, remark

if TYPE_CHECKING:
    from pagereel.render.worker.events import EventPipe

_LOOK = 1.0  # seconds between two looks whether a process stands still


def share_of(cores: int, taken: int, coming: int) -> int:
    """Return how many cores the next scene gets; 0 if it has to wait.

    A scene that has one core is drawn by one process, and none runs ahead of it. So several scenes
    side by side take less of a core than one after the other. The last one gets a core more than
    are free, as one of the others ends soon.

    Parameters
    ----------
    cores
        How many there are.
    taken
        How many the scenes have that are being drawn.
    coming
        How many scenes have not begun yet.
    """
    free = cores - taken
    if free <= 0:
        return 0
    return min(cores, free + 1) if coming == 1 else max(1, free // coming)


class Attended:
    """The process that draws a scene, as long as it does.

    Parameters
    ----------
    process
        Its process ID.
    alive
        A pipe that may be at its end when the process has ended.
    events
        Where it reports.
    cores
        How many cores it has.

    Attributes
    ----------
    is_well
        Whether it has ended by itself, if it has ended.
    """

    def __init__(self, process: int, alive: int, events: EventPipe, cores: int = 1) -> None:
        self.alive, self.cores = alive, cores
        self.is_well = True
        self._process, self._events = process, events
        self._watch = Watch(process)

    def has_ended(self, *, is_over: bool) -> bool:
        """Return whether it has ended; end it if it stands still for too long.

        One that computes, however long, is only reported.

        Parameters
        ----------
        is_over
            Whether its pipe is at its end.
        """
        events, watch = self._events, self._watch
        ended, status = os.waitpid(self._process, 0 if is_over else os.WNOHANG)
        if ended:
            self.is_well = not os.WIFSIGNALED(status)
            if not self.is_well:
                events.tell("killed", signal=os.WTERMSIG(status))
            return True
        watch.look(events.progress)
        if not (play := str(events.at)):
            return False
        if watch.idle > LAST_PATIENCE:
            os.kill(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)
            self.is_well = False
            failure = Failure(Kind.MISTAKE, complaint(play, watch.idle))
            events.tell("failed", failure=failure.facts)
            return True
        if said := remark(play, watch):
            events.note(said)
        return False


def attend(scenes: list[Attended]) -> bool:
    """Wait a moment; take away the scenes whose process has ended, and return whether all did well.

    All of them have to be looked at, as each may stand still.
    """
    over = select.select([scene.alive for scene in scenes], (), (), _LOOK)[0]
    ended = [scene for scene in scenes if scene.has_ended(is_over=scene.alive in over)]
    for scene in ended:
        scenes.remove(scene)
        os.close(scene.alive)
    return all(scene.is_well for scene in ended)

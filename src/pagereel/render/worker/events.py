"""What the processes that draw scenes report, as lines of JSON through one pipe."""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING, Any

from pagereel.fast import Report
from pagereel.fast.shards.watch import Words
from pagereel.pipe import write_event

if TYPE_CHECKING:
    from pathlib import Path


class ReaderGone(BaseException):
    """The process that reads the events has been killed."""


class EventPipe(Report):
    """Reports events through a pipe that forked processes share.

    Parameters
    ----------
    pipe
        Where to write them.
    scene
        The number of the scene that is drawn.
    folder
        For events that are too long for the pipe.

    Attributes
    ----------
    at
        What its process is at; nothing when it has run through the scene.
    """

    def __init__(self, pipe: int, folder: Path, scene: int = 0) -> None:
        super().__init__()
        self._pipe, self._folder, self._scene = pipe, folder, scene
        self.at = Words()
        self._passed = memoryview(mmap.mmap(-1, 8)).cast("Q")  # forked processes share it

    def tell(self, event: str, **facts: Any) -> None:
        """Report an event of the current scene.

        Raises
        ------
        ReaderGone
            If nobody reads the pipe any more.
        """
        try:
            write_event(self._pipe, {"event": event, "scene": self._scene, **facts}, self._folder)
        except BrokenPipeError:
            raise ReaderGone from None

    def images(self, count: int) -> None:
        """Report how many images have been drawn."""
        self.tell("images", images=count)

    def plan(self, total: int | None, taken: int) -> None:
        """Report how many images there will be, None if unknown, and how many are drawn."""
        self.tell("plan", total=total, taken=taken)

    def play(self, name: str) -> None:
        """Note what the scene is at."""
        self.at.say(name)

    def passed(self, images: int) -> None:
        """Note how many images the scene has come to."""
        self._passed[0] = images

    @property
    def progress(self) -> tuple[str, int]:
        """What the scene is at, and how many images it has come to."""
        return str(self.at), self._passed[0]

    def remark(self, message: str) -> None:
        """Report how the scene is drawn."""
        self.tell("note", message=message)

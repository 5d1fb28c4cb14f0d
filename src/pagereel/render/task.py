"""A job that is being carried out, and how that ends."""

from __future__ import annotations

import signal
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pagereel.checkpoints import folder_of, images_in, remove_soon
from pagereel.errors import CannotWrite, PagereelError
from pagereel.failure import Kind
from pagereel.render.freshness import read_key
from pagereel.render.outcome import Outcome

if TYPE_CHECKING:
    from pathlib import Path

    from pagereel.failure import Failure
    from pagereel.render.job import Job
    from pagereel.render.screen import Screen
    from pagereel.render.workplace import Workplace


@dataclass(slots=True)
class Task:
    """A job that is being carried out.

    Attributes
    ----------
    place
        Where its files grow.
    inputs
        A digest of what it is made of.
    began
        When (monotonic), if it has.
    outcome
        How it ended, if it has.
    said
        What was said of it.
    total
        How many images there will be, if that is known.
    """

    job: Job
    place: Workplace
    inputs: str
    began: float = 0
    outcome: Outcome | None = None
    said: set[str] = field(default_factory=set)
    total: int | None = None

    @property
    def took(self) -> float:
        """How many seconds, so far."""
        return time.monotonic() - self.began

    @property
    def kept(self) -> Path:
        """Where what is drawn outlives an interruption."""
        return folder_of(self.job.target, self.job.shards(self.inputs))

    def begin(self, screen: Screen) -> None:
        """Say that it begins; or that it does so once more, as its process was killed."""
        if self.began:
            screen.line(f"{self.job.scene.name}: SIGKILL ended the rendering; once more")
        self.began = self.began or time.monotonic()
        self.total = read_key(self.job.target).get("images")
        screen.begin(self.job, self.total)

    def plan(self, screen: Screen, total: int | None, taken: int) -> None:
        """Note how many images there will be, and how many of them have been there already."""
        self.total = total or self.total
        screen.plan(self.total, taken)
        if total and taken:
            screen.line(f"{self.job.scene.name}: {taken} of {total} images were there already")

    def interrupted(self, screen: Screen) -> None:
        """Say what is not lost; leave nothing, if there is nothing to go on from."""
        images = images_in(self.kept) if self.outcome is None else 0
        if not images:
            remove_soon(self.kept)
        else:
            screen.end()
            of = f" of {self.total}" if self.total and self.total >= images else ""
            screen.line(
                f"{self.job.scene.name}: interrupted; the next run goes on from {images}{of} images"
            )

    def finish(self, screen: Screen, images: int | None) -> None:
        """Put what was made in its place."""
        try:
            self.place.put_in_place(self.inputs, images)
        except PagereelError as error:
            self.fail(screen, 2, str(error))
        else:
            screen.end()
            self.outcome = Outcome(self.job, 0, self.took, images)

    def fail(self, screen: Screen, code: int, message: str = "", trace: str = "") -> None:
        """Say what was wrong: in a line, or by a traceback."""
        screen.end()
        if trace:
            screen.error(f"{self.job.scene.name}: the scene raised\n{trace}".encode())
        if message:
            screen.complain(message)
        self.outcome = Outcome(self.job, code, self.took, error=message or trace)

    def failed(self, screen: Screen, failure: Failure) -> None:
        """Say what was wrong in the process that draws."""
        match failure.kind:
            case Kind.UNWRITABLE:
                message = str(CannotWrite(self.job.target.parent, failure.message))
                self.fail(screen, failure.code, message)
            case Kind.MISTAKE | Kind.EXIT:
                self.fail(screen, failure.code, failure.message)
            case Kind.MEMORY | Kind.RAISED:
                self.fail(screen, failure.code, trace=failure.traceback)

    def killed(self, screen: Screen, number: int) -> None:
        """Note that a signal has ended the process that draws."""
        self.fail(
            screen,
            128 + number,
            f"{self.job.scene.name}: {_signal_name(number)} ended the rendering; "
            "if memory ran out, close other programs and try again",
        )


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # a realtime signal
        return f"signal {number}"

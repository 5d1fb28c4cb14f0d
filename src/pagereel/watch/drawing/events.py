"""What processes that draw report to the one that serves."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from pagereel.fast import Report
from pagereel.fast.shards.processes import leave
from pagereel.pipe import write_event


class Events(Report):
    """Reports events.

    Parameters
    ----------
    pipe
        Where to.

    Attributes
    ----------
    folder
        For events that are too long for the pipe: the order's.
    """

    def __init__(self, pipe: int) -> None:
        super().__init__()
        self.folder = Path()
        self._pipe = pipe
        self.number = 0
        self.is_heard = True  # whether this process says where the scene is
        self.owner = os.getpid()  # the process of the order, from which others are forked

    def tell(self, event: str, **facts: Any) -> None:
        """Report an event of the current order; end where nobody hears it."""
        try:
            write_event(self._pipe, {"event": event, "order": self.number, **facts}, self.folder)
        except BrokenPipeError:
            leave(1)

    def play(self, name: str) -> None:
        """Report what the scene is at."""
        if self.is_heard:
            self.tell("at", play=name)

    def remark(self, message: str) -> None:
        """Report how the scene is drawn."""
        self.tell("remark", message=message)

"""Reports on a rendering while it is under way: its progress, and remarks."""

from __future__ import annotations

import time

from manim import logger

INTERVAL = 0.1  # seconds between two reports of how many images have been drawn


class Report:
    """Receives reports. Subclasses override what they need; here remarks go to manim's log."""

    def __init__(self) -> None:
        self._noted: set[str] = set()

    def images(self, count: int) -> None:
        """Receive the number of images drawn, at most ten times a second and at the end."""

    def plan(self, total: int | None, taken: int) -> None:
        """Receive how many images there will be, and how many were taken from a checkpoint.

        The total is None until it is known. It is not reported by a process that draws alone.
        """

    def play(self, name: str) -> None:
        """Receive what the scene is at: a play, or the code after it; nothing after the last."""

    def passed(self, images: int) -> None:
        """Receive how many images the scene has come to, drawn or not, each time it does."""

    def note(self, message: str) -> None:
        """Receive a remark, such as that manim draws some mobjects; pass it on if it is new."""
        if message not in self._noted:
            self._noted.add(message)
            self.remark(message)

    def remark(self, message: str) -> None:
        """Receive a remark that is new in this process. Several workers may make the same one."""
        logger.info("FastRenderer: %s", message)


class Pace:
    """Reports numbers of images, at most ten a second, and never a smaller one than before."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._next = 0.0
        self._reported = 0

    def count(self, images: int) -> None:
        """Report a number if the last report is long enough ago."""
        now = time.monotonic()
        if now >= self._next and images > self._reported:
            self._next = now + INTERVAL
            self.finish(images)

    def finish(self, images: int) -> None:
        """Report a number at once."""
        self._reported = max(self._reported, images)
        self._report.images(self._reported)

"""What a caller hears of a rendering while it is under way."""

from __future__ import annotations

import time

from manim import logger

INTERVAL = 0.1  # seconds between two reports of how many images have been drawn


class Report:
    """Hears of a rendering. Override what is wanted; as it stands, notes go to manim's log."""

    def __init__(self) -> None:
        self._noted: set[str] = set()

    def images(self, count: int) -> None:
        """Hear how many images have been drawn, at most ten times a second and at the end."""

    def plan(self, total: int | None, taken: int) -> None:
        """Hear how many images there will be, and how many were drawn by an interrupted rendering.

        The total is None until it is known. One process that draws alone knows nothing beforehand.
        """

    def note(self, message: str) -> None:
        """Hear a remark, such as that manim draws what is not understood; each only once."""
        if message not in self._noted:
            self._noted.add(message)
            self.remark(message)

    def remark(self, message: str) -> None:
        """Hear a remark that this process has not made before. Workers may make it, too."""
        logger.info("FastRenderer: %s", message)


class Pace:
    """Reports numbers of images, at most ten a second, and none that is less than before."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._next = 0.0
        self._reported = 0

    def count(self, images: int) -> None:
        """Report a number, if it is time."""
        now = time.monotonic()
        if now >= self._next and images > self._reported:
            self._next = now + INTERVAL
            self.finish(images)

    def finish(self, images: int) -> None:
        """Report a number whatever the time, as it is the last."""
        self._reported = max(self._reported, images)
        self._report.images(self._reported)

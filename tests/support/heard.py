"""A report that keeps what it hears."""

from __future__ import annotations

from pagereel.fast import Report


class Heard(Report):
    """Keeps what it hears of a rendering."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: list[int] = []
        self.plans: list[tuple[int | None, int]] = []
        self.notes: list[str] = []

    def images(self, count: int) -> None:
        self.counts.append(count)

    def plan(self, total: int | None, taken: int) -> None:
        self.plans.append((total, taken))

    def remark(self, message: str) -> None:
        self.notes.append(message)

"""Notes what an engine's objects hold at random moments, beside a recording of the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random

    from pagereel.recorder import Recording


class Held:
    """What was held, with the number of events that were recorded until then."""

    def __init__(self, recording: Recording, chance: random.Random) -> None:
        self.events, self._chance = 0, chance
        self.snapshots: list[Any] = []
        queue = recording.writer._queue

        def counted(event: Any) -> None:
            self.events += 1
            queue(event)

        recording.writer._queue = counted  # type: ignore[method-assign]

    def is_due(self) -> bool:
        """Say, at random, whether to look now."""
        return self._chance.random() < 0.5

    def note(
        self, tables: dict[str, list[int | None]], refs: dict[int, int], cached: list[int]
    ) -> None:
        """Keep copies of page tables, refcounts that are not 0, and cached frames in order."""
        copies = {task: [*table] for task, table in tables.items() if table}
        self.snapshots.append((self.events, copies, refs, cached))

"""What an engine's allocator did, as its trace tells it: any pool, any length, in time-lapse."""

from __future__ import annotations

from pagereel.stage.film.scene import ReplayScene


class Replay(ReplayScene):
    """A grid of page frames, the tasks that hold them, and the pool over time."""

    default_trace = "random_256_frames.jsonl"

    def construct(self) -> None:
        """Show the trace."""
        self.opening()
        for number, shot in enumerate(self.film.shots, 1):
            self.tell(number, shot)
        self.closing()

"""Measure `pagereel trace check` on long traces: `python bench/trace.py`.

The same kind of trace is checked short and long, in a small pool and a large one: what an event
costs must not grow with either.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from collections import deque
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from processes import measure, peak_memory

from pagereel.cache import Arrive, Checks, Evict, Expand, Finish, Submit
from pagereel.trace import Header
from pagereel.trace.write import event_line, header_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pagereel.cache import Event

PAGE = 16
# A pool is as busy whatever its size: tasks arrive with at most so many pages.
PAGES = 24
CHECK_EVERY = 10_000
# Of all events, and of the arrivals.
_FINISHES, _HITS = 0.1, 0.3


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--frames", type=int, default=65_536)
    given = parser.parse_args()
    sizes = [(given.events // 10, given.frames // 16), (given.events // 10, given.frames)]
    print(f"load {os.getloadavg()[0]:.1f}")
    print(
        f"{'events':>9}{'frames':>8}{'MB':>7}{'wall s':>8}{'cpu s':>7}{'µs/event':>10}{'RAM MB':>8}"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trace.jsonl"
        for events, frames in (*sizes, (given.events, given.frames)):
            write(path, events, frames)
            command = (sys.executable, "-m", "pagereel", "trace", "check", str(path))
            cost, memory = measure(command), peak_memory(command)
            size = path.stat().st_size / 1e6
            each = 1e6 * cost.cpu / events
            print(
                f"{events:9}{frames:8}{size:7.0f}{cost.wall:8.1f}{cost.cpu:7.1f}{each:10.1f}"
                f"{memory:8.0f}"
            )


def write(path: Path, events: int, frames: int) -> None:
    """Write a trace of a busy engine with a prefix index."""
    engine = Engine(frames)
    with path.open("w") as file:
        file.write(header_line(Header("bench", frames, PAGE)))
        for seq, event in zip(range(1, events + 1), engine.run(), strict=False):
            checks = engine.checks() if seq % CHECK_EVERY == 0 else None
            file.write(event_line(seq, event, frames=frames, step=seq // 8, checks=checks))


class Engine:
    """A toy allocator that knows nothing of ours; it fills the pool first.

    Parameters
    ----------
    frames
        Size of the pool in page frames.
    """

    def __init__(self, frames: int) -> None:
        self.random = random.Random(frames)  # noqa: S311 (always the same)
        self.free = deque(range(frames))
        self.cached: dict[int, None] = {}
        self.refcounts = [0] * frames
        self.tables: dict[str, list[int]] = {}
        self.running: list[str] = []
        self.most = frames * 9 // 10 // PAGES
        self.arrivals = 0

    def checks(self) -> Checks:
        """Claim what is free and what is cached."""
        mask = sum(1 << frame for frame in self.free)
        return Checks(mask=mask, evictable=tuple(self.cached))

    def run(self) -> Iterator[Event]:
        """Yield events for ever; `checks` speaks of the state after the last one."""
        while True:
            room = len(self.free) + len(self.cached)
            if self.running and (room < PAGES or self.random.random() < _FINISHES):
                yield self._finish()
            elif len(self.running) < self.most:
                yield from self._arrive(self.random.randint(8, PAGES))
            else:
                yield from self._expand(self.random.choice(self.running))

    def _arrive(self, pages: int) -> Iterator[Event]:
        self.arrivals += 1
        task = f"req-{self.arrivals}"
        yield Submit(task, pages * PAGE)
        shared: list[int] = []
        if self.running and self.random.random() < _HITS:
            shared = self.tables[self.random.choice(self.running)][:4]
        yield from self._evict(pages - len(shared))
        frames = self._take(pages - len(shared))
        self.tables[task] = [*shared, *frames]
        self.running.append(task)
        for frame in self.tables[task]:
            self.refcounts[frame] += 1
        yield Arrive(task, frames, pages * PAGE, tuple(shared))

    def _expand(self, task: str) -> Iterator[Event]:
        yield from self._evict(1)
        (frame,) = self._take(1)
        self.refcounts[frame] += 1
        self.tables[task].append(frame)
        yield Expand(task, frame, (len(self.tables[task]) - 1) * PAGE)

    def _finish(self) -> Event:
        index = self.random.randrange(len(self.running))
        self.running[index], self.running[-1] = self.running[-1], self.running[index]
        task = self.running.pop()
        left = []
        for frame in self.tables.pop(task):
            self.refcounts[frame] -= 1
            if not self.refcounts[frame]:
                left.append(frame)
        cached, freed = left[: len(left) // 2], left[len(left) // 2 :]
        self.cached.update(dict.fromkeys(cached))
        self.free.extend(freed)
        return Finish(task, tuple(freed), tuple(cached))

    def _evict(self, need: int) -> Iterator[Event]:
        missing = need - len(self.free)
        if missing > 0:
            frames = tuple(islice(self.cached, missing))
            for frame in frames:
                del self.cached[frame]
            self.free.extend(frames)
            yield Evict(frames)

    def _take(self, count: int) -> tuple[int, ...]:
        return tuple(self.free.popleft() for _ in range(count))


if __name__ == "__main__":
    main()

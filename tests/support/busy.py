"""Traces of a busy cache, of any size: made by a random engine that a ledger keeps in order."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

from pagereel.cache.events import Arrive, Evict, Expand, Finish, Preempt, TaskEvent
from pagereel.cache.ledger import Ledger

if TYPE_CHECKING:
    from pathlib import Path

    from pagereel.cache.events import Event


def write_busy_trace(path: Path, *, frames: int, events: int, pages: int, seed: int = 1) -> Path:
    """Write a trace of tasks of about `pages` pages, several of them in each step."""
    engine = _Engine(frames, pages, seed)
    while len(engine.lines) <= events:
        engine.step()
    path.write_text("".join(json.dumps(line) + "\n" for line in engine.lines))
    return path


class _Engine:
    def __init__(self, frames: int, pages: int, seed: int) -> None:
        self.ledger = Ledger(frames)
        self.free = list(range(frames))
        self.random = random.Random(seed)  # noqa: S311 (it is no secret)
        self.pages, self.now, self.arrived = pages, 0, 0
        self.lines: list[dict[str, Any]] = [
            {"ev": "init", "format": "pagereel-trace", "version": 1, "engine": "Busy engine"}
            | {"frames": frames, "note": f"{frames} frames, made for a test"}
        ]

    def step(self) -> None:
        self.now += 1 + self.random.choice((0, 0, 0, 5))
        if self.random.random() < 0.5:
            self.arrive()
        for task in [*self.ledger.tables]:
            chance = self.random.random()
            if chance < 0.02:
                self.release(task)
            elif chance < 0.2:
                self.expand(task)

    def arrive(self) -> None:
        wanted = 1 + int(self.random.expovariate(1 / self.pages))
        shared: tuple[int, ...] = ()
        if self.ledger.tables and self.random.random() < 0.4:
            other = self.random.choice([*self.ledger.tables.values()])
            shared = tuple(other[: wanted // 2])
        taken = self.take(wanted - len(shared))
        if taken is not None:
            self.arrived += 1
            self.do(Arrive(f"R{self.arrived}", taken, shared=shared), frames=taken, shared=shared)

    def expand(self, task: str) -> None:
        taken = self.take(1)
        if taken is not None:
            self.do(Expand(task, taken[0], 0), frames=taken)
        elif self.random.random() < 0.3:
            self.release(task, preempt=True)

    def take(self, count: int) -> tuple[int, ...] | None:
        missing = count - len(self.free)
        if missing > len(self.ledger.cached):
            return None
        if missing > 0:
            evicted = tuple([*self.ledger.cached][:missing])
            self.do(Evict(evicted), frames=evicted)
            self.free += evicted
        return tuple(self.free.pop() for _ in range(count))

    def release(self, task: str, *, preempt: bool = False) -> None:
        alone = [f for f in self.ledger.tables[task] if self.ledger.refcounts[f] == 1]
        kept = tuple(alone[: len(alone) // 2])
        freed = tuple(alone[len(kept) :])
        verb = Preempt if preempt else Finish
        self.do(verb(task, freed, kept), freed=freed, cached=kept)
        self.free += freed

    def do(self, event: Event, **fields: Any) -> None:
        self.ledger.apply(event)
        line = {"seq": len(self.lines), "step": self.now, "ev": event.verb}
        line |= {"task": event.task} if isinstance(event, TaskEvent) else {}
        self.lines.append(line | fields)

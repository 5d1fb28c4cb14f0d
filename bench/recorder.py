"""Measure what recording costs an engine: `python bench/recorder.py`."""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from itertools import count
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from pagereel.recorder import TraceWriter

if TYPE_CHECKING:
    from collections.abc import Callable

FRAMES = 65536
# From the first to the last, a task's life as a decoding engine sees it.
EVENTS_OF_A_TASK = 24


def main() -> None:
    """Print a table: microseconds of one event, all included, and of one call alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--tasks", type=int, default=5000)
    options = parser.parse_args()
    print(f"medians of {options.runs}; load {os.getloadavg()[0]:.1f}")
    print(f"{'':24}{'event us':>10}{'call us':>9}")
    kinds: dict[str, Callable[[Path], TraceWriter]] = {
        "plain": lambda folder: TraceWriter(folder / "a.jsonl", FRAMES, page_size=16),
        "parts of 16 MB, 2 kept": lambda folder: TraceWriter(
            folder / "a.jsonl", FRAMES, page_size=16, part_bytes=2**24, keep=2
        ),
        "compressed": lambda folder: TraceWriter(folder / "a.jsonl.gz", FRAMES, page_size=16),
    }
    for name, make in kinds.items():
        costs = [_measure(make, options.tasks) for _ in range(options.runs)]
        event, call = (median(cost) * 1e6 for cost in zip(*costs, strict=True))
        print(f"{name:24}{event:10.2f}{call:9.2f}")


def _measure(make: Callable[[Path], TraceWriter], tasks: int) -> tuple[float, float]:
    """Return the processor's seconds for an event, and the median seconds of an `expand`."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        with make(Path(folder)) as writer:
            calls = _record(writer, tasks)
        return (time.process_time() - began) / (tasks * EVENTS_OF_A_TASK), median(calls)


def _record(writer: TraceWriter, tasks: int) -> list[float]:
    """Record tasks one after another, and return how long each call of `expand` took."""
    calls = []
    for number in range(tasks):
        task, frames = f"request-{number:08x}", count(number % 1024)
        prompt = [next(frames) for _ in range(8)]
        writer.submit(task, 128)
        writer.arrive(task, prompt, tokens=128, step=number)
        for page in range(8, 5 + EVENTS_OF_A_TASK):
            taken = [next(frames)]
            began = time.perf_counter()
            writer.expand(task, taken, pos=page * 16, step=number)
            calls.append(time.perf_counter() - began)
            prompt += taken
        writer.finish(task, prompt)
    return calls


if __name__ == "__main__":
    main()

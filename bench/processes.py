"""What a command costs, with all processes that it starts. Linux only."""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_EVERY = 0.2  # seconds between two looks at the memory


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds on the clock, and seconds of all processors."""

    wall: float
    cpu: float


def measure(command: Sequence[str]) -> Cost:
    """Run a command, which has to go well, and time it."""
    began = time.perf_counter()
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    _require_success(process)
    return Cost(wall, usage.ru_utime + usage.ru_stime)


def peak_memory(command: Sequence[str]) -> float:
    """Run a command, which has to go well; return the most memory at any time, in MB.

    Memory that processes share is counted once. Sampling slows the processes down, the more so
    the more there are, so time is measured in another run.
    """
    process = subprocess.Popen(command)
    most = 0.0
    while process.poll() is None:
        most = max(most, _memory_of_tree(process.pid))
        time.sleep(_EVERY)
    _require_success(process)
    return most


def _require_success(process: subprocess.Popen[bytes]) -> None:
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)


def _memory_of_tree(root: int) -> float:
    """Return the memory of a process and all below it, in MB."""
    total, waiting = 0, [root]
    while waiting:
        process = waiting.pop()
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
            tasks = Path(f"/proc/{process}/task").iterdir()
            for task in tasks:
                waiting += map(int, (task / "children").read_text().split())
        except (FileNotFoundError, ProcessLookupError):  # it has just ended
            continue
    return total / 1024

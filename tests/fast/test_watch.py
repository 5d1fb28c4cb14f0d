"""A process stands still if it neither draws nor works; slow work is work."""

from __future__ import annotations

import os
import shutil
import signal
import time
from typing import TYPE_CHECKING

import pytest

from pagereel.fast.shards import watch as watching
from pagereel.fast.shards.watch import Watch, work_of

if TYPE_CHECKING:
    from collections.abc import Callable


def after(*seen: tuple[float, int, float]) -> float:
    """Return for how long a process has stood still, that was seen at times with images, work."""
    watch = Watch(os.getpid())
    began = time.monotonic() + 1
    watch.note(began, 0, 0)
    for at, images, worked in seen:
        watch.note(began + at, images, worked)
    return watch._still


def test_it_stands_still_while_it_does_nothing() -> None:
    assert after(*((second, 0, 0.0) for second in range(1, 31))) >= 30


def test_it_does_not_while_it_draws_or_works() -> None:
    assert after(*((second, second, 0.0) for second in range(1, 31))) == 0
    assert after(*((second, 0, second * 0.5) for second in range(1, 31))) == 0


def test_who_only_looks_now_and_then_stands_still() -> None:
    assert after(*((second, 0, second * 0.001) for second in range(1, 31))) >= 30


def test_a_machine_that_was_asleep_counts_for_little() -> None:
    assert after((1, 0, 0.0), (4000, 0, 0.0)) < 5


# `ps` counts whole seconds.
@pytest.mark.parametrize(
    ("measure", "seconds", "error"), [(work_of, 0.3, 0.1), (watching._by_ps, 1.2, 1.1)]
)
def test_work_is_time_of_a_core(
    measure: Callable[[int], float], seconds: float, error: float
) -> None:
    if measure is not work_of and not shutil.which("ps"):
        pytest.skip("there is no ps")
    done, tell = os.pipe()
    process = os.fork()
    if not process:
        while time.process_time() < seconds:
            pass
        os.write(tell, b"!")
        signal.pause()
    try:
        os.read(done, 1)
        assert measure(process) == pytest.approx(seconds, abs=error)
    finally:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        os.close(done)
        os.close(tell)


def test_a_process_that_is_gone_does_not_work() -> None:
    process = os.fork()
    if not process:
        os._exit(0)
    os.waitpid(process, 0)
    assert work_of(process) == 0

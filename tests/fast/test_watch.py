"""A process stands still if it neither draws nor works; one that works may do so in vain."""

from __future__ import annotations

import os
import shutil
import signal
import time

import pytest

from pagereel.fast.shards import watch as watching
from pagereel.fast.shards.watch import Watch, remark, work_of


def after(*seen: tuple[float, int, float]) -> Watch:
    """Return what has seen a process at times with images and work."""
    watch = Watch(os.getpid())
    began = time.monotonic() + 1
    watch.note(began, 0, 0)
    for at, images, worked in seen:
        watch.note(began + at, images, worked)
    return watch


def test_it_stands_still_while_it_does_nothing() -> None:
    assert after(*((second, 0, 0.0) for second in range(1, 31))).idle >= 30


def test_it_does_not_while_it_draws_or_works() -> None:
    assert after(*((second, second, 0.0) for second in range(1, 31))).idle == 0
    assert after(*((second, 0, second * 0.5) for second in range(1, 31))).idle == 0


def test_who_only_looks_now_and_then_stands_still() -> None:
    assert after(*((second, 0, second * 0.001) for second in range(1, 31))).idle >= 30


def test_it_works_in_vain_until_an_image_comes() -> None:
    seen = [(second, 0, second * 1.0) for second in range(1, 700)]
    assert after(*seen).fruitless >= 699
    assert after(*seen, (700, 1, 700.0)).fruitless == 0


@pytest.mark.parametrize(
    ("idle", "fruitless", "said"),
    [
        (0, 59, ""),
        (61, 61, "stands still"),
        (0, 61, "computed for 60 s without an image"),
        (0, 3601, "computed for 600 s without an image"),
    ],
)
def test_what_is_said_of_a_process_from_which_nothing_comes(
    idle: float, fruitless: float, said: str
) -> None:
    watch = Watch(os.getpid())
    watch.idle, watch.fruitless = idle, fruitless
    line = remark("play 7 (Write) at talk.py:12", watch)
    assert bool(line) is bool(said)
    assert said in line


def test_a_machine_that_was_asleep_counts_for_little() -> None:
    assert after((1, 0, 0.0), (4000, 0, 0.0)).idle < 5


@pytest.mark.skipif(not shutil.which("ps"), reason="there is no ps")
def test_ps_says_how_long_a_process_has_worked() -> None:
    """This one mostly has for seconds, as it has imported manim; `ps` counts whole ones."""
    while time.process_time() < 2:
        pass
    assert watching._by_ps(os.getpid()) == pytest.approx(time.process_time(), abs=1.5)


def test_work_is_time_of_a_core() -> None:
    seconds = 0.3
    done, tell = os.pipe()
    process = os.fork()
    if not process:
        while time.process_time() < seconds:
            pass
        os.write(tell, b"!")
        signal.pause()
    try:
        os.read(done, 1)
        assert work_of(process) == pytest.approx(seconds, abs=0.1)
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

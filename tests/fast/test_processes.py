"""Forked processes wait for an order, report failures, and end with their parents."""

from __future__ import annotations

import os
import random
import signal
import struct
import time
from typing import TYPE_CHECKING, NoReturn

from pagereel.failure import Failure, Kind
from pagereel.fast.shards.processes import Child

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def fork(work: Callable[[Child], None]) -> Child:
    child = Child(3, 0)
    if not child.process:
        _work(child, work)
    return child


def saying(message: str) -> Failure:
    return Failure(Kind.RAISED, message)


def _work(child: Child, work: Callable[[Child], None]) -> NoReturn:
    try:
        work(child)
    finally:
        os._exit(0)


def test_a_child_draws_what_it_is_ordered_to() -> None:
    child = fork(lambda me: me.report(saying(f"{me.listen()}")))
    child.order({7, 2})
    assert child.wait() == saying("{2, 7}")


def test_a_long_failure_comes_whole() -> None:
    """Longer than a pipe holds."""
    child = fork(lambda me: me.report(saying("é" * 100_000)))
    assert child.wait() == saying("é" * 100_000)


def test_a_child_without_an_order_ends_with_its_parent(tmp_path: Path) -> None:
    folder = tmp_path / "shards"
    folder.mkdir()
    child = fork(lambda me: me.report(saying(f"{me.listen(folder)}")))
    child._pipe.close()
    os.waitpid(child.process, 0)
    assert not folder.exists()


def test_a_child_whose_parent_was_killed_reports_nothing_and_ends() -> None:
    """Nor does it report the broken pipe, to whoever would listen."""
    told, tell = os.pipe()
    go, begin = os.pipe()

    def report(me: Child) -> None:
        try:
            os.read(go, 1)
            me.report(saying("too late"))
        finally:
            os.write(tell, b"it has not ended")

    child = fork(report)
    os.close(tell)
    child._pipe.close()
    os.write(begin, b"!")
    _, status = os.waitpid(child.process, 0)
    assert os.waitstatus_to_exitcode(status) == 1
    assert os.read(told, 99) == b""
    for descriptor in (told, go, begin):
        os.close(descriptor)


def test_random_numbers_are_those_of_the_parent() -> None:
    random.seed(5)
    child = fork(lambda me: me.report(saying(f"{random.random()}")))  # noqa: S311
    assert child.wait() == saying(f"{random.random()}")  # noqa: S311


def test_a_killed_child_has_no_failure() -> None:
    """Whether it was killed without its order, before it read it, or as it sent its failure."""
    child = fork(lambda _: time.sleep(60))
    os.kill(child.process, signal.SIGKILL)
    os.waitid(os.P_PID, child.process, os.WEXITED | os.WNOWAIT)
    child.order({1})
    assert child.wait() is None
    child = fork(lambda _: time.sleep(60))
    child.order({1})
    child.kill()
    assert fork(_send_half).wait() is None


def _send_half(me: Child) -> None:
    os.write(me.fileno(), struct.pack("!i", 1000) + b"half")
    os.kill(os.getpid(), signal.SIGKILL)

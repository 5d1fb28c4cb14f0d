"""Forked processes wait for an order, report failures, and end with their parents."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING, NoReturn

from pagereel.fast.shards.processes import Child, first_to_end

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def fork(work: Callable[[Child], None]) -> Child:
    child = Child(3, 0)
    if not child.process:
        _work(child, work)
    return child


def _work(child: Child, work: Callable[[Child], None]) -> NoReturn:
    try:
        work(child)
    finally:
        os._exit(0)


def test_a_child_draws_what_it_is_ordered_to() -> None:
    child = fork(lambda me: me.report(f"{sorted(me.listen())}"))
    child.order({7, 2})
    assert child.wait() == "[2, 7]"


def test_a_long_failure_comes_whole() -> None:
    """Longer than a pipe holds."""
    child = fork(lambda me: me.report("é" * 100_000))
    assert child.wait() == "é" * 100_000


def test_a_child_without_an_order_ends_with_its_parent(tmp_path: Path) -> None:
    folder = tmp_path / "shards"
    folder.mkdir()
    child = fork(lambda me: me.report(f"{me.listen(folder)}"))
    os.close(child._order)
    assert child.wait() == ""
    assert not folder.exists()


def test_random_numbers_are_those_of_the_parent() -> None:
    random.seed(5)
    child = fork(lambda me: me.report(f"{random.random()}"))  # noqa: S311
    assert child.wait() == f"{random.random()}"  # noqa: S311


def test_the_first_to_end_is_found_among_several() -> None:
    waiting, ending = fork(lambda me: me.report(f"{me.listen()}")), fork(lambda _: None)
    assert first_to_end([waiting, ending], lambda: None) is ending
    assert ending.wait() == ""
    waiting.kill()
    assert waiting._order >= 0

"""What comes back from a cluster is checked; here threads stand in for it."""

from __future__ import annotations

import argparse
import hashlib
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from pagereel.errors import RenderError
from pagereel.render import address as where
from pagereel.render import gather
from pagereel.render.address import Cluster
from pagereel.render.versions import difference, versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future

    from pagereel.render.remote import Answer

COUNTS = [10, 10, 7]


def answer(group: Sequence[int], **facts: Any) -> Answer:
    """Return what whoever draws these shards returns, but for some facts."""
    shards = {index: bytes([index]) * 100 for index in group}
    sums = {str(index): hashlib.sha256(data).hexdigest() for index, data in shards.items()}
    return json.dumps({"counts": COUNTS[: max(group) + 1], "sums": sums, **facts}), shards


class Threads:
    """Draws with threads; notes which groups were asked for."""

    def __init__(self, draw: Callable[[Sequence[int], int], Answer]) -> None:
        self._executor = ThreadPoolExecutor(2)
        self._draw = draw
        self.asked: list[list[int]] = []

    def gather(self, *groups: Sequence[int]) -> dict[int, bytes]:
        return dict(gather.gather(self._submit, COUNTS, groups, lambda: None))

    def _submit(self, group: Sequence[int]) -> Future[Answer]:
        self.asked.append([*group])
        return self._executor.submit(self._draw, group, len(self.asked))


def test_shards_come_from_all_groups() -> None:
    threads = Threads(lambda group, _: answer(group))
    assert threads.gather([0, 1], [2]) == {index: bytes([index]) * 100 for index in range(3)}
    assert threads.asked == [[0, 1], [2]]


def damaged(group: Sequence[int]) -> Answer:
    report, shards = answer(group)
    return report, {
        index: b"?" + data[1:] if index == 1 else data for index, data in shards.items()
    }


def test_what_comes_damaged_is_drawn_again() -> None:
    threads = Threads(lambda group, turn: damaged(group) if turn == 1 else answer(group))
    assert threads.gather([0, 1, 2]) == {index: bytes([index]) * 100 for index in range(3)}
    assert threads.asked == [[0, 1, 2], [1]]


def test_what_is_not_there_is_drawn_again() -> None:
    threads = Threads(lambda group, turn: answer([0]) if turn == 1 else answer(group))
    assert [*threads.gather([0, 1])] == [0, 1]


def test_what_comes_damaged_twice_is_refused() -> None:
    threads = Threads(lambda group, _: damaged(group))
    with pytest.raises(RenderError, match="damaged, twice"):
        threads.gather([0, 1, 2])
    assert threads.asked == [[0, 1, 2], [1]]


def test_a_scene_that_is_another_there_is_refused() -> None:
    threads = Threads(lambda group, _: answer(group, counts=[10, 9]))
    with pytest.raises(RenderError, match="--dask-files"):
        threads.gather([1])


def test_a_line_and_a_traceback_are_told() -> None:
    with pytest.raises(RenderError, match=r"^the worker on x has numpy 1"):
        Threads(lambda group, _: answer(group, message="the worker on x has numpy 1")).gather([0])
    with pytest.raises(RenderError) as caught:
        Threads(lambda group, _: answer(group, traceback="File x\nValueError: oops\n")).gather([0])
    assert caught.value.__notes__ == ["File x\nValueError: oops\n"]


def test_who_watches_can_end_the_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather, "_PULSE", 0.01)
    never = threading.Event()

    def watch() -> None:
        raise RenderError("nobody is there")

    with ThreadPoolExecutor(1) as executor:
        busy = executor.submit(never.wait)
        waiting: list[Future[Any]] = []

        def submit(group: Sequence[int]) -> Future[Any]:
            waiting.append(executor.submit(answer, group))
            return waiting[-1]

        with pytest.raises(RenderError, match="nobody is there"):
            next(gather.gather(submit, COUNTS, [[0], [1]], watch))
        assert [future.cancelled() for future in waiting] == [True, True]
        never.set()
        busy.result()


class Workers:
    """A client that only knows how many workers there are."""

    def __init__(self, *threads: dict[str, int]) -> None:
        self._threads = iter(threads)

    def nthreads(self) -> dict[str, int]:
        return next(self._threads)


def test_workers_may_be_gone_for_a_while_only(monkeypatch: pytest.MonkeyPatch) -> None:
    connection: Any = pytest.importorskip("pagereel.render.connection", exc_type=ImportError)
    times: Iterator[float] = iter([0, 50, 50, 70, 105, 111])
    monkeypatch.setattr(time, "monotonic", lambda: next(times))
    watch = connection.watching(Workers({}, {"w": 1}, {}, {}), "tcp://host:1")
    monkeypatch.setattr(connection, "in_time", lambda ask: ask())
    watch()  # at 50
    watch()  # there is one, at 50
    watch()  # at 70
    monkeypatch.setattr(connection, "PATIENCE", 50.0)
    with pytest.raises(RenderError, match=r"no Dask worker for 50 s; .*`dask worker tcp://host:1`"):
        watch()  # at 105


def test_who_is_silent_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    connection: Any = pytest.importorskip("pagereel.render.connection", exc_type=ImportError)
    monkeypatch.setattr(connection, "_LONGEST", 0.05)
    never = threading.Event()
    with pytest.raises(TimeoutError):
        connection.in_time(never.wait)
    never.set()


@pytest.mark.parametrize(
    ("shards", "most", "sizes"),
    [(3, 8, [1, 1, 1]), (7, 3, [3, 3, 1]), (4, 2, [2, 2]), (3, 0, [1, 1, 1]), (0, 4, [])],
)
def test_groups(shards: int, most: int, sizes: list[int]) -> None:
    divided = gather.groups(range(shards), most)
    assert [len(group) for group in divided] == sizes
    assert [index for group in divided for index in group] == [*range(shards)]


def test_what_is_different_is_named() -> None:
    here = versions()
    assert difference(here, dict(here)) == ""
    other = {**here, "numpy": "1.0"}
    del other["av"]
    assert difference(here, other) == (
        f"numpy 1.0 instead of {here['numpy']}, av none instead of {here['av']}"
    )


def test_dask_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(where, "find_spec", lambda _name: None)
    with pytest.raises(RenderError, match=r"pip install 'pagereel\[dask\]'"):
        Cluster("tcp://127.0.0.1:1").require()


@pytest.mark.parametrize("text", ["tcp://host:8786", "tls://10.0.0.1:1", "tcp://[::1]:65535"])
def test_addresses(text: str) -> None:
    assert where.address(text) == text


@pytest.mark.parametrize(
    "text", ["", "host", "host:8786", "tcp://host", "tcp://:1", "tcp://host:0", "tcp://host:65536"]
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=r"such as tcp://host:8786"):
        where.address(text)

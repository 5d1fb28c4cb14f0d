"""What comes back from a cluster is checked; here threads stand in for it."""

from __future__ import annotations

import argparse
import hashlib
import json
import pickle
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pagereel.errors import RenderError
from pagereel.failure import Failure, Kind
from pagereel.manifest import machine_versions
from pagereel.render.cluster import address as where
from pagereel.render.cluster import gather, remote
from pagereel.render.cluster.address import Cluster
from pagereel.render.cluster.parcel import pack
from pagereel.render.cluster.remote import DrawOrder
from pagereel.render.job import Assignment
from pagereel.request import PREVIEW, Request, SceneOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future

    from pagereel.render.cluster.remote import Answer

SHOWN = ["10 a b", "10 c d", "7 e f"]
ORDER = DrawOrder(
    assignment=Assignment(
        request=Request(file=Path("a.py"), scene="A", video=PREVIEW), target=Path("a.mp4")
    ),
    folder="a",
    home="b",
    python_path=(),
    hash_seed="0",
)


def answer(group: Sequence[int], **facts: Any) -> Answer:
    """Return what whoever draws these shards returns, but for some facts."""
    shards = {index: bytes([index]) * 100 for index in group}
    sums = {str(index): hashlib.sha256(data).hexdigest() for index, data in shards.items()}
    return json.dumps({"shown": SHOWN[: max(group) + 1], "sums": sums, **facts}), shards


def failed(kind: Kind, message: str, traceback: str = "") -> Callable[..., Answer]:
    """Return what draws nothing, and says why."""
    facts = Failure(kind, message, traceback).facts
    return lambda group, _: answer(group, failure=facts)


class Threads:
    """Draws with threads; notes which groups were asked for."""

    def __init__(self, draw: Callable[[Sequence[int], int], Answer]) -> None:
        self._executor = ThreadPoolExecutor(2)
        self._draw = draw
        self.asked: list[list[int]] = []

    def gather(self, *groups: Sequence[int]) -> dict[int, bytes]:
        return dict(gather.gather(self._submit, SHOWN, groups, lambda: None))

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
    threads = Threads(lambda group, _: answer(group, shown=["10 a b", "10 c x"]))
    with pytest.raises(RenderError, match="--dask-files"):
        threads.gather([1])


def test_a_line_and_a_traceback_are_told() -> None:
    with pytest.raises(RenderError, match=r"^the worker on x has numpy 1"):
        Threads(failed(Kind.MISTAKE, "the worker on x has numpy 1")).gather([0])
    with pytest.raises(RenderError) as caught:
        Threads(failed(Kind.RAISED, "ValueError: oops", "File x\nValueError: oops\n")).gather([0])
    assert caught.value.__notes__ == ["File x\nValueError: oops\n"]


def test_who_watches_can_end_the_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather, "_PULSE", 0.01)
    never = threading.Event()

    def watch() -> None:
        raise RenderError("nobody is there")

    executor = ThreadPoolExecutor(1)
    executor.submit(never.wait)
    waiting: list[Future[Any]] = []

    def submit(group: Sequence[int]) -> Future[Any]:
        waiting.append(executor.submit(answer, group))
        return waiting[-1]

    try:
        with pytest.raises(RenderError, match="nobody is there"):
            next(gather.gather(submit, SHOWN, [[0], [1]], watch))
        assert [future.cancelled() for future in waiting] == [True, True]
    finally:
        never.set()
        executor.shutdown()


class Workers:
    """A client that only knows how many workers there are."""

    def __init__(self, *threads: dict[str, int]) -> None:
        self._threads = iter(threads)

    def nthreads(self) -> dict[str, int]:
        return next(self._threads)


def test_workers_may_be_gone_for_a_while_only(monkeypatch: pytest.MonkeyPatch) -> None:
    sender: Any = pytest.importorskip("pagereel.render.cluster.sender", exc_type=ImportError)
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(sender, "in_time", lambda ask: ask())
    watch = sender.watching(Workers({}, {"w": 1}, {}, {}), "tcp://host:1")
    for now[0] in (50, 100, 150):
        watch()  # there is one at 100
    now[0] = 170
    with pytest.raises(RenderError, match=r"no Dask worker for 60 s; .*`dask worker tcp://host:1`"):
        watch()


def test_who_is_silent_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    sender: Any = pytest.importorskip("pagereel.render.cluster.sender", exc_type=ImportError)
    monkeypatch.setattr(sender, "_LONGEST", 0.05)
    never = threading.Event()
    with pytest.raises(TimeoutError):
        sender.in_time(never.wait)
    never.set()


@pytest.mark.parametrize(
    ("shards", "most", "sizes"),
    [(3, 8, [1, 1, 1]), (7, 3, [3, 3, 1]), (4, 2, [2, 2]), (3, 0, [1, 1, 1]), (0, 4, [])],
)
def test_groups(shards: int, most: int, sizes: list[int]) -> None:
    divided = gather.groups(range(shards), most)
    assert [len(group) for group in divided] == sizes
    assert [index for group in divided for index in group] == [*range(shards)]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import os; os.kill(os.getpid(), 9)", "signal SIGKILL ended the drawing"),
        ("raise SystemExit('no\\nmanim')", "the drawing ended with exit code 1 manim"),
    ],
)
def test_a_process_that_ends_without_a_word(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str, message: str
) -> None:
    monkeypatch.setattr(remote, "_MAIN", code)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(remote.NotDrawn, match=message):
        remote.draw(pack([]), pickle.dumps(ORDER), [0], machine_versions())
    assert not [*tmp_path.iterdir()]


def test_a_machine_that_cannot_write(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with pytest.raises(remote.NotDrawn, match="No such file or directory"):
        remote.draw(pack([]), pickle.dumps(ORDER), [0], machine_versions())


def test_a_machine_with_other_libraries() -> None:
    report, shards = remote.draw(b"", b"is not even read", [0], {"numpy": "1.0"})
    found = Failure.from_facts(json.loads(report)["failure"])
    assert found.kind is Kind.MISTAKE
    assert found.message.startswith("the worker on ")
    assert "has numpy" in found.message
    assert not shards


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


def test_files_are_found_where_the_parcel_was_unpacked(tmp_path: Path) -> None:
    """Those of relative names are, from the current folder; all else is as it was asked for."""
    draw: Any = pytest.importorskip("pagereel.render.cluster.draw", exc_type=ImportError)
    options = SceneOptions(Path("/far/s.toml"), "light", 20)
    request = Request(file=Path("a.py"), scene="A", video=PREVIEW, options=options, seed=3)
    here = draw._here(Assignment(request=request, target=Path("a.mp4")), tmp_path)
    moved = replace(options, story=tmp_path / "far" / "s.toml")
    assert here.request == replace(request, options=moved)
    request = replace(request, file=Path("/far/a.py"), options=SceneOptions(Path("s.toml")))
    here = draw._here(Assignment(request=request, target=Path("a.mp4")), tmp_path)
    assert here.request == replace(request, file=tmp_path / "far" / "a.py")

"""What is sent to a cluster, and what its errors become; a stand-in runs tasks in this process."""

from __future__ import annotations

import hashlib
import json
import pickle
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from heard import Heard

from pagereel.errors import RenderError
from pagereel.manifest import machine_versions
from pagereel.render.cluster import remote
from pagereel.render.cluster.parcel import unpack
from pagereel.render.cluster.remote import NotDrawn
from pagereel.render.job import Assignment
from pagereel.request import PREVIEW, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

SHOWN = ["10 a b", "10 c d", "10 e f", "7 g h"]
ADDRESS = "tcp://host:8786"


class Client:
    """A client whose cluster is this process."""

    def nthreads(self) -> dict[str, int]:
        return {"one": 1}

    def submit(self, function: Callable[..., Any], *args: Any, pure: bool) -> Any:
        """Run a task; a result that others use is passed on as it is, as Dask does."""
        assert not pure, "Dask would give old results to later renders"
        return function(*args)

    def get_executor(self, *, pure: bool, retries: int) -> Any:
        assert not pure
        assert retries

        def submit(*task: Any) -> Future[Any]:
            future: Future[Any] = Future()
            future.set_result(self.submit(*task, pure=False))
            return future

        return SimpleNamespace(submit=submit)


@pytest.fixture(scope="module")
def sender() -> Any:
    """Import Dask in no process that does not come to these tests."""
    return pytest.importorskip("pagereel.render.cluster.sender", exc_type=ImportError)


@pytest.fixture
def assignment(tmp_path: Path) -> Assignment:
    file = tmp_path / "a.py"
    file.write_text("HERE = 1\n")
    request = Request(file=file, scene="A", video=PREVIEW)
    return Assignment(request=request, target=tmp_path / "a.mp4")


def test_shards_are_sent_with_their_files_and_come_back(
    sender: Any, monkeypatch: pytest.MonkeyPatch, assignment: Assignment
) -> None:
    orders: list[tuple[Any, ...]] = []

    def draw(parcel: bytes, order: bytes, todo: Sequence[int], wanted: Any) -> remote.Answer:
        orders.append((pickle.loads(order), [*todo], wanted))  # noqa: S301 (our own)
        unpack(parcel, assignment.target.with_name("there"))
        shards = {index: b"shard %d" % index for index in todo}
        sums = {str(index): hashlib.sha256(data).hexdigest() for index, data in shards.items()}
        return json.dumps({"shown": SHOWN[: max(todo) + 1], "sums": sums}), shards

    @contextmanager
    def connected(address: str) -> Iterator[Client]:
        assert address == ADDRESS
        yield Client()

    monkeypatch.setattr(remote, "draw", draw)
    monkeypatch.setattr(sender, "connected", connected)
    monkeypatch.setattr(sender, "_SHARDS_PER_THREAD", 2)
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    report = Heard()
    sent = sender.Sender(assignment, ADDRESS, report)
    assert dict(sent(SHOWN, [0, 2, 3], [])) == {i: b"shard %d" % i for i in (0, 2, 3)}
    assert report.notes == ["3 shards go to 1 Dask worker"]
    assert [todo for _, todo, _ in orders] == [[0, 2], [3]]
    for order, _, wanted in orders:
        assert (order.assignment, order.hash_seed) == (assignment, "7")
        assert order.folder == str(Path.cwd()).lstrip("/")
        assert wanted == machine_versions()
    there = assignment.target.with_name("there") / str(assignment.request.file).lstrip("/")
    assert there.read_text() == "HERE = 1\n"


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (CancelledError(), "the Dask scheduler was lost; see to it that it runs"),
        (ConnectionResetError(), "the Dask scheduler was lost"),
        (ModuleNotFoundError("No module named 'manim'"), "cannot draw: No module named 'manim'; "),
        (NotDrawn("on x: No space left"), "shards cannot be drawn, on x: No space left"),
    ],
)
def test_errors_of_dask_say_what_is_wrong(sender: Any, error: Exception, says: str) -> None:
    with pytest.raises(RenderError) as caught, sender.explaining(ADDRESS):
        raise error
    assert str(caught.value).startswith(f"{ADDRESS}: ")
    assert says in str(caught.value)


def test_workers_that_die_are_explained(sender: Any) -> None:
    distributed: Any = pytest.importorskip("distributed")
    last = SimpleNamespace(address="tcp://w:1")
    with pytest.raises(RenderError, match="died again and again"), sender.explaining(ADDRESS):
        raise distributed.KilledWorker("draw", last, 3)


def test_an_error_of_the_scene_passes(sender: Any) -> None:
    with pytest.raises(RenderError, match=r"^a\.py: oops$"), sender.explaining(ADDRESS):
        raise RenderError("a.py: oops")


def test_the_story_of_the_order_is_the_one_here(
    sender: Any, assignment: Assignment, tmp_path: Path
) -> None:
    """The names in an order are those of this machine; `cluster.draw` moves them."""
    options = replace(assignment.request.options, story=tmp_path / "s.toml")
    request = replace(assignment.request, options=options)
    sent = sender.Sender(replace(assignment, request=request), ADDRESS, Heard())
    assert sent._order().assignment.request.options.story == tmp_path / "s.toml"

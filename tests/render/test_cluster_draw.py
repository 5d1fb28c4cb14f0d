"""The process that draws for a cluster's worker: its order, its shards and its report."""

from __future__ import annotations

import io
import os
import pickle
import sys
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from manim import logger

from pagereel.errors import CannotWrite, RenderError
from pagereel.failure import Failure, Kind
from pagereel.files import checksum, read_facts
from pagereel.render.cluster import draw
from pagereel.render.cluster.parcel import name_in_parcel
from pagereel.render.cluster.remote import REPORT, DrawOrder
from pagereel.render.job import Assignment
from pagereel.request import PREVIEW, Request, SceneOptions

if TYPE_CHECKING:
    from collections.abc import Callable

STORY = Path("/far/stories/s.toml")
FILE = Path("/far/scenes/a.py")
SHOWN = ["10 a b", "4 c d"]


class Left(Exception):  # noqa: N818 (it is not an error)
    """Raised where the process would end."""


def run(
    monkeypatch: pytest.MonkeyPatch,
    place: Path,
    render: Callable[[Assignment, Path, draw._Cutter], None],
    parent: int | None = None,
) -> dict[str, Any]:
    """Run `main` in this process; return its report."""
    options = SceneOptions(story=STORY)
    request = Request(file=FILE, scene="A", video=PREVIEW, options=options)
    order = DrawOrder(
        assignment=Assignment(request=request, target=Path("a.mp4")),
        folder="",
        home="",
        python_path=(),
        hash_seed="0",
    )
    data = pickle.dumps((order, [1], os.getppid() if parent is None else parent))

    def leave(code: int) -> None:
        raise Left(code)

    def rendering(assignment: Assignment, target: Path, *, cutter: draw._Cutter) -> None:
        render(assignment, target, cutter)

    monkeypatch.setattr(sys, "argv", ["draw", str(place)])
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))
    monkeypatch.setattr(logger, "level", logger.level)
    monkeypatch.setattr(draw, "leave", leave)
    monkeypatch.setattr(draw, "render_assignment", rendering)
    with pytest.raises(Left):
        draw.main()
    return read_facts(place / REPORT)


def test_files_are_those_of_the_parcel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen: list[Assignment] = []
    run(monkeypatch, tmp_path, lambda assignment, *_: seen.append(assignment))
    [assignment] = seen
    root = tmp_path / "root"
    assert assignment.request.file == root / name_in_parcel(FILE)
    assert assignment.request.options.story == root / name_in_parcel(STORY)


def test_shards_are_delivered_with_sums_and_what_they_show(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    drawn = tmp_path / "drawn"
    drawn.write_bytes(b"images")
    writer: Any = SimpleNamespace(shard_path={1: drawn}.__getitem__)
    sums = {"1": checksum(drawn)}

    def render(*arguments: Any) -> None:
        with suppress(Left):
            arguments[-1]._on_end(writer, SHOWN)

    assert run(monkeypatch, tmp_path, render) == {"shown": SHOWN, "sums": sums}
    assert (tmp_path / "1.shard").read_bytes() == b"images"


@pytest.mark.parametrize(
    ("error", "report"),
    [
        (CannotWrite(Path("/tmp/x"), "No space left"), {"trouble": "No space left"}),  # noqa: S108
        (MemoryError(), {"trouble": "MemoryError"}),
    ],
)
def test_a_fault_of_the_machine_is_trouble(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: Exception, report: dict[str, Any]
) -> None:
    def render(*_: object) -> None:
        raise error

    assert run(monkeypatch, tmp_path, render) == {"sums": {}, **report}


def test_a_fault_of_the_scene_names_the_files_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def render(assignment: Assignment, *_: object) -> None:
        raise RenderError(f"{assignment.request.options.story}: line 3: oops")

    failure = Failure.from_facts(run(monkeypatch, tmp_path, render)["failure"])
    assert (failure.kind, failure.message) == (Kind.MISTAKE, f"{STORY}: line 3: oops")


def test_it_ends_when_nobody_waits_any_more(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place = tmp_path / "place"
    place.mkdir()

    def render(*arguments: Any) -> None:
        with suppress(Left):
            arguments[-1].count(1)

    run(monkeypatch, place, render, parent=-1)
    assert not place.exists()

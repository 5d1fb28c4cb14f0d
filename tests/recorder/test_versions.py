"""The recorder says version 2 of the format where it is needed, and only there."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest
from recorded import read

from pagereel.cache import HOLE
from pagereel.recorder import TraceWriter
from pagereel.trace import open_trace
from pagereel.trace.cut import recorded

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def tell_1(writer: TraceWriter) -> None:
    writer.arrive("A", [0, 1, 2])
    writer.flush()
    writer.finish("A", cached=[0])


def tell_release(writer: TraceWriter) -> None:
    writer.arrive("A", [0, 1, 2])
    writer.flush()
    writer.release("A", [0], cached=[0], tables={"A": [None, 1, 2]})
    writer.finish("A")


def tell_holes(writer: TraceWriter) -> None:
    writer.arrive("A", [0], shared=(None,))
    writer.expand("A", [None])
    writer.shrink("A", [0, None])


def tell_share(writer: TraceWriter) -> None:
    writer.arrive("A", [0])
    writer.arrive("B", [1])
    writer.share("B", [0], page=0, freed=[1])


def tell_drop(writer: TraceWriter) -> None:
    tell_1(writer)
    writer.drop([0])


@pytest.mark.parametrize("groups", [{}, {"sliding window": 4}, {"": 4}])
def test_groups_that_no_reader_takes_are_refused(tmp_path: Path, groups: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="groups have names of at most 32 letters"):
        TraceWriter(tmp_path / "trace.jsonl", 8, groups=groups)
    assert not [*tmp_path.iterdir()]


def test_an_event_of_a_group_that_no_reader_takes_ends_the_recording(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    writer = TraceWriter(path, 8, groups={"full": 4})
    writer.arrive("A", [0], group="full")
    writer.arrive("A", [1], group="sliding window")
    writer.close()
    with open_trace(path) as trace:
        assert len([*trace]) == 1
        assert "groups have names" in (trace.ended or "")


def test_an_expand_of_a_group_without_a_name_ends_the_recording_too(tmp_path: Path) -> None:
    """An `expand` is written in a shorter way where nothing else is asked of it."""
    path = tmp_path / "trace.jsonl"
    writer = TraceWriter(path, 8, groups={"full": 4})
    writer.arrive("A", [0], group="full")
    writer.expand("A", [1], pos=4, group="")
    writer.close()
    with open_trace(path) as trace:
        assert len([*trace]) == 1
        assert "groups have names" in (trace.ended or "")


@pytest.mark.parametrize("ending", ["jsonl", "jsonl.gz"])
@pytest.mark.parametrize(
    ("tell", "version"),
    [(tell_1, 1), (tell_release, 2), (tell_holes, 2), (tell_share, 2), (tell_drop, 2)],
)
def test_the_first_line_says_which_version_is_needed(
    tmp_path: Path, ending: str, tell: Callable[[TraceWriter], None], version: int
) -> None:
    path = tmp_path / f"trace.{ending}"
    with TraceWriter(path, 4, note="null, [null", strict=True) as writer:
        tell(writer)
    header, records, _ = read(path)
    assert header.version == version
    data = path.read_bytes()
    text = gzip.decompress(data) if ending == "jsonl.gz" else data
    assert len(text.splitlines()) == 1 + len(records)


def test_groups_are_recorded(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    with TraceWriter(path, 8, groups={"full": 4, "window": None}, strict=True) as writer:
        writer.arrive("A", [0], group="full", tokens=4)
        writer.arrive("A", [1], group="window", tables={"A": {"full": [0], "window": [1]}})
        writer.expand("A", [2], group="window")
        writer.release("A", [1], group="window")
        writer.finish("A", freed=[0, 2])
    header, records, ledger = read(path)
    assert (header.version, header.groups) == (2, {"full": 4, "window": None})
    assert len(records) == 5
    assert ledger.free_count == 8


def test_a_part_begins_with_holes_and_groups_that_nobody_recorded(tmp_path: Path) -> None:
    with TraceWriter(
        tmp_path / "t.jsonl", 8, groups={"full": 4, "window": 4}, part_bytes=1, strict=True
    ) as writer:
        writer.submit("A")
        writer.arrive("A", [0, 1], group="full")
        writer.arrive("A", [2, 3], group="window")
        writer.release("A", [2], group="window", cached=[2])
        writer.shrink("A", [1], group="full", cached=[1])
        writer.arrive("B", [4], group="full")
        writer.share("B", [1], page=0, group="full", freed=[4])
        writer.drop([2])
        for position in range(20):
            writer.submit(f"Q{position}")
        writer.flush()
    paths = sorted(tmp_path.glob("t.*.jsonl"))
    assert len(paths) > 1
    told: list[Any] = []
    for path in paths:
        with open_trace(path) as trace:
            ledger = trace.header.ledger()
            events = [*recorded(trace, ledger)]
            assert events[0] == (len(told), None)
            told += [record.event.label for _, record in events if record]
    assert told[:2] == ["submit A", "arrive A full"]
    assert len(told) == 28
    assert ledger.tables == {"A full": [0], "A window": [HOLE, 3], "B full": [1]}
    assert json.loads(paths[-1].read_text().splitlines()[0])["first"] > 1

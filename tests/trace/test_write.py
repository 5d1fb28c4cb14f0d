from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from traces import read

from pagereel.cache import (
    HOLE,
    Abort,
    Arrive,
    Checks,
    Copy,
    Defer,
    Discard,
    Drop,
    Evict,
    Expand,
    Finish,
    Load,
    Offload,
    Preempt,
    Release,
    Share,
    Shrink,
    Submit,
)
from pagereel.errors import TraceError
from pagereel.trace import Header
from pagereel.trace.records import NAME
from pagereel.trace.write import event_line, header_line, written

if TYPE_CHECKING:
    from pathlib import Path

numbers = st.integers(0, 2**53 - 1)
positive = st.integers(1, 2**53 - 1)
frames = st.lists(numbers, max_size=4).map(tuple)
names = st.from_regex(f"(?:{NAME})", fullmatch=True).filter(lambda name: len(name) <= 256)
pages = st.lists(numbers | st.just(HOLE), max_size=4).map(tuple)
freed = st.none() | frames
groups = st.sampled_from((None, "full"))
tiers = st.sampled_from(("host", "disk"))
keys = st.lists(st.sampled_from(("1f", "é")), max_size=2).map(tuple)
events = st.one_of(
    st.builds(Submit, names, st.none() | positive),
    st.builds(Defer, names, st.none() | positive),
    st.builds(Arrive, names, pages, st.none() | positive, pages, group=groups),
    st.builds(Expand, names, numbers | st.just(HOLE), st.none() | numbers, group=groups),
    st.builds(Copy, names, numbers, numbers, numbers, group=groups),
    st.builds(Share, names, numbers, frames, freed, frames, group=groups),
    st.builds(Release, names, frames, freed, frames, group=groups),
    st.builds(Shrink, names, pages, freed, frames, group=groups),
    st.builds(Evict, frames),
    st.builds(Drop, frames),
    st.builds(Offload, tiers, frames, frames, keys),
    st.builds(Load, tiers, frames, frames, keys),
    st.builds(Discard, tiers, frames),
    *(st.builds(verb, names, freed, frames) for verb in (Finish, Abort, Preempt)),
)


@pytest.fixture(scope="session")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("write") / "trace.jsonl"


@settings(max_examples=50)
@given(events, st.sampled_from((1, 8, 65, 300)), st.none() | numbers, st.data())
def test_what_is_written_is_read_the_same(
    path: Path, event: object, size: int, step: int | None, data: st.DataObject
) -> None:
    mask = data.draw(st.none() | st.integers(0, 2**size - 1))
    tables = data.draw(st.none() | st.dictionaries(names, pages, max_size=2))
    refcounts, evictable = data.draw(st.tuples(st.none() | frames, st.none() | frames))
    held = data.draw(st.none() | st.dictionaries(tiers, frames))
    checks = Checks(mask, refcounts, tables, evictable, held)
    head = Header(
        *("toy 1.0", size, data.draw(st.none() | positive), (), "é: “note”"),
        tiers={"host": 4, "disk": 9},
        version=2,
    )
    line = event_line(1, event, frames=size, step=step, checks=checks)  # type: ignore[arg-type]
    path.write_text(header_line(head) + line, encoding="utf-8")
    read_head, (record,) = read(path)
    assert read_head == head
    assert (record.event, record.step, record.checks) == (event, step, checks)


def test_what_says_nothing_is_left_out() -> None:
    assert event_line(3, Finish("a"), frames=8) == '{"seq": 3, "ev": "finish", "task": "a"}\n'
    assert header_line(Header("toy", 8)) == (
        '{"ev": "init", "format": "pagereel-trace", "version": 1, "engine": "toy", "frames": 8}\n'
    )


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    target.write_text("before")
    with pytest.raises(UnicodeEncodeError), written(target) as file:
        file.write("half" * 100_000 + "\ud800")
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]
    assert target.read_text() == "before"
    with target.open() as reading:
        with written(target) as file:
            file.write("all\n")
            assert target.read_text() == "before"
        assert reading.read() == "before"  # another file has taken its place
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"all\n"]


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    message = r"x/out: the file cannot be written: .*; choose a"
    with pytest.raises(TraceError, match=message), written(tmp_path / "x" / "out"):
        pass

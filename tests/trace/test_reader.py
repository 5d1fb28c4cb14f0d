from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest
from traces import ROOT, TRACES, event, header, read, replay, text_of

from pagereel.cache import (
    Abort,
    Arrive,
    Checks,
    Copy,
    Defer,
    Evict,
    Expand,
    Finish,
    Preempt,
    Submit,
)
from pagereel.errors import TraceError
from pagereel.trace import Header, follow, open_trace
from pagereel.trace.cut import EventRange, cut

if TYPE_CHECKING:
    from pathlib import Path

    from tests.trace.conftest import Write


@pytest.mark.parametrize("path", TRACES, ids=lambda path: path.name)
def test_a_real_engine_agrees_in_every_check(path: Path) -> None:
    assert replay(path) == path.read_bytes().count(b"\n") - 1


def test_all_that_a_trace_can_say_is_read(write: Write) -> None:
    path = write(
        header(page_size=4, reserved=[7], note="all verbs"),
        event(1, "submit", "a", tokens=5, step=0),
        event(2, "defer", "a", need=2, step=3),
        event(3, "arrive", "a", tokens=5, frames=[0, 1], step=3, mask="01111100"),
        event(4, "arrive", "b", shared=[0], frames=[], mask="0x7c", refcounts=[2, 1] + [0] * 6),
        event(5, "expand", "b", pos=4, frames=[2], tables={"a": [0, 1], "b": [0, 2]}),
        event(6, "copy", "b", page=0, src=0, dst=3, evictable=[]),
        event(7, "preempt", "b", freed=[2], cached=[3]),
        event(8, "evict", frames=[3]),
        event(9, "expand", "a", frames=[3]),
        event(10, "abort", "b"),
        event(11, "finish", "a", freed=[0, 1, 3], cached=[]),
    )
    head, records = read(path)
    assert head == Header("toy", 8, 4, (7,), "all verbs")
    assert [(record.line, record.seq, record.step) for record in records] == [
        *((2, 1, 0), (3, 2, 3), (4, 3, 3)),
        *((seq + 1, seq, None) for seq in range(4, 12)),
    ]
    assert [record.event for record in records] == [
        Submit("a", 5),
        Defer("a", 2),
        Arrive("a", (0, 1), 5),
        Arrive("b", (), None, (0,)),
        Expand("b", 2, 4),
        Copy("b", 0, 0, 3),
        Preempt("b", (2,), (3,)),
        Evict((3,)),
        Expand("a", 3),
        Abort("b"),
        Finish("a", (0, 1, 3)),
    ]
    tables = {"a": (0, 1), "b": (0, 2)}
    assert [record.checks for record in records[1:6]] == [
        Checks(),
        Checks(mask=0b01111100),
        Checks(mask=0x7C, refcounts=(2, 1, 0, 0, 0, 0, 0, 0)),
        Checks(tables=tables),
        Checks(evictable=()),
    ]
    assert replay(path) == 11


ARRIVE = '{"seq": 1, "ev": "arrive", "task": "a", "frames": [0]'


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("nonsense", "event 1: this is not JSON: Expecting value (column 1)"),
        ("[1]", "event 1: a line must be a JSON object, not a list"),
        ("7", "event 1: a line must be a JSON object, not 7"),
        (ARRIVE, "event 1: this is not JSON: Expecting ',' delimiter"),
        (ARRIVE + "} {}", "event 1: this is not JSON: Extra data"),
        (ARRIVE + ', "seq": 1}', "event 1: the key 'seq' is there twice"),
        (ARRIVE + ', "tables": {"a": [0], "a": [0]}}', "the key 'a' is there twice"),
        (ARRIVE + ', "tokens": NaN}', "event 1: NaN is not JSON"),
        (ARRIVE + ', "tokens": -Infinity}', "event 1: -Infinity is not JSON"),
        (ARRIVE + f', "tokens": {"9" * 5000}}}', "too many digits or brackets"),
        (ARRIVE + f', "tables": {"[" * 100000}}}', "too many digits or brackets"),
        (ARRIVE + ', "tokens": 4.0}', "tokens must be a whole number, not 4.0"),
        (ARRIVE + ', "tokens": 1e999}', "tokens must be a whole number, not inf"),
        (ARRIVE + ', "tokens": true}', "tokens must be a whole number, not true"),
        (ARRIVE + ', "tokens": null}', "tokens must be a whole number, not a NoneType"),
        (ARRIVE + ', "tokens": 0}', "tokens must be from 1 to 9007199254740991, not 0"),
        (ARRIVE + ', "tokens": 9007199254740992}', "tokens must be from 1 to 9007199254740991"),
        (ARRIVE + ', "token": 1}', "unknown key 'token'; did you mean tokens?"),
        (ARRIVE + ', "cached": []}', "unknown key 'cached'"),
        (ARRIVE + ', "step": -1}', "step must be from 0"),
        (ARRIVE + ', "mask": 252}', "mask must be 8 binary digits in quotes, or 0x"),
        (ARRIVE + ', "mask": "1111110"}', "mask must be 8 binary digits"),
        (ARRIVE + ', "mask": "1111_110"}', "mask must be 8 binary digits"),
        (ARRIVE + ', "mask": "0x"}', "mask must be 8 binary digits"),
        (ARRIVE + ', "mask": "0x0fc"}', "mask has 3 hexadecimal digits; too many"),
        (ARRIVE + ', "mask": "0x-fc"}', "mask must be 8 binary digits"),
        (ARRIVE + ', "refcounts": [1, 0, 0, 0, 0, 0, 0, false]}', "refcounts must be a list"),
        (ARRIVE + ', "refcounts": {}}', "refcounts must be a list of whole numbers, not a table"),
        (ARRIVE + ', "tables": []}', "tables must be an object, not a list"),
        (ARRIVE + ', "tables": {"a b": [0]}}', "a task in tables must be at most 256"),
        (ARRIVE + ', "tables": {"a": 0}}', "tables: a must be a list of whole numbers, not 0"),
        (ARRIVE + ', "evictable": [0.0]}', "evictable must be a list of whole numbers, but has 0."),
        (event(2, "arrive", "a", frames=[0]), "seq must be 1 here, not 2"),
        (event(0, "arrive", "a", frames=[0]), "seq must be 1 here, not 0"),
        (event(1, "arrive", "a", frames=[0]) | {"seq": True}, "seq must be 1 here, not true"),
        ({"ev": "arrive", "task": "a", "frames": [0]}, "event 1 (arrive a): seq is missing"),
        ({"seq": 1, "task": "a", "frames": [0]}, "event 1: ev is missing; known: submit, defer"),
        (event(1, "arive", "a"), "event 1: unknown ev 'arive'; did you mean arrive?"),
        ({"seq": 1, "ev": ["x"]}, "event 1: unknown ev a list"),
        ({"seq": 1, "ev": None}, "event 1: unknown ev a NoneType"),
        (header(), "event 1: a second init: a trace is that of one engine"),
        (event(1, "arrive", frames=[0]), "task is missing"),
        (event(1, "arrive", "a"), "frames is missing"),
        (event(1, "arrive", "a", frames=0), "frames must be a list of whole numbers, not 0"),
        (event(1, "arrive", "a", frames=["0"]), "frames must be a list of whole numbers, but has"),
        (event(1, "arrive", "a", frames=[[0]]), "but has a list"),
        (event(1, "expand", "a", frames=[]), "frames must name one frame, not 0"),
        (event(1, "expand", "a", frames=[1, 2]), "frames must name one frame, not 2"),
        (event(1, "copy", "a", page=0, src=0), "dst is missing"),
        (event(1, "copy", "a", page=-1, src=0, dst=1), "page must be from 0"),
        (event(1, "evict"), "frames is missing"),
        (event(1, "evict", "a", frames=[1]), "unknown key 'task'"),
        (event(1, "finish", "a", freed=None), "freed must be a list of whole numbers, not a None"),
        (event(1, "defer", "a", need=0), "need must be from 1"),
        (event(1, "submit", 7), "task must be at most 256 letters"),  # type: ignore[arg-type]
        *(
            (event(1, "submit", name), f"without .., not {start}")
            for name, start in (
                ("", "''"),
                ("<script>", "'<script>'"),
                ("../../x", "'../../x'"),
                ("a/../b", "'a/../b'"),
                ("a\nb", r"'a\nb'"),
                ("\ud800", r"'\ud800'"),
                ("\u202eA", r"'\u202eA'"),
                ("x" * 10000, "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…'"),
            )
        ),
    ],
)
def test_a_line_that_is_no_event_is_refused(
    write: Write, line: str | dict[str, Any], message: str
) -> None:
    path = write(header(), line)
    with pytest.raises(TraceError) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}:2: event 1")
    assert message in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "this is not JSON"),
        ("{}", "a trace begins with the line"),
        (event(1, "submit", "a"), "a trace begins with the line"),
        (header(format="other"), "a trace begins with the line"),
        (header(version=3), "this is version 3; versions 1 and 2 can be read"),
        (header(version="1"), "version must be a whole number, not '1'"),
        (header(version=True), "version must be a whole number, not true"),
        (header(frames=0), "frames must be from 1 to 16777216, not 0"),
        (header(frames=10**30), "frames must be from 1 to 16777216, not 10^18 or more"),
        (header(page_size=0), "page_size must be from 1"),
        (header(engine=""), "the name of the engine is missing"),
        (header(engine=3), "engine must be text in quotes, not 3"),
        (header(engine="a\nb"), r"engine has invisible characters: 'a\nb'"),
        (header(engine="x" * 1001), "engine has 1001 characters; at most 1000 fit"),
        (header(note=[]), "note must be text in quotes, not a list"),
        (header(reserved=[8]), "reserved: frame 8 does not exist"),
        (header(reserved=[1, 1]), "reserved: frame 1 is named twice"),
        (header(made_up=3), "made_up without first: add the number of the first event that "),
        (header(made_up=0, first=9), "made_up must be from 1"),
        (header(framse=8), "unknown key 'framse'; did you mean frames?"),
    ],
)
def test_a_header_that_is_none_is_refused(
    write: Write, line: str | dict[str, Any], message: str
) -> None:
    path = write(line)
    with pytest.raises(TraceError) as caught:
        open_trace(path)
    assert str(caught.value).startswith(f"{path}:1: ")
    assert message in str(caught.value)


TWO = text_of(header(), event(1, "arrive", "a", frames=[0]))


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", ":1: the file is empty"),
        (b"\n", ":1: the line is empty"),
        ((TWO + "\n").encode(), ":3: the line is empty"),
        (TWO.replace("\n", "\r\n").encode(), ":1: the line ends with CR LF"),
        (b"\xef\xbb\xbf" + TWO.encode(), ":1: the file begins with a byte order mark"),
        (TWO.encode("utf-16"), ":1: this is not UTF-8"),
        (TWO.replace('"a"', '"\xff"').encode("latin-1"), ":2: this is not UTF-8"),
        (TWO[:-4].encode(), ":2: event 1: the line is cut off"),
        (TWO[:-20].encode(), ":2: event 1: the line is cut off"),
        (TWO.encode() + b"\0" * 9, ":3: event 2: the line is cut off"),
        (gzip.compress(TWO.encode())[:-12], ": the compressed data is damaged or cut off"),
        (gzip.compress(TWO.encode())[:-4] + b"abcd", ": the compressed data is damaged"),
        (b"\x1f\x8b", ":1: the compressed data is damaged or cut off"),
        (gzip.compress(b"", mtime=0), ":1: the file is empty"),
    ],
)
def test_a_file_that_is_no_trace_is_refused(write: Write, raw: bytes, message: str) -> None:
    path = write(raw=raw)
    with pytest.raises(TraceError) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}{message}") or message in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_last_line_that_is_whole_needs_no_end(write: Write) -> None:
    assert replay(write(raw=TWO.removesuffix("\n").encode())) == 1


def test_steps_never_go_back(write: Write) -> None:
    lines = [event(n, "submit", f"t{n}", step=step) for n, step in enumerate((4, 4, 3), 1)]
    with pytest.raises(TraceError, match=r":4: event 3 \(submit t3\): step 3 comes after step 4"):
        read(write(header(), *lines))
    lines[1].pop("step")
    with pytest.raises(TraceError, match=r"step 3 comes after step 4"):
        read(write(header(), *lines))


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(TraceError, match=r"none.jsonl: there is no such file; check the path$"):
        open_trace(tmp_path / "none.jsonl")
    with pytest.raises(TraceError, match=r": this is a folder; name a file in it$"):
        open_trace(tmp_path)
    with pytest.raises(TraceError, match=r": the file cannot be read: .*null"):
        open_trace("\0")


@pytest.mark.parametrize("frames", [[8], [10**15]])
def test_an_impossible_event_has_file_and_line(write: Write, frames: list[int]) -> None:
    path = write(header(), event(1, "arrive", "a", frames=[0]), event(2, "expand", "a", frames=[1]))
    assert replay(path) == 2
    path = write(
        header(), event(1, "arrive", "a", frames=[0]), event(2, "arrive", "b", frames=frames)
    )
    with pytest.raises(TraceError) as caught:
        replay(path)
    message = f"{path}:3: event 2 (arrive b): frame {frames[0]} does not exist: the pool has frames"
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (event(1, "drop", frames=[1]), 'drop is an event of version 2; write "version": 2 in the'),
        (event(1, "arrive", "a", frames=[None]), "frames has null, a page without a frame; write"),
        (event(1, "arrive", "a", frames=[-1]), "frame -1 does not exist; frames are numbered from"),
    ],
)
def test_version_1_has_no_holes(write: Write, line: dict[str, Any], message: str) -> None:
    path = write(header(), line)
    with pytest.raises(TraceError) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}:2: event 1: {message}")


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        (["full"], "groups must be an object, not a list"),
        ({}, 'groups has none; write {"full": 16}, say, or remove it'),
        ({"a b": 1}, "a name in groups must be at most 32 letters, digits, - or _, not 'a b'"),
        ({"full": 0}, "groups: full must be from 1 to"),
    ],
)
def test_groups_have_names_and_page_sizes(write: Write, groups: object, message: str) -> None:
    with pytest.raises(TraceError, match=re.escape(f":1: {message}")):
        read(write(header(version=2, groups=groups)))


@pytest.mark.parametrize(
    ("tiers", "message"),
    [
        (["host"], "tiers must be an object, not a list"),
        ({}, 'tiers has none; write {"host": 4096}, say, or remove it'),
        ({"a b": 1}, "a name in tiers must be at most 32 letters, digits, - or _, not 'a b'"),
        ({"host": None}, "tiers: host must be a whole number, not a NoneType"),
        ({"host": 0}, "tiers: host must be from 1 to"),
    ],
)
def test_tiers_have_names_and_sizes(write: Write, tiers: object, message: str) -> None:
    with pytest.raises(TraceError, match=re.escape(f":1: {message}")):
        read(write(header(version=2, tiers=tiers)))
    with pytest.raises(TraceError, match=":1: tiers are from version 2 on; write"):
        read(write(header(tiers={"host": 4})))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"keys": "x"}, "keys must be a list of texts, not 'x'"),
        ({"keys": [""]}, "keys must be texts of 1 to 128 characters, not ''"),
        ({"keys": [7]}, "keys must be texts of 1 to 128 characters, not 7"),
        ({"keys": ["k" * 129]}, "keys must be texts of 1 to 128 characters, not 'kkk"),
        ({"slots": [0.5]}, "slots must be a list of whole numbers, but has 0.5"),
        ({"tier": "a b"}, "tier must be at most 32 letters, digits, - or _, not 'a b'"),
        ({"tier": None}, "tier must be at most 32 letters, digits, - or _, not a NoneType"),
        ({"tiers": {"disk": []}}, "tiers: no tier 'disk' in this trace; tiers are host"),
        ({"tiers": {"host": 1}}, "tiers: host must be a list of whole numbers, not 1"),
    ],
)
def test_what_happens_to_tiers_is_read_strictly(
    write: Write, fields: dict[str, Any], message: str
) -> None:
    line = {"seq": 1, "ev": "offload", "tier": "host", "slots": [0], "frames": [0]}
    with pytest.raises(TraceError) as caught:
        read(write(header(version=2, tiers={"host": 4}), line | fields))
    assert message in str(caught.value)


def test_tables_of_groups_are_claimed_by_task_and_group(write: Write) -> None:
    first = header(version=2, groups={"full": 4, "window": None})
    arrive = event(1, "arrive", "a", group="full", frames=[0], tables={"a": {"full": [0]}})
    assert replay(write(first, arrive)) == 1
    with pytest.raises(TraceError, match="tables: a: no group 'x'; groups are full, window"):
        read(write(first, {**arrive, "tables": {"a": {"x": [0]}}}))
    with pytest.raises(TraceError, match="tables: a must be an object, not a list"):
        read(write(first, {**arrive, "tables": {"a": [0]}}))
    with pytest.raises(TraceError, match="groups are from version 2 on; write"):
        read(write(header(groups={"full": 4})))


def test_a_part_says_which_version_it_needs() -> None:
    path = ROOT / "tests/trace/traces/window.jsonl"
    for part, version in ((EventRange(1, 2), 1), (EventRange(1, 3), 2), (EventRange(4, 4), 2)):
        with open_trace(path) as trace:
            assert json.loads(next(cut(trace, part)))["version"] == version


def test_a_check_that_disagrees_has_file_and_line(write: Write) -> None:
    path = write(header(), event(1, "arrive", "a", frames=[0], mask="11111111"))
    with pytest.raises(TraceError) as caught:
        replay(path)
    assert str(caught.value) == (
        f"{path}:2: event 1 (arrive a): mask says 11111111, but the cache has 11111110; correct "
        "it or an event up to here"
    )


def test_events_before_a_mistake_are_read(write: Write) -> None:
    path = write(header(), event(1, "arrive", "a", frames=[0]), "nonsense")
    with open_trace(path) as trace:
        replaying = follow(trace)
        record, ledger = next(replaying)
        assert (record.seq, ledger.free_count) == (1, 7)
        with pytest.raises(TraceError, match=r":3: event 2: this is not JSON"):
            next(replaying)


@pytest.mark.parametrize("packed", [False, True])
def test_standard_input_is_read(packed: bool) -> None:  # noqa: FBT001
    code = "from pagereel.trace import *; print(sum(1 for _ in follow(open_trace('-'))))"
    raw = gzip.compress(TWO.encode()) if packed else TWO.encode()
    ran = subprocess.run(
        (sys.executable, "-W", "error", "-c", code), input=raw, capture_output=True, check=True
    )
    assert (ran.stdout.split(), ran.stderr) == ([b"1"], b"")


def test_memory_is_bounded_whatever_is_unpacked(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line of 20 MB, 20 kB when packed, is not kept."""
    monkeypatch.setattr("pagereel.trace.reader.LONGEST_LINE", 2**20)
    line = ARRIVE.encode() + b" " * (20 * 2**20)
    path = write(raw=gzip.compress(text_of(header()).encode() + line, compresslevel=1))
    tracemalloc.start()
    try:
        with pytest.raises(TraceError, match=r":2: the line is longer than 1 MiB"):
            read(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 5 * 2**20

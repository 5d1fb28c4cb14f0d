"""What `check` says of a fault, and `show` of a frame and a task."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from judge import judged
from random_traces import traces
from traces import event, header, text_of

from pagereel import cli
from pagereel.errors import TraceError
from pagereel.trace import open_trace
from pagereel.trace.cut import EventRange, cut
from pagereel.trace.follow import check_trace
from pagereel.trace.report.diagnosis import diagnose

if TYPE_CHECKING:
    import argparse

Output = pytest.CaptureFixture[str]
START = [
    event(1, "arrive", "a", frames=[0, 1], step=1),
    event(2, "arrive", "b", frames=[2], shared=[0], step=2),
    event(3, "submit", "q", tokens=9),
    event(4, "arrive", "c", frames=[3, 4]),
    event(5, "finish", "c", freed=[4], cached=[3]),
]
FAULTS: list[tuple[dict[str, Any], str]] = [
    (
        {"ev": "expand", "task": "a", "frames": [2]},
        "frame 2 would be two pages at once: it was freed while b names it",
    ),
    ({"ev": "arrive", "task": "d", "frames": [3]}, "frame 3 is taken while it is cached"),
    (
        {"ev": "arrive", "task": "d", "frames": [], "shared": [5]},
        "frame 5, which is free: a stale entry",
    ),
    ({"ev": "arrive", "task": "a", "frames": [5]}, "a is there already"),
    ({"ev": "submit", "task": "q"}, "q is there already"),
    ({"ev": "defer", "task": "d"}, "d is not queued"),
    ({"ev": "expand", "task": "c", "frames": [5]}, "c has no page table: it ended before"),
    (
        {"ev": "finish", "task": "a", "freed": [1, 2]},
        "frame 2 is freed for a, which does not have it",
    ),
    (
        {"ev": "finish", "task": "a", "freed": [0, 1]},
        "frame 0 is freed while b has it: its refcount is one too low",
    ),
    ({"ev": "finish", "task": "a", "freed": []}, "frame 1 leaks"),
    ({"ev": "finish", "task": "a", "freed": [1, 1]}, "a frame is named twice"),
    ({"ev": "evict", "frames": [1]}, "frame 1 is evicted while a has it"),
    ({"ev": "evict", "frames": [5]}, "frame 5 is evicted twice"),
    ({"ev": "copy", "task": "a", "page": 0, "src": 1, "dst": 5}, "a call with wrong values"),
    ({"ev": "submit", "task": "d", "mask": "11110010"}, "frame 1 was freed while a names it"),
    (
        {"ev": "submit", "task": "d", "mask": "11111000"},
        "the cached frame 3 became free without an event",
    ),
    ({"ev": "submit", "task": "d", "mask": "11010000"}, "no task has frame 5, but"),
    (
        {"ev": "submit", "task": "d", "refcounts": [2, 2, 1, 0, 0, 0, 0, 0]},
        "frame 1 is too high by 1",
    ),
    (
        {"ev": "submit", "task": "d", "refcounts": [1, 1, 1, 0, 0, 0, 0, 0]},
        "frame 0 is too low by 1",
    ),
    (
        {"ev": "submit", "task": "d", "tables": {"a": [0, 5], "b": [0, 2]}},
        "the page table of a changed",
    ),
    ({"ev": "submit", "task": "d", "evictable": []}, "the engine evicts in another order"),
]


TIERED = [
    header(version=2, tiers={"host": 4}),
    *START,
    event(6, "offload", tier="host", slots=[0, 1], frames=[1, 3], keys=["x", "y"]),
]
OF_TIERS: list[tuple[dict[str, Any], str]] = [
    ({"ev": "load", "slots": [2], "frames": [5]}, "in slot 2 of host, which is empty: a stale"),
    ({"ev": "discard", "slots": [2]}, "in slot 2 of host, which is empty: a stale"),
    (
        {"ev": "load", "slots": [0], "frames": [5], "keys": ["z"]},
        "slot 0 of host was used for another page while the engine still looks",
    ),
    ({"ev": "offload", "slots": [2], "frames": [5]}, "frame 5 is free when it is copied"),
    ({"ev": "load", "slots": [0], "frames": [0]}, "frame 0 would lose what a and others read"),
    ({"ev": "load", "slots": [0], "frames": [3]}, "frame 3 is taken while it is cached"),
    (
        {"ev": "discard", "slots": [0], "tiers": {"host": [0, 1]}},
        "slot 0 of host got its content without an event",
    ),
    ({"ev": "discard", "slots": [0], "tiers": {}}, "slot 1 of host lost its content without an"),
]


@pytest.mark.parametrize(("fault", "means"), OF_TIERS, ids=[means for _, means in OF_TIERS])
def test_each_kind_of_fault_of_a_tier_is_named(
    path: Path, fault: dict[str, Any], means: str
) -> None:
    path.write_text(text_of(*TIERED, {"seq": 7, "tier": "host", **fault}))
    with open_trace(path) as trace:
        checked = check_trace(trace)
    (found,) = checked.faults
    assert means in diagnose(found, checked.ledger).means


def test_a_history_says_where_the_content_of_a_frame_came_from(path: Path, capsys: Output) -> None:
    more = [
        event(7, "expand", "b", frames=[5]),
        event(8, "load", tier="host", slots=[0], frames=[5], keys=["x"]),
        event(9, "load", tier="host", slots=[1], frames=[6]),
        event(10, "discard", tier="host", slots=[0, 1]),
    ]
    path.write_text(text_of(*TIERED, *more))
    histories = ("--frame", "5"), ("--frame", "6"), ("--frame", "3"), ("--task", "b")
    last = []
    for history in histories:
        assert cli.main(["trace", "show", "t.jsonl", *history]) == 0
        last.append(capsys.readouterr().out.splitlines()[-1].split(": ", 1)[1])
    assert last == [
        "it gets the content of slot 0 of host, which came from frame 1",
        "it gets the content of slot 1 of host, which came from frame 3, and is cached",
        "its content is copied to slot 1 of host",
        "load, page 2 from host",
    ]
    assert cli.main(["trace", "show", "t.jsonl", "--at", "6"]) == 0
    assert "\nhost: 2 of 4 slots used: 0, 1\n" in capsys.readouterr().out
    assert cli.main(["trace", "cut", "t.jsonl", "--from", "8", "-o", "p.jsonl"]) == 0
    assert cli.main(["trace", "show", "p.jsonl", "--frame", "5"]) == 0
    assert capsys.readouterr().out.endswith(": it gets the content of slot 0 of host\n")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "t.jsonl"


@pytest.mark.parametrize(("fault", "means"), FAULTS, ids=[means for _, means in FAULTS])
def test_each_kind_of_fault_is_named(path: Path, fault: dict[str, Any], means: str) -> None:
    path.write_text(text_of(header(), *START, {"seq": 6, **fault}))
    with open_trace(path) as trace:
        checked = check_trace(trace)
    (found,) = checked.faults
    assert means in diagnose(found, checked.ledger).means


MEANS = (
    "  means     the prefix index kept its entry for frame 1, though a task lost that page before "
    "a step computed it: remove such entries then, or add them after the step"
)
COUNTED = (
    "t.jsonl: 9 events, all possible; it has no checks, so no state was compared; "
    "content that was never computed is used by 2 events"
)
LOST: list[dict[str, Any]] = [
    header(version=2),
    *START,
    event(6, "preempt", "a", cached=[1], uncomputed=[0, 1], step=3),
    event(7, "arrive", "d", frames=[5], shared=[3]),
    event(8, "arrive", "a", frames=[], shared=[1], step=4),
    event(9, "arrive", "e", frames=[], shared=[1, 0]),
]


def test_a_use_of_what_was_never_computed_is_found(path: Path, capsys: Output) -> None:
    path.write_text(text_of(*LOST))
    assert cli.main(["trace", "check", "t.jsonl"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "t.jsonl:9: event 8 (arrive a): this uses content that was never computed",
        "  expected  frames whose content was computed, or loaded",
        "  found     frame 1",
        MEANS,
        "  frame 1, before:",
        "    line 2, event 1, step 1: a gets it as page 1",
        "    line 7, event 6, step 3: preempt a: it is cached, though never computed",
        "  task a, before:",
        "    line 2, event 1, step 1: arrive, gets frames 0 and 1",
        "    line 7, event 6, step 3: preempt, frame 1 cached",
        "  see       pagereel trace show t.jsonl --at 7",
        "            pagereel trace show t.jsonl --at 7 --frame 1",
        COUNTED,
    ]
    assert cli.main(["trace", "show", "t.jsonl", "--at", "6"]) == 0
    assert "\nnever computed: 0, 1\n" in capsys.readouterr().out


def test_what_is_impossible_after_such_a_use_is_found_too(path: Path, capsys: Output) -> None:
    path.write_text(text_of(*LOST, event(10, "expand", "e", frames=[3])))
    assert cli.main(["trace", "check", "t.jsonl"]) == 1
    said = capsys.readouterr().out
    assert said.index("event 8 (arrive a): this uses") < said.index("event 10 (expand e) cannot")
    assert "all possible" not in said


@pytest.mark.parametrize(
    "use",
    [
        event(8, "share", "d", page=0, shared=[1], freed=[5]),
        event(8, "offload", tier="host", slots=[0], frames=[1]),
    ],
)
def test_a_page_may_move_to_such_a_frame_or_be_copied_from_it(
    path: Path, use: dict[str, Any]
) -> None:
    path.write_text(text_of(header(version=2, tiers={"host": 1}), *LOST[1:8], use))
    path.write_text(path.read_text().replace('"frames": [5], "shared": [3]', '"frames": [5]'))
    with open_trace(path) as trace:
        (fault,) = check_trace(trace).faults
    assert fault.record.event.verb == use["ev"]


def test_what_is_taken_anew_or_loaded_is_there(path: Path) -> None:
    lines = [
        event(7, "evict", frames=[1]),
        event(8, "arrive", "d", frames=[1]),
        event(9, "arrive", "e", frames=[], shared=[1]),
        event(10, "offload", tier="host", slots=[0], frames=[1]),
        event(11, "load", tier="host", slots=[0], frames=[0]),
        event(12, "arrive", "f", frames=[], shared=[0]),
    ]
    path.write_text(text_of(header(version=2, tiers={"host": 1}), *LOST[1:7], *lines))
    with open_trace(path) as trace:
        assert not check_trace(trace).faults


def test_a_part_knows_what_was_never_computed(path: Path) -> None:
    path.write_text(text_of(*LOST))
    for first, uses in (7, 2), (9, 1):
        with open_trace(path) as trace:
            path.with_name("p.jsonl").write_text("".join(cut(trace, EventRange(first))))
        with open_trace(path.with_name("p.jsonl")) as trace:
            assert trace.header.version == 2
            assert check_trace(trace).uses == uses


def test_version_1_does_not_say_what_was_never_computed(path: Path) -> None:
    path.write_text(text_of(header(), *LOST[1:]))
    with (
        open_trace(path) as trace,
        pytest.raises(TraceError, match="uncomputed is from version 2 on; write"),
    ):
        list(trace)


@given(traces())
def test_each_use_is_found(text: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "t.jsonl"
        path.write_text(text)
        with open_trace(path) as trace:
            checked = check_trace(trace)
    judge = judged(text)
    assert (checked.uses, checked.ledger.uncomputed) == (judge.uses, judge.empty)


def test_content_that_nobody_takes_is_named(path: Path) -> None:
    evicted = {"seq": 6, "ev": "evict", "frames": [3]}
    path.write_text(text_of(header(), *START, evicted, event(7, "expand", "a", frames=[5])))
    with open_trace(path) as trace:
        checked = check_trace(trace)
    (fault,) = checked.faults
    assert diagnose(fault, checked.ledger).means.startswith(
        "frame 3 lost its content for a page that no event takes"
    )


def test_check_says_what_happened_before_and_how_to_see_it(path: Path, capsys: Output) -> None:
    path.write_text(text_of(header(), *START, event(6, "finish", "a", freed=[0, 1])))
    assert cli.main(["trace", "check", "t.jsonl"]) == 1
    assert capsys.readouterr().out.splitlines()[3:] == [
        "  means     frame 0 is freed while b has it: its refcount is one too low",
        "  frame 0, before:",
        "    line 2, event 1, step 1: a gets it as page 0",
        "    line 3, event 2, step 2: b finds it as page 0",
        "  task b, before:",
        "    line 3, event 2, step 2: arrive, finds frame 0, gets frame 2",
        "  see       pagereel trace show t.jsonl --at 5",
        "            pagereel trace show t.jsonl --at 5 --frame 0",
    ]
    assert cli.main(["trace", "show", "t.jsonl", "--at", "5", "--frame", "0"]) == 0
    assert capsys.readouterr().out.startswith("frame 0\n  line 2, event 1, step 1: a gets it")


def test_show_prints_the_history_of_a_frame_and_a_task(path: Path, capsys: Output) -> None:
    more = [
        event(6, "copy", "b", page=0, src=0, dst=5),
        event(7, "preempt", "a", freed=[1], cached=[0]),
        event(8, "defer", "a", need=2),
        {"seq": 9, "ev": "evict", "frames": [0]},
        event(10, "expand", "b", frames=[0]),
        event(11, "finish", "b"),
        event(12, "abort", "a"),
    ]
    path.write_text(text_of(header(), *START, *more))
    assert cli.main(["trace", "show", "t.jsonl", "--frame", "0", "--task", "a"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "frame 0",
        "  line 2, event 1, step 1: a gets it as page 0",
        "  line 3, event 2, step 2: b finds it as page 0",
        "  line 7, event 6: b leaves it to a and copies it to frame 5",
        "  line 8, event 7: preempt a: it is cached",
        "  line 10, event 9: it loses its cached content",
        "  line 11, event 10: b gets it as page 2",
        "  line 12, event 11: finish b: it is free",
        "task a",
        "  line 2, event 1, step 1: arrive, gets frames 0 and 1",
        "  line 8, event 7: preempt, frame 1 free, frame 0 cached",
        "  line 9, event 8: defer, 2 frames needed",
        "  line 13, event 12: abort",
    ]
    assert cli.main(["trace", "show", "t.jsonl", "--frame", "5", "--task", "b"]) == 0
    output = capsys.readouterr().out
    assert "b gets it as page 0, a copy of frame 0" in output
    assert "copy, page 0 moves from frame 0 to frame 5" in output
    assert "expand, gets frame 0 as page 2" in output
    assert cli.main(["trace", "show", "t.jsonl", "--task", "z"]) == 0
    assert capsys.readouterr().out == "task z\n  nothing happened to it\n"
    assert cli.main(["trace", "show", "t.jsonl", "--frame", "8"]) == 2
    assert "t.jsonl: there is no frame 8; the pool has frames 0 to 7" in capsys.readouterr().err


def test_the_history_of_a_part_begins_with_the_tasks_that_were_there(
    path: Path, capsys: Output
) -> None:
    path.write_text(text_of(header(), *START, event(6, "finish", "a", freed=[1])))
    assert cli.main(["trace", "cut", "t.jsonl", "--from", "6", "-o", "p.jsonl"]) == 0
    assert cli.main(["trace", "show", "p.jsonl", "--frame", "0"]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.endswith("event 6: finish a: still held by b")


def test_the_commands_that_show_the_moment_name_events_of_the_longer_trace(
    tmp_path: Path, capsys: Output
) -> None:
    """A part of a recording begins with events that are made up, which `show` does not count."""
    fault = {"seq": 6, "ev": "expand", "task": "a", "frames": [2]}
    path = tmp_path / "part.jsonl"
    path.write_text(text_of(header(made_up=3, first=100), *START, fault))
    assert cli.main(["trace", "check", str(path)]) == 1
    told = capsys.readouterr().out
    assert "event 6 (expand a) cannot happen" in told
    assert f"see       pagereel trace show {path} --at 101\n" in told
    assert cli.main(["trace", "show", str(path), "--at", "101"]) == 0
    assert "after event 101" in capsys.readouterr().out


def test_a_history_is_told_up_to_a_fault(tmp_path: Path, capsys: Output) -> None:
    path = faulty(tmp_path, *START, {"seq": 6, "ev": "expand", "task": "a", "frames": [2]})
    assert cli.main(["trace", "show", str(path), "--frame", "2"]) == 2
    told = capsys.readouterr()
    assert told.out == "frame 2\n  line 3, event 2, step 2: b gets it as page 1\n"
    assert "event 6 (expand a): frame 2 is held by b" in told.err


def faulty(folder: Path, *lines: dict[str, Any]) -> Path:
    path = folder / "faulty.jsonl"
    path.write_text(text_of(header(engine="mine"), *lines))
    return path


def test_a_film_shows_the_events_before_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    """It says below its title what cannot happen."""
    path = faulty(tmp_path, *START, {"seq": 6, "ev": "expand", "task": "a", "frames": [2]})
    drawn: list[str] = []

    def replay(arguments: argparse.Namespace, _: object) -> int:
        with open_trace(arguments.trace) as trace:
            events = [record.event.label for record in trace]
            drawn.extend((trace.header.note or "", *events, arguments.output.name))
        return 0

    monkeypatch.setattr("pagereel.render.command.replay", replay)
    assert cli.main(["trace", "check", str(path), "--film", str(tmp_path / "out.png")]) == 1
    assert "cannot happen" in capsys.readouterr().out
    note, *told, output = drawn
    assert note == "before event 6 (expand a): frame 2 is held by b as its page 1"
    assert told == ["arrive a", "arrive b", "submit q", "arrive c", "finish c"]
    assert output == "out.png"


def test_a_film_of_a_long_trace_shows_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = [event(seq, "submit", f"q{seq}") for seq in range(6, 200)]
    path = faulty(tmp_path, *START, *waits, event(200, "arrive", "a", frames=[5]))
    drawn: list[object] = []

    def replay(arguments: argparse.Namespace, _: object) -> int:
        with open_trace(arguments.trace) as trace:
            drawn.append(trace.header.first)
        return 2

    monkeypatch.setattr("pagereel.render.command.replay", replay)
    assert cli.main(["trace", "check", str(path), "--film", str(tmp_path / "out.mp4")]) == 2
    assert drawn == [140]


def test_no_film_is_made_where_there_is_nothing_to_see(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.setattr("pagereel.render.command.replay", None)
    out = ("--film", str(tmp_path / "out.png"))
    good = faulty(tmp_path, *START)
    assert cli.main(["trace", "check", str(good), *out]) == 0
    assert cli.main(["trace", "check", str(good), str(good), *out]) == 2
    assert "a film is made of one trace in a file; check it alone" in capsys.readouterr().err
    bad = faulty(tmp_path, event(1, "finish", "a"))
    assert cli.main(["trace", "check", str(bad), *out]) == 1
    assert "no film is made: nothing came before it" in capsys.readouterr().out
    assert cli.main(["trace", "check", str(bad), "--film", str(tmp_path / "no" / "out.png")]) == 2
    assert "there is no such folder" in capsys.readouterr().err

"""Which traces can be compared, and what is said of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from traces import Line, event, header, text_of

from pagereel.compare.comparison import compare_traces
from pagereel.compare.reading import State
from pagereel.errors import CompareError, TraceError
from pagereel.trace import open_trace
from pagereel.trace.cut import EventRange, cut

if TYPE_CHECKING:
    from pathlib import Path

    from pagereel.compare.comparison import Comparison


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


class Writer:
    """Writes a trace of requests of one page each."""

    def __init__(self, **keys: Any) -> None:
        self.lines: list[Line] = [header(page_size=4, **keys)]

    def add(self, ev: str, task: str, step: int | None = None, **keys: Any) -> Writer:
        at = {} if step is None else {"step": step}
        self.lines.append(event(len(self.lines), ev, task, **at, **keys))
        return self

    def submit(self, task: str, step: int | None = None, tokens: int | None = 4) -> Writer:
        return self.add("submit", task, step, **({"tokens": tokens} if tokens else {}))

    def arrive(self, task: str, frame: int, step: int | None = None) -> Writer:
        return self.add("arrive", task, step, frames=[frame])

    def write(self, path: Path) -> Path:
        path.write_text(text_of(*self.lines))
        return path


def compared(one: Writer, other: Writer) -> Comparison:
    from pathlib import Path  # noqa: PLC0415 (relative, as messages name them)

    return compare_traces((one.write(Path("a.jsonl")), other.write(Path("b.jsonl"))))


def refusal(one: Writer, other: Writer) -> str:
    with pytest.raises(CompareError) as refused:
        compared(one, other)
    return str(refused.value)


def test_other_prompts() -> None:
    a = Writer().submit("R1", 1).submit("R17", 2, tokens=412)
    b = Writer().submit("R1", 1).submit("R17", 2, tokens=388)
    said = "compare: R17 is submitted with 412 tokens in a.jsonl and with 388 in b.jsonl"
    assert refusal(a, b) == f"{said}; record both with the same workload"


def test_other_times() -> None:
    a, b = Writer().submit("R1", 1), Writer().submit("R1", 2)
    said = "compare: R1 is submitted at step 1 in a.jsonl and at step 2 in b.jsonl"
    assert refusal(a, b).startswith(said)


def test_other_requests_and_the_first_is_named() -> None:
    a = Writer().submit("R1", 1).submit("R2", 2).submit("R3", 3)
    b = Writer().submit("R1", 1).submit("R4", 3).submit("R5", 9)
    assert "R2 is submitted at step 2 in a.jsonl, but not in b.jsonl" in refusal(a, b)


def test_a_trace_that_ends_before_the_last_request_comes() -> None:
    a = Writer().submit("R1", 1).submit("R2", 7).submit("R3", 9)
    b = Writer().submit("R1", 1).arrive("R1", 0, 3)
    said = refusal(a, b)
    assert "but b.jsonl ends at step 3" in said
    assert said.endswith("pagereel trace cut a.jsonl --to 1")


def test_nothing_to_compare() -> None:
    assert "a.jsonl has no requests" in refusal(Writer(), Writer())


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").touch()
    with pytest.raises(TraceError, match="the file is empty"):
        compare_traces((tmp_path / "a.jsonl", tmp_path / "b.jsonl"))


def test_one_file_under_two_names(tmp_path: Path) -> None:
    path = Writer().submit("R1").write(tmp_path / "a.jsonl")
    (tmp_path / "b.jsonl").symlink_to(path)
    with pytest.raises(CompareError, match="are one file"):
        compare_traces((path, tmp_path / "b.jsonl"))


def test_a_trace_without_submissions() -> None:
    a = Writer().submit("R1", 1).arrive("R1", 0, 1).add("finish", "R1", 5)
    late = compared(a, Writer().arrive("R1", 0, 3).add("finish", "R1", 8))
    assert "mean_wait" not in late.totals
    assert "waiting" not in late.runs[1].values
    assert [request.at for request in late.requests] == [1]
    early = Writer().arrive("R1", 0, 0).add("finish", "R1", 8)
    assert "R1 is submitted at step 1 in a.jsonl and arrives at step 0" in refusal(a, early)


def test_the_clock_without_steps() -> None:
    a = Writer().submit("R1").submit("R2").arrive("R1", 0).arrive("R2", 1).add("finish", "R1")
    b = Writer().submit("R1").arrive("R1", 0).add("finish", "R1").submit("R2").arrive("R2", 0)
    comparison = compared(a, b)
    assert comparison.clock.unit == "request"
    said = [comparison.clock.says(moment) for moment in range(len(comparison.clock.at))]
    assert said[0] == "request 0 of 2"
    assert said[1:4] == ["request 1 of 2"] * 3
    assert {*said[4:]} == {"request 2 of 2"}
    # Time runs evenly between two submissions, in both.
    assert comparison.clock.at.tolist() == [0, 1, 1 + 1 / 3, 1 + 2 / 3, 2, 2.25, 2.5, 2.75]
    assert comparison.runs[0].values["running"].tolist() == [0, 0, 0, 0, 0, 1, 2, 1]
    assert comparison.runs[1].values["running"].tolist() == [0, 0, 1, 0, 0, 0, 1, 1]
    assert "last_step" not in comparison.totals


def test_a_trace_that_is_cut_off_is_never_done() -> None:
    a = Writer().submit("R1", 1).arrive("R1", 0, 1).submit("R2", 2).arrive("R2", 1, 2)
    b = Writer().submit("R1", 1).arrive("R1", 0, 1).submit("R2", 2).arrive("R2", 1, 2)
    comparison = compared(a, b.add("abort", "R1", 3).add("finish", "R2", 9))
    assert [run.unfinished for run in comparison.runs] == [2, 0]
    assert [run.done for run in comparison.runs] == [None, len(comparison.clock.at) - 1]
    assert [line.text for line in comparison.result.headlines] == [
        "1 of 2 requests is given up.",
        "none of 2 requests is given up, 2 still run.",
    ]
    assert "last_step" not in comparison.totals
    assert "done" in [stop.kind for stop in comparison.stops]


def test_one_request() -> None:
    a = Writer().submit("R1", 1).arrive("R1", 0, 1).add("abort", "R1", 3)
    b = Writer().submit("R1", 1).arrive("R1", 0, 1).add("finish", "R1", 9)
    comparison = compared(a, b)
    assert comparison.opening.lead == "The same request, twice, on one clock."
    said = [(stop.kind, stop.caption.plain(("a", "b"))) for stop in comparison.stops]
    assert said[-1] == ("done", "a: 0 of 1 request is done, 1 given up. b: 1 is not done yet.")
    lines = compared(a, Writer().submit("R1", 1).arrive("R1", 0, 1)).result.headlines
    assert lines[1].text == "the request is not given up, 1 still runs."


def test_other_requests_are_left_of_equal_work() -> None:
    a = Writer().submit("R1", 1).arrive("R1", 0, 1).submit("R2", 2).arrive("R2", 1, 2)
    b = Writer().submit("R1", 1).arrive("R1", 0, 1).submit("R2", 2).arrive("R2", 1, 2)
    assert compared(a, b).result.headlines == ((None, "The two do the same work, 2 still run."),)
    result = compared(a, b.add("finish", "R2", 3)).result
    assert (result.rule, result.winner) == (6, None)
    assert result.headlines == (
        (0, "nearly the same work, 2 still run."),
        (1, "nearly the same work, 1 still runs."),
    )


def test_a_request_that_comes_and_goes_in_one_step_shares_nothing() -> None:
    a = Writer().submit("R1", 1).arrive("R1", 0, 1).submit("R2", 2).arrive("R2", 1, 2)
    b = Writer().submit("R1", 1).arrive("R1", 0, 1).submit("R2", 2)
    b.add("arrive", "R2", 2, shared=[0], frames=[1])
    kinds = [stop.kind for stop in compared(a, b).stops]
    assert kinds == ["share"]
    kinds = [stop.kind for stop in compared(a.add("finish", "R2", 2), b).stops]
    assert "share" not in kinds


def test_a_request_that_comes_again_under_its_name() -> None:
    a = Writer().submit("R1", 1).arrive("R1", 0, 1).add("finish", "R1", 2).submit("R1", 3)
    comparison = compared(a, a)
    assert [request.task for request in comparison.requests] == ["R1", "R1 (time 2)"]
    assert comparison.runs[0].states(len(comparison.clock.at) - 1).tolist() == [
        State.FINISHED,
        State.WAITING,
    ]


def test_parts_of_traces(tmp_path: Path) -> None:
    whole = Writer().submit("R1", 1).arrive("R1", 0, 1).submit("R2", 2).submit("R3", 5)
    path = whole.arrive("R2", 1, 6).add("finish", "R1", 7).write(tmp_path / "whole.jsonl")
    parts = []
    for name in ("one", "other"):
        with open_trace(path) as trace:
            text = "".join(cut(trace, EventRange(4)))
        parts.append(tmp_path / f"{name}.jsonl")
        parts[-1].write_text(text)
    comparison = compare_traces((parts[0], parts[1]))
    assert [request.task for request in comparison.requests] == ["R1", "R2", "R3"]
    assert comparison.runs[0].states(0).tolist() == [State.RUNNING, State.WAITING, State.TO_COME]
    assert comparison.runs[0].table(0, 0) == (0,)
    assert comparison.result.rule == 6
    assert not comparison.result.boxes
    with pytest.raises(CompareError, match=r"R1 is there at the start of .*one\.jsonl and comes"):
        compare_traces((parts[0], path))

"""The reference engine: what it does with a workload is possible, complete and always the same."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pagereel.cache import (
    POLICIES,
    Abort,
    Arrive,
    Defer,
    Event,
    Evict,
    Expand,
    Finish,
    Ledger,
    Preempt,
    Submit,
)
from pagereel.trace import Header, follow, open_trace
from pagereel.trace.simulate.engine import Simulation, simulated
from pagereel.trace.simulate.workload import (
    OUT_OF_FRAMES,
    Load,
    Submission,
    Workload,
    load_workload,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

# Frames, tasks, and events at most. The others are those of scenes, which test them.
SHIPPED = {"five_tasks": (16, 5, 50), "busy_engine": (1024, 205, 7500)}
WORKLOADS = sorted((Path(__file__).parents[2] / "assets" / "workloads").glob("*.toml"))


def workload(
    *tasks: Submission,
    frames: int = 8,
    out_of_frames: str = "preempt",
    policy: str = "lowest-bit",
    index: bool = True,
    reserved: tuple[int, ...] = (),
) -> Workload:
    header = Header("test", frames, 4, reserved)
    prefixes = {"system": 8, "short": 3}
    return Workload(header, policy, index, out_of_frames, prefixes, tasks)


def events(given_workload: Workload) -> list[Event]:
    return [event for _, event in Simulation(given_workload).run()]


submissions = st.builds(
    Submission,
    task=st.just(""),
    arrival=st.integers(0, 30),
    prompt=st.integers(9, 24),
    output=st.integers(1, 30),
    prefix=st.sampled_from([None, "system", "short"]),
)


@given(
    st.lists(submissions, max_size=12),
    st.sampled_from(OUT_OF_FRAMES),
    st.sampled_from(POLICIES),
    st.booleans(),
    st.sampled_from([(), (0,), (2, 5)]),
)
def test_what_happens_is_possible_and_every_task_comes_to_an_end(
    told: list[Submission],
    out_of_frames: str,
    policy: str,
    index: bool,  # noqa: FBT001 (hypothesis gives it by its name)
    reserved: tuple[int, ...],
) -> None:
    told.sort(key=lambda submission: submission.arrival)
    tasks = [
        Submission(f"T{number}", told.arrival, told.prompt, told.output, told.prefix)
        for number, told in enumerate(told)
    ]
    given_workload = workload(
        *tasks, out_of_frames=out_of_frames, policy=policy, index=index, reserved=reserved
    )
    simulation, judge = Simulation(given_workload), Ledger(8, 4, reserved)
    seen: list[Event] = []
    steps = [0]
    for step, event in simulation.run():
        judge.apply(event)
        assert judge.tables == simulation.ledger.tables
        seen.append(event)
        steps.append(step)
    assert steps == sorted(steps)
    assert not judge.tables
    assert not judge.queued
    assert {event.task for event in seen if isinstance(event, Finish | Abort)} == {
        submission.task for submission in tasks
    }
    assert index or not judge.cached
    for event, after in pairwise(seen):
        if isinstance(event, Evict):
            assert isinstance(after, Arrive | Expand)
    kinds = {type(event) for event in seen}
    assert out_of_frames == "preempt" or Preempt not in kinds
    fit = {
        submission.task
        for submission in tasks
        if -(-(submission.prompt + submission.output) // 4) <= 8 - len(reserved)
    }
    given_up = {event.task for event in seen if isinstance(event, Abort)}
    assert out_of_frames == "abort" or not given_up & fit


def test_a_task_takes_a_page_more_for_each_page_of_tokens() -> None:
    assert events(workload(Submission("A", 3, 6, 7))) == [
        *(Submit("A", 6), Arrive("A", (0, 1), 6), Expand("A", 2, 8), Expand("A", 3, 12)),
        Finish("A", (1, 2, 3), (0,)),
    ]


def test_what_is_not_generated_needs_no_page() -> None:
    """A prompt of 6 and 2 tokens more fill two pages, and no third is begun."""
    assert not [
        event for event in events(workload(Submission("A", 0, 6, 2))) if type(event) is Expand
    ]


def test_steps_are_those_of_the_engine() -> None:
    steps = [step for step, _ in Simulation(workload(Submission("A", 3, 6, 7))).run()]
    assert steps == [3, 3, 6, 10, 10]


def test_a_prefix_is_shared_while_it_is_held_and_while_it_is_kept() -> None:
    tasks = [Submission(task, at, 9, 2, "system") for task, at in (("A", 0), ("B", 1), ("C", 20))]
    arrivals = [event for event in events(workload(*tasks)) if isinstance(event, Arrive)]
    assert [(event.shared, event.frames) for event in arrivals] == [
        *(((), (0, 1, 2)), ((0, 1), (3,)), ((0, 1), (2,)))
    ]
    apart = events(workload(*tasks, index=False))
    assert not any(event.shared for event in apart if isinstance(event, Arrive))


def test_a_page_that_only_begins_with_a_prefix_is_not_shared() -> None:
    tasks = [Submission("A", 0, 11, 2, "short"), Submission("B", 1, 11, 2, "short")]
    arrivals = [event for event in events(workload(*tasks)) if isinstance(event, Arrive)]
    assert [event.shared for event in arrivals] == [(), ()]


def test_fifo_takes_other_frames_than_lowest_bit() -> None:
    tasks = [Submission("A", 0, 4, 1), Submission("B", 4, 4, 1)]

    def second(policy: str) -> Sequence[int]:
        told = events(workload(*tasks, policy=policy, index=False))
        return next(event.frames for event in told if type(event) is Arrive and event.task == "B")

    assert (second("lowest-bit"), second("fifo")) == ((0,), (2,))


FULL = (Submission("A", 0, 9, 8), Submission("B", 0, 9, 8))


def test_out_of_frames_the_last_is_preempted_and_comes_again() -> None:
    told = events(workload(*FULL, frames=6, out_of_frames="preempt", index=False))
    after = told[[type(event) for event in told].index(Preempt) :]
    assert isinstance(after[0], Preempt)
    assert after[0].task == "B"
    assert Counter(event.task for event in told if type(event) is Arrive) == {"A": 1, "B": 2}
    again = next(event for event in after if type(event) is Arrive)
    assert again.tokens
    assert again.tokens > 9  # with what it had generated


def test_nobody_is_admitted_in_the_step_of_a_preemption() -> None:
    """What B gives up would be enough for C, and A would soon have to wait for it."""
    tasks = [*FULL, Submission("C", 1, 1, 5)]
    told = list(Simulation(workload(*tasks, frames=6, index=False)).run())
    steps = {step for step, event in told if type(event) is Preempt}
    assert steps
    assert not steps & {step for step, event in told if type(event) is Arrive}


def test_out_of_frames_the_one_that_needs_it_is_aborted() -> None:
    told = events(workload(*FULL, frames=6, out_of_frames="abort", index=False))
    assert [event.task for event in told if type(event) is Abort] == ["A"]


def test_with_defer_a_task_waits_until_it_can_end() -> None:
    told = events(workload(*FULL, frames=6, out_of_frames="defer", index=False))
    assert Counter(type(event) for event in told)[Defer] == 1
    assert not {Abort, Preempt} & {type(event) for event in told}
    (defer,) = (event for event in told if type(event) is Defer)
    assert defer == Defer("B", 5)  # all pages that it will ever need


def test_what_never_fits_is_given_up_at_once() -> None:
    told = events(workload(Submission("A", 0, 30, 3), Submission("B", 0, 4, 1), reserved=(0,)))
    assert told[:2] == [Submit("A", 30), Abort("A", ())]
    assert type(told[-1]) is Finish


def lengths(given_workload: Workload) -> dict[str, list[int]]:
    """Task -> how many tokens it has after each step in which it is in the cache."""
    simulation, found = Simulation(given_workload), dict[str, list[int]]()
    while not simulation.is_over:
        for _ in simulation.advance():
            pass
        assert {*simulation.tokens} == {*simulation.ledger.tables}
        for task, tokens in simulation.tokens.items():
            found.setdefault(task, []).append(tokens)
    return found


@settings(max_examples=20)
@given(st.lists(submissions, max_size=8), st.sampled_from(POLICIES))
def test_a_task_has_the_same_tokens_whether_it_reserves_or_grows(
    told: list[Submission], policy: str
) -> None:
    told.sort(key=lambda submission: submission.arrival)
    tasks = [
        Submission(f"T{number}", told.arrival, told.prompt, told.output)
        for number, told in enumerate(told)
    ]
    paged = workload(*tasks, frames=32, out_of_frames="defer", policy=policy)
    reserving = lengths(paged.reserving(48))
    growing = lengths(paged)
    for task in tasks:
        if task.prompt + task.output <= 48:
            assert reserving[task.task] == growing[task.task]
        assert (task.task in reserving) == (task.prompt + task.output <= 48)


FIVE = (
    *(Submission("A", 0, 4, 12), Submission("B", 0, 2, 14), Submission("C", 0, 6, 10)),
    *(Submission("D", 3, 3, 13), Submission("E", 3, 6, 10)),
)


def test_a_reservation_begins_at_the_first_free_multiple_and_holds_the_longest_request() -> None:
    told = list(Simulation(workload(*FIVE, frames=12).reserving(16)).run())
    assert told[:9] == [
        *((0, Submit("A", 4)), (0, Submit("B", 2)), (0, Submit("C", 6))),
        *((0, Arrive("A", (0,), 4)), (0, Arrive("B", (1,), 2)), (0, Arrive("C", (2,), 6))),
        *((3, Submit("D", 3)), (3, Submit("E", 6)), (3, Defer("D", 1))),
    ]
    # Nobody asks for more, and the next takes what the first to finish has left.
    assert not [event for _, event in told if type(event) is Expand]
    after = [event for step, event in told if step > 3]
    assert after[:2] == [Finish("C", (2,)), Arrive("D", (2,), 3)]


def test_the_same_memory_holds_more_tokens_in_pages_at_the_same_step() -> None:
    paged = workload(*FIVE, frames=12, out_of_frames="preempt", index=False)
    growing, reserving = Simulation(paged), Simulation(paged.reserving(16))
    while growing.step < 5:
        for _ in (*growing.advance(), *reserving.advance()):
            pass
    assert growing.tokens == {"A": 9, "B": 7, "C": 11, "D": 5, "E": 8}
    assert reserving.tokens == {"A": 9, "B": 7, "C": 11}
    assert [*reserving.ledger.queued] == ["D", "E"]


def test_what_is_longer_than_a_reservation_is_given_up_though_the_pool_is_empty() -> None:
    told = events(workload(Submission("A", 0, 10, 7), frames=12).reserving(16))
    assert told == [Submit("A", 10), Abort("A", ())]


def test_made_up_tasks_are_always_the_same_and_as_they_were_asked_for() -> None:
    load = Load(4000, rate=0.5, seed=3, prompt=(8, 20), output=(5, 9), shared=0.25)
    prefixes = {"p": 16, "q": 32}
    made = list(load.submissions(prefixes))
    assert made == list(load.submissions(prefixes))
    assert made[0] == Submission("R0", 0, 12, 8)
    own = [submission.prompt - prefixes.get(submission.prefix or "", 0) for submission in made]
    assert (min(own), max(own)) == (8, 20)
    assert {submission.output for submission in made} == {5, 6, 7, 8, 9}
    assert len(made) / made[-1].arrival == pytest.approx(0.5, rel=0.1)
    shares = Counter(submission.prefix for submission in made)
    assert shares["p"] + shares["q"] == pytest.approx(1000, rel=0.15)
    assert [submission.arrival for submission in made] == sorted(
        submission.arrival for submission in made
    )
    other = Load(4000, rate=0.5, seed=4, prompt=(8, 20), output=(5, 9), shared=0.25)
    assert made != list(other.submissions(prefixes))


@pytest.mark.parametrize(
    "path",
    [path for path in WORKLOADS if path.stem in SHIPPED],
    ids=lambda path: path.stem,
)
def test_the_workloads_that_we_ship_show_what_they_say(path: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace.jsonl"
    trace.write_text("".join(simulated(load_workload(path))))
    with open_trace(trace) as opened:
        records = [record for record, _ in follow(opened)]
    kinds = Counter(type(record.event) for record in records)
    assert set(kinds) == {Submit, Defer, Arrive, Expand, Evict, Preempt, Finish}
    frames, tasks, most = SHIPPED[path.stem]
    assert (opened.header.frames, kinds[Finish]) == (frames, tasks)
    assert most * 0.6 < len(records) < most
    assert any(record.event.shared for record in records if isinstance(record.event, Arrive))

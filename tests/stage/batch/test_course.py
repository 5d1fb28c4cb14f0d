"""What tasks do in each step is what the storyboards draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pagereel.assets import STORIES, TRACES
from pagereel.cache import Arrive, Defer, Expand, Finish, Preempt, Submit
from pagereel.errors import StageError
from pagereel.stage.layout.batch import Window
from pagereel.stage.part import Extent
from pagereel.stage.parts.batch.course import (
    Cell,
    Course,
    Does,
    computed_again,
    courses,
    queue_after,
    together,
)
from pagereel.stage.parts.batch.delay import delay_of
from pagereel.stage.parts.batch.notes import tokens_lost, toll_of
from pagereel.stage.parts.batch.pool import changes_in
from pagereel.stage.parts.batch.strip import StepStrip
from pagereel.stage.parts.batch.waiting import WaitingRow
from pagereel.stage.timing import Phase
from pagereel.story import load_story

if TYPE_CHECKING:
    from pathlib import Path

SIGNS = {
    Does.PROMPT: "",
    Does.TOKEN: ".",
    Does.PAGE: "^",
    Does.RUNS: "_",
    Does.ASKS: "o",
    Does.LAST: "v",
    Does.GIVEN_UP: "x",
    Does.SENT_BACK: "<",
}


def told_of(name: str) -> Extent:
    return Extent.of(load_story(TRACES / f"{name}.jsonl"))


def drawn(course: Course) -> list[str]:
    """Draw a course: a line for each lane, a word for each step; `~` is what is lost."""

    def word(cell: Cell | None) -> str:
        if cell is None:
            return "-"
        number = "" if cell.number is None else str(cell.number)
        return "~" * cell.gone + SIGNS[cell.does] + number

    return [
        " ".join(word(course.cells.get((lane, at))) for at in range(course.at + 1))
        for lane in range(len(course.lanes))
    ]


@pytest.mark.parametrize(
    ("trace", "event", "lanes"),
    [
        ("pool_pressure", 4, ["10", "9"]),
        ("pool_pressure", 9, ["10 . . o", "9 . . .", "- 7 . o"]),
        ("pool_pressure", 13, ["~10 ~. ~. x 6", "9 . . . ^2", "- ~7 ~. x -"]),
        (
            "pool_pressure",
            16,
            ["~10 ~. ~. x 6 . . v -", "9 . . . ^2 . . . ^0", "- ~7 ~. x - - - - -"],
        ),
        (
            "pool_pressure",
            18,
            [
                "~10 ~. ~. x 6 . . v - - - - - - -",
                "9 . . . ^2 . . . ^0 . . . ^1 v -",
                "- ~7 ~. x - - - - - - - - - - -",
            ],
        ),
        ("preempt", 10, ["10 . . ^6", "9 . . .", "- ~7 ~. <"]),
        ("preempt", 17, ["10 . . ^6 . v 8 ^2", "9 . . . ^7 . . .", "- ~7 ~. < - - ~6 <"]),
        (
            "preempt",
            29,
            [
                "10 . . ^6 . v ~8 ~^2 ~. ~. ~. < - - 12 ^5 v - -",
                "9 . . . ^7 . . . ^6 . . . ^0 v 6 . . v -",
                "- ~7 ~. < - - ~6 < - - - - - - - - - - -",
            ],
        ),
    ],
)
def test_a_course_is_what_the_storyboard_draws(trace: str, event: int, lanes: list[str]) -> None:
    assert drawn([*courses(told_of(trace))][event - 1]) == lanes


def test_tokens_that_are_not_known_are_not_drawn() -> None:
    told = told_of("pool_pressure")
    unknown = Extent(told.title, told.initial, told.steps, told.colors)
    assert drawn([*courses(unknown)][8]) == ["10 _ _ _", "9 _ _ _", "- 7 _ _"]


def test_a_preempted_task_waits_in_front() -> None:
    queue: tuple[str, ...] = ()
    seen = []
    for step in told_of("preempt").steps:
        queue = queue_after(queue, step)
        if isinstance(step.event, Preempt):
            seen.append(queue)
    assert seen == [("C", "D"), ("D",), ("C", "D")]


@pytest.mark.parametrize(
    ("trace", "numbers"),
    [
        ("pool_pressure", [[1, 2, 3, 4], [5, 6], [7, 8], [9], [10, 11, 12, 13], [14], [15, 16]]),
        ("preempt", [[1, 2, 3, 4], [5, 6], [7, 8], [9, 10], [11, 12], [13, 14, 15], [16, 17]]),
    ],
)
def test_what_is_shown_together(trace: str, numbers: list[list[int]]) -> None:
    steps = told_of(trace).steps
    groups = [
        [step.number for step in group]
        for at in range(9)
        for group in together([step for step in steps if step.at == at])
    ]
    assert groups[: len(numbers)] == numbers


def test_an_event_that_goes_back_to_an_earlier_kind_is_shown_by_itself() -> None:
    steps = told_of("preempt").steps
    assert [len(group) for group in together([steps[9], steps[8]])] == [1, 1]


def test_numbers_of_the_captions() -> None:
    abort, preempt = told_of("pool_pressure"), told_of("preempt")
    assert tokens_lost(abort, abort.steps[9:11]) == ("A and C: 20 tokens lost", "20 tokens lost")
    assert tokens_lost(abort, abort.steps[11:]) == ()
    assert computed_again(preempt.steps) == [8, 12, 6]
    toll = toll_of(load_story(TRACES / "pool_pressure.jsonl"))
    assert (toll.finished, toll.tasks, toll.lost) == (2, 4, 20)
    delay = delay_of(abort, "D")
    assert (delay.began, delay.until, delay.tokens) == (4, 14, 6)
    assert " ".join(delay.says) == "ten steps later, or more"


def test_what_a_batch_cannot_show_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StageError, match="step of this event is not known"):
        StepStrip.check(Extent.of(load_story(STORIES / "paged_cache.toml")))
    head = '{"ev": "init", "format": "pagereel-trace", "version": 1, "engine": "X", "frames": 8}\n'
    lines = [f'{{"seq": {n}, "step": 0, "ev": "submit", "task": "T{n}"}}\n' for n in range(1, 8)]
    arrives = '{"seq": 8, "step": 30, "ev": "arrive", "task": "T1", "frames": [0]}\n'
    trace = tmp_path / "long.jsonl"
    trace.write_text("".join((head, *lines, arrives)))
    told = Extent.of(load_story(trace))
    with pytest.raises(StageError, match="7 tasks that wait"):
        WaitingRow.check(told)
    with pytest.raises(StageError, match="30 steps after the first"):
        StepStrip.check(told)
    with pytest.raises(StageError, match="T2 never arrives"):
        delay_of(told, "T2")
    with pytest.raises(StageError, match="no task of the batch before T1 ends"):
        delay_of(told, "T1")


def test_the_pool_changes_as_tasks_leave_or_as_risers_arrive() -> None:
    phases = {type(step.event): changes_in(step) for step in told_of("preempt").steps}
    assert phases == {
        Submit: None,
        Arrive: Phase.CONNECT,
        Defer: None,
        Preempt: Phase.LEAVE,
        Expand: Phase.CONNECT,
        Finish: Phase.LEAVE,
    }


def test_a_window_moves_by_some_steps_at_once() -> None:
    window = Window(0, 12)
    firsts = []
    for at in range(15):
        window = window.following(at, 14)
        assert window.holds(at)
        firsts.append(window.first)
    assert firsts == [0] * 12 + [3] * 3
    assert Window(0, 12).following(12, 12).first == 1

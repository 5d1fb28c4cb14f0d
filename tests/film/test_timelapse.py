"""Time-lapse: how long what is shown, and what is said of it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from busy import write_busy_trace

from pagereel.assets import TRACES
from pagereel.film.captions import short_name, summary
from pagereel.film.tape import Stay, Tape, read_tape
from pagereel.film.timelapse import (
    RATE,
    SHORTEST_STAY,
    Times,
    color_stays,
    event_weights,
    make_film,
    palette_size,
    plan_rows,
    plan_shots,
    suitable_length,
)

if TYPE_CHECKING:
    from pathlib import Path

    from pagereel.film.timelapse import Film


PAUSE = 1.2


def reading(caption: str) -> float:
    return max(1.6, len(caption) / 17)


TIMES = Times(PAUSE, reading, lambda *said: 2.0 * len(said))


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Tape:
    path = tmp_path_factory.mktemp("busy") / "busy.jsonl"
    return read_tape(write_busy_trace(path, frames=400, events=4000, pages=9))


@pytest.fixture(scope="module")
def real() -> Film:
    return make_film(read_tape(TRACES / "random_256_frames.jsonl"), 45, TIMES)


@pytest.mark.parametrize("seconds", [12, 40.5, 200])
def test_the_length_is_reached(busy: Tape, seconds: float) -> None:
    shots = plan_shots(busy, seconds, PAUSE, reading)
    length = sum(shot.seconds + PAUSE for shot in shots)
    assert abs(length - seconds) <= 1 / RATE
    assert all(shot.seconds >= reading(shot.caption) - 1 / RATE for shot in shots)


def test_all_events_are_shown_in_their_order(busy: Tape) -> None:
    shots = plan_shots(busy, 40, PAUSE, reading)
    assert (shots[0].first, shots[-1].end) == (0, busy.events)
    assert all(one.end == other.first for one, other in pairwise(shots))
    for shot in shots:
        assert shot.reached[0] == shot.first + 1, "what the caption speaks of comes first"
        assert (np.diff(shot.reached) >= 0).all()
        assert shot.reached[-1] == shot.end


def test_steps_that_are_dense_are_merged_and_quiet_ones_run_fast() -> None:
    dense, quiet = [5] * 400, [*range(100, 900, 200)]
    weights = event_weights([1, 2, 3, 4, *dense, *quiet])
    assert weights[:4].tolist() == [1, 1, 1, 1]
    assert weights[4:404].sum() == pytest.approx(20), "400 events of a step take as long as 20"
    # 800 steps in which nearly nothing happens take no longer than 8 that are full.
    assert weights[404:].sum() == pytest.approx(2 * len(quiet))


def test_what_is_merged_is_said(busy: Tape) -> None:
    slow, fast = (plan_shots(busy, seconds, PAUSE, reading) for seconds in (400, 20))
    assert {shot.merged for shot in slow} == {1}
    for shot in fast:
        events = np.diff(shot.reached, prepend=shot.first)
        assert shot.merged == round(events[events > 0].mean()) > 1


def test_a_short_trace_is_not_stretched(busy: Tape) -> None:
    short = read_tape(TRACES / "three_tasks.jsonl")
    assert suitable_length(busy) == 45
    assert 15 <= suitable_length(short) < 30


def test_captions_speak_of_the_event_that_is_shown_with_them(real: Film) -> None:
    tape, said = real.tape, {}
    for shot in real.shots:
        said[shot.caption.split(":")[0]] = shot
    full = said["No frame is free"]
    assert (tape.free(full.first), tape.free(full.first - 1) > 0) == (0, True)
    peak = said["The peak"]
    assert tape.held[peak.first] == max(tape.held)
    assert f"{max(tape.held)} frames" in peak.caption
    assert all(len(shot.caption) <= 70 for shot in real.shots)


def test_a_summary_counts_events() -> None:
    tape = read_tape(TRACES / "prefix_sharing.jsonl")
    assert summary(tape, 0, tape.events) == "Steps 0 to 17: 4 tasks arrive, 4 finish."
    assert summary(tape, 0, 1) == "Step 0: 1 task is queued."


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("<script>", "<script>"),
        ("../../x", "../../x"),
        ("a\tb\u202ec", "a?b?c"),
        ("\u4efb\u52a1", "??"),
        ("x" * 10_000, "x" * 15 + "~"),
    ],
)
def test_names_are_shown_as_far_as_there_is_room_and_a_glyph(name: str, shown: str) -> None:
    assert short_name(name) == shown


def test_tasks_that_are_there_together_have_different_colors(busy: Tape, real: Film) -> None:
    for tape in (busy, real.tape):
        size = palette_size(tape)
        colors = color_stays(tape, size)
        assert set(colors) <= set(range(size))
        present: dict[int, int] = {}
        for number, stay in enumerate(tape.stays):
            present = {n: c for n, c in present.items() if tape.stays[n].end > stay.first}
            if len(present) < size:
                assert colors[number] not in present.values()
            present[number] = colors[number]


def test_rows_belong_to_one_task_at_a_time(real: Film) -> None:
    stays, moment = real.tape.stays, real.moment
    rows = plan_rows(real.tape, moment, 5)
    assert set(rows.values()) == set(range(5))
    spans = sorted((row, moment[stays[s].first], moment[stays[s].end]) for s, row in rows.items())
    for (row, _, end), (other, begin, _) in pairwise(spans):
        assert row != other or end <= begin
    assert min(end - begin for _, begin, end in spans) >= SHORTEST_STAY
    length = {s: moment[stay.end] - moment[stay.first] for s, stay in enumerate(stays)}
    assert max(length, key=length.__getitem__) in rows


def test_a_trace_without_events(tmp_path: Path) -> None:
    path = tmp_path / "empty.jsonl"
    line = '{"ev": "init", "format": "pagereel-trace", "version": 1, "engine": "E", "frames": 9}'
    path.write_text(line + "\n")
    film = make_film(read_tape(path), None, TIMES)
    assert film.shots == ()
    assert film.opening == "9 page frames, all of them free."


def test_a_task_that_comes_again_has_its_color_and_nobody_else_has_it() -> None:
    spans = (("A", 0, 1), ("A", 2, 9), ("B", 3, 4), ("C", 5, 9))
    stays = [Stay(task, first, end, pages=1, shared=0) for task, first, end in spans]
    assert color_stays(Tape(frames=9, reserved=(), stays=stays), 2) == [0, 0, 1, 1]

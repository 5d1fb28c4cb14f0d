"""Time-lapse: how long what is shown, and what is said of it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from busy import write_busy_trace

from pagereel.assets import TRACES
from pagereel.cache.events import Arrive, Evict, Expand, Finish
from pagereel.film.captions import closing_caption, opening_caption, remarks, short_name
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


def stop(caption: str) -> float:
    return 1.2 + max(1.6, len(caption) / 17)


TIMES = Times(stop, lambda *said: 2.0 * len(said))


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Tape:
    path = tmp_path_factory.mktemp("busy") / "busy.jsonl"
    return read_tape(write_busy_trace(path, frames=400, events=4000, pages=9))


@pytest.fixture(scope="module")
def real() -> Film:
    return make_film(read_tape(TRACES / "random_256_frames.jsonl"), 45, TIMES)


@pytest.mark.parametrize("seconds", [12, 40.5, 200])
def test_the_length_is_reached(busy: Tape, seconds: float) -> None:
    shots = plan_shots(busy, seconds, stop)
    stops = sum(stop(shot.remark.caption) for shot in shots if shot.remark)
    running = sum(shot.seconds for shot in shots)
    assert running + stops == pytest.approx(seconds, abs=len(shots) / RATE)
    assert running >= 0.29 * seconds, "time runs for a good part of the film"
    assert all(shot.seconds >= 0.5 for shot in shots)


def test_all_events_are_shown_in_their_order(busy: Tape) -> None:
    shots = plan_shots(busy, 40, stop)
    assert (shots[0].first, shots[-1].end) == (0, busy.events)
    assert all(one.end == other.first for one, other in pairwise(shots))
    for shot in shots:
        assert shot.first <= shot.reached[0]
        assert (np.diff(shot.reached) >= 0).all()
        assert shot.reached[-1] == shot.end, "it comes to rest behind its last event"
        assert shot.remark is None or shot.remark.event == shot.end - 1


def test_steps_that_are_dense_are_merged_and_quiet_ones_run_fast() -> None:
    dense, quiet = [5] * 400, [*range(100, 900, 200)]
    weights = event_weights([1, 2, 3, 4, *dense, *quiet])
    assert weights[:4].tolist() == [1, 1, 1, 1]
    assert weights[4:404].sum() == pytest.approx(20), "400 events of a step take as long as 20"
    # 800 steps in which nearly nothing happens take no longer than 8 that are full.
    assert weights[404:].sum() == pytest.approx(2 * len(quiet))


def test_how_fast_time_runs_is_true_of_every_second(busy: Tape) -> None:
    for shot in plan_shots(busy, 40, stop):
        reached = [shot.first, *shot.reached]
        seconds = [at - reached[max(0, i - RATE)] for i, at in enumerate(reached)]
        assert shot.fastest == max(seconds)


def test_a_short_trace_is_not_stretched(busy: Tape) -> None:
    short = read_tape(TRACES / "three_tasks.jsonl")
    assert suitable_length(busy) == 45
    assert 15 <= suitable_length(short) < 30


def test_the_first_of_each_kind_is_told(real: Film) -> None:
    tape, said = real.tape, [shot.remark for shot in real.shots if shot.remark]
    first = {
        "arrives": Arrive,
        "needs one more frame": Expand,
        "finishes": Finish,
        "evicted": Evict,
    }
    for words, kind in first.items():
        (remark,) = (remark for remark in said if words in remark.caption)
        assert remark.event == tape.happens(kind).argmax()
    (full,) = (remark for remark in said if remark.caption.startswith("No frame is free"))
    assert tape.free(full.event) == 0
    assert all(tape.free(event) for event in range(full.event))
    assert all(len(remark.caption) <= 60 for remark in said)


def test_where_time_is_short_what_matters_most_is_told(busy: Tape) -> None:
    everything = [remark.caption for remark in remarks(busy)]
    told = [
        [shot.remark.caption for shot in plan_shots(busy, seconds, stop) if shot.remark]
        for seconds in (5, 15, 30, 60, 600)
    ]
    assert [set(captions) <= set(everything) for captions in told] == [True] * len(told)
    assert [len(captions) for captions in told] == sorted(map(len, told))
    assert set(told[-1]) == set(everything)
    assert everything[0] in told[1]


def test_opening_and_closing_quote_what_the_counters_say() -> None:
    tape = read_tape(TRACES / "prefix_sharing.jsonl")
    assert opening_caption(tape) == "12 page frames, all of them free."
    assert closing_caption(tape) == "Step 17: 4 tasks have finished."


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("<script>", "<script>"),
        ("../../x", "../../x"),
        ("a\tb\u202ec", "a?b?c"),
        ("A window", "A window"),
        ("\u4efb\u52a1", "??"),
        ("x" * 10_000, "x" * 15 + "…"),
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
    rows = plan_rows(real, 5)
    assert set(rows.values()) == set(range(5))
    spans = sorted((row, moment[stays[s].first], moment[stays[s].end]) for s, row in rows.items())
    for (row, _, end), (other, begin, _) in pairwise(spans):
        assert row != other or end <= begin
    lengths = {stay: moment[stays[stay].end] - moment[stays[stay].first] for stay in rows}
    assert all(length >= SHORTEST_STAY or s in real.spoken_of for s, length in lengths.items())
    assert set(real.spoken_of) <= set(rows)
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

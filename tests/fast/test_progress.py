"""How far a rendering is, counted by all that draw."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from manim import Create, Scene, Square

from pagereel.fast import RenderSettings, render_scene
from pagereel.fast.shards import cutter as cuts
from pagereel.fast.shards import progress
from pagereel.fast.shards.progress import Pace, Tally

if TYPE_CHECKING:
    from pathlib import Path


class Four(Scene):
    def construct(self) -> None:
        for _ in range(4):
            self.play(Create(Square()), run_time=1)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Give a clock that is set by hand."""
    seconds = [100.0]
    monkeypatch.setattr("pagereel.fast.shards.progress.time.monotonic", lambda: seconds[0])
    return seconds


def test_it_is_told_ten_times_a_second(clock: list[float]) -> None:
    told: list[int] = []
    pace = Pace(told.append)
    for number in range(1, 301):
        clock[0] += 0.01
        pace.tell(number)
    assert 28 <= len(told) <= 30
    assert told == sorted(told)


def test_it_never_goes_back(clock: list[float]) -> None:
    told: list[int] = []
    pace = Pace(told.append)
    for number in (5, 3, 7):
        clock[0] += 1
        pace.tell(number)
    pace.tell_now(6)
    assert told == [5, 7, 7]


def test_all_processes_count_together() -> None:
    tally = Tally(2)
    tally.add(0, 5)
    process = os.fork()
    if not process:
        tally.add(1, 7)
        os._exit(0)
    os.waitpid(process, 0)
    assert tally.total() == 12
    tally.clear(0)
    assert tally.total() == 7


@pytest.mark.parametrize("jobs", [1, 2])
def test_images_are_told_as_they_are_drawn(
    target: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    """And not only when a shard is complete."""
    monkeypatch.setattr(cuts, "SHARD_SECONDS", 1)
    monkeypatch.setattr(progress, "EVERY", 0)
    monkeypatch.setattr("pagereel.fast.shards.processes.EVERY", 0.001)
    told: list[int] = []
    plans: list[tuple[int | None, int]] = []
    render_scene(
        Four,
        target,
        RenderSettings(192, 108, 10, jobs),
        told.append,
        lambda total, taken: plans.append((total, taken)),
    )
    assert told == sorted(told)
    assert told[-1] == 40
    assert len({*told} - {10, 20, 30, 40}) > 4
    assert plans == ([(40, 0)] if jobs > 1 else [])

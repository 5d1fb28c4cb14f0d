"""How far a rendering is, counted by all that draw."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from heard import Heard
from manim import Create, Dot, PMobject, Scene, Square, Text

from pagereel.fast import RenderSettings, render_scene
from pagereel.fast.report import Pace, Report
from pagereel.fast.shards import cutter as cuts
from pagereel.fast.shards.crew import Crew

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
    monkeypatch.setattr("pagereel.fast.report.time.monotonic", lambda: seconds[0])
    return seconds


def test_it_is_told_ten_times_a_second(clock: list[float]) -> None:
    heard = Heard()
    pace = Pace(heard)
    for number in range(1, 301):
        clock[0] += 0.01
        pace.count(number)
    assert 28 <= len(heard.counts) <= 30
    assert heard.counts == sorted(heard.counts)


def test_it_never_goes_back(clock: list[float]) -> None:
    heard = Heard()
    pace = Pace(heard)
    for number in (5, 3, 7):
        clock[0] += 1
        pace.count(number)
    pace.finish(6)
    assert heard.counts == [5, 7, 7]


def test_remarks_go_to_manims_log_once(logged: list[str]) -> None:
    report = Report()
    report.note("it rains")
    report.note("it rains")
    assert logged == ["FastRenderer: it rains"]


def test_what_manim_has_to_draw_is_noted(target: Path) -> None:
    class Clouds(Scene):
        def construct(self) -> None:
            self.add(Dot(), PMobject())
            self.wait(0.2)
            self.wait(0.2)

    heard = Heard()
    render_scene(Clouds, target, RenderSettings(192, 108, 10), heard)
    assert heard.notes == ["manim draws whole images where there is PMobject"]


def test_all_processes_count_together() -> None:
    tally = Crew(1).tally
    tally[0] += 5
    process = os.fork()
    if not process:
        tally[1] += 7
        os._exit(0)
    os.waitpid(process, 0)
    assert [*tally[:2]] == [5, 7]


@pytest.mark.parametrize("jobs", [1, 2])
def test_images_are_told_as_they_are_drawn(
    target: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    """And not only when a shard is complete."""
    monkeypatch.setattr(cuts, "SHARD_SECONDS", 1)
    monkeypatch.setattr("pagereel.fast.report.INTERVAL", 0)
    monkeypatch.setattr("pagereel.fast.shards.forked.INTERVAL", 0.001)
    heard = Heard()
    # So many that it takes far longer than to look twice.
    render_scene(Four, target, RenderSettings(192, 108, 120, jobs), heard)
    assert heard.counts == sorted(heard.counts)
    assert heard.counts[-1] == 480
    assert len({*heard.counts} - {120, 240, 360, 480}) > 4
    assert heard.plans == ([(480, 0)] if jobs > 1 else [])


def test_a_character_that_no_font_has_is_noted_once_with_its_line(target: Path) -> None:
    odd = "\U0010fa57"  # of private use

    class Odd(Scene):
        def construct(self) -> None:
            self.add(Text(f"a{odd}", font="Serif", warn_missing_font=False))
            self.wait()
            self.wait()

    heard = Heard()
    render_scene(Odd, target, RenderSettings(96, 54, 10), heard)
    line = Odd.construct.__code__.co_firstlineno + 2
    assert heard.notes == [
        f"test_report.py:{line}: no font here has {odd!r} (U+10FA57) for 'Serif'"
    ]

"""What the process that draws tells."""

from __future__ import annotations

import itertools
import json
import os
import time
from multiprocessing import get_context
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest
from manim import RIGHT, Create, Scene, Square

from pagereel.fast import RenderSettings, render_scene
from pagereel.fast.shards import watch
from pagereel.fast.shards.watch import Watch
from pagereel.render.job import Assignment
from pagereel.render.worker import attending, main
from pagereel.render.worker.attending import Attended, attend, share_of
from pagereel.render.worker.events import EventPipe, ReaderGone
from pagereel.request import Request, chosen_video

if TYPE_CHECKING:
    from collections.abc import Callable

    from manim import Mobject


def test_who_talks_to_nobody_ends() -> None:
    ear, pipe = os.pipe()
    events = EventPipe(pipe, Path())
    events.plan(None, 3)
    assert json.loads(os.read(ear, 1000)) == {
        "event": "plan",
        "scene": 0,
        "total": None,
        "taken": 3,
    }
    events.note("it rains")
    assert json.loads(os.read(ear, 1000))["message"] == "it rains"
    os.close(ear)
    with pytest.raises(ReaderGone):
        events.images(3)
    os.close(pipe)


def attended(
    work: Callable[[EventPipe], object],
    play: str = "",
    *,
    pipe_class: type[EventPipe] = EventPipe,
) -> list[dict[str, Any]]:
    """Attend to a process that does some work in a play; return the events."""
    ear, pipe = os.pipe()
    events = pipe_class(pipe, Path())
    events.play(play)
    alive, held = os.pipe()
    process = os.fork()
    if not process:
        work(events)
        os._exit(0)
    os.close(held)
    scenes = [Attended(process, alive, events)]
    while scenes:
        attend(scenes)
    os.close(pipe)
    with open(ear, "rb") as told:  # noqa: PTH123 (a number, no path)
        return [json.loads(line) for line in told]


def test_a_scene_that_stands_still_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    still = iter((1.0, 61.0, 62.0, 601.0))
    monkeypatch.setattr(attending, "_LOOK", 0.01)
    monkeypatch.setattr(Watch, "look", lambda watch, _: setattr(watch, "idle", next(still)))
    noted, failed = attended(lambda _: Event().wait(), "play 7 (Write)")
    assert noted["message"] == "play 7 (Write) stands still; Ctrl-C ends it"
    assert failed["failure"]["message"].startswith("play 7 (Write) stands still: it has drawn")
    assert failed["failure"]["kind"] == "mistake"


def test_a_scene_that_is_over_may_wait_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attending, "_LOOK", 0.01)
    monkeypatch.setattr(Watch, "look", lambda watch, _: setattr(watch, "idle", 601.0))
    assert attended(lambda _: time.sleep(0.1)) == []


def test_the_end_of_a_scenes_process_is_seen_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attending, "_LOOK", 60)
    assert attended(lambda _: os.kill(os.getpid(), 9)) == [
        {"event": "killed", "scene": 0, "signal": 9}
    ]


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_endless_loop_is_reported_and_not_ended(
    jobs: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This one ends when it has been reported."""
    reported = tmp_path / "reported"

    def loop(square: Mobject, dt: float) -> None:
        since = time.monotonic()
        while not reported.exists() and time.monotonic() - since < 60:  # if it is not reported
            square.shift(dt * RIGHT)

    class Endless(Scene):
        def construct(self) -> None:
            self.play(Create(square := Square()))
            square.add_updater(loop)
            self.wait()

    class Released(EventPipe):
        def remark(self, message: str) -> None:
            super().remark(message)
            if message.startswith("play 2"):
                reported.touch()

    def render(events: EventPipe) -> None:
        render_scene(Endless, tmp_path / "out.mp4", RenderSettings(96, 54, 10, jobs), events)

    work = itertools.count()
    monkeypatch.setattr(attending, "_LOOK", 0.01)
    monkeypatch.setattr(watch, "_LOOK", 0.01)
    monkeypatch.setattr(watch, "work_of", lambda _: next(work))  # it always has worked
    monkeypatch.setattr(watch, "PATIENCE", 0.2)
    heard = attended(render, "the code before the first play", pipe_class=Released)
    notes = [each["message"] for each in heard if each["event"] == "note"]
    line = Endless.construct.__code__.co_firstlineno + 3
    assert (
        f"play 2 (Wait) at test_worker.py:{line} has computed for 0 s without an image; if that is "
        "an endless loop, Ctrl-C ends it"
    ) in notes
    assert (tmp_path / "out.mp4").exists()


@pytest.mark.parametrize(
    ("cores", "scenes", "shares"),
    [
        (1, 3, [1]),
        (2, 1, [2]),
        (2, 2, [1, 2]),
        (2, 11, [1, 1]),
        (8, 3, [2, 3, 4]),
        (8, 11, [1] * 8),
    ],
)
def test_scenes_share_the_cores(cores: int, scenes: int, shares: list[int]) -> None:
    given: list[int] = []
    while coming := scenes - len(given):
        if not (share := share_of(cores, sum(given), coming)):
            break
        given.append(share)
    assert given == shares


def test_several_scenes_are_drawn_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each waits until the other has begun."""
    ear, pipe = os.pipe()
    met = get_context("fork").Barrier(2)

    def work(assignment: Assignment, events: EventPipe) -> None:
        met.wait(60)
        events.tell("begin", jobs=assignment.jobs)

    monkeypatch.setattr(main, "_work", work)
    request = Request(file=Path("a.py"), scene="A", video=chosen_video("l"))
    asked = [Assignment(request=request, target=Path(f"{name}.mp4"), jobs=4) for name in "ab"]
    main._draw_all(asked, pipe)
    os.close(pipe)
    with open(ear, "rb") as told:  # noqa: PTH123 (a number, no path)
        heard = {event["scene"]: event for event in map(json.loads, told)}
    assert [heard[each]["jobs"] for each in (0, 1)] == [2, 3]

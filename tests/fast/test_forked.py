"""One process draws where several would show different things, or do them twice."""

from __future__ import annotations

import itertools
import mmap
import os
import random
import re
import signal
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from math import inf
from threading import Event
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import numpy as np
import pytest
from heard import Heard
from manim import RIGHT, UP, Create, Dot, Scene, Square, random_color
from unseen import unseen

from pagereel.errors import RenderError
from pagereel.fast import Drawings, RenderSettings, render_scene
from pagereel.fast.encode.shard import ShardEncoder
from pagereel.fast.shards import cutter as cuts
from pagereel.fast.shards import forked, share
from pagereel.fast.shards.processes import ended_by
from pagereel.fast.shards.share import Ahead, Beginning
from pagereel.fast.shards.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

PARENT = os.getpid()
PLAY = r"play 3 \(Create\) at test_forked\.py:\d+"
UNLIKE = "one process draws on: the scene does not show the same twice, as with dice or clocks"


@pytest.fixture(autouse=True)
def short_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuts, "SHARD_SECONDS", 0.5)


def render(scene: type[Scene], target: Path, jobs: int = 2) -> tuple[list[str], bytes]:
    """Render a scene; return what was noted, and the video."""
    heard = Heard()
    rendered = render_scene(scene, target, RenderSettings(96, 54, 10, jobs), heard)
    assert rendered.plan.length == sum(rendered.plan.counts)
    assert list(target.parent.iterdir()) == [target]
    return heard.notes, target.read_bytes()


def pictures(scene: type[Scene], target: Path, jobs: int = 2) -> tuple[list[str], list[bytes]]:
    """Render a scene; return what was noted, and each image."""
    images: list[NDArray[np.uint8]] = []

    def look(drawings: Drawings) -> None:
        assert drawings.whole is not None
        for each in drawings.whole.pictures():
            images.extend([each.pixels.copy()] * each.repeat)

    heard = Heard()
    settings = RenderSettings(96, 54, 10, jobs, keep_images=True)
    render_scene(scene, target, settings, heard, encode=look)
    return heard.notes, [each.tobytes() for each in images]


DICE: dict[str, Callable[[], float]] = {
    "numpy": lambda: np.random.default_rng().random(),
    "random": lambda: random.Random().random(),  # noqa: S311
    "uuid": lambda: uuid.uuid4().int / 2**128,
    "system": lambda: os.urandom(1)[0] / 256,
    "clock": lambda: time.perf_counter_ns() % 10007 / 10007,
}


@pytest.mark.parametrize("name", DICE)
def test_what_is_thrown_is_shown_by_one_process(name: str, target: Path) -> None:
    class Thrown(Scene):
        def construct(self) -> None:
            self.play(Create(Square()), run_time=0.2)
            self.add(Dot(radius=0.5).shift((DICE[name]() * 6 - 3) * RIGHT))
            for _ in range(4):
                self.wait(0.4)

    notes, images = pictures(Thrown, target)
    assert notes == [UNLIKE]
    assert len(images) == 18
    assert len({*images[2:]}) == 1


def test_what_a_fork_answers_otherwise_is_told_by_one_process(target: Path) -> None:
    class Telling(Scene):
        def construct(self) -> None:
            for _ in range(4):
                self.add(dot := Dot(radius=0.5).shift((os.getpid() % 97 / 16 - 3) * RIGHT))
                self.wait(0.4)
                self.remove(dot)
                self.wait(0.2)

    notes, images = pictures(Telling, target)
    assert notes == ["one process draws: the scene calls os.getpid"]
    assert len({images[at] for at in (0, 6, 12, 18)}) == 1


def test_what_was_hidden_at_a_cut_is_the_same_when_it_comes_back(target: Path) -> None:
    class Hiding(Scene):
        def construct(self) -> None:
            self.play(Create(Square()), run_time=0.2)
            place = (np.random.default_rng().random() * 6 - 3) * RIGHT
            for _ in range(3):
                dot = Dot(place, radius=0.5)
                self.add(dot)
                self.wait(0.2)
                self.remove(dot)
                self.wait(0.6)

    notes, images = pictures(Hiding, target)
    assert notes == [UNLIKE]
    assert len({images[2], images[9], images[16]}) == 1 < len({*images[2:]})


def test_how_long_it_takes_may_be_thrown(target: Path) -> None:
    class Lasting(Scene):
        def construct(self) -> None:
            self.add(Square(color=random_color()))
            self.wait(0.2)
            self.wait(0.5 + 0.1 * (uuid.uuid4().int % 2000))  # seldom the same twice
            self.wait(0.5)

    notes, images = pictures(Lasting, target)
    assert notes == [UNLIKE]
    assert len(images) > 10
    assert len({*images}) == 1


def test_dice_with_a_seed_are_shown_by_all(target: Path) -> None:
    class Seeded(Scene):
        def construct(self) -> None:
            dice = random.Random(3)  # noqa: S311
            dots = [Dot() for _ in range(3)]
            self.add(*dots)
            dots[0].add_updater(lambda dot, dt: dot.shift(dt * random.random() * UP))  # noqa: S311
            for _ in range(5):
                place = dice.random() + np.random.random()  # noqa: NPY002
                self.play(dots[1].animate.shift(place * RIGHT), run_time=0.3)

    notes, data = render(Seeded, target)
    assert notes == []
    assert render(Seeded, target, 1) == ([], data)


def test_what_is_written_is_written_once(target: Path, tmp_path: Path) -> None:
    path = tmp_path / "counter"

    class Counting(Scene):
        def construct(self) -> None:
            for count in range(1, 9):
                self.wait(0.3)
                path.write_text(path.read_text() + "." if path.exists() else ".")
                assert len(path.read_text()) == count
                self.add(Dot((count - 4) * RIGHT))

    notes, data = render(Counting, target)
    assert notes == ["one process draws on: the scene writes the file counter"]
    assert len(path.read_text()) == 8
    path.unlink()
    assert render(Counting, target, 1) == ([], data)


def test_memory_that_is_shared_is_written_to_once(target: Path) -> None:
    class Shared(Scene):
        def construct(self) -> None:
            memory = mmap.mmap(-1, 1)
            for _ in range(8):
                self.wait(0.3)
                memory[0] += 1
                self.add(Dot((memory[0] - 4) * RIGHT))

    _, data = render(Shared, target)
    assert render(Shared, target, 1) == ([], data)


def test_children_may_be_left_to_the_system(target: Path) -> None:
    usual = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    _, images = pictures(Simple, target)
    signal.signal(signal.SIGCHLD, usual)
    assert len(images) == 20


@pytest.mark.parametrize("closed", [True, False])
def test_a_scene_may_close_its_output(
    closed: bool,  # noqa: FBT001
    target: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stream = open(os.devnull, "w")  # noqa: PTH123, SIM115
    stream.close()

    class Silent(Simple):
        def construct(self) -> None:
            monkeypatch.setattr("sys.stdout", stream if closed else None)
            super().construct()

    notes, images = pictures(Silent, target)
    assert notes == []
    assert len(images) == 20


def test_a_scene_may_close_all_numbers(target: Path) -> None:
    """As programs do that go on in the background."""

    class Closing(Simple):
        def construct(self) -> None:
            self.wait(0.5)
            for number in range(3, 256):
                with suppress(OSError):
                    os.close(number)
            os.closerange(3, 256)
            super().construct()

    notes, images = pictures(Closing, target)
    assert notes == []
    assert len(images) == 25


def test_a_scene_without_an_output_is_not_forked(target: Path) -> None:
    class Closing(Simple):
        def construct(self) -> None:
            os.close(1)
            super().construct()

    output = os.dup(1)
    try:
        notes, images = pictures(Closing, target)
    finally:
        os.dup2(output, 1)
        unseen(lambda: os.close(output))()
    assert notes == ["one process draws: the scene has closed its output"]
    assert len(images) == 20


def test_who_swallows_the_end_is_ended_all_the_same(target: Path, tmp_path: Path) -> None:
    class Stubborn(Scene):
        def construct(self) -> None:
            for count in range(8):
                try:
                    self.play(Create(Square()), run_time=0.3)
                    (tmp_path / f"{count}").touch(exist_ok=False)
                except Exception:  # noqa: BLE001, S110
                    pass

        def tear_down(self) -> None:
            (tmp_path / "end").touch(exist_ok=False)

    notes, data = render(Stubborn, target)
    assert len(notes) == 1
    assert len([*tmp_path.glob("?"), *tmp_path.glob("end")]) == 9
    for path in [*tmp_path.glob("?"), *tmp_path.glob("end")]:
        path.unlink()
    assert render(Stubborn, target, 1) == ([], data)


@pytest.mark.parametrize("late", [False, True])
def test_a_scene_with_threads_is_not_forked(late: bool, target: Path) -> None:  # noqa: FBT001
    class Threads(Scene):
        def construct(self) -> None:
            with ThreadPoolExecutor(1) as pool:
                for index in range(6):
                    if index or not late:
                        self.add(
                            Dot(pool.submit(lambda index: index / 2, index).result(20) * RIGHT)
                        )
                    self.wait(0.3)

    notes, data = render(Threads, target)
    # A worker that has ended its shard by the next cut cannot draw on: another one draws all.
    assert notes in (
        [f"one process {draws}: the scene has threads"]
        for draws in (("draws", "draws on") if late else ("draws",))
    )
    assert render(Threads, target, 1) == ([], data)


def test_a_scene_whose_file_has_threads_is_not_forked(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> int:
        raise AssertionError("it was forked")

    monkeypatch.setattr("os.fork", refuse)
    heard, settings = Heard(), RenderSettings(96, 54, 10, 2, tied="has threads")
    render_scene(Simple, target, settings, heard)
    assert heard.notes == ["one process draws: the scene's file has threads"]


class Simple(Scene):
    def construct(self) -> None:
        for index in range(5):
            self.play(Create(Square().shift(index * RIGHT / 2)), run_time=0.4)


def noting(marks: Path, run_time: float) -> type[Scene]:
    """Return a scene of five plays that notes which processes run through it."""

    @unseen
    def note(alpha: float) -> float:
        (marks / f"{os.getpid()}").touch()
        return alpha

    class Noting(Scene):
        def construct(self) -> None:
            for index in range(5):
                square = Square().shift(index * RIGHT)
                self.play(Create(square), run_time=run_time, rate_func=note)

    return Noting


def drawn_by(marks: Path) -> set[int]:
    return {int(path.name) for path in marks.glob("[0-9]*")}


@pytest.mark.parametrize("cuts_at", [0.5, 16.0])
def test_the_first_images_are_drawn_without_a_fork(
    cuts_at: float, target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = noting(tmp_path, 0.4)
    monkeypatch.setattr(cuts, "SHARD_SECONDS", cuts_at)
    monkeypatch.setattr(Beginning, "is_long", False)
    notes, data = render(scene, target)
    assert notes == []
    processes = drawn_by(tmp_path)
    assert PARENT in processes
    assert (len(processes) > 1) is (cuts_at < 1)
    assert render(scene, target, 1) == ([], data)


@pytest.mark.parametrize("keep_images", [False, True])
@pytest.mark.parametrize("behind", [1, 3, 9])
def test_it_forks_in_the_middle_of_a_shard(
    behind: int,
    keep_images: bool,  # noqa: FBT001
    target: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = itertools.count(1)
    monkeypatch.setattr(Beginning, "is_long", property(lambda _: next(asked) >= behind))
    monkeypatch.setattr(cuts, "SHARD_SECONDS", 0.8)
    notes, data = (pictures if keep_images else render)(Simple, target)
    assert notes == []
    assert (pictures if keep_images else render)(Simple, target, 1) == ([], data)


@pytest.mark.parametrize("is_small", [False, True])
def test_a_worker_encodes_a_first_shard_that_is_drawn_in_no_time(
    target: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, is_small: bool
) -> None:
    """Or else the process that runs ahead would wait for it, and take that for the scene's time."""

    @unseen
    def finish(encoder: ShardEncoder) -> None:
        (tmp_path / f"{os.getpid()}").touch()
        finished(encoder)

    finished = ShardEncoder.finish
    monkeypatch.setattr(ShardEncoder, "finish", finish)
    monkeypatch.setattr(Beginning, "is_long", False)
    monkeypatch.setattr(forked, "_SMALL", inf if is_small else 0)
    notes, _ = render(Simple, target)
    assert notes == []
    assert (PARENT in drawn_by(tmp_path)) is is_small


@pytest.mark.parametrize("is_small", [False, True])
def test_small_pictures_of_a_shard_are_drawn_by_one(
    target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_small: bool
) -> None:
    scene = noting(tmp_path, 0.2)
    monkeypatch.setattr(cuts, "SHARD_SECONDS", 16)
    monkeypatch.setattr(forked, "_SMALL", 96 * 54 * 10 - (not is_small))
    notes, data = render(scene, target)
    assert notes == []
    processes = drawn_by(tmp_path)
    assert processes == {PARENT} if is_small else len(processes) == 2
    assert render(scene, target, 1) == ([], data)


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize(("error", "code"), [(SystemExit(3), 3), (KeyError("own"), 1)])
def test_a_process_that_the_scene_forks_ends_as_in_python(
    error: BaseException,
    code: int,
    jobs: int,
    target: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It has the encoder's memory but none of its threads, and the folder is not its own."""

    class Forks(Scene):
        def construct(self) -> None:
            self.play(Create(Square()), run_time=0.3)
            if not (process := os.fork()):
                raise error
            _, status = os.waitpid(process, 0)
            assert os.waitstatus_to_exitcode(status) == code
            self.play(Create(Square()), run_time=0.8)

    mark = tmp_path / "concluded"
    monkeypatch.setattr(cuts, "conclude", mark.touch)  # pytest has functions for the end, too
    notes, _ = render(Forks, target, jobs)
    assert notes == ["one process draws on: the scene starts a process"] * (jobs - 1)
    assert mark.exists()


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (SystemExit(), 0, ""),
        (SystemExit(3), 3, ""),
        (SystemExit("gone"), 1, "gone\n"),
        (KeyError("own"), 1, "KeyError: 'own'\n"),
    ],
)
def test_what_python_says_of_an_error_at_the_end(
    error: BaseException, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended_by(error) == code
    assert capsys.readouterr().err == said


@pytest.mark.parametrize("seconds", [0, 1, 2, 3])
def test_a_scene_whose_own_code_takes_long_only_at_first_is_drawn_by_several(
    seconds: int, target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = noting(tmp_path, 0.2)
    asked = itertools.count(1)
    monkeypatch.setattr(cuts, "SHARD_SECONDS", 16)
    monkeypatch.setattr(Beginning, "is_mostly_own", property(lambda _: next(asked) <= seconds))
    notes, data = render(scene, target)
    assert notes == []
    processes = drawn_by(tmp_path)
    assert (len(processes) == 2) is (seconds < 3)
    assert render(scene, target, 1) == ([], data)


def test_what_is_written_while_the_first_images_are_drawn_keeps_it_alone(
    target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Writing(Scene):
        def construct(self) -> None:
            for index in range(4):
                self.play(Create(Square().shift(index * RIGHT)), run_time=0.4)
                (tmp_path / f"{index}").touch(exist_ok=False)

    monkeypatch.setattr(Beginning, "is_long", False)
    notes, data = render(Writing, target)
    assert notes == ["one process draws on: the scene writes the file 0"]
    written = [*tmp_path.glob("[0-9]*")]
    assert len(written) == 4
    for path in written:
        path.unlink()
    assert render(Writing, target, 1) == ([], data)


def disturbed(disturb: Callable[[], object], marks: Path | None) -> type[Scene]:
    """Return a simple scene that is disturbed in other processes; once, if there are marks."""

    @unseen
    def rate(alpha: float) -> float:
        if alpha > 0.5 and os.getpid() != PARENT and not (marks and marks.exists()):
            if marks:
                marks.touch()
            disturb()
        return alpha

    class Disturbed(Scene):
        def construct(self) -> None:
            for index in range(5):
                options: Any = {"rate_func": rate} if index == 2 else {"rate_func": lambda a: a}
                self.play(Create(Square().shift(index * RIGHT / 2), **options), run_time=0.4)

    return Disturbed


@pytest.fixture
def hung(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder in which processes that will stand still, or loop, leave their numbers.

    They, and no others, have done so for long, however slow this machine is.
    """
    folder = tmp_path / "hung"
    folder.mkdir()

    def look(watch: Watch, at: object) -> None:
        del at
        watch.idle = 601.0 if (folder / f"{watch._process}").exists() else 0.0
        watch.fruitless = 601.0 if (folder / f"{watch._process}-loops").exists() else 0.0

    monkeypatch.setattr(Watch, "look", look)
    return folder


def hang(hung: Path) -> None:
    (hung / f"{os.getpid()}").touch()
    Event().wait()


def loop(hung: Path) -> None:
    (hung / f"{os.getpid()}-loops").touch()
    while True:
        pass


@pytest.mark.slow
def test_who_stands_still_is_replaced(target: Path, tmp_path: Path, hung: Path) -> None:
    scene = disturbed(lambda: unseen(hang)(hung), tmp_path / "mark")
    notes, data = render(scene, target)
    assert len(notes) == 1
    assert re.fullmatch(f"one process draws: {PLAY} stands still in a second process", notes[0])
    assert render(scene, target, 1)[1] == data


@pytest.mark.slow
def test_who_loops_is_replaced(target: Path, tmp_path: Path, hung: Path) -> None:
    scene = disturbed(lambda: unseen(loop)(hung), tmp_path / "mark")
    notes, data = render(scene, target)
    assert len(notes) == 1
    assert re.fullmatch(f"one process draws: {PLAY} has computed for 600 s .+", notes[0])
    assert render(scene, target, 1)[1] == data


@pytest.mark.slow
def test_who_always_stands_still_is_given_up(target: Path, hung: Path) -> None:
    with pytest.raises(RenderError, match=f"^{PLAY} stands still") as caught:
        render(disturbed(lambda: unseen(hang)(hung), None), target)
    assert len(str(caught.value)) < 200
    assert len(list(hung.iterdir())) == 2


@pytest.mark.slow
def test_what_only_a_second_process_raises_is_no_error(target: Path, tmp_path: Path) -> None:
    scene = disturbed(lambda: 1 / 0, tmp_path / "mark")
    notes, data = render(scene, target)
    assert notes == [
        "one process draws: a second process raised ZeroDivisionError: division by zero"
    ]
    assert render(scene, target, 1)[1] == data


def test_who_draws_alone_may_be_killed(target: Path, tmp_path: Path) -> None:
    def die() -> None:
        os.kill(os.getpid(), 9)

    scene = disturbed(die, tmp_path / "mark")

    class Thrown(scene):  # type: ignore[misc, valid-type]
        def construct(self) -> None:
            self.wait(0.2)
            self.add(Dot(np.random.default_rng().random() * UP))
            self.wait(0.5)
            super().construct()

    notes, images = pictures(Thrown, target)
    assert notes[-1] == "one process draws: the process that drew was killed"
    assert len(images) == 27
    assert len({*images[2:7]}) == 1


@pytest.mark.parametrize(
    ("own", "worked", "images", "drawn", "mostly"),
    [
        (8.0, 8.8, 90, 0, True),
        (8.0, 84.8, 90, 0, False),
        (0.5, 0.5, 90, 0, False),
        (8.0, 0.0, 0, 0, False),
        (8.0, 2.2, 50, 40, True),
        (8.0, 6.2, 50, 40, False),
    ],
)
def test_the_scenes_own_share_is_measured_ahead_of_a_worker(
    monkeypatch: pytest.MonkeyPatch,
    own: float,
    worked: float,
    images: int,
    drawn: int,
    mostly: bool,  # noqa: FBT001
) -> None:
    """Own time is spread evenly over 100 images, of which a worker has drawn some."""
    clock = Mock(return_value=100.0)
    monkeypatch.setattr(share, "time", Mock(process_time=clock))
    ahead = Ahead(drawn)
    for image in range(drawn + 1, 101):
        clock.return_value = 100 + own * (image - drawn) / (100 - drawn)
        ahead.count(1)
    assert ahead.is_mostly_own(images, worked) == mostly


@pytest.mark.parametrize(
    ("own", "drawing", "mostly"), [(0.5, 0.4, True), (0.5, 0.6, False), (0.1, 0.0, False)]
)
def test_the_scenes_own_share_is_measured_at_the_beginning(
    monkeypatch: pytest.MonkeyPatch,
    own: float,
    drawing: float,
    mostly: bool,  # noqa: FBT001
) -> None:
    thread = Mock(return_value=100.0)
    monkeypatch.setattr(share, "time", Mock(thread_time=thread))
    beginning = Beginning()
    beginning.drew(drawing)
    thread.return_value += own + drawing
    assert beginning.is_mostly_own is mostly


def test_a_scene_whose_own_code_takes_longest_is_drawn_by_one(
    target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = tmp_path / "drawn"

    @unseen
    def wait_for_worker() -> None:
        if os.getpid() != PARENT:
            mark.touch()
        while not mark.exists():
            time.sleep(0.01)

    class Slow(Scene):
        def construct(self) -> None:
            for index in range(6):
                self.wait(0.2)
                if index == 2:
                    wait_for_worker()

    monkeypatch.setattr(share, "_MOST_OWN", 0)
    monkeypatch.setattr(share, "_LEAST_OWN", 0)
    notes, data = render(Slow, target)
    # A worker that has ended its shard by then cannot draw on: another one draws all.
    assert notes in (
        [f"one process {draws}: the scene's own code takes over a third of the time"]
        for draws in ("draws on", "draws")
    )
    assert render(Slow, target, 1) == ([], data)

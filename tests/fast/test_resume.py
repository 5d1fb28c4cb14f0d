"""Renderings that are interrupted and gone on with: the same bytes, and nothing is left."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from heard import Heard
from manim import RIGHT, Create, Dot, Scene, Square, config, tempconfig

from pagereel.checkpoints import Checkpoint
from pagereel.errors import RenderError
from pagereel.fast import Drawings, RenderSettings, render_scene
from pagereel.fast.shards import cutter as cuts

if TYPE_CHECKING:
    from collections.abc import Callable

PLAYS = 6


@pytest.fixture(autouse=True)
def short_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuts, "SHARD_SECONDS", 1)


def rolling(stop: int | None = None, sizes: Callable[[int], float] | None = None) -> type[Scene]:
    """Return a scene of six plays, a shard each, that is interrupted after some of them.

    Parameters
    ----------
    sizes
        Returns a dot's size by the number of its play, as something that no digest knows of does.
    """

    class Rolling(Scene):
        def construct(self) -> None:
            for index in range(PLAYS):
                size = sizes(index) if sizes else 0.1
                dot = Dot(radius=size).shift(random.random() * RIGHT)  # noqa: S311
                turning = Square().shift(np.random.uniform(-3, 3) * RIGHT)  # noqa: NPY002
                self.add(dot)
                self.play(Create(turning), run_time=1)
                if index == stop:
                    raise KeyboardInterrupt
                self.remove(dot)

    return Rolling


class Studio:
    """Where one video is rendered again and again."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.target.parent.mkdir()
        self.keep = target.with_name(".kept")
        self.taken = 0

    def render(self, scene: type[Scene], jobs: int = 1, **manim: Any) -> bytes:
        """Render; note how many images were taken over."""
        settings = RenderSettings(96, 54, 10, jobs, manim=manim, checkpoint=self.keep)
        heard = Heard()
        render_scene(scene, self.target, settings, heard)
        assert {total for total, _ in heard.plans} <= {None, 10 * PLAYS}
        self.taken = heard.plans[-1][1] if heard.plans else 0
        assert list(self.target.parent.iterdir()) == [self.target]
        return self.target.read_bytes()

    def interrupt(self, scene: type[Scene]) -> None:
        with pytest.raises(KeyboardInterrupt):
            self.render(scene)


@pytest.fixture
def studio(target: Path) -> Studio:
    return Studio(target)


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Path]:
    """Give the whole video, and what one leaves that is interrupted in its fourth play."""
    studio = Studio(tmp_path_factory.mktemp("once") / "out" / "scene.mp4")
    settings: Any = {"media_dir": str(studio.target.parents[1]), "seed": 7, "verbosity": "ERROR"}
    with pytest.MonkeyPatch.context() as patch, tempconfig(settings):
        patch.setattr(cuts, "SHARD_SECONDS", 1)
        whole = studio.render(rolling())
        studio.interrupt(rolling(3))
    return whole, studio.keep


@pytest.fixture
def whole(once: tuple[bytes, Path]) -> bytes:
    return once[0]


@pytest.fixture
def interrupted(studio: Studio, once: tuple[bytes, Path]) -> Studio:
    """Give a studio with what was left; the video itself is not there yet."""
    shutil.copytree(once[1], studio.keep)
    return studio


@pytest.mark.parametrize("jobs", [1, 3])
def test_it_goes_on_where_it_stopped(interrupted: Studio, whole: bytes, jobs: int) -> None:
    assert interrupted.render(rolling(), jobs) == whole
    assert interrupted.taken == 30, "three plays; the fourth had not ended"


@pytest.mark.slow
def test_it_may_be_interrupted_again(interrupted: Studio, whole: bytes) -> None:
    interrupted.interrupt(rolling(0))
    assert interrupted.render(rolling()) == whole
    assert interrupted.taken == 30, "what the second did not get to is still there"


@pytest.mark.slow
def test_dice_that_nobody_has_seeded_fall_the_same(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(config._d, "seed", None)
    studio.interrupt(rolling(3))
    kept = Checkpoint.claim(studio.keep)
    assert kept is not None
    kept.release()
    resumed = studio.render(rolling())
    assert studio.taken == 30
    assert studio.render(rolling()) != resumed
    assert studio.render(rolling(), seed=kept.seed) == resumed


def test_dice_that_a_scene_seeds_when_it_is_made_fall_as_with_manim(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(config._d, "seed", None)
    thrown = []

    class Seeding(Scene):
        def __init__(self, **named: Any) -> None:
            super().__init__(**named)
            random.seed(5)

        def construct(self) -> None:
            thrown.append(random.random())  # noqa: S311 (not for secrets)
            self.wait(0.1)

    studio.render(Seeding)
    assert thrown == [random.Random(5).random()]  # noqa: S311 (not for secrets)


@pytest.mark.slow
@pytest.mark.parametrize(("sections", "taken", "total"), [((), 30, 60), (("odd",), 10, 30)])
def test_images_and_sections_are_gone_on_with(
    studio: Studio, sections: tuple[str, ...], taken: int, total: int
) -> None:
    class Sectioned(rolling()):  # type: ignore[misc]  # a class that is made anew each time
        def play(self, *args: Any, **options: Any) -> None:
            self.next_section("odd" if self.renderer.num_plays % 2 else "even")
            super().play(*args, **options)
            if self.renderer.num_plays in stops:
                raise KeyboardInterrupt

    def look(drawings: Drawings) -> None:
        parts = drawings.sections or (drawings.whole,)
        shards = [shard for part in parts if part for shard in part.shards]
        seen.append([(shard.name, shard.read_bytes()) for shard in shards])

    def render() -> None:
        settings = RenderSettings(
            *(96, 54, 10), keep_images=True, sections=sections, checkpoint=studio.keep
        )
        render_scene(Sectioned, studio.target, settings, heard, encode=look)

    seen: list[list[tuple[str, bytes]]] = []
    heard = Heard()
    stops: set[int] = set()
    render()
    stops.add(4)
    with pytest.raises(KeyboardInterrupt):
        render()
    stops.clear()
    render()
    assert seen[0] == seen[1]
    assert heard.plans[-1] == (total, taken)
    assert list(studio.target.parent.iterdir()) == []


def _flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def _cut_short(file: Path) -> None:
    os.truncate(file, file.stat().st_size - 1)


@pytest.mark.parametrize(
    ("damage", "name", "taken"),
    [
        (_flip, "00001.mp4", 20),
        pytest.param(_cut_short, "00001.mp4", 20, marks=pytest.mark.slow),
        pytest.param(Path.unlink, "00001.mp4", 20, marks=pytest.mark.slow),
        pytest.param(_cut_short, "00001.note", 20, marks=pytest.mark.slow),
        (Path.unlink, "00001.note", 20),
        (_flip, "00001.mark", 10),  # where one shard ends and the next one begins
        (_cut_short, "seed", 30),  # the scene has a seed of its own
    ],
)
def test_what_is_damaged_is_drawn_again(
    interrupted: Studio, whole: bytes, damage: Callable[[Path], None], name: str, taken: int
) -> None:
    damage(interrupted.keep / name)
    assert interrupted.render(rolling(), 2) == whole
    assert interrupted.taken == taken


@pytest.mark.parametrize(("changed", "taken"), [(0, 20), (1, 10)])
def test_what_no_digest_knows_of_is_seen(interrupted: Studio, changed: int, taken: int) -> None:
    """Where the scene has changed, both shards that meet there are drawn again."""
    scene = rolling(sizes=lambda index: 0.3 if index == changed else 0.1)
    resumed = interrupted.render(scene)
    assert interrupted.taken == taken
    assert interrupted.render(scene) == resumed


def test_a_scene_that_raises_leaves_nothing(studio: Studio) -> None:
    def fail(index: int) -> float:
        return 0.1 if index < 3 else 1 / 0

    for jobs in (1, 2):
        with pytest.raises(ZeroDivisionError):
            studio.render(rolling(sizes=fail), jobs)
        assert list(studio.target.parent.iterdir()) == []


@pytest.mark.slow
def test_what_another_uses_is_left_to_it(interrupted: Studio, whole: bytes) -> None:
    other = Checkpoint.claim(interrupted.keep)
    assert other is not None
    before = sorted(interrupted.keep.iterdir())
    with pytest.raises(AssertionError, match="kept"):  # it is left
        interrupted.render(rolling())
    assert interrupted.target.read_bytes() == whole
    assert interrupted.taken == 0
    assert sorted(interrupted.keep.iterdir()) == before
    other.release()
    assert interrupted.render(rolling()) == whole
    assert interrupted.taken == 30


def test_a_folder_that_cannot_be_written(studio: Studio) -> None:
    studio.keep.write_text("")
    with pytest.raises(RenderError, match="out: cannot be written: File exists; make it writable"):
        studio.render(rolling())


# What follows looks for the processes of a rendering, and strikes them at random.
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")
TIMES = 20


class Apart:
    """A rendering in a process of its own, which leads a group."""

    def __init__(self, studio: Studio, scene: type[Scene], jobs: int) -> None:
        self.process = os.fork()
        if not self.process:
            os.setpgid(0, 0)
            try:
                studio.render(scene, jobs)
            finally:
                os._exit(int(sys.exc_info()[0] is not None))

    def family(self) -> set[int]:
        """Return the processes that draw, without the one that they are forked from."""
        found = set()
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                _, parent, group, *_ = path.read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(group) == self.process != int(path.parent.name) and int(parent) == self.process:
                found.add(int(path.parent.name))
        return found

    def wait(self) -> int:
        return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])

    def is_over(self) -> bool:
        """Return whether all processes have ended that may still hold a lock."""
        try:
            os.killpg(self.process, 0)
        except ProcessLookupError:
            return True
        return False


@pytest.fixture
def dice() -> random.Random:
    return random.Random(20)  # noqa: S311


@pytest.fixture
def took(studio: Studio) -> float:
    """Return for how long a rendering is there to be struck."""
    began = time.monotonic()
    assert Apart(studio, rolling(), 2).wait() == 0
    return time.monotonic() - began


@on_linux
@pytest.mark.slow
def test_any_that_draws_may_be_killed_at_any_moment(
    studio: Studio, whole: bytes, took: float, dice: random.Random
) -> None:
    struck = 0
    while struck < TIMES:  # one that is quicker than before may be over already
        studio.target.unlink()
        rendering = Apart(studio, rolling(), 2)
        time.sleep(dice.uniform(0, took))
        for victim in dice.sample(sorted(found), 1) if (found := rendering.family()) else ():
            with suppress(ProcessLookupError):  # it has just ended by itself
                os.kill(victim, signal.SIGKILL)
                struck += 1
        assert rendering.wait() == 0
        assert studio.target.read_bytes() == whole
        assert list(studio.target.parent.iterdir()) == [studio.target]


@on_linux
@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_all_may_be_killed_at_any_moment(
    studio: Studio, whole: bytes, took: float, dice: random.Random, jobs: int
) -> None:
    """Time and again, until it has been finished."""
    struck = 0
    while struck < TIMES:
        rendering = Apart(studio, rolling(), jobs)
        time.sleep(dice.uniform(0, took))
        # The one that the others are forked from, or all.
        with suppress(ProcessLookupError):  # a group that is not there yet
            dice.choice((os.kill, os.killpg))(rendering.process, signal.SIGKILL)
        struck += rendering.wait() != 0
        assert not studio.target.exists() or studio.target.read_bytes() == whole
        until = time.monotonic() + 20
        while not rendering.is_over() and time.monotonic() < until:
            time.sleep(0.01)
    assert studio.render(rolling()) == whole


def claim(path: Path) -> Checkpoint:
    checkpoint = Checkpoint.claim(path)
    assert checkpoint is not None
    return checkpoint


def test_a_shard_is_there_once_it_is_noted_and_while_it_is_undamaged(tmp_path: Path) -> None:
    checkpoint = claim(tmp_path / "a")
    (checkpoint.path / "00001.mp4").write_bytes(b"shard")
    assert not checkpoint.has(1)
    assert not checkpoint.has_any()
    checkpoint.note(1, 10)
    assert checkpoint.has(1)
    assert checkpoint.has_any()
    _flip(checkpoint.path / "00001.mp4")
    assert not checkpoint.has(1)
    assert checkpoint.is_noted(1)
    checkpoint.drop(1)
    assert not checkpoint.is_noted(1)
    assert [path.name for path in checkpoint.path.iterdir()] == ["seed"]
    checkpoint.release()


def test_a_mark_is_known_when_it_comes_again(tmp_path: Path) -> None:
    checkpoint = claim(tmp_path / "a")
    assert [checkpoint.mark(0, here=state) for state in "xxy"] == [{"here"}, set(), {"here"}]
    seed = checkpoint.seed
    checkpoint.release()
    again = claim(tmp_path / "a")
    assert (again.mark(0, here="y"), again.seed) == (set(), seed)
    assert again.mark(0, here="y", shown="z") == {"shown"}
    again.release()

"""Shards that are kept by what they show: nothing is drawn twice, and no old picture is shown."""

from __future__ import annotations

import gc
import os
import random
import signal
import time
import weakref
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest
from heard import Heard
from manim import (
    BLUE,
    RED,
    RIGHT,
    Animation,
    Create,
    Dot,
    ImageMobject,
    Line,
    Mobject,
    Rotate,
    Scene,
    Square,
    Transform,
    VMobject,
    always_redraw,
    smooth,
    squish_rate_func,
)

from pagereel.fast import RenderSettings, render_scene, stateless
from pagereel.fast.shards import cutter as cuts
from pagereel.fast.shards import kept as keeping
from pagereel.fast.shards.kept import Found, KeptShards
from pagereel.fast.shards.pictures import Pictures

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RATE = 5


@pytest.fixture(autouse=True)
def short_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuts, "SHARD_SECONDS", 0.4)


class Studio:
    """Renders scene after scene, with and without kept shards."""

    def __init__(self, folder: Path) -> None:
        self.target = folder / "out.mp4"
        self.kept = folder / "kept"
        self.heard = Heard()

    @property
    def taken(self) -> int:
        """How many images the last rendering took."""
        return self.heard.plans[-1][1] if self.heard.plans else 0

    @property
    def entries(self) -> list[Path]:
        return sorted(self.kept.iterdir(), key=lambda file: file.stat().st_mtime_ns)

    def render(self, scene: type[Scene], jobs: int = 1, **options: Any) -> bytes:
        settings = RenderSettings(64, 36, RATE, jobs, kept=self.kept, **options)
        return self._render(scene, settings)

    def from_nothing(self, scene: type[Scene], **options: Any) -> bytes:
        return self._render(scene, RenderSettings(64, 36, RATE, **options))

    def _render(self, scene: type[Scene], settings: RenderSettings) -> bytes:
        self.heard = Heard()
        render_scene(scene, self.target, settings, self.heard)
        return self.target.read_bytes()


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path)


def story(*sizes: float) -> type[Scene]:
    """Return a scene of a play, which is a shard of two images, for each size."""

    class Story(Scene):
        def construct(self) -> None:
            for size in sizes:
                square = Square(side_length=size)
                self.play(Create(square), run_time=0.4)
                self.remove(square)

    return Story


@pytest.mark.parametrize("jobs", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_only_shards_whose_pictures_have_changed_are_drawn(studio: Studio, jobs: int) -> None:
    studio.render(story(1, 2, 3), jobs)
    assert (studio.taken, len(studio.entries)) == (0, 3)
    edited = story(0.5, 1, 4, 3)
    assert studio.render(edited, jobs) == studio.from_nothing(edited)
    assert len(studio.entries) == 5
    studio.render(edited, jobs)
    assert (studio.taken, len(studio.entries)) == (8, 5)


def test_another_background_is_another_picture(studio: Studio) -> None:
    studio.render(story(1, 2))
    other = {"background_color": "#224466"}
    video = studio.render(story(1, 2), manim=other)
    assert studio.taken == 0
    assert video == studio.from_nothing(story(1, 2), manim=other)


def test_files_of_images_are_kept_beside_videos(studio: Studio) -> None:
    studio.render(story(1, 2))
    for taken in (0, 4):
        studio.render(story(1, 2), keep_images=True)
        assert studio.taken == taken
    assert {file.suffix for file in studio.entries} == {".mp4", ".images"}


def test_nothing_is_taken_if_all_is_to_be_drawn_again(studio: Studio) -> None:
    studio.render(story(1, 2))
    studio.render(story(1, 2), renew=True)
    assert studio.taken == 0


class World:
    """What a scene finds out as it runs, as from a clock, dice or a file: a share."""

    share = 0.3


def moved(mobject: Mobject, dt: float) -> None:
    del dt
    mobject.move_to(4 * World.share * RIGHT)


def own_rate(t: float, *_: Any, **__: Any) -> float:
    return t * World.share


class Push(Animation):
    def interpolate_mobject(self, alpha: float) -> None:
        self.mobject.move_to(alpha * World.share * RIGHT)


@stateless
class Promised(Push):
    """It says that it depends on nothing else, which is not true."""


class Tinted(Square):
    def get_fill_rgbas(self) -> Any:
        return np.array([[World.share, 0, 0, 1]])


class Shaped(Square):
    def get_subpath_split_indices_from_points(self, points: Any, n_dims: int = 3) -> Any:
        whole = super().get_subpath_split_indices_from_points(points, n_dims)
        return whole if World.share > 0.5 else np.array([[0, 8]])


def by_updater(scene: Scene) -> None:
    scene.add(Square().add_updater(moved))
    scene.wait(0.4)


def by_scene_updater(scene: Scene) -> None:
    square = Square()
    scene.add(square)
    scene.add_updater(lambda dt: moved(square, dt))
    for _ in range(2):
        scene.play(Create(Line()), run_time=0.4)


def by_redrawing(scene: Scene) -> None:
    scene.add(always_redraw(lambda: Dot(World.share * RIGHT)))
    scene.wait(0.4)


def by_rate(scene: Scene) -> None:
    scene.play(Create(Square()), rate_func=own_rate, run_time=0.4)


def by_wrapped_rate(scene: Scene) -> None:
    scene.play(Create(Square()), rate_func=squish_rate_func(own_rate, 0, 1), run_time=0.4)


def by_path(scene: Scene) -> None:
    def path(start: Any, end: Any, alpha: float) -> Any:
        return start + (end - start) * alpha * World.share

    scene.play(Transform(Square(), Dot(RIGHT)), path_func=path, run_time=0.4)


def by_animation(scene: Scene) -> None:
    scene.play(Push(Dot()), run_time=0.4)


def by_promise(scene: Scene) -> None:
    scene.play(Promised(Dot()), run_time=0.4)


def by_target(scene: Scene) -> None:
    back_and_forth = smooth if World.share else None
    scene.play(Square().animate.shift(World.share * RIGHT), rate_func=back_and_forth, run_time=0.4)


def by_color_of_its_own(scene: Scene) -> None:
    scene.add(Tinted(fill_opacity=1))
    scene.play(Create(Line()), run_time=0.4)


def by_path_of_its_own(scene: Scene) -> None:
    scene.add(Shaped())
    scene.play(Create(Line()), run_time=0.4)


def by_method_of_one(scene: Scene) -> None:
    square = Square(fill_opacity=1)
    vars(square)["get_fill_rgbas"] = lambda: np.array([[World.share, 0, 0, 1]])
    scene.add(square)
    scene.play(Create(Line()), run_time=0.4)


def by_pixels(scene: Scene) -> None:
    image = ImageMobject(np.full((8, 8), round(255 * World.share), np.uint8))
    scene.add(image.scale_to_fit_height(6))
    scene.play(Create(Line()), run_time=0.4)


def by_background(scene: Scene) -> None:
    cast("Any", scene.camera).background[:9] = round(255 * World.share)
    scene.play(Create(Line()), run_time=0.4)


def by_gradient(scene: Scene) -> None:
    scene.add(Square(fill_opacity=1).set_color_by_gradient(RED, BLUE).set_sheen(World.share, RIGHT))
    scene.play(Create(Line()), run_time=0.4)


def by_order(scene: Scene) -> None:
    scene.add(Square(fill_opacity=1), Dot(radius=0.5, color=RED, z_index=World.share - 0.5))
    scene.play(Create(Line()), run_time=0.4)


def by_which_of_two(scene: Scene) -> None:
    """One of two squares that are alike turns, behind or before what is between them."""
    squares = [Square(fill_opacity=1), Square(fill_opacity=1)]
    scene.add(squares[0], Square(side_length=2.6, color=RED, fill_opacity=1), squares[1])
    scene.play(Rotate(squares[World.share > 0.5], 1), run_time=0.4)


def by_what_was_drawn(scene: Scene) -> None:
    """Look at a picture, of which a process that runs ahead has none."""
    scene.add(Square(side_length=4, color=[RED, BLUE][World.share > 0.5], fill_opacity=1))
    scene.wait(0.4)
    seen = cast("Any", scene.camera).pixel_array[18, 32] / 255
    scene.clear()
    scene.add(Dot(2 * RIGHT * seen[0]))
    scene.wait(0.4)


WAYS = [each for name, each in sorted(globals().items()) if name.startswith("by_")]


@pytest.mark.filterwarnings("ignore:'mode' parameter:DeprecationWarning")  # manim's images
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_no_old_picture_is_shown(
    studio: Studio, way: Callable[[Scene], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Found(Scene):
        def construct(self) -> None:
            self.play(Create(Line()), run_time=0.4)
            way(self)

    before = studio.render(Found)
    monkeypatch.setattr(World, "share", 0.7)
    after = studio.render(Found)
    assert after != before
    assert after == studio.from_nothing(Found)


def test_dice_are_thrown_anew(studio: Studio) -> None:
    class Throwing(Scene):
        def construct(self) -> None:
            self.play(Create(Square()), run_time=0.4)
            self.play(Create(Dot(random.random() * RIGHT)), run_time=0.4)  # noqa: S311

    first = studio.render(Throwing, manim={"seed": 1})
    second = studio.render(Throwing, manim={"seed": 2})
    assert studio.taken == 2
    assert second != first
    assert second == studio.from_nothing(Throwing, manim={"seed": 2})


def test_what_is_described_is_not_computed(studio: Studio) -> None:
    steps = []

    class Counted(VMobject):
        def __init__(self) -> None:
            super().__init__()
            self.add_updater(lambda _: steps.append(1))

    class Mixed(Scene):
        def construct(self) -> None:
            self.play(Create(Square()), run_time=0.4)
            self.add(Counted())
            self.wait(0.4)

    studio.render(Mixed)
    studio.render(Mixed)
    assert studio.taken == 4, "also plays whose images have to be looked at one by one"


def bent(last: float) -> type[Scene]:
    """Return a scene of one play of eight images, in four shards; `last` turns the last image."""

    class Bent(Scene):
        def construct(self) -> None:
            steps = []

            def turn(square: Mobject, dt: float) -> None:
                del dt
                steps.append(1)
                square.rotate(last if len(steps) == 8 else 0.1)

            self.add(Square().add_updater(turn))
            self.wait(1.6)

    return Bent


@pytest.mark.parametrize("jobs", [1, 2])
def test_each_image_counts_of_a_play_in_which_a_shard_begins(studio: Studio, jobs: int) -> None:
    studio.render(bent(0.1), jobs)
    video = studio.render(bent(0.2), jobs)
    assert studio.taken == 6
    assert video == studio.from_nothing(bent(0.2))
    studio.render(bent(0.2), jobs)
    assert studio.taken == 8


def test_who_runs_ahead_looks_at_images_only_if_some_are_kept(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = []
    monkeypatch.setattr(Pictures, "image", lambda *_: looked.append(1))
    studio.render(bent(0.1), 2)
    assert len(looked) <= 2, "at most the first shard's, which this process begins itself"
    looked.clear()
    studio.render(bent(0.1), 2)
    assert len(looked) == 8


ENDED: list[list[int]] = []


class Endings(Scene):
    """Removes a dot after each play, and has it end: manim holds it until the next one begins."""

    def construct(self) -> None:
        ended: list[int] = []
        for number in range(4):
            dot = Dot(number * RIGHT)
            weakref.finalize(dot, ended.append, number)
            if number % 2:
                dot.add_updater(lambda dot, dt: dot.shift(dt * RIGHT))
            self.play(Create(dot), run_time=0.4)
            self.remove(dot)
            del dot
            gc.collect()
            ENDED.append([*ended])


def test_what_a_scene_removes_may_end(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuts, "SHARD_SECONDS", 10)  # within a shard, too
    ENDED.clear()
    studio.render(Endings)
    assert ENDED == [[], [0], [0, 1], [0, 1, 2]]


def test_damaged_shards_are_drawn_again(studio: Studio) -> None:
    video = studio.render(story(1, 2, 3))
    one, two, three = studio.entries
    one.write_bytes(one.read_bytes()[:-9])
    content = bytearray(two.read_bytes())
    content[len(content) // 2] ^= 1
    two.unlink()
    two.write_bytes(content)
    three.unlink()
    assert studio.render(story(1, 2, 3)) == video
    assert studio.taken == 0
    assert studio.heard.notes == ["a part of the video that was kept is damaged and drawn again"]
    studio.render(story(1, 2, 3))
    assert studio.taken == 6


def test_a_shard_under_the_name_of_another_is_not_taken(studio: Studio) -> None:
    studio.render(story(1))
    other = studio.entries[0]
    studio.render(story(2))
    mine = next(file for file in studio.entries if file != other)
    seal = other.name.rpartition("-")[2]
    forged = mine.with_name(f"{mine.name.rpartition('-')[0]}-{seal}")
    mine.unlink()
    other.rename(forged)
    assert studio.render(story(2)) == studio.from_nothing(story(2))
    assert not forged.exists()


def test_what_was_used_the_longest_ago_goes_first(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.render(story(1, 2, 3))
    for age, file in enumerate(studio.entries):
        os.utime(file, (1000 + age, 1000 + age))
    first, second, _ = studio.entries
    os.utime(first)
    (studio.kept / "mine.txt").write_text("not a shard")
    sizes = sum(file.stat().st_size for file in studio.entries if file.suffix == ".mp4")
    monkeypatch.setattr(keeping, "MOST_BYTES", sizes - 1)
    KeptShards(studio.kept, "Story").trim()
    assert not second.exists()
    assert len(studio.entries) == 3


@pytest.mark.parametrize("links", [True, False])
def test_shards_are_linked_or_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(os, "link", _refuse)
    kept, shard = KeptShards(tmp_path / "kept", "One"), tmp_path / "0.mp4"
    shard.write_bytes(b"pictures")
    kept.keep("d" * 64, shard)
    kept.keep("d" * 64, shard)
    assert len([*(tmp_path / "kept").iterdir()]) == 1
    assert kept.take("d" * 64, tmp_path / "1.mp4") is Found.WHOLE
    assert kept.take("e" * 64, tmp_path / "2.mp4") is Found.NOTHING
    assert (tmp_path / "1.mp4").read_bytes() == b"pictures"


def _refuse(*_: object, **__: object) -> None:
    raise PermissionError


def test_a_folder_that_cannot_be_used_costs_only_the_cache(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.kept.write_text("a file")
    assert studio.render(story(1, 2)) == studio.from_nothing(story(1, 2))
    studio.kept.unlink()
    monkeypatch.setattr(keeping, "replacing", _refuse)
    monkeypatch.setattr(os, "link", _refuse)
    assert studio.render(story(1, 2)) == studio.from_nothing(story(1, 2))
    assert studio.entries == []


def test_what_a_killed_process_was_copying_is_removed(studio: Studio) -> None:
    left = studio.kept / ".Story-0-0.mp4.partial"
    left.mkdir(parents=True)
    (left / "Story-0-0.mp4").touch()
    studio.render(story(1))
    assert not left.exists()


@pytest.mark.slow
def test_renderings_share_the_folder_and_may_be_killed(studio: Studio) -> None:
    def start(number: int) -> int:
        if process := os.fork():
            return process
        settings = RenderSettings(64, 36, RATE, 2, kept=studio.kept)
        render_scene(story(1, 2, 3, 4), studio.target.with_name(f"{number}.mp4"), settings)
        os._exit(0)

    killed = start(0)
    while not (studio.kept.exists() and studio.entries):
        time.sleep(0.001)
    os.kill(killed, signal.SIGKILL)
    os.waitpid(killed, 0)
    for process in (start(1), start(2)):
        assert os.waitpid(process, 0)[1] == 0
    expected = studio.from_nothing(story(1, 2, 3, 4))
    for number in (1, 2):
        assert studio.target.with_name(f"{number}.mp4").read_bytes() == expected
    assert studio.render(story(1, 2, 3, 4)) == expected
    assert studio.taken == 8
    assert len(studio.entries) == 4

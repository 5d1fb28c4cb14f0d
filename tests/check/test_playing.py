"""A scene is played for a watcher: only what it looks at is computed, wherever that is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest
from manim import (
    BLUE,
    DOWN,
    RIGHT,
    UP,
    Animation,
    Circle,
    Create,
    Dot,
    FadeIn,
    Scene,
    Square,
    VMobject,
    config,
    tempconfig,
)

from pagereel.check.playing import Watcher, play
from pagereel.check.see.picture import shown
from pagereel.check.see.things import Motion
from pagereel.fast.draw.playing import changing, stateless

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from manim import Camera, Mobject

    from pagereel.check.see.parts import Place

RATE, SECONDS = 60, 0.7
IMAGES = round(RATE * SECONDS)


class Counted(Dot):
    """Counts how often it is interpolated."""

    count = 0

    def interpolate(self, *args: Any, **kwargs: Any) -> Any:
        Counted.count += 1
        return super().interpolate(*args, **kwargs)


Counted.interpolate.__module__ = Counted.__module__ = "pagereel.counted"  # as a part of ours


@stateless
class Appear(Animation):
    """Lets a mobject have points only in its second half."""

    def interpolate_mobject(self, alpha: float) -> None:
        assert isinstance(self.mobject, VMobject)
        assert isinstance(self.starting_mobject, VMobject)
        points = self.starting_mobject.points
        self.mobject.points = points if alpha > SECONDS / 2 else points[:0]


class Foreseeable(Scene):
    """Only what is animated changes, in front of what stands still or has come before."""

    def construct(self) -> None:
        still, dot, box = Circle(), Counted(), Square(color=BLUE)
        self.add(still, dot)
        self.play(dot.animate.shift(RIGHT), Create(box), run_time=SECONDS)
        still.shift(DOWN)  # between two plays
        self.play(Appear(Dot(DOWN)), FadeIn(Dot(UP), shift=UP), box.animate.set_opacity(0))
        self.wait(0.5)


class Followed(Scene):
    """What follows depends on the images before."""

    def construct(self) -> None:
        dot, tail = Dot(), Dot()
        tail.add_updater(lambda mobject, dt: mobject.shift(dt * RIGHT))
        self.add(dot, tail)
        self.play(dot.animate.shift(RIGHT), run_time=SECONDS)
        assert np.isclose(tail.get_x(), (IMAGES - 1) / RATE)


class Seen(Watcher):
    """Notes when it looks at what, as one who is told what moves and one who is not."""

    looks = 20

    def __init__(self) -> None:
        self.at: list[float] = []
        self.rests: list[float] = []
        self.short, self.whole = Motion(), Motion()

    def begin(self, scene: Scene, place: Place, *, foreseeable: bool = False) -> None:
        del place
        self.short.settle(changing(scene) if foreseeable else None, cast("Camera", scene.camera))

    def image(self, scene: Scene, seconds: float) -> None:
        self.at.append(seconds)
        self._compare(scene)

    def rest(self, scene: Scene, seconds: float, place: Place) -> None:
        del place
        self.rests.append(seconds)
        self.short.settle(None, cast("Camera", scene.camera))
        self._compare(scene)

    def _compare(self, scene: Scene) -> None:
        camera = cast("Camera", scene.camera)
        mobjects: list[Mobject] = shown(scene)
        one, other = self.short.look(camera, mobjects), self.whole.look(camera, mobjects)
        assert [*one] == [*other]
        assert all(np.array_equal(one[key].box, other[key].box) for key in one)
        assert (self.short.changed, self.short.version) == (self.whole.changed, self.whole.version)


@pytest.fixture(autouse=True)
def _quietly(tmp_path: Path) -> Iterator[None]:
    settings = {"frame_rate": RATE, "media_dir": str(tmp_path), "disable_caching": True}
    with tempconfig({**settings, "format": "none", "progress_bar": "none", "verbosity": "ERROR"}):
        yield


def test_only_what_is_looked_at_is_computed() -> None:
    Counted.count, seen = 0, Seen()
    scene = play(Foreseeable, seen)
    first = [at for at in seen.at if at < seen.rests[0]]
    assert first == pytest.approx([image / RATE for image in range(0, IMAGES, 3)])
    assert Counted.count == len(first) + 2  # and its beginning and end
    assert seen.rests == pytest.approx([SECONDS, SECONDS + 1, SECONDS + 1.5])
    assert scene.time == seen.rests[-1]


def test_where_an_image_depends_on_those_before_it_all_are_computed() -> None:
    seen = Seen()
    play(Followed, seen)
    assert seen.at == pytest.approx([image / RATE for image in range(0, IMAGES, 3)])
    assert seen.rests == pytest.approx([SECONDS])


def test_the_rate_is_that_of_before_when_a_play_raises() -> None:
    class Raises(Seen):
        def image(self, scene: Scene, seconds: float) -> None:
            del scene, seconds
            raise KeyError

    with pytest.raises(KeyError):
        play(Foreseeable, Raises())
    assert config.frame_rate == RATE

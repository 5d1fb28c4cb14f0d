"""Plays that are jumped over end as if every image had been drawn."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from collected import Collector
from manim import (
    DOWN,
    PI,
    RED,
    RIGHT,
    UP,
    AnimationGroup,
    Circle,
    Create,
    Dot,
    DrawBorderThenFill,
    FadeIn,
    FadeOut,
    FadeToColor,
    GrowFromCenter,
    GrowFromEdge,
    Indicate,
    LaggedStart,
    Line,
    MoveAlongPath,
    MoveToTarget,
    ReplacementTransform,
    Restore,
    Rotate,
    ScaleInPlace,
    Scene,
    ShrinkToCenter,
    Square,
    Star,
    Text,
    Transform,
    TransformFromCopy,
    Uncreate,
    Unwrite,
    VGroup,
    VMobject,
    Wiggle,
    Write,
    config,
    tempconfig,
)

from pagereel.fast import FastRenderer, RenderSettings, render_scene
from pagereel.fast.draw.playing import count_images, is_foreseeable, jump

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ANIMATIONS: dict[str, Callable[[Any], Any]] = {
    "animate": lambda m: m.animate.shift(RIGHT).rotate(1).set_color(RED).set_z_index(3),
    "create": Create,
    "uncreate": Uncreate,
    "border": DrawBorderThenFill,
    "write": Write,
    "unwrite": Unwrite,
    "fade in": lambda m: FadeIn(m, shift=UP, scale=0.3),
    "fade out": lambda m: FadeOut(m, shift=DOWN),
    "fade to": lambda m: FadeToColor(m, "#FF0000"),
    "center": GrowFromCenter,
    "edge": lambda m: GrowFromEdge(m, UP),
    "indicate": Indicate,
    "scale": lambda m: ScaleInPlace(m, 0.3),
    "shrink": ShrinkToCenter,
    "rotate": lambda m: Rotate(m, PI / 3),
    "transform": lambda m: Transform(m, Star()),
    "replace": lambda m: ReplacementTransform(m, Circle(fill_opacity=1)),
    "copy": lambda m: TransformFromCopy(m, Star()),
    "target": lambda m: MoveToTarget(targeted(m)),
    "restore": lambda m: Restore(saved(m)),
    "group": lambda m: AnimationGroup(m[0].animate.shift(UP), FadeIn(m[1])),
    "lagged": lambda m: LaggedStart(Create(m[0]), m[1].animate.scale(2), lag_ratio=0.4),
}


def targeted(mobject: Any) -> Any:
    mobject.generate_target().shift(RIGHT)
    return mobject


def saved(mobject: Any) -> Any:
    mobject.save_state()
    return mobject.shift(RIGHT).scale(0.3)


def state(mobject: Any) -> list[object]:
    own: list[object] = [
        type(mobject).__name__,
        mobject.points.tobytes(),
        mobject.z_index,
    ]
    if isinstance(mobject, VMobject):
        own += [mobject.fill_rgbas.tobytes(), mobject.stroke_rgbas.tobytes(), mobject.stroke_width]
    return [*own, *(state(submobject) for submobject in mobject.submobjects)]


def play(animation: Callable[[Any], Any], proceed: Callable[[Scene], None]) -> list[object]:
    random.seed(3)

    class Playing(Scene):
        def construct(self) -> None:
            self.mobject = VGroup(Square(fill_opacity=0.5), Text("ab").shift(RIGHT))
            self.compile_animation_data(animation(self.mobject), run_time=0.5)
            self.begin_animations()
            assert is_foreseeable(self)
            proceed(self)

    with tempconfig({"format": "none"}):
        scene = Playing(renderer=FastRenderer(Collector))
        scene.renderer.skip_animations = True
        scene.construct()
        return [state(scene.mobject), *map(state, scene.mobjects)]


def step(scene: Scene) -> None:
    for index in range(count_images(scene, frozen=False)):
        scene.update_to_time(index / 10)
    for animation in scene.animations or ():
        animation.finish()
        animation.clean_up_from_scene(scene)
    scene.update_mobjects(0)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.slow if at % 3 else ())
        for at, name in enumerate(ANIMATIONS)
    ],
)
def test_a_jump_ends_where_all_steps_do(name: str) -> None:
    assert play(ANIMATIONS[name], jump) == play(ANIMATIONS[name], step)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_scene_may_change_its_rate(jobs: int, target: Path) -> None:
    """manim then makes fewer images of a movement, and as many of what stands."""

    class Slower(Scene):
        def construct(self) -> None:
            self.play(Create(Square()), run_time=0.4)
            config.frame_rate = 5
            self.play(Create(Circle()), run_time=0.6)
            self.wait(0.65)

    assert render_scene(Slower, target, RenderSettings(192, 108, 10, jobs)).plan.length == 4 + 3 + 6


@pytest.mark.parametrize(
    "animation",
    [
        Wiggle,
        lambda m: MoveAlongPath(m, Line()),
        lambda m: m.animate(rate_func=lambda alpha: alpha * random.random()).shift(UP),  # noqa: S311
        lambda m: Transform(m, Dot().add_updater(lambda dot: dot.shift(UP))),
        lambda m: FadeIn(
            VGroup(m, type("Odd", (Square,), {"interpolate": lambda self, *_: self})())
        ),
    ],
    ids=["wiggle", "path", "rate", "updater", "own class"],
)
def test_what_may_do_anything_is_not_foreseeable(animation: Callable[[Any], Any]) -> None:
    with pytest.raises(AssertionError, match="is_foreseeable"):
        play(animation, jump)

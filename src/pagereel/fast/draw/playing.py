"""Plays: whether one is foreseeable, how many images it has, and how to jump to its end."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

import numpy as np
from manim import (
    AnimationGroup,
    ApplyMethod,
    Create,
    DrawBorderThenFill,
    FadeIn,
    FadeOut,
    FadeToColor,
    GrowFromCenter,
    GrowFromEdge,
    GrowFromPoint,
    Indicate,
    LaggedStart,
    LaggedStartMap,
    Mobject,
    MoveToTarget,
    ReplacementTransform,
    Restore,
    Rotate,
    ScaleInPlace,
    Scene,
    ShrinkToCenter,
    Transform,
    TransformFromCopy,
    Uncreate,
    Unwrite,
    Wait,
    Write,
    config,
)
from manim.animation.transform import _MethodAnimation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import FrameType

    from manim import Animation
    from manim.mobject.opengl.opengl_mobject import OpenGLMobject

# Animations that change only the points and the style of their own mobjects, and whose end does not
# depend on the steps before it.
_STATELESS: set[type[Animation]] = {
    *(ApplyMethod, Create, DrawBorderThenFill, FadeIn, FadeOut, FadeToColor),
    *(GrowFromCenter, GrowFromEdge, GrowFromPoint, Indicate, MoveToTarget),
    *(ReplacementTransform, Restore, Rotate, ScaleInPlace, ShrinkToCenter, Transform),
    *(TransformFromCopy, Uncreate, Unwrite, Wait, Write, _MethodAnimation),
}
_GROUPS = frozenset({AnimationGroup, LaggedStart, LaggedStartMap})
_MOST_NAMED = 3  # kinds of animations
OURS = ("manim.", "pagereel.")  # modules whose functions and mobjects have no side effects

# Methods that these animations call on a mobject, and methods of a scene between two images.
_MOBJECT_METHODS = (
    *("interpolate", "interpolate_color", "pointwise_become_partial", "become", "align_data"),
    *("update", "get_family", "family_members_with_points", "copy"),
)
_SCENE_METHODS = ("play_internal", "update_to_time", "update_mobjects", "update_self")


Stateless = TypeVar("Stateless", bound="type[Animation]")


def stateless(kind: Stateless) -> Stateless:
    """Say of a class of animations that it changes nothing but points and style of its mobject.

    What it shows depends on how far it has come, and not on the images before; the mobject has the
    same submobjects all the time. So only this mobject is examined for each image, and a process
    that draws nothing of the play computes no more than its end.
    """
    _STATELESS.add(kind)
    return kind


def is_foreseeable(scene: Scene) -> bool:
    """Return whether only the animations' mobjects change in the current play, by animation alone.

    Then nothing else has to be examined for each image, and the play may be jumped over, as its
    end does not depend on whether the images before it were computed.
    """
    leaves = list(_leaves(scene.animations or ()))
    involved = [*scene.mobjects, *(each for leaf in leaves for each in leaf.get_all_mobjects())]
    return (
        not scene.updaters
        and not scene.meshes
        and scene.stop_condition is None
        and not any(_is_own(_class_of(scene), name) for name in _SCENE_METHODS)
        and all(type(leaf) in _STATELESS for leaf in leaves)
        and all(_is_pure(leaf) for leaf in _all(scene.animations or ()))
        and not any(
            member.updaters or _is_own_mobject(_class_of(member))
            for mobject in involved
            for member in walk(mobject)
        )
    )


def changing(scene: Scene) -> set[Mobject]:
    """Return the mobjects that change in the current play, if it is foreseeable."""
    return {member for leaf in _leaves(scene.animations or ()) for member in walk(leaf.mobject)}


def count_images(scene: Scene, *, frozen: bool) -> int:
    """Return how many images manim makes of the current play, if no stop condition ends it early.

    manim counts at the camera's rate if the picture is frozen, and at its config's otherwise.
    """
    rate = scene.renderer.camera.frame_rate if frozen else config.frame_rate
    step = 1 / rate
    return int(scene.duration / step) if frozen else len(np.arange(0, scene.duration, step))


def name_of(scene: Scene, animations: Iterable[object]) -> str:
    """Return a play that begins in words, such as `play 7 (Write) at mine.py:12`.

    Parameters
    ----------
    animations
        What the scene has handed over to be played.
    """
    names = (type(each).__name__ for each in animations)
    kinds = [*dict.fromkeys("animate" if "Builder" in name else name for name in names)]
    if len(kinds) > _MOST_NAMED:
        kinds[_MOST_NAMED:] = ["..."]
    line = line_of(scene)
    return f"play {scene.renderer.num_plays + 1} ({', '.join(kinds)}){line and ' at '}{line}"


def line_of(scene: Scene) -> str:
    """Return the line of the scene's file that is run, such as `mine.py:7`; empty if none is."""
    code = getattr(type(scene).construct, "__code__", None)
    file = code.co_filename if code is not None else ""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 (inspect.stack reads every file)
    while frame is not None and frame.f_code.co_filename != file:
        frame = frame.f_back
    return f"{Path(file).name}:{frame.f_lineno}" if frame is not None else ""


def work_of(scene: Scene, images: int) -> float:
    """Return an estimate of the work of drawing and encoding images of the current play.

    The unit is an image on which nothing moves. A mobject that moves adds a fiftieth to it.
    """
    moving = sum(len(animation.mobject.get_family()) for animation in scene.animations or ())
    return images * (1 + moving / 50)


def jump(scene: Scene) -> None:
    """Compute only the last image of the current play; see `is_foreseeable`."""
    step = 1 / config.frame_rate
    scene.update_to_time(np.arange(0, scene.duration, step)[-1])
    for animation in scene.animations or ():
        animation.finish()
        animation.clean_up_from_scene(scene)
    scene.update_mobjects(0)


def walk(mobject: Mobject | OpenGLMobject) -> Iterator[Mobject]:
    """Yield a mobject and all its submobjects; one that is a submobject twice comes twice."""
    yield cast("Mobject", mobject)  # with Cairo there are no others
    for submobject in mobject.submobjects:
        yield from walk(submobject)


def _all(animations: Iterable[Animation]) -> Iterator[Animation]:
    for animation in animations:
        yield animation
        if isinstance(animation, AnimationGroup) and type(animation) in _GROUPS:
            yield from _all(animation.animations)


def _leaves(animations: Iterable[Animation]) -> Iterator[Animation]:
    return (each for each in _all(animations) if type(each) not in _GROUPS)


def _is_pure(animation: Animation) -> bool:
    """Return whether an animation's functions are manim's or ours; others may have side effects."""
    functions = [animation.rate_func, getattr(animation, "path_func", None)]
    return not any(function and _is_foreign(function) for function in functions)


def _class_of(thing: object) -> type:
    return type(thing)


def _is_foreign(thing: object) -> bool:
    return not str(getattr(thing, "__module__", "")).startswith(OURS)


@cache
def _is_own(kind: type, name: str) -> bool:
    return _is_foreign(getattr(kind, name))


@cache
def _is_own_mobject(kind: type) -> bool:
    """Return whether a class overrides a method that animations call."""
    return any(_is_own(kind, name) for name in _MOBJECT_METHODS if hasattr(kind, name))

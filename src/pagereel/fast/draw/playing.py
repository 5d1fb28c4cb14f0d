"""A play: whether only its animations change anything, how many images it has, and its end."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, cast

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

    from manim import Animation
    from manim.mobject.opengl.opengl_mobject import OpenGLMobject

# Animations that change nothing but the points and the style of their own mobjects, and whose end
# is the same however they got there.
_STATELESS = frozenset(
    {
        *(ApplyMethod, Create, DrawBorderThenFill, FadeIn, FadeOut, FadeToColor),
        *(GrowFromCenter, GrowFromEdge, GrowFromPoint, Indicate, MoveToTarget),
        *(ReplacementTransform, Restore, Rotate, ScaleInPlace, ShrinkToCenter, Transform),
        *(TransformFromCopy, Uncreate, Unwrite, Wait, Write, _MethodAnimation),
    }
)
_GROUPS = frozenset({AnimationGroup, LaggedStart, LaggedStartMap})

# What these animations call on a mobject, and what a scene does between two images.
_MOBJECT_METHODS = (
    *("interpolate", "interpolate_color", "pointwise_become_partial", "become", "align_data"),
    *("update", "get_family", "family_members_with_points", "copy"),
)
_SCENE_METHODS = ("play_internal", "update_to_time", "update_mobjects", "update_self")


def is_foreseeable(scene: Scene) -> bool:
    """Return whether, in the current play, only its animations' mobjects change, and by the way.

    Then nothing else has to be looked at for each image, and the play may be jumped over: its end
    is the same whether or not the images before it were computed.
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
    """Return what changes in the current play, if it is foreseeable."""
    return {member for leaf in _leaves(scene.animations or ()) for member in walk(leaf.mobject)}


def count_images(scene: Scene, *, frozen: bool) -> int:
    """Return how many images manim makes of the current play, if no stop condition ends it early.

    Where a picture stands, it counts at the camera's rate, and else at that of its config.
    """
    rate = scene.renderer.camera.frame_rate if frozen else config.frame_rate
    step = 1 / rate
    return int(scene.duration / step) if frozen else len(np.arange(0, scene.duration, step))


def work_of(scene: Scene, images: int) -> float:
    """Return about how much work it is to draw images of the current play.

    An image on which nothing moves is 1: little of it is drawn, all of it is encoded. Drawing one
    mobject that moves is a small part of that.
    """
    moving = sum(len(animation.mobject.get_family()) for animation in scene.animations or ())
    return images * (1 + moving / 50)


def jump(scene: Scene) -> None:
    """Play to the end by the last image only; see `is_foreseeable`."""
    step = 1 / config.frame_rate
    scene.update_to_time(np.arange(0, scene.duration, step)[-1])
    for animation in scene.animations or ():
        animation.finish()
        animation.clean_up_from_scene(scene)
    scene.update_mobjects(0)


def walk(mobject: Mobject | OpenGLMobject) -> Iterator[Mobject]:
    """Yield a mobject and all below it; one that is there twice comes twice."""
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
    """Return whether an animation's own functions are manim's: others may count or throw dice."""
    functions = [animation.rate_func, getattr(animation, "path_func", None)]
    return not any(function and _is_foreign(function) for function in functions)


def _class_of(thing: object) -> type:
    return type(thing)


def _is_foreign(thing: object) -> bool:
    return not str(getattr(thing, "__module__", "")).startswith("manim.")


@cache
def _is_own(kind: type, name: str) -> bool:
    return _is_foreign(getattr(kind, name))


@cache
def _is_own_mobject(kind: type) -> bool:
    """Return whether a class has a way of its own to do what animations ask of it."""
    return any(_is_own(kind, name) for name in _MOBJECT_METHODS if hasattr(kind, name))

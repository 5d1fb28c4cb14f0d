"""Plays without their images: how many there are, and how to get to the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from manim import config

if TYPE_CHECKING:
    from manim import Scene


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
    """Play to the end by the last image only; see `known.is_foreseeable`."""
    step = 1 / config.frame_rate
    scene.update_to_time(np.arange(0, scene.duration, step)[-1])
    for animation in scene.animations or ():
        animation.finish()
        animation.clean_up_from_scene(scene)
    scene.update_mobjects(0)

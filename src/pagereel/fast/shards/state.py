"""How a scene is at a moment, as a digest: two runs that agree go on in the same way."""

from __future__ import annotations

import hashlib
import pickle
import random
from typing import TYPE_CHECKING

import numpy as np
from manim import VMobject
from manim.mobject.types.image_mobject import AbstractImageMobject

from pagereel.fast.draw.understood import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from manim import Mobject, Scene


def state_of(scene: Scene, images: int) -> str:
    """Return a digest of what a scene shows, and of its dice.

    What it keeps elsewhere, such as in attributes of its own, is not seen.

    Parameters
    ----------
    images
        How many have been shown.
    """
    dice = random.getstate(), np.random.get_state(legacy=False)  # noqa: NPY002 (manim's)
    state = hashlib.sha256(pickle.dumps((images, dice)))
    for mobject in scene.mobjects:
        for member in walk(mobject):
            for part in _parts_of(member):
                state.update(part)
    return state.hexdigest()


def _parts_of(mobject: Mobject) -> Iterator[bytes]:
    yield f"{type(mobject).__qualname__} {mobject.z_index}".encode()
    yield mobject.points.tobytes()
    if isinstance(mobject, VMobject):
        yield from (mobject.fill_rgbas.tobytes(), mobject.stroke_rgbas.tobytes())
        yield str(mobject.stroke_width).encode()
    if isinstance(mobject, AbstractImageMobject):
        yield mobject.get_pixel_array().tobytes()

"""What a scene has shown, as digests: two runs with the same digests have shown the same.

A digest covers the mobjects shown where each play begins and where a shard begins or ends, and the
random numbers of Python and numpy where a shard begins or ends. It does not cover what only the
scene's code knows. If that differs, it differs in all that is shown of it later, too.
"""

from __future__ import annotations

import hashlib
import pickle
import random
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from manim import ManimColor, Mobject, PMobject, VMobject
from manim.mobject.types.image_mobject import ImageMobject

from pagereel.fast.draw.playing import walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from manim import Scene

_PLAIN = (bool, int, float, str, ManimColor)


class Passed(NamedTuple):
    """Where a shard begins or ends: digests of the scene there, and of the shard that ends."""

    here: str
    shown: str


class History:
    """What a scene has shown since the last shard began."""

    def __init__(self) -> None:
        self._shown = hashlib.sha256()

    def add(self, scene: Scene, digest: bytes | None = None) -> None:
        """Note what is shown now; a digest of it, if there is one, stands for it."""
        for part in _parts_of_scene(scene) if digest is None else (digest,):
            self._shown.update(part)

    def end(self, scene: Scene, images: int) -> Passed:
        """Return the digests where a shard ends; begin another.

        Parameters
        ----------
        images
            How many have been shown since the scene began.
        """
        dice = random.getstate(), np.random.get_state(legacy=False)  # noqa: NPY002 (manim's)
        state = hashlib.sha256(pickle.dumps((images, dice)))
        for part in (*_parts_of_scene(scene), *_parts_of_camera(scene.renderer.camera)):
            state.update(part)
        here = state.hexdigest()
        shown, self._shown = self._shown, hashlib.sha256()
        return Passed(here, shown.hexdigest())


def _parts_of_scene(scene: Scene) -> Iterator[bytes]:
    families = (walk(each) for each in (*scene.mobjects, *scene.foreground_mobjects))
    return _parts_of(member for family in families for member in family)


def _parts_of(members: Iterable[Mobject]) -> Iterator[bytes]:
    for mobject in members:
        yield f"{type(mobject).__qualname__} {mobject.z_index}".encode()
        yield mobject.points.tobytes()
        if isinstance(mobject, VMobject):
            yield mobject.fill_rgbas.tobytes()
            yield mobject.stroke_rgbas.tobytes()
            yield mobject.background_stroke_rgbas.tobytes()
            widths = mobject.stroke_width, mobject.background_stroke_width
            yield f"{widths} {mobject.joint_type} {mobject.cap_style}".encode()
        elif isinstance(mobject, PMobject):
            yield mobject.rgbas.tobytes()
        elif isinstance(mobject, ImageMobject):
            yield mobject.get_pixel_array().tobytes()


def _parts_of_camera(camera: Any) -> Iterator[bytes]:
    """Yield what a camera looks at; its pixels follow from the mobjects."""
    for name, value in vars(camera).items():
        if isinstance(value, _PLAIN):
            yield f"{name} {value}".encode()
        elif isinstance(value, Mobject):
            yield from _parts_of(walk(value))

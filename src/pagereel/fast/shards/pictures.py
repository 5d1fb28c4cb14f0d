"""What the pictures of a shard are drawn from, as a digest: two shards with the same are the same.

It covers, to the last bit, what the layers of all images are made from, see `layers`, and in which
order mobjects come and go. Where an image stands still, that is what is shown; where a play is
foreseeable, also what its images are computed from, see `description`. Of any other play each image
is looked at. So a process that runs ahead without drawing knows what would be drawn; dice, clocks
and files that the scene reads have been asked by then.

A shard has no digest where something is shown that only manim can draw, where a mobject is drawn by
the scene's own code, or after the scene has looked at a picture that this process has not drawn.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from manim import Camera, Mobject, VMobject, config

from pagereel.fast.draw.layers import pen_of
from pagereel.fast.draw.painter import Drawing, drawing_of, moving
from pagereel.fast.draw.playing import changing, walk
from pagereel.fast.shards.description import Unknown, describe, is_usual

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from manim import ImageMobject, Scene
    from manim.typing import PixelArray


class Pictures:
    """A digest that grows while a scene is run through, whether or not this process draws.

    Parameters
    ----------
    how
        How all shards are drawn and encoded, in words: the size, what draws.

    Attributes
    ----------
    wants_images
        Whether each image of the current play has to be noted.
    skips_images
        Whether a shard with such a play is to have no digest, as one process runs the scene.
    """

    def __init__(self, how: str) -> None:
        self._how = how.encode()
        self._is_spoilt = False
        self._background: PixelArray | None = None  # the camera's, and a copy that stays
        self._behind: PixelArray | None = None
        self._digest_behind = b""
        self._changing: list[Mobject] = []  # to be looked at in each image; if none, all that move
        self.wants_images = self.skips_images = False
        self._begin()

    def spoil(self) -> None:
        """Note that the scene has looked at what was not drawn; all may follow from that."""
        self._is_spoilt = True
        self._give_up()

    def play(
        self, scene: Scene, look: str, images: int, *, foreseeable: bool, frozen: bool
    ) -> bytes | None:
        """Note what is shown where a play has begun, and what its images follow from.

        Parameters
        ----------
        look
            From where the scene is looked at.
        images
            How many the play has.
        foreseeable
            See `playing.is_foreseeable`.
        frozen
            Whether the picture stands still.

        Returns
        -------
        bytes or None
            A digest of what is shown as the play begins, if there is one.
        """
        self.wants_images = False
        self._in_images, self._changing = _Order(), []
        try:
            shown = self._shown(scene, look)
        except Unknown:
            self._give_up()
            return None
        self._note(shown)
        self._note(f"{images} {frozen} {foreseeable} {scene.duration} {config.frame_rate}".encode())
        if not frozen and self._state is not None and not (foreseeable and self._described(scene)):
            self._want_images()
        return shown

    def go_on(self, scene: Scene, look: str) -> None:
        """Note what is shown where a shard begins within a play, which is not foreseeable."""
        if self._state is None:
            return
        try:
            self._note(self._shown(scene, look))
        except Unknown:
            self._give_up()
        else:
            self._want_images()

    def leave(self) -> None:
        """Let a process that was forked find the digest of the shard alone."""
        self._give_up()

    def image(self, scene: Scene) -> None:
        """Note the next image of the current play."""
        camera = cast("Camera", scene.camera)
        try:
            if camera.background is not self._background:
                self._note(self._seen_behind(camera))
            shown = self._changing or camera.get_mobjects_to_display(moving(scene))
            for part in self._in_images.parts(shown):
                self._note(part)
        except Unknown:
            self._give_up()

    def end(self) -> str | None:
        """Return the digest of a shard that ends, None if there is none; begin another."""
        digest = None if self._state is None else self._state.hexdigest()
        self._begin()
        return digest

    def _begin(self) -> None:
        self._in_plays, self._in_images = _Order(), _Order()
        self._changing = []
        self._state: Any = None if self._is_spoilt else hashlib.sha256(self._how)

    def _want_images(self) -> None:
        self.wants_images = True
        if self.skips_images:
            self._give_up()

    def _give_up(self) -> None:
        self._state, self.wants_images = None, False

    def _note(self, part: bytes | memoryview) -> None:
        if self._state is not None:
            self._state.update(part)

    def _described(self, scene: Scene) -> bool:
        """Note what the images of a foreseeable play are computed from; return whether that went.

        If not, only the mobjects that change in it have to be looked at in each image.
        """
        try:
            self._note(describe(scene.animations or (), self._in_plays.numbers))
        except Unknown:
            family = cast("Camera", scene.camera).get_mobjects_to_display(moving(scene))
            changes = changing(scene)
            self._changing = [each for each in family if each in changes]
            return False
        return True

    def _shown(self, scene: Scene, look: str) -> bytes:
        """Return a digest of all that is shown, and of how the camera looks at it."""
        camera = cast("Camera", scene.camera)
        still, moved = scene.static_mobjects or [], moving(scene)
        members: dict[Mobject, None] = {}
        for each in (*still, *moved, *scene.mobjects, *scene.foreground_mobjects):
            members.update(dict.fromkeys(walk(each)))
        facts = (look, pen_of(camera), camera.use_z_index, len(still), len(moved))
        state = hashlib.sha256(f"{facts}".encode())
        state.update(self._seen_behind(camera))
        for part in self._in_plays.parts([*members]):
            state.update(part)
        return state.digest()

    def _seen_behind(self, camera: Camera) -> bytes:
        """Return a digest of the background."""
        background = camera.background
        if background is None:
            raise Unknown
        self._background = background
        if self._behind is None or not np.array_equal(background, self._behind):
            self._behind = np.array(background, order="C")
            self._digest_behind = hashlib.sha256(self._behind.data).digest()
        return self._digest_behind


class _Order:
    """The order of the mobjects of one image after another.

    Attributes
    ----------
    numbers
        Of the mobjects that are shown, as they came. Others are not held: a scene may see them end.
    """

    def __init__(self) -> None:
        self.numbers: dict[Mobject, int] = {}
        self._gone = 0  # how many are no longer shown
        self._last: list[int] = []

    def parts(self, members: Sequence[Mobject]) -> Iterable[bytes | memoryview]:
        """Yield which mobjects are shown, if that has changed, and what each is drawn from."""
        numbers, gone = self.numbers, self._gone
        order = [numbers.setdefault(each, gone + len(numbers)) for each in members]
        if order != self._last:
            self._last = order
            self.numbers = dict(zip(members, order, strict=True))
            self._gone += len(numbers) - len(self.numbers)
            yield str(order).encode()
        for each in members:
            yield from _content_of(each)


def _content_of(mobject: Mobject) -> Sequence[bytes | memoryview]:
    """Return what a mobject, without its submobjects, is drawn from."""
    drawing = drawing_of(mobject)
    if drawing is Drawing.UNKNOWN or not is_usual(mobject):
        raise Unknown
    if drawing is Drawing.NOTHING:
        return (b"nothing",)
    if drawing is Drawing.IMAGE:
        image = cast("ImageMobject", mobject)
        pixels = image.get_pixel_array()
        facts = (image.resampling_algorithm, image.z_index, pixels.shape, str(pixels.dtype))
        return f"{facts}".encode(), image.points.tobytes(), np.ascontiguousarray(pixels).data
    shape = cast("VMobject", mobject)
    points, fill, stroke = shape.points, shape.fill_rgbas, shape.stroke_rgbas
    back, sheen = shape.background_stroke_rgbas, shape.sheen_direction
    facts_of_shape = (
        *(points.nbytes, fill.nbytes, stroke.nbytes, back.nbytes, shape.stroke_width),
        *(shape.background_stroke_width, shape.sheen_factor, shape.z_index, shape.joint_type.name),
        *(shape.cap_style.name, shape.n_points_per_cubic_curve, shape.tolerance_for_point_equality),
    )
    arrays = (points.tobytes(), fill.tobytes(), stroke.tobytes(), back.tobytes())
    return (b"".join((repr(facts_of_shape).encode(), np.asarray(sheen).tobytes(), *arrays)),)


def watch_pixels(camera: Camera, on_look: Callable[[], None]) -> None:
    """Call a function whenever somebody reads a camera's pixels."""
    pixels = camera.__dict__.pop("pixel_array")
    camera.__class__ = _Watched  # the same in all else
    cast("_Watched", camera).watch(pixels, on_look)


class _Watched(Camera):
    """A camera that says when its pixels are read."""

    _on_look: Callable[[], None]

    def watch(self, pixels: PixelArray, on_look: Callable[[], None]) -> None:
        """Begin with the pixels that the camera has."""
        self._on_look, self._pixels = on_look, pixels

    @property
    def pixel_array(self) -> PixelArray:
        self._on_look()
        return self._pixels

    @pixel_array.setter
    def pixel_array(self, pixels: PixelArray) -> None:
        self._pixels = pixels

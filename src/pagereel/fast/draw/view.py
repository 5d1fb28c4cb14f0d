"""The view of a play: the layers, from back to front, of each of its images."""

from __future__ import annotations

from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, cast

from manim import ImageMobject, PMobject, VMobject
from manim.mobject.types.image_mobject import AbstractImageMobject
from manim.utils.family import extract_mobject_family_members
from manim.utils.iterables import list_update

from pagereel.fast.draw.playing import changing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from manim import Camera, Mobject, Scene

    from pagereel.fast.draw.items import Layer, Recorder


class Drawing(Enum):
    """How a mobject itself, without its submobjects, is drawn."""

    PATH = "a path with fill and strokes"
    IMAGE = "pixels"
    NOTHING = "not at all"
    UNKNOWN = "in a way that only manim knows"


class NotUnderstood(Exception):  # noqa: N818 (manim draws the image instead)
    """A mobject is shown that only manim can draw."""

    def __init__(self, mobject: Mobject) -> None:
        self.mobject = mobject
        super().__init__(type(mobject).__name__)


def record(camera: Camera, recorder: Recorder, mobjects: Sequence[Mobject]) -> list[Layer]:
    """Return the layers of mobjects and their families, in the order in which manim draws them.

    Raises
    ------
    NotUnderstood
        If only manim can draw one of them.
    """
    shown = camera.get_mobjects_to_display(mobjects)
    items = (_item(recorder, mobject) for mobject in shown)
    return [item for item in items if item is not None]


def moving(scene: Scene) -> list[Mobject]:
    """Return the mobjects that manim redraws for each image: all, if none moves."""
    return scene.moving_mobjects or list_update(scene.mobjects, scene.foreground_mobjects)


class View:
    """The images of one play.

    Parameters
    ----------
    scene
        Its current play has begun.
    static
        The layers of what manim draws once for all images of the play.
    foreseeable
        Whether only the animations' own mobjects change; see `playing.is_foreseeable`.
    """

    def __init__(
        self, scene: Scene, recorder: Recorder, static: list[Layer], *, foreseeable: bool
    ) -> None:
        self._scene = scene
        self._recorder = recorder
        self._camera = cast("Camera", scene.camera)
        self._static = static
        self._changing: list[tuple[int, Mobject]] | None = None
        if foreseeable:
            self._foresee()

    def items(self) -> list[Layer]:
        """Return the layers of the next image.

        Raises
        ------
        NotUnderstood
            If only manim can draw a mobject in it.
        """
        if self._changing is None:
            shown = record(self._camera, self._recorder, moving(self._scene))
            return self._static + shown
        for index, mobject in self._changing:
            self._slots[index] = self._item(mobject)
        return self._static + [item for item in self._slots if item is not None]

    def _foresee(self) -> None:
        """Note which of the drawn mobjects change; only they are examined for each image."""
        drawn = extract_mobject_family_members(
            moving(self._scene), use_z_index=self._camera.use_z_index
        )
        members = changing(self._scene)
        self._slots = [self._item(mobject) for mobject in drawn]
        self._changing = [
            (index, mobject)
            for index, mobject in enumerate(drawn)
            if mobject in members and drawing_of(mobject) is not Drawing.NOTHING
        ]

    def _item(self, mobject: Mobject) -> Layer | None:
        return _item(self._recorder, mobject) if mobject.has_points() else None


def _item(recorder: Recorder, mobject: Mobject) -> Layer | None:
    """Return the layer of a mobject, without its submobjects; None if it draws nothing."""
    match drawing_of(mobject):
        case Drawing.PATH:
            return recorder.item(cast("VMobject", mobject))
        case Drawing.IMAGE:
            return recorder.raster(cast("ImageMobject", mobject))
        case Drawing.UNKNOWN:
            raise NotUnderstood(mobject)
        case Drawing.NOTHING:
            return None


def shown_families(scene: Scene) -> Iterable[Mobject]:
    """Return all mobjects that the scene shows."""
    return extract_mobject_family_members([*scene.mobjects, *scene.foreground_mobjects])


def drawing_of(mobject: Mobject) -> Drawing:
    """Return how a mobject is drawn."""
    drawing = _drawing_of_class(cast("type", type(mobject)))
    if isinstance(mobject, VMobject) and mobject.background_image is not None:
        return Drawing.UNKNOWN
    return drawing


@cache
def _drawing_of_class(kind: type) -> Drawing:
    if issubclass(kind, VMobject):
        return Drawing.PATH
    if issubclass(kind, ImageMobject) and kind.get_pixel_array is ImageMobject.get_pixel_array:
        return Drawing.IMAGE
    if issubclass(kind, PMobject | AbstractImageMobject):
        return Drawing.UNKNOWN
    return Drawing.NOTHING

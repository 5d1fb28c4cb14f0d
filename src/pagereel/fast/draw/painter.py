"""Drawing the images of plays: from layers where possible, and by manim otherwise."""

from __future__ import annotations

from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, cast

import numpy as np
from manim import Camera, ImageMobject, PMobject, VMobject
from manim.mobject.types.image_mobject import AbstractImageMobject
from manim.utils.family import extract_mobject_family_members
from manim.utils.iterables import list_update

from pagereel.errors import StockNeeded
from pagereel.fast.boxes import whole
from pagereel.fast.draw.canvas import Canvas, words
from pagereel.fast.draw.layers import Recorder
from pagereel.fast.draw.playing import changing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from manim import CairoRenderer, Mobject, Scene
    from manim.typing import PixelArray

    from pagereel.fast.boxes import Box
    from pagereel.fast.draw.layers import Layer
    from pagereel.fast.report import Report


class Painter:
    """Draws on a renderer's camera.

    Parameters
    ----------
    renderer
        Has the camera, and draws mobjects that cannot be layers.
    report
        Receives a remark on each kind of such mobjects.
    exact
        See `Recorder`.

    Attributes
    ----------
    knows_camera
        Whether the camera stands still and draws as `Camera` does. If not, manim draws everything.
    pixels
        Shape (height, width, 4), RGBA. They change with the next image; copy them to keep them.
    """

    pixels: PixelArray

    def __init__(self, renderer: CairoRenderer, report: Report, *, exact: bool) -> None:
        self._renderer = renderer
        self._report = report
        self._camera = renderer.camera
        self._exact = exact
        self._has_seen = False
        self._open_eyes()
        self._view: View | None = None
        self._static: list[Layer] = []
        self._background: PixelArray | None = None
        self._behind: PixelArray | None = None
        self.knows_camera = type(self._camera) is Camera
        if not self.knows_camera:
            self._report.note(
                f"manim draws all images whole: {type(self._camera).__name__} may move"
            )

    def see(self, scene: Scene) -> None:
        """Take over the camera's place when it has something to show for the first time.

        Until then a scene may move the camera. manim, too, ignores later moves.
        """
        if self.knows_camera and not self._has_seen:
            self._open_eyes()
            self._has_seen = any(mobject.has_points() for mobject in shown_families(scene))

    def _open_eyes(self) -> None:
        self._recorder = Recorder(self._camera, exact=self._exact)
        self._canvas = Canvas(self._camera, self._recorder.matrix)

    @property
    def look(self) -> str:
        """From where the scene is looked at, in words, to the last bit."""
        matrix = self._recorder.matrix
        numbers = (matrix.xx, matrix.yx, matrix.xy, matrix.yy, matrix.x0, matrix.y0)
        return f"{numbers} {self._exact}"

    def begin_afresh(self) -> None:
        """Make the next images independent of all that was drawn before."""
        self._recorder.forget_all_but(())
        self._canvas.forget()

    def forget_picture(self) -> None:
        """Redraw everything next time, as manim has drawn on the pixels."""
        self._canvas.forget()

    def look_at(self, scene: Scene, *, foreseeable: bool) -> None:
        """Note what stands still in a play that begins; see `playing.is_foreseeable`."""
        self._renderer.static_image = None
        self._view, self._static = None, []
        self._foreseeable, self._has_given = foreseeable, False
        if not self.knows_camera:
            self._renderer.save_static_frame_data(scene, scene.static_mobjects)
            return
        self._look_behind(closely=True)
        self._recorder.forget_all_but(shown_families(scene))
        try:
            self._static = record(self._camera, self._recorder, scene.static_mobjects)
        except NotUnderstood as found:
            self._note(found.mobject)
            # Static mobjects are in this picture, and are not drawn again.
            self._base = _existing(
                self._renderer.save_static_frame_data(scene, scene.static_mobjects)
            )
        try:
            self._view = View(scene, self._recorder, self._static, foreseeable=foreseeable)
        except NotUnderstood as found:
            self._note(found.mobject)

    def draw(self, scene: Scene) -> list[Box]:
        """Draw the scene as it is; return the boxes in which the picture has changed.

        Raises
        ------
        StockNeeded
            If the scene has another camera than when it began.
        """
        if self._renderer.camera is not self._camera:
            raise StockNeeded("it puts another camera in the place of its own")
        if not scene.static_mobjects:  # otherwise manim keeps the background behind them
            self._look_behind(closely=False)
        if self._view is not None:
            try:
                boxes = self._canvas.show(self._view.items(), self._base)
            except NotUnderstood as found:
                self._note(found.mobject)
            else:
                self.pixels = self._canvas.pixels
                if not self._foreseeable:  # the scene's own code may look at the camera
                    self._canvas.give(boxes if self._has_given else None)
                    self._has_given = True
                return boxes
        if self._renderer.static_image is None and self._static:
            self._canvas.show(self._static, self._base)
            self._renderer.static_image = self._canvas.pixels.copy()
        self._renderer.update_frame(scene, scene.moving_mobjects)
        self.pixels = self._camera.pixel_array
        return whole(self._camera.pixel_width, self._camera.pixel_height)

    def end_play(self) -> None:
        """Give the camera the play's last image."""
        if self._view is not None and self._canvas.is_shown:
            self._canvas.give()

    def _look_behind(self, *, closely: bool) -> None:
        """Draw on the background from now on; also see, if `closely`, what is drawn on itself."""
        background = _existing(self._camera.background)
        behind = self._behind
        is_other = background is not self._background
        if (
            behind is None
            or is_other
            or (closely and not np.array_equal(words(background), words(behind)))
        ):
            self._background, behind = background, background.copy()
        self._base = self._behind = behind

    def warn_of(self, scene: Scene) -> None:
        """Report mobjects of a scene that cannot be layers."""
        if self.knows_camera:
            for mobject in shown_families(scene):
                if drawing_of(mobject) is Drawing.UNKNOWN:
                    self._note(mobject)

    def _note(self, mobject: Mobject) -> None:
        self._report.note(f"manim draws whole images where there is {type(mobject).__name__}")


def _existing(pixels: PixelArray | None) -> PixelArray:
    if pixels is None:
        raise RuntimeError("manim has no picture where it should have one")
    return pixels


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
    items = (layer_of(recorder, mobject) for mobject in shown)
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
        if foreseeable:  # only those that change are examined for each image
            drawn = extract_mobject_family_members(
                moving(scene), use_z_index=self._camera.use_z_index
            )
            members = changing(scene)
            self._slots = [self._item(mobject) for mobject in drawn]
            self._changing = [
                (index, mobject)
                for index, mobject in enumerate(drawn)
                if mobject in members and drawing_of(mobject) is not Drawing.NOTHING
            ]

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

    def _item(self, mobject: Mobject) -> Layer | None:
        return layer_of(self._recorder, mobject) if mobject.has_points() else None


def layer_of(recorder: Recorder, mobject: Mobject) -> Layer | None:
    """Return the layer of a mobject, without its submobjects; None if it draws nothing.

    Raises
    ------
    NotUnderstood
        If only manim can draw it.
    """
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

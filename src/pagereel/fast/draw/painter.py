"""Drawing the images of plays: from layers where possible, and by manim otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import Camera

from pagereel.fast.boxes import whole
from pagereel.fast.draw.canvas import Canvas
from pagereel.fast.draw.items import Recorder
from pagereel.fast.draw.view import Drawing, NotUnderstood, View, drawing_of, record, shown_families

if TYPE_CHECKING:
    from manim import CairoRenderer, Mobject, Scene
    from manim.typing import PixelArray

    from pagereel.fast.boxes import Box
    from pagereel.fast.draw.items import Layer
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
    """

    def __init__(self, renderer: CairoRenderer, report: Report, *, exact: bool) -> None:
        self._renderer = renderer
        self._report = report
        self._camera = renderer.camera
        self._exact = exact
        self._has_seen = False
        self._open_eyes()
        self._view: View | None = None
        self._static: list[Layer] = []
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
    def pixels(self) -> PixelArray:
        """Shape (height, width, 4), RGBA. It changes with the next image; copy it to keep it."""
        return self._canvas.pixels

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
        if not self.knows_camera:
            self._renderer.save_static_frame_data(scene, scene.static_mobjects)
            return
        self._base = _existing(self._camera.background)
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
        """Draw the scene as it is; return the boxes in which the picture has changed."""
        if not scene.static_mobjects:  # otherwise manim keeps the background behind them
            self._base = _existing(self._camera.background)
        if self._view is not None:
            try:
                return self._canvas.show(self._view.items(), self._base)
            except NotUnderstood as found:
                self._note(found.mobject)
        if self._renderer.static_image is None and self._static:
            self._canvas.show(self._static, self._base)
            self._renderer.static_image = self.pixels.copy()
        self._renderer.update_frame(scene, scene.moving_mobjects)
        return whole(self._camera.pixel_width, self._camera.pixel_height)

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

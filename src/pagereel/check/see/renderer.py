"""A renderer that shows a scene to a watcher instead of writing a video."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from manim import CairoRenderer

from pagereel.check.see.places import calling_place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from manim import Mobject, Scene

    from pagereel.check.finding import Place

_LOOKS = 20  # a second, at movement


class Watcher(Protocol):
    """Sees what happens in a scene."""

    def begin(self, scene: Scene, place: Place) -> None:
        """See a play or wait begin."""

    def image(self, scene: Scene, seconds: float) -> None:
        """See an image of a movement; one stands for all of a picture at rest."""

    def rest(self, scene: Scene, seconds: float, place: Place) -> None:
        """See what is there when a play or wait has ended."""


class WatchedRenderer(CairoRenderer):
    """Plays a scene image by image, as fast as its mobjects can be moved; draws nothing itself.

    Parameters
    ----------
    watcher
        Is told what happens.
    default
        The place of plays that are not in the user's source.
    """

    def __init__(self, watcher: Watcher, *, default: Place, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.watcher = watcher
        self.place = default
        self._scene: Scene
        self._images = 0  # of this play

    def play(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        """Play, and let the watcher look at what is there when it has ended."""
        self.place = calling_place(self.place)
        self._images = 0
        self._scene = scene
        super().play(scene, *args, **kwargs)
        if not self.skip_animations:
            self.watcher.rest(scene, self.time, self.place)

    def save_static_frame_data(self, scene: Scene, static_mobjects: Iterable[Mobject]) -> None:
        """Draw nothing: a play begins."""
        del static_mobjects
        if not self.skip_animations:
            self.watcher.begin(scene, self.place)

    def update_frame(self, *_: Any, **__: Any) -> None:
        """Draw nothing."""

    def render(
        self, scene: Scene, time: float, moving_mobjects: Iterable[Mobject] | None = None
    ) -> None:
        """Let the watcher see some of the images."""
        del time, moving_mobjects
        if self.skip_animations:
            return
        if self._images % max(1, round(self.camera.frame_rate / _LOOKS)) == 0:
            self.watcher.image(scene, self.time)
        self._images += 1
        self.time += 1 / self.camera.frame_rate

    def freeze_current_frame(self, duration: float) -> None:
        """Let time pass: nothing moves."""
        if not self.skip_animations:
            self.watcher.image(self._scene, self.time)
            self.time += int(duration * self.camera.frame_rate) / self.camera.frame_rate

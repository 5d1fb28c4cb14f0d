"""Watch a scene: ask every rule about every picture."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

import numpy as np

from pagereel.check.rules.captions import too_fast
from pagereel.check.rules.contrast import Contrast, luminance
from pagereel.check.rules.fades import Fades
from pagereel.check.rules.flash import SMALLEST_FLASH, Flashes
from pagereel.check.rules.fonts import fell_back
from pagereel.check.rules.leftovers import Leftovers
from pagereel.check.rules.line_rules import Lines
from pagereel.check.rules.presence import Presence
from pagereel.check.rules.space_rules import empty, spans, tiny
from pagereel.check.rules.text_rules import faint, outside, overlapping, spot, too_small
from pagereel.check.see.motion import Motion
from pagereel.check.see.parts import Hit
from pagereel.check.see.picture import Eyes, draw, shown, view

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from manim import Camera, Scene

    from pagereel.check.finding import Place
    from pagereel.check.see.notes import Notes
    from pagereel.check.see.parts import View
    from pagereel.check.see.picture import Stills

_SMALL = 54  # pixels of the short side of the picture that flashes are looked for in


class Watch:
    """The watcher of one scene in one output.

    Parameters
    ----------
    limit
        The threshold of a rule; None if it is switched off.
    notes
        Takes what is found.
    missing_fonts
        Fonts that are known to be missing; grows while the scene is played.
    stills
        Remembers pictures of moments that something may be found about later.
    """

    def __init__(
        self,
        limit: Callable[[str], float | None],
        notes: Notes,
        *,
        missing_fonts: set[str],
        stills: Stills | None,
    ) -> None:
        self._limit = limit
        self._notes = notes
        self._stills = stills
        lines = Lines()
        self._at_rest: dict[str, Callable[[View, float], Iterator[Hit]]] = {
            "text-too-small": too_small,
            "text-outside": outside,
            "text-overlap": overlapping,
            "low-contrast": partial(faint, Contrast()),
            "line-through-text": lines.through_text,
            "line-through-box": lines.through_box,
            "tiny-shape": tiny,
            "missing-font": partial(fell_back, missing_fonts),
        }
        self._eyes = Eyes()
        self._motion = Motion()
        self._presence = Presence(limit("too-short") or 0)
        self._fades = Fades(limit("caption-cross-fade") or 0)
        self._flashes = Flashes(limit("flash") or 0)
        self._leftovers = Leftovers()
        self._plays: list[tuple[float, Place]] = []
        self._frame: tuple[float, ...] | None = None
        self._rested: tuple[object, ...] = ()
        self._fullest = 0.0
        self._emptiness: tuple[list[Hit], Place, float] | None = None

    def begin(self, scene: Scene, place: Place) -> None:
        """Write down when and where a play begins."""
        self._plays.append((scene.time, place))
        if self._frame is None:
            self._frame = _frame(scene)

    def image(self, scene: Scene, seconds: float) -> None:
        """Look at an image of a movement."""
        place = self._plays[-1][1]
        self._follow(scene, seconds, place)
        limit = self._limit("flash")
        camera = cast("Camera", scene.camera)
        width, height = camera.pixel_width, camera.pixel_height
        if limit is None or self._motion.changed < SMALLEST_FLASH * width * height:
            return
        self._motion.changed = 0
        eye = self._eyes.eye(camera, _SMALL / min(width, height))
        picture = draw(eye, eye.get_mobjects_to_display(shown(scene)))
        where = self._flashes.add(luminance(picture), seconds)
        if where is not None:
            message = f"this flashes more than {limit:g} times in a second"
            box = spot(where * (width, height, width, height))
            self._notes.add([Hit("flash", "", message, box)], place, seconds, shown_by=scene)

    def rest(self, scene: Scene, seconds: float, place: Place) -> None:
        """Look at what is there when a play has ended."""
        self._motion.names.learn(scene.animations or ())
        self._follow(scene, seconds, place)
        state = (self._motion.version, str(cast("Camera", scene.camera).background_color))
        if state == self._rested:
            return
        self._rested = state
        moved = _frame(scene) != self._frame
        seen = view(scene, self._eyes, names=self._motion.names, moved=moved)
        self._leftovers.look(seen, place, seconds)
        for rule, ask in self._at_rest.items():
            limit = self._limit(rule)
            if limit is not None:
                self._notes.add(ask(seen, limit), place, seconds, shown_by=scene)
        self._keep_fullest(scene, seen, seconds, place)

    def end(self, scene: Scene, place: Place) -> None:
        """Look at the scene as a whole, when it has ended.

        Parameters
        ----------
        scene
            As it is now.
        place
            The place of a scene that never plays.
        """
        limit = self._limit("caption-too-fast")
        if limit is not None:
            for begins, hit in too_fast(scene.renderer.file_writer.subcaptions, limit):
                self._notes.add([hit], self._playing(begins, place), begins)
        limit = self._limit("left-on-screen")
        if limit is not None and self._leftovers.place is not None:
            where, seconds = self._leftovers.place, self._leftovers.seconds
            self._notes.add(self._leftovers.end(limit), where, seconds, shown_by=scene)
        if self._emptiness is not None:
            hits, where, seconds = self._emptiness
            self._notes.add(hits, where, seconds)

    def _follow(self, scene: Scene, seconds: float, place: Place) -> None:
        """Follow what is there from image to image."""
        now = self._motion.look(cast("Camera", scene.camera), shown(scene))
        if self._limit("too-short") is not None:
            for where, hit in self._presence.look(now, seconds, place):
                self._notes.add([hit], where, seconds)
            if self._stills and self._presence.is_young(seconds):
                self._stills.remember(scene, seconds)
        if self._limit("caption-cross-fade") is not None:
            self._notes.add(self._fades.look(now), place, seconds, shown_by=scene)

    def _keep_fullest(self, scene: Scene, seen: View, seconds: float, place: Place) -> None:
        limit = self._limit("empty-half")
        width, height = spans(seen)
        if limit is not None and width * height > self._fullest:
            self._fullest = width * height
            self._emptiness = ([*empty(seen, limit)], place, seconds)
            if self._stills:
                self._stills.remember(scene, seconds, keep=True)

    def _playing(self, seconds: float, otherwise: Place) -> Place:
        """Return the place of the play that a moment belongs to."""
        begun = [place for begins, place in self._plays if begins <= seconds + 1e-6]
        return begun[-1] if begun else otherwise


def _frame(scene: Scene) -> tuple[float, ...]:
    """Return what the camera looks at, in scene units."""
    camera = cast("Camera", scene.camera)
    return tuple(np.round([*camera.frame_center, camera.frame_width, camera.frame_height], 4))

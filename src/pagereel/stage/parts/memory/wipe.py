"""Wiping: what leaves is covered from below by the background, image by image only a strip of it.

A fade would change every pixel of a large area in every image; files would be several times larger.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from manim import Animation, Group, Rectangle

from pagereel.fast import stateless
from pagereel.stage.layout.places import px
from pagereel.stage.timing import Phase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Mobject, Scene

    from pagereel.stage.part import Movements
    from pagereel.stage.theme import Theme

_EDGE = px(8)  # by which outlines reach over what they surround


def wiped(theme: Theme, *movements: Movements) -> Movements:
    """Return the movement in which all is wiped away upwards that would have faded out.

    Parameters
    ----------
    theme
        Its background covers what leaves.
    movements
        Those in which parts leave.
    """

    def make() -> Sequence[Animation]:
        moves = [move for each in movements for made in each.values() for move in made()]
        return [_Wipe([cast("Mobject", move.mobject) for move in moves], theme.background)]

    return {Phase.LEAVE: make}


@stateless
class _Wipe(Animation):
    """A cover in the background's colour rises over what leaves, and takes it along at the end."""

    def __init__(self, gone: Sequence[Mobject], background: str, **kwargs: Any) -> None:
        self._gone, area = gone, Group(*gone)
        self._foot, self._height = area.get_bottom()[1] - _EDGE, area.height + 2 * _EDGE
        cover = Rectangle(width=area.width + 2 * _EDGE, height=self._height, stroke_width=0)
        cover.set_fill(background, opacity=1).move_to(area)
        self._whole = cover.points.copy()
        super().__init__(cover, introducer=True, remover=True, **kwargs)

    def interpolate_mobject(self, alpha: float) -> None:
        """Cover so much of the height from below, 0 to 1."""
        points = self._whole.copy()
        points[:, 1] = self._foot + (points[:, 1] - self._foot) * self.rate_func(alpha)
        self.mobject.points = points

    def clean_up_from_scene(self, scene: Scene) -> None:
        """Remove what is covered, and the cover."""
        super().clean_up_from_scene(scene)
        scene.remove(*self._gone)

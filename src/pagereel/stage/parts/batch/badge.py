"""A task's badge, which is dashed while the task waits and goes between its lane and the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
from manim import Animation, FadeOut, Transform, VGroup

from pagereel.fast import stateless
from pagereel.stage.parts.shapes import dashed, rounded_box
from pagereel.stage.parts.slots.flight import along, flight_curve
from pagereel.stage.text.label import Label
from pagereel.stage.text.outline import Face

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pagereel.stage.layout.batch import HeadPlaces, WaitingPlaces
    from pagereel.stage.layout.places import Point
    from pagereel.stage.theme import Theme


class Badge(VGroup):
    """A badge in a place of the waiting row or before a lane.

    Parameters
    ----------
    task
        Whose it is.
    at
        Its middle.
    places
        How large it is.
    color
        Of the task.
    theme
        The other colours.
    waits
        Whether the task waits.
    """

    def __init__(
        self,
        task: str,
        at: Point,
        *,
        places: HeadPlaces | WaitingPlaces,
        color: str,
        theme: Theme,
        waits: bool,
    ) -> None:
        high, wide, cap = places.size, places.wide, places.cap
        rim = rounded_box(wide, high, radius=high / 2, color=color, fill=theme.page_fill)
        name = Label(task, Face.BOLD, cap=cap, color=color).put(0, 0)
        dashes = dashed(rim)
        if waits:
            rim.set_fill(opacity=0).set_stroke(opacity=0)
        else:
            dashes.set_stroke(opacity=0)
        super().__init__(rim, dashes, name)
        self.task, self.at = task, at
        self.shift((*at, 0))


@stateless
class Move(Transform):
    """A badge flies to another place and becomes the badge that belongs there."""

    def __init__(self, badge: Badge, target: Badge, **kwargs: Any) -> None:
        path = flight_curve(badge.at, target.at)
        start, end = (np.array((*at, 0.0)) for at in (badge.at, target.at))
        badge.at = target.at

        def fly(
            from_points: NDArray[np.float64], to_points: NDArray[np.float64], alpha: float
        ) -> NDArray[np.float64]:
            straight = start + (end - start) * alpha
            points = from_points + (to_points - from_points) * alpha
            return cast("NDArray[np.float64]", points + along(path, alpha) - straight)

        super().__init__(badge, target, path_func=fly, introducer=True, **kwargs)


def handed_over(badge: Badge) -> Animation:
    """Return the movement in which a badge vanishes at once: another part moves one like it."""
    return FadeOut(badge, rate_func=_at_once)


def _at_once(alpha: float) -> float:  # noqa: ARG001 (manim calls it with the time)
    return 1.0

"""What flies: tokens, entries and words, all along one kind of curve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
from manim import Animation, FadeIn, VGroup, VMobject, linear, smooth

from pagereel.fast import stateless
from pagereel.stage.parts.connector import route_curve
from pagereel.stage.parts.shapes import rounded_box
from pagereel.stage.text.label import Label, text_width
from pagereel.stage.text.outline import Face

if TYPE_CHECKING:
    from manim import Mobject
    from numpy.typing import NDArray

    from pagereel.stage.layout.places import Point
    from pagereel.stage.parts.slots.look import Slot
    from pagereel.stage.parts.slots.page import SlotPage
    from pagereel.stage.theme import Theme

_PAD = 0.8  # beside the word on a pill, in heights of a capital
_HIGH = 2.1  # height of a pill
_SAMPLES = 32  # points of a curve by which its length is measured
_FRESH = 0.15  # of a flight, in which what was not there appears
_ARRIVED = 0.75  # of it, from where on a token becomes the word in its slot


def flight_curve(start: Point, end: Point, *, level: bool = False) -> VMobject:
    """Return the curve of a flight: it leaves and arrives upright, or level."""
    points = [start, end]
    curve = route_curve([(y, x) for x, y in points] if level else points)
    return VMobject().set_points(curve[:, [1, 0, 2]] if level else curve)


@stateless
class Flight(Animation):
    """Something flies along a curve, above all that it passes.

    Parameters
    ----------
    mobject
        What flies; its middle follows the curve.
    path
        The curve.
    """

    def __init__(self, mobject: Mobject, path: VMobject, **kwargs: Any) -> None:
        self._path = path
        # What is introduced comes to the front.
        super().__init__(mobject, introducer=True, **kwargs)

    def interpolate_mobject(self, alpha: float) -> None:
        """Put it where it is at `alpha`, 0 to 1."""
        mobject, whole = cast("Mobject", self.mobject), cast("Mobject", self.starting_mobject)
        _put(mobject, whole, along(self._path, self.rate_func(alpha)))


def _put(mobject: Mobject, whole: Mobject, at: NDArray[np.float64]) -> None:
    """Put a mobject, which is like a whole one, with its middle at a point."""
    shift = at - whole.get_center()
    for part, full in zip(mobject.get_family(), whole.get_family(), strict=True):
        part.points = full.points + shift


def along(path: VMobject, share: float) -> NDArray[np.float64]:
    """Return the point at a share of a path's length, 0 to 1."""
    a, b, c, d = (path.points[first::4, None] for first in range(4))
    t = np.linspace(0, 1, _SAMPLES)[None, :, None]
    curves = (1 - t) ** 3 * a + 3 * t * (1 - t) ** 2 * b + 3 * t**2 * (1 - t) * c + t**3 * d
    points = curves.reshape(-1, 3)
    lengths = np.cumsum([0, *np.linalg.norm(np.diff(points, axis=0), axis=1)])
    return np.array([np.interp(share * lengths[-1], lengths, axis) for axis in points.T])


class Token(VGroup):
    """A token on its way: its word on a pill in its task's colour.

    Parameters
    ----------
    says
        The word.
    color
        Of the pill.
    theme
        The other colours.
    cap
        Height of a capital.
    at
        The middle of the pill.
    """

    def __init__(self, says: str, *, color: str, theme: Theme, cap: float, at: Point) -> None:
        self.says = says
        width = (text_width(says, Face.SERIF) + 2 * _PAD) * cap
        high = _HIGH * cap
        self.pill = rounded_box(width, high, radius=0.35 * cap, color=color, fill=1, line=0)
        self.pill.set_stroke(width=0).move_to((*at, 0))
        self.word = Label(says, Face.SERIF, cap=cap, color=theme.background).put(*at)
        super().__init__(self.pill, self.word)


@stateless
class _Land(Animation):
    """A token flies into a slot and becomes what is drawn there."""

    def __init__(
        self,
        token: Token,
        label: Label | None,
        path: VMobject,
        *,
        fresh: bool,
        **kwargs: Any,
    ) -> None:
        self._label, self._path, self._fresh = label, path, fresh
        super().__init__(token, introducer=True, remover=True, rate_func=linear, **kwargs)

    def interpolate_mobject(self, alpha: float) -> None:
        """Draw the token as it is at `alpha`, 0 to 1: it flies first, then changes."""
        token, whole = cast("Token", self.mobject), cast("Token", self.starting_mobject)
        alpha = self.rate_func(alpha)
        _put(token, whole, along(self._path, smooth(min(1, alpha / _ARRIVED))))
        there = smooth(max(0.0, alpha - _ARRIVED) / (1 - _ARRIVED))
        seen = min(1, alpha / _FRESH) if self._fresh else 1.0
        if self._label and there:
            token.word.points += (self._label.points - token.word.points) * there
        token.word.interpolate_color(whole.word, self._label or whole.word, there)
        token.word.set_fill(opacity=seen)
        token.pill.set_fill(opacity=(1 - there) * seen)


def land(
    token: Token,
    page: SlotPage,
    index: int,
    slot: Slot,
    *,
    path: VMobject | None = None,
    fresh: bool = False,
) -> list[Animation]:
    """Return the movements in which a token flies into a slot and becomes its word.

    Parameters
    ----------
    token
        What flies; at the end it has left the screen.
    page, index, slot
        Where to, and what the slot shows then: the same word.
    path
        The curve; the shortest one from where the token is, if not given.
    fresh
        Whether the token is not on the screen before: then it appears as it leaves.
    """
    x, y, _ = token.get_center()
    path = path or flight_curve((x, y), page.slot(index))
    cell = page.cells[index]
    moves = page.turn(page.look.with_slot(index, slot))
    for move in moves:
        move.rate_func = _at_the_end if isinstance(move, FadeIn) else _late
    word = cell.content.copy() if isinstance(cell.content, Label) else None
    return [*moves, _Land(token, word, path, fresh=fresh)]


def _late(alpha: float) -> float:
    return smooth(max(0.0, alpha - _ARRIVED) / (1 - _ARRIVED))


def _at_the_end(alpha: float) -> float:
    return float(alpha >= 1)

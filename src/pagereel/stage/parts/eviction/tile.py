"""A frame's tile, as it stands in line and flies, and the outline of a place kept free for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import VGroup

from pagereel.stage.layout.places import MIN_CAP
from pagereel.stage.parts.pool import CACHED_FILL, RADIUS
from pagereel.stage.parts.shapes import dashed, rounded_box
from pagereel.stage.text.label import Label
from pagereel.stage.text.outline import Face
from pagereel.stage.theme import mixed

if TYPE_CHECKING:
    from manim import VMobject

    from pagereel.stage.layout.places import Point
    from pagereel.stage.theme import Theme

_LETTER = 0.2  # height of a letter's capitals, as a share of the box
_CORNER = 0.23  # of the letter's middle, from the upper left corner
NUMBER = 0.32  # height of its number's capitals, as a share of the box


class Tile(VGroup):
    """A page frame with its number and its task's letter: held, or cached with a dashed outline.

    It hides what is behind it.

    Parameters
    ----------
    frame, task
        What stands on it.
    size
        Of its side.
    color
        The task's.
    theme
        The other colours.
    held
        Whether the frame is held, and not cached.
    """

    def __init__(
        self, frame: int, task: str, *, size: float, color: str, theme: Theme, held: bool
    ) -> None:
        fill = theme.frame_fill * (1 if held else CACHED_FILL)
        inside = mixed(theme.background, color, fill)
        box = rounded_box(size, size, radius=RADIUS * size, color=color, fill=1)
        box.set_fill(inside)
        number = Label(str(frame), Face.SERIF, cap=NUMBER * size, color=theme.ink).put(0, 0)
        parts: list[VMobject] = [box, number]
        if not held:
            parts.insert(1, dashed(box))
            box.set_stroke(opacity=0)
        mark = letter(task, size, color=theme.ink if held else color)
        super().__init__(*parts, *([mark] if mark else []))


def letter(task: str, size: float, *, color: str) -> Label | None:
    """Return a task's name in the corner of a tile around the origin; None if it is too long."""
    cap = max(MIN_CAP, _LETTER * size)
    if len(task) > 2:
        return None
    label = Label(task, Face.BOLD, cap=cap, color=color, width=0.42 * size)
    corner = size * (_CORNER - 0.5)
    left = corner - cap / 2
    return label.put(left, -corner, -1)


def dotted(size: float, at: Point, *, theme: Theme) -> VMobject:
    """Return the dotted outline of a place that is kept free for a while."""
    box = rounded_box(size, size, radius=RADIUS * size, color=theme.outline, fill=0, line=2)
    return dashed(box.move_to((*at, 0)))

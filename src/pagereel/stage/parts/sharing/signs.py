"""Signs on a map of pages: badges, a bracket, equal signs, hashes and remarks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import Circle, VGroup, VMobject

from pagereel.stage.layout.places import MIN_CAP, px
from pagereel.stage.part import LimitError
from pagereel.stage.parts.shapes import rounded_box, stroke
from pagereel.stage.text.label import Label, text_width
from pagereel.stage.text.outline import Face

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pagereel.stage.layout.places import Point, Region, Spot
    from pagereel.stage.theme import Theme

_BADGE_CAP = 0.36  # of a badge's diameter
_BRACKET_CAP = px(28)
_HOOK = px(15)  # of a bracket
_KEY_CAP = px(26)
_EQUALS = px(48)


def badge(task: str, size: float, *, color: str, theme: Theme, lit: bool) -> VGroup:
    """Return a round badge with the name of a task, in the middle of the picture.

    Parameters
    ----------
    task
        The name.
    size
        The diameter.
    color
        The task's.
    theme
        The other colours.
    lit
        Whether it has the task's colour.
    """
    circle = Circle(radius=size / 2, stroke_width=stroke(3))
    circle.set_stroke(color if lit else theme.outline)
    circle.set_fill(color, opacity=theme.page_fill if lit else 0)
    cap, ink = max(MIN_CAP, _BADGE_CAP * size), color if lit else theme.dim
    name = Label(task, Face.BOLD, cap=cap, color=ink, width=0.8 * size)
    if name.cap < MIN_CAP:
        raise LimitError(f"the name {task!r} is too long for a badge; shorten it", key="words")
    return VGroup(circle, name.put(0, 0))


def bracket(ends: tuple[Point, Point], text: str, theme: Theme) -> VGroup:
    """Return a bracket with hooks that point down and a text in its middle."""
    (left, y), (right, _) = ends
    middle = (left + right) / 2
    label = Label(text, Face.SERIF, cap=_BRACKET_CAP, color=theme.ink).put(middle, y)
    half = text_width(text, Face.SERIF) * _BRACKET_CAP / 2 + px(22)
    arms = [
        VMobject(stroke_color=theme.ink, stroke_width=stroke(3)).set_points_as_corners(
            [(end, y - _HOOK, 0), (end, y, 0), (inner, y, 0)]
        )
        for end, inner in ((left, middle - half), (right, middle + half))
    ]
    return VGroup(label, *arms)


def equals(at: Point, room: float, theme: Theme) -> VGroup:
    """Return the sign for what is equal, in a gap so wide."""
    bar = rounded_box(
        min(_EQUALS, 0.7 * room), px(7), radius=px(3.5), color=theme.ink, fill=1, line=0
    )
    bars = [bar.copy().move_to((at[0], at[1] + side * px(8), 0)) for side in (-1, 1)]
    return VGroup(*bars).set_stroke(width=0)


def hash_key(region: Region, page: int, theme: Theme) -> VGroup:
    """Return the hash of a page, which takes in that of the page before it, over its slots."""
    x, y = region.center
    field = rounded_box(
        region.width, region.height, radius=px(8), color=theme.background, fill=1, line=0
    )
    field.set_stroke(width=0).move_to((x, y, 0))
    before = f"h{page - 1}, " if page else ""
    cap, room = max(MIN_CAP, min(_KEY_CAP, 0.32 * region.height)), region.width - px(8)
    lines = (f"h{page} = hash", f"({before}page {page})")
    labels = [
        Label(line, Face.SERIF, cap=cap, color=theme.ink, width=room).put(
            x, y + side * 0.24 * region.height
        )
        for line, side in zip(lines, (1, -1), strict=True)
    ]
    return VGroup(field, *labels)


def said(lines: Sequence[str], spots: Sequence[Spot], *, color: str) -> VGroup:
    """Return lines of words in their places."""
    return VGroup(
        *(
            Label(line, Face.SERIF, cap=spot.cap, color=color, width=spot.width).put_in(spot)
            for line, spot in zip(lines, spots, strict=True)
        )
    )

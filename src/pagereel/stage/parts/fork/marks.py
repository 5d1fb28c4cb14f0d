"""What stands between page frames and tasks for a moment: a bar, an arc, a ring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from manim import Polygon, VGroup, smooth

from pagereel.stage.layout.places import Region, px
from pagereel.stage.parts.shapes import curve_of, rounded_box
from pagereel.stage.text.label import Label
from pagereel.stage.text.outline import Face
from pagereel.wording import counted

if TYPE_CHECKING:
    from manim import RoundedRectangle

    from pagereel.stage.layout.places import Point
    from pagereel.stage.parts.slots.page import SlotPage
    from pagereel.stage.theme import Theme

_THICK = px(13)  # of the bar
_LINE = 5  # pixels, of the arc
_TIP = px(22)  # length and width of its arrowhead
_SAG = px(72)  # of the arc
_AROUND = px(5)  # between a ring and what is in it
_CAP = px(34)
_GAP = px(8)  # between a frame and an arc at it
_ASIDE = px(60)  # from the middle of a frame to the arc: a connector ends there
_BOUNCE = 0.06  # of its way, by which a token that is stopped springs back


def barrier(at: Point, length: float, *, level: bool, color: str) -> RoundedRectangle:
    """Return the bar that stops a token: across a connector that is upright, or level."""
    width, height = (_THICK, length) if level else (length, _THICK)
    bar = rounded_box(width, height, radius=_THICK / 2, color=color, fill=1, line=0)
    return bar.set_stroke(width=0).move_to((*at, 0))


def copy_arc(
    source: SlotPage, target: SlotPage, tokens: int, *, level: bool, theme: Theme
) -> VGroup:
    """Return an arrow that sags below two frames, or beside them if they stand in a column.

    Parameters
    ----------
    source, target
        The frames.
    tokens
        How many tokens are copied.
    level
        Whether the frames stand in a column.
    theme
        The colours.
    """
    text = f"{counted(tokens, 'token')} copied"
    (x0, y0), (x1, y1) = (source.right, target.right) if level else (source.bottom, target.bottom)
    if level:
        start, end = (x0 + _GAP, y0 - _ASIDE), (x1 + _GAP, y1 + _ASIDE / 4)
    else:
        start, end = (x0 + _ASIDE, y0 - _GAP), (x1 - _ASIDE / 4, y1 - _GAP)
    a, b = np.array([*start, 0.0]), np.array([*end, 0.0])
    out = np.array([1.0, 0, 0]) if level else np.array([0, -1.0, 0])
    along = (b - a) / np.linalg.norm(b - a)
    foot = b + out * _TIP
    bow = np.array([a, a + out * _SAG, foot + out * (_SAG - _TIP), foot])
    line = curve_of(bow, _LINE, color=theme.ink)
    half = along * _TIP / 2
    tip = Polygon(b, foot - half, foot + half, stroke_width=0, fill_color=theme.ink, fill_opacity=1)
    x, y, _ = (a + b) / 2 + out * (0.75 * _SAG + px(24)) if level else a + out * (_SAG + px(36))
    labels, cap = VGroup(), 0.8 * _CAP if level else _CAP
    for number, words in enumerate(text.rsplit(" ", 1) if level else [text]):
        label = Label(words, Face.SERIF, cap=cap, color=theme.ink)
        labels.add(label.put(x, y + (0.5 - number) * 1.5 * cap * level, -1))
    return VGroup(line, tip, labels)


def slice_of(region: Region, box: RoundedRectangle) -> RoundedRectangle:
    """Return a frame as a piece of a bar."""
    piece = box.copy().stretch_to_fit_width(region.width).stretch_to_fit_height(region.height)
    return piece.move_to((*region.center, 0))


def ring(boxes: list[Region], *, color: str, radius: float) -> RoundedRectangle:
    """Return an outline around some boxes."""
    left, right = min(box.left for box in boxes), max(box.right for box in boxes)
    bottom, top = min(box.bottom for box in boxes), max(box.top for box in boxes)
    outline = rounded_box(
        right - left + 2 * _AROUND,
        top - bottom + 2 * _AROUND,
        radius=radius + _AROUND,
        color=color,
        fill=0,
        line=4,
    )
    return outline.move_to(((left + right) / 2, (bottom + top) / 2, 0))


def as_it_arrives(alpha: float) -> float:
    """Change in the last third, when a connector comes to its frame."""
    return smooth(max(0.0, 3 * alpha - 2))


def soon(alpha: float) -> float:
    """Close in the first third."""
    return min(1.0, 3 * alpha)


def bounce(alpha: float) -> float:
    """Come to rest at the bar with one small bounce."""
    hit = 0.6
    if alpha < hit:
        return (alpha / hit) ** 2
    rest = (alpha - hit) / (1 - hit)
    return 1 - 4 * _BOUNCE * rest * (1 - rest)

"""Themes: all colours of a picture, as one frozen value.

Contrast of text to what is behind it is at least 4.5:1 (WCAG 2.2, AA). Task colours differ in
CIELAB for red-green-blind eyes as well (protanopia and deuteranopia as simulated by Machado et al.
2009). Tests check both. Green, orange and blue are manim's own in the dark theme.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from operator import mul
from typing import TYPE_CHECKING

from pagereel.errors import StageError
from pagereel.request import USUAL_THEME

if TYPE_CHECKING:
    from collections.abc import Mapping

_STEPS = 64  # in which a colour is mixed with another
_FINE = 255  # in which the nearest one is looked for


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours (hex) and opacities (0 to 1) of a picture.

    `tasks` maps the colour names of a story to colours. `outline` draws free frames, `free` free
    bits and frames just given back. `after` and `before` are the project's two colours: what it
    does, and what was done before. `title` and `tagline`, what a project says of itself, are a
    brand's `after`. `frame_fill` and `page_fill` are how much of a task's colour fills its frames
    and its pages.
    """

    name: str
    background: str
    ink: str
    dim: str
    outline: str
    line: str
    title: str
    tagline: str
    free: str
    after: str
    before: str
    tasks: Mapping[str, str]
    frame_fill: float
    page_fill: float

    def colored(self, names: Mapping[str, str]) -> dict[str, str]:
        """Return task -> colour (hex), of task -> the name of its colour."""
        return {task: self.tasks[name] for task, name in names.items()}

    def quiet(self, color: str, contrast: float = 3.1) -> str:
        """Return a colour mixed with the background until it has only so much contrast to it.

        So what steps back can still be seen: a shape from 3:1 on, a text from 4.5:1 on. A colour
        that has no more contrast stays as it is.
        """
        return _quiet(color, self.background, contrast)


DARK = Theme(
    name=USUAL_THEME,
    background="#0F1218",
    ink="#E8EAED",
    dim="#9AA4B2",
    outline="#6B7685",
    line="#3A4452",
    title="#58C4DD",
    tagline="#83C167",
    free="#FFDD66",
    after="#58C4DD",
    before="#FF862F",
    tasks={
        "green": "#83C167",
        "orange": "#FF862F",
        "blue": "#58C4DD",
        "pink": "#D88097",
        "violet": "#9390ED",
    },
    frame_fill=0.35,
    page_fill=0.2,
)

LIGHT = Theme(
    name="light",
    background="#FBFBF9",
    ink="#14181F",
    dim="#566070",
    outline="#7D8794",
    line="#B4BCC6",
    title="#0A6A9A",
    tagline="#14532D",
    free="#7A5C00",
    after="#0A6A9A",
    before="#B34700",
    tasks={
        "green": "#14532D",
        "orange": "#B34700",
        "blue": "#0A6A9A",
        "pink": "#B0235F",
        "violet": "#5B2BC0",
    },
    frame_fill=0.22,
    page_fill=0.1,
)

# Name -> theme, the default first. CONTRIBUTING.md says how to add one.
THEMES = {theme.name: theme for theme in (DARK, LIGHT)}


def mixed(color: str, other: str, share: float) -> str:
    """Return a colour (hex) mixed with another one, of which it has `share`, 0 to 1."""
    pairs = zip(_channels(color), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


@cache
def _quiet(color: str, background: str, least: float) -> str:
    shares = (step / _STEPS for step in range(_STEPS, -1, -1))
    colors = (mixed(color, background, share) for share in shares)
    return next((each for each in colors if contrast(each, background) >= least), color)


def passing(color: str, background: str, least: float) -> str:
    """Return the nearest colour that has at least this contrast to a background.

    It is the colour itself, mixed with as little white or black as possible.
    """
    steps = ((step / _FINE, end) for step in range(_FINE + 1) for end in ("#FFFFFF", "#000000"))
    colors = (mixed(color, end, share) for share, end in steps)
    return next((each for each in colors if contrast(each, background) >= least), "#FFFFFF")


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2)."""
    darker, lighter = sorted(map(_luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    linear: tuple[float, ...] = tuple(
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in _channels(color))
    )
    return sum(map(mul, (0.2126, 0.7152, 0.0722), linear), 0.0)


def _channels(color: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(color.removeprefix("#"))
    return red, green, blue


def theme_named(name: str) -> Theme:
    """Return the theme called `name`.

    Raises
    ------
    StageError
        If there is none.
    """
    if name not in THEMES:
        raise StageError(f"there is no theme {name!r}; themes are {', '.join(THEMES)}")
    return THEMES[name]

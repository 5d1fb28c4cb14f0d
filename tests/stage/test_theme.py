"""Colours can be told from their background and from each other."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from manim import ManimColor

from pagereel.check.see.light import linear, ratio
from pagereel.errors import StageError
from pagereel.stage.film.palette import make_palette
from pagereel.stage.theme import DARK, THEMES, Theme, theme_named
from pagereel.story import COLOR_NAMES

# Linear RGB as colour-blind eyes see it, severity 1: Machado, Oliveira, Fernandes 2009, table 1.
EYES = {
    "full colour": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}
every_theme = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)


def rgb(color: str) -> np.ndarray:
    return np.array(ManimColor(color).to_rgb())


def mixed(color: str, opacity: float, background: str) -> np.ndarray:
    return opacity * rgb(color) + (1 - opacity) * rgb(background)


def contrast(one: np.ndarray, other: np.ndarray) -> float:
    weights = (0.2126, 0.7152, 0.0722)
    return float(ratio(linear(one) @ weights, linear(other) @ weights))


def lab(color: str, eye: np.ndarray) -> np.ndarray:
    """CIELAB (D65) of a colour as an eye sees it."""
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    xyz = to_xyz @ np.clip(eye @ linear(rgb(color)), 0, 1) / (0.95047, 1, 1.08883)
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@every_theme
def test_texts_stand_out(theme: Theme) -> None:
    background = rgb(theme.background)
    for color in (theme.ink, theme.dim, theme.title, theme.tagline, theme.free):
        assert contrast(rgb(color), background) >= 4.5, color
    for color in (theme.outline, theme.after, theme.before):
        assert contrast(rgb(color), background) >= 3, color
    assert set(theme.tasks) == set(COLOR_NAMES)
    for color in theme.tasks.values():
        page = mixed(color, theme.page_fill, theme.background)
        frame = mixed(color, theme.frame_fill, theme.background)
        assert contrast(rgb(color), page) >= 4.5, color
        assert contrast(rgb(theme.ink), frame) >= 4.5, color


@every_theme
@pytest.mark.parametrize("eye", EYES)
def test_tasks_keep_apart(theme: Theme, eye: str) -> None:
    for one, other in combinations(theme.tasks, 2):
        a, b = (lab(theme.tasks[name], EYES[eye]) for name in (one, other))
        assert np.linalg.norm(a - b) >= 14, (one, other)


@every_theme
@pytest.mark.parametrize("eye", EYES)
def test_thirty_tasks_keep_apart(theme: Theme, eye: str) -> None:
    """A film shows as many at once; from a distance of 2.3 on, a difference is seen."""
    looks = np.array([lab(color, EYES[eye]) for color in make_palette(theme, 30)])
    apart = np.linalg.norm(looks[:, None] - looks[None], axis=2)[np.triu_indices(30, 1)]
    assert apart.min() >= 5.5


def test_tasks_take_manims_own_colours_first() -> None:
    from manim import BLUE, GREEN, ORANGE  # noqa: PLC0415

    assert [DARK.tasks[name] for name in ("green", "orange", "blue")] == [
        color.to_hex() for color in (GREEN, ORANGE, BLUE)
    ]


def test_an_unknown_theme() -> None:
    with pytest.raises(StageError, match=f"'no-such'; themes are {', '.join(THEMES)}"):
        theme_named("no-such")


@every_theme
def test_what_steps_back_can_still_be_seen(theme: Theme) -> None:
    for color in (*theme.tasks.values(), theme.ink):
        for least in (3.1, 5.0):
            quiet = theme.quiet(color, least)
            assert least <= contrast(rgb(quiet), rgb(theme.background)) < least + 0.4
    assert theme.quiet(theme.line, 5) == theme.line

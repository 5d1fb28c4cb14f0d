"""Colours for many tasks: those of the theme, then others that differ from them the most."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pagereel.stage.theme import Theme

    Floats = NDArray[np.float64]

_HUES = 40
_LEAST_CONTRAST = 4.6  # of a name in its colour to the background; WCAG asks for 4.5
_DARK = ((0.68, 0.13), (0.77, 0.11), (0.86, 0.09))  # lightness and chroma in Oklab
_LIGHT = ((0.36, 0.11), (0.45, 0.14), (0.53, 0.13))
# From Oklab to the cones, and from them to linear sRGB (Björn Ottosson, 2020).
_CONES = np.array([[1, 0.3963377774, 0.2158037573], [1, -0.1055613458, -0.0638541728]])
_CONES = np.vstack([_CONES, [1, -0.0894841775, -1.2914855480]])
_RGB = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)
# Linear sRGB as red-green-blind eyes see it: deuteranopia (Machado et al. 2009).
_DEUTAN = np.array(
    [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]
)


@cache
def _candidates(dark: bool) -> Floats:  # noqa: FBT001 (of two themes one is dark)
    """Return colours that can be shown, as linear sRGB; shape (colours, 3)."""
    angles = np.arange(_HUES) * 2 * np.pi / _HUES
    found = []
    for lightness, chroma in _DARK if dark else _LIGHT:
        lab = np.stack(
            [np.full(_HUES, lightness), chroma * np.cos(angles), chroma * np.sin(angles)], axis=1
        )
        linear = (lab @ _CONES.T) ** 3 @ _RGB.T
        found.append(linear[((linear >= 0) & (linear <= 1)).all(axis=1)])
    return np.concatenate(found)


def make_palette(theme: Theme, size: int) -> list[str]:
    """Return `size` colours (hex), the theme's own first.

    Each further one is, of those that can be read on the background, the one that is farthest from
    all before it, for red-green-blind eyes as well.
    """
    own = [*theme.tasks.values()]
    background = linear_rgb(theme.background)
    pool = _candidates(bool(background.mean() < 0.5))
    pool = pool[_contrast(pool, background) >= _LEAST_CONTRAST]
    chosen = np.array([linear_rgb(color) for color in own])
    while len(chosen) < size and len(pool):
        nearest = np.minimum(_nearest(pool, chosen), _nearest(_deutan(pool), _deutan(chosen)) * 1.3)
        best = int(nearest.argmax())
        chosen = np.vstack([chosen, pool[best]])
        pool = np.delete(pool, best, axis=0)
    colors = [*own, *(hex_of(color) for color in chosen[len(own) :])]
    return [colors[index % len(colors)] for index in range(size)]


def rgb(color: str) -> Floats:
    """Return a hex colour as sRGB from 0 to 255."""
    return np.array([int(color[at : at + 2], 16) for at in (1, 3, 5)], dtype=np.float64)


def blend(below: Floats, above: Floats, share: float) -> Floats:
    """Lay a colour over another with some opacity."""
    mixed: Floats = below + (above - below) * share
    return mixed


def linear_rgb(color: str) -> Floats:
    """Return a hex colour as linear sRGB from 0 to 1."""
    values = rgb(color) / 255
    linear: Floats = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    return linear


def hex_of(linear: Floats) -> str:
    """Return a linear sRGB colour as hex."""
    values = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(float(value) * 255):02X}" for value in values)


def _deutan(linear: Floats) -> Floats:
    seen: Floats = np.clip(linear @ _DEUTAN.T, 0, 1)
    return seen


def _oklab(linear: Floats) -> Floats:
    lab: Floats = np.cbrt(linear @ np.linalg.inv(_RGB).T) @ np.linalg.inv(_CONES).T
    return lab


def _nearest(pool: Floats, chosen: Floats) -> Floats:
    apart = _oklab(pool)[:, None] - _oklab(chosen)[None]
    nearest: Floats = np.linalg.norm(apart, axis=2).min(axis=1)
    return nearest


def _contrast(colors: Floats, background: Floats) -> Floats:
    weights = np.array([0.2126, 0.7152, 0.0722])
    one, other = colors @ weights + 0.05, background @ weights + 0.05
    contrast: Floats = np.maximum(one, other) / np.minimum(one, other)
    return contrast

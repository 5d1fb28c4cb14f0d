"""Colours for many tasks: those of the theme, then others that differ from them the most."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pagereel.stage.theme import Theme

    Floats = NDArray[np.float64]

_LEAST_CONTRAST = 4.6  # of a name in its colour to the background; WCAG asks for 4.5
# Of candidates in Oklab: hues, lightness and chroma.
_HUES = 60
_LIGHTNESS = {True: (0.5, 0.95), False: (0.22, 0.68)}  # on a dark background, on a light one
_LEVELS = 14
_CHROMA = (0.08, 0.11, 0.14, 0.17, 0.2, 0.23)
_WEIGHT = 1.3  # how much more a difference counts that is left to red-green-blind eyes: it is small
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
# Linear sRGB as red-green-blind eyes see it: deuteranopia, protanopia (Machado et al. 2009).
_BLIND = np.array(
    [
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ],
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ],
    ]
)


def make_palette(theme: Theme, size: int) -> list[str]:
    """Return `size` colours (hex), the theme's own first.

    Each further one is, of those that can be read on the background, the one that is farthest from
    all before it, for red-green-blind eyes as well.
    """
    return [*_palette(tuple(theme.tasks.values()), theme.background, size)]


@cache
def _palette(own: tuple[str, ...], background: str, size: int) -> tuple[str, ...]:
    pool = _candidates(linear_rgb(background))
    colors, looks = [*own], _looks(pool)
    chosen = np.array([linear_rgb(color) for color in own])
    nearest = _distance(looks, _looks(chosen)).min(axis=1)
    while len(colors) < size:
        best = int(nearest.argmax())
        colors.append(hex_of(pool[best]))
        nearest = np.minimum(nearest, _distance(looks, looks[[best]])[:, 0])
    return tuple(colors[:size])


def _candidates(background: Floats) -> Floats:
    """Return colours that can be shown and read, as linear sRGB; shape (colours, 3)."""
    angles = np.arange(_HUES) * 2 * np.pi / _HUES
    lightness = np.linspace(*_LIGHTNESS[bool(background.mean() < 0.5)], _LEVELS)
    light, chroma, angle = (
        each.ravel() for each in np.meshgrid(lightness, _CHROMA, angles, indexing="ij")
    )
    lab = np.stack([light, chroma * np.cos(angle), chroma * np.sin(angle)], axis=1)
    linear: Floats = (lab @ _CONES.T) ** 3 @ _RGB.T
    linear = linear[((linear >= 0) & (linear <= 1)).all(axis=1)]
    readable: Floats = linear[_contrast(linear, background) >= _LEAST_CONTRAST]
    return readable


def _looks(linear: Floats) -> Floats:
    """Return where colours are in Oklab for each kind of eye; shape (colours, eyes, 3)."""
    blind = [np.clip(linear @ eye.T, 0, 1) for eye in _BLIND]
    return np.stack([_oklab(linear), *(_oklab(seen) * _WEIGHT for seen in blind)], axis=1)


def _distance(looks: Floats, others: Floats) -> Floats:
    """Return how far colours are from each other for the eye that tells them apart worst."""
    apart: Floats = np.linalg.norm(looks[:, None] - others[None], axis=3).min(axis=2)
    return apart


def rgb(color: str) -> Floats:
    """Return a hex colour as sRGB from 0 to 255."""
    return np.array([int(color[at : at + 2], 16) for at in (1, 3, 5)], dtype=np.float64)


def blend(below: Floats, above: Floats, share: float) -> Floats:
    """Lay a colour over another with some opacity."""
    mixed: Floats = below + (above - below) * share
    return mixed


def faded(pixels: NDArray[np.uint8], background: Floats, share: float) -> NDArray[np.uint8]:
    """Let pixels go over into a background by a share; shape (…, 3).

    There are 256 values a channel and many more pixels.
    """
    values = np.rint(blend(np.arange(256.0)[:, None], background, share)).astype(np.uint8)
    return np.stack([values[:, c][pixels[..., c]] for c in range(3)], axis=-1)


def linear_rgb(color: str) -> Floats:
    """Return a hex colour as linear sRGB from 0 to 1."""
    values = rgb(color) / 255
    linear: Floats = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    return linear


def hex_of(linear: Floats) -> str:
    """Return a linear sRGB colour as hex."""
    values = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(float(value) * 255):02X}" for value in values)


def _oklab(linear: Floats) -> Floats:
    lab: Floats = np.cbrt(linear @ np.linalg.inv(_RGB).T) @ np.linalg.inv(_CONES).T
    return lab


def _contrast(colors: Floats, background: Floats) -> Floats:
    weights = np.array([0.2126, 0.7152, 0.0722])
    one, other = colors @ weights + 0.05, background @ weights + 0.05
    contrast: Floats = np.maximum(one, other) / np.minimum(one, other)
    return contrast

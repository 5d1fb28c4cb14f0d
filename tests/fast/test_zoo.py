"""Image by image: what is drawn fast is what manim draws."""

from __future__ import annotations

import numpy as np
import pytest
import zoo
from collected import collect
from manim import CairoRenderer, Scene, tempconfig

from pagereel.fast import FastRenderer

# None differ on the machines on which this was measured.
MOST_PIXELS, MOST_LEVELS = 4, 1
SEE_THROUGH = (zoo.SeeThrough, zoo.Graded, zoo.Pictured, zoo.Repainted, zoo.Recolored)

# manim's ImageMobject makes images in a way that Pillow will give up.
pytestmark = pytest.mark.filterwarnings(
    "ignore:'mode' parameter for changing data types:DeprecationWarning"
)


def compare(scene: type[Scene]) -> None:
    theirs = collect(scene, CairoRenderer)
    exact = collect(scene, FastRenderer, exact=True)
    close = collect(scene, FastRenderer)
    assert len(theirs) == len(exact) == len(close) > 2
    assert not np.array_equal(theirs[0], theirs[-1])
    for index, (their, same, near) in enumerate(zip(theirs, exact, close, strict=True)):
        assert np.array_equal(their, same), f"image {index}"
        apart = np.abs(their.astype(int) - near).max(axis=2)
        assert apart.max() <= MOST_LEVELS, f"image {index}"
        assert np.count_nonzero(apart) <= MOST_PIXELS, f"image {index}"


@pytest.mark.parametrize(
    "scene",
    [
        pytest.param(scene, id=scene.__name__, marks=pytest.mark.slow if at % 3 else ())
        for at, scene in enumerate(zoo.ZOO)
    ],
)
def test_images_are_manims(scene: type[Scene]) -> None:
    compare(scene)


@pytest.mark.parametrize("scene", SEE_THROUGH, ids=lambda scene: scene.__name__)
def test_transparent_images_are_manims(scene: type[Scene]) -> None:
    with tempconfig({"transparent": True}):
        compare(scene)

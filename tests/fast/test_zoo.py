"""Image by image: what is drawn fast is what manim draws."""

from __future__ import annotations

import numpy as np
import pytest
from collected import collect
from manim import CairoRenderer, Scene
from zoo import ZOO

from pagereel.fast import FastRenderer

MOST_PIXELS, MOST_LEVELS = 24, 8


# manim's ImageMobject makes images in a way that Pillow will give up.
@pytest.mark.filterwarnings("ignore:'mode' parameter for changing data types:DeprecationWarning")
@pytest.mark.parametrize("scene", ZOO, ids=lambda scene: scene.__name__)
def test_images_are_manims(scene: type[Scene]) -> None:
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

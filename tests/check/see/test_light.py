"""Luminance and contrast, compared with values that WCAG and others publish."""

from __future__ import annotations

import numpy as np
import pytest

from pagereel.check.see.light import luminance, ratio


def pixel(color: str) -> np.ndarray:
    return np.array([[*bytes.fromhex(color)]], np.uint8)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("ffffff", "000000", 21),
        ("777777", "ffffff", 4.48),  # the grey that just misses AA
        ("ff0000", "ffffff", 4.0),
        ("0000ff", "000000", 2.44),
    ],
)
def test_contrast(one: str, other: str, expected: float) -> None:
    lights = luminance(pixel(one)), luminance(pixel(other))
    assert ratio(*lights) == pytest.approx([expected], abs=0.01)
    assert ratio(*lights) == ratio(*reversed(lights))

"""Flashes are counted for each pixel, as WCAG 2.3.1 defines them."""

from __future__ import annotations

import numpy as np
import pytest

from pagereel.check.rules.flash import Flashes

SIZE = (54, 96)


def strobe(bright: float, dark: float, *, hertz: float, part: slice = slice(None)) -> bool:
    """Return whether two seconds of a strobe flash too often, seen 20 times a second."""
    flashes = Flashes(3)
    found = []
    for index in range(40):
        picture = np.full(SIZE, dark)
        picture[:, part] = bright if int(index / 20 * 2 * hertz) % 2 else dark
        found.append(flashes.add(picture, index / 20) is not None)
    return any(found)


@pytest.mark.parametrize(("hertz", "expected"), [(2, False), (5, True), (10, True)])
def test_more_than_three_a_second(hertz: float, expected: bool) -> None:  # noqa: FBT001
    assert strobe(1, 0, hertz=hertz) == expected


def test_faint_or_bright_changes_are_not_flashes() -> None:
    assert not strobe(0.09, 0, hertz=5)
    assert not strobe(1, 0.85, hertz=5)
    assert strobe(1, 0.75, hertz=5)


def test_a_small_part_is_not_dangerous() -> None:
    assert not strobe(1, 0, hertz=5, part=slice(0, 2))
    assert strobe(1, 0, hertz=5, part=slice(0, 20))


def test_the_part_that_flashes_is_returned() -> None:
    flashes = Flashes(0)
    flashes.add(np.zeros(SIZE), 0)
    picture = np.zeros(SIZE)
    picture[:, 48:] = 1
    assert flashes.add(picture, 0.1) == pytest.approx([0.5, 0, 1, 1])

from __future__ import annotations

from argparse import ArgumentTypeError

import pytest

from pagereel.render.command import rate, size


@pytest.mark.parametrize("text", ["1080,1920", "1080x1920"])
def test_sizes(text: str) -> None:
    assert size(text) == (1080, 1920)


@pytest.mark.parametrize("text", ["", "1080", "1081,1920", "1080,0", "-2,2", "99998,2", "a,b"])
def test_no_sizes(text: str) -> None:
    with pytest.raises(
        ArgumentTypeError, match="is not a width and a height such as 1080,1920; both"
    ):
        size(text)


@pytest.mark.parametrize(("text", "fps"), [("24", 24.0), ("29.97", 29.97), ("1", 1.0)])
def test_rates(text: str, fps: float) -> None:
    assert rate(text) == fps


@pytest.mark.parametrize("text", ["", "0", "-1", "nan", "inf", "1e9", "many"])
def test_no_rates(text: str) -> None:
    with pytest.raises(
        ArgumentTypeError, match="is not a number of images a second from 1 to 1000"
    ):
        rate(text)

"""What is said of both runs."""

from __future__ import annotations

import pytest

from pagereel.compare.stops import Caption, Line
from pagereel.stage.compare.said import parsed

NAMES = ("reserved rows", "pages")


@pytest.mark.parametrize(
    "caption",
    [
        Caption((Line(0, "11 at once."), Line(1, "24."))),
        Caption((Line(1, "all of 3: done."), Line(0, "2 are not done yet."))),
        Caption((Line(1, "12 pages more."),), "R7 arrives."),
        Caption(lead="293 steps instead of 461: pages."),
    ],
)
def test_a_text_is_read_as_it_was_written(caption: Caption) -> None:
    assert parsed(caption.plain(NAMES), NAMES) == caption

"""The promo's close part has its places in every shape, and shows what the replay says."""

from __future__ import annotations

from itertools import combinations

import pytest

from pagereel.stage.layout.places import Area, picture_size
from pagereel.stage.promo.close.places import close_boxes

SIZES = {"wide": (1920, 1080), "tall": (1080, 1920), "square": (1080, 1080)}


@pytest.mark.parametrize("look", SIZES)
def test_eight_frames_fill_the_width(look: str) -> None:
    area = Area(*picture_size(*SIZES[look]))
    boxes = close_boxes(area)
    assert len(boxes) == 8
    for box in boxes:
        assert box.width == pytest.approx(box.height)
        assert area.left <= box.left
        assert box.right <= area.right + 1e-9
        assert box.top <= area.top
        assert box.bottom > 0
    assert boxes[-1].right == pytest.approx(area.right)
    for one, other in combinations(boxes, 2):
        assert one.right < other.left or one.bottom > other.top

"""From any position to any frame: nothing of the path stands on something else."""

from __future__ import annotations

from itertools import combinations, product

import pytest

from pagereel.stage.layout.path_to_slot import (
    CellsPlaces,
    FormulaPlaces,
    FramesNeed,
    FramesPlaces,
    PathNeed,
    PathPlaces,
    StripNeed,
    StripPlaces,
    path_to_slot,
)
from pagereel.stage.layout.places import Area, Need, Region, picture_size, px

SHAPES = {"16:9": (1920, 1080), "9:16": (1080, 1920), "1:1": (1080, 1080)}
FORMULA = 11.2  # width of the widest formula of two-digit numbers, in capitals


def overlap(one: Region, other: Region) -> bool:
    return min(one.right, other.right) - max(one.left, other.left) > -px(4) and min(
        one.top, other.top
    ) - max(one.bottom, other.bottom) > -px(4)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("pages", "frames"), [(4, 8), (2, 8), (4, 4), (1, 2), (3, 7)])
def test_nothing_stands_on_anything_else(shape: str, pages: int, frames: int) -> None:
    area = Area(*picture_size(*SHAPES[shape]))
    strip = StripNeed(pages=pages, size=4)
    for page, frame in product(range(pages), range(frames)):
        path_need = PathNeed(page=page, frame=frame, chips=(3.9, 4.4, 4.4))
        needs: dict[str, Need] = {"strip": strip, "cells": strip, "path": path_need}
        regions = path_to_slot(area, {**needs, "frames": FramesNeed(frames=frames)})
        path, formula, table = regions["path"], regions["formula"], regions["cells"]
        line, pool = regions["strip"], regions["frames"]
        assert isinstance(path, PathPlaces)
        assert isinstance(formula, FormulaPlaces)
        assert isinstance(table, CellsPlaces)
        assert isinstance(line, StripPlaces)
        assert isinstance(pool, FramesPlaces)
        numbers = [
            Region(box.left, y + line.asked / 2, box.right, y - line.asked / 2)
            for box in line.parted
            for y in [box.center[1] + line.numbers]
        ]
        assert not any(overlap(*both) for both in product(line.labels, numbers))
        boxes = [path.page, path.offset, path.frame, *table.cells, *line.parted, *pool.boxes]
        for one, other in combinations(boxes, 2):
            if not {one, other} <= {*line.parted}:
                assert not overlap(one, other), (page, frame)
        for box in (*boxes, *line.together):
            assert area.left - px(1) <= box.left < box.right <= area.right + px(1)
        assert formula.width >= FORMULA * 0.7 * formula.cap
        for chip in (path.page, path.offset, path.frame):
            assert formula.right < chip.left or chip.right < formula.left
        if path.lane:
            lane = (path.offset.left + path.offset.right) / 2
            assert lane == pytest.approx(pool.lane(frame))
            assert not [cell for cell in table.cells if cell.left < lane < cell.right]

"""A replay looks as it did when somebody looked at it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from replays import board_of, photograph

from pagereel.assets import TRACES
from pagereel.check.pytest.golden import compare, write
from pagereel.stage.parts.text import CaptionBar

if TYPE_CHECKING:
    from pagereel.stage.film.scene import Board

GOLDEN = Path(__file__).parent / "golden"
REAL, SMALL = "random_256_frames.jsonl", "prefix_sharing.jsonl"
LOOKS = {
    "wide": ((960, 540), "dark", REAL),
    "tall": ((540, 960), "dark", REAL),
    "square": ((540, 540), "dark", REAL),
    "light": ((960, 540), "light", REAL),
    "small": ((960, 540), "dark", SMALL),
}


# manim's ImageMobject makes images in a way that Pillow will give up.
@pytest.mark.filterwarnings("ignore:'mode' parameter for changing data types:DeprecationWarning")
@pytest.mark.parametrize(
    "look", ["wide", *(pytest.param(each, marks=pytest.mark.slow) for each in [*LOOKS][1:])]
)
def test_stills(look: str, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    size, theme, trace = LOOKS[look]
    with board_of(TRACES / trace, size, theme=theme) as board:
        picture = still(board, theme)
    golden = GOLDEN / f"replay-{look}.png"
    if pytestconfig.getoption("update_golden"):
        write(picture, golden)
    assert not compare(picture, golden, failed=tmp_path / golden.name)


def still(board: Board, theme: str) -> Image.Image:
    """Return a picture of the fourth event of which a caption speaks."""
    shots = board.film.shots[:4]
    board.go_to(sum(len(shot.reached) for shot in shots) - 1)
    remark = shots[-1].remark
    assert remark
    board.light(remark, 1)
    caption = board.stage.part(CaptionBar).caption(remark.caption)
    return Image.fromarray(photograph(board.standing, board.moving, caption, theme=theme))

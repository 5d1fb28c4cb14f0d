"""Bars are as long as what they stand for, at rest and while they grow."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from manim import Camera, tempconfig
from told import MEDIA

from pagereel.check.pytest.golden import compare, write
from pagereel.stage.layout.bars import RowSizes, bars_below, bars_beside
from pagereel.stage.layout.places import Region, picture_size, px
from pagereel.stage.parts.memory.bar import GAP, Bar, Piece, Texture
from pagereel.stage.parts.memory.bars import BarRow, number_label, row_sizes
from pagereel.stage.theme import THEMES

if TYPE_CHECKING:
    from collections.abc import Iterator

GOLDEN = Path(__file__).parents[1] / "golden"
THEME = THEMES["dark"]
GREEN, ORANGE = THEME.tasks["green"], THEME.tasks["orange"]
PLACE = Region(-4, 0.2, 4, -0.2)
PIECES = [
    Piece(("A", "tokens"), 8, Texture.SOLID, GREEN),
    Piece(("B", "tokens"), 0, Texture.SOLID, ORANGE),
    Piece(("A", "empty"), 4, Texture.HATCHED, GREEN),
    Piece("free", 4, Texture.FREE, THEME.outline),
]


@pytest.fixture(autouse=True)
def _media() -> Iterator[None]:
    with tempconfig({"media_dir": str(MEDIA)}):
        yield


def spans(bar: Bar) -> list[tuple[float, float]]:
    """Return where the shapes of a bar begin and end, those that are there."""
    drawn = [shape for shape in bar.submobjects if len(shape.points)]
    return [(shape.get_left()[0], shape.get_right()[0]) for shape in drawn]


def test_pieces_are_drawn_as_long_as_they_are() -> None:
    bar = Bar(PLACE, PIECES, total=16)
    solid, _, hatched, free = spans(bar)  # the second is the hatching of the third
    assert solid == pytest.approx((-4 + GAP / 2, -GAP / 2))
    assert hatched == pytest.approx((GAP / 2, 2 - GAP / 2))
    assert free == pytest.approx((2 + GAP / 2, 4 - GAP / 2))


@pytest.mark.parametrize("texture", Texture)
def test_nothing_is_drawn_of_a_piece_without_length(texture: Texture) -> None:
    pieces = [Piece("A", 2, texture, GREEN), Piece("B", 0, texture, ORANGE)]
    bar = Bar(PLACE, pieces, total=2)
    assert not any(len(each.points) for each in bar.submobjects if ORANGE.lower() in colors(each))
    move = bar.grow({"B": 2})
    move.begin()
    move.finish()
    drawn = [each for each in bar.submobjects if len(each.points)]
    assert drawn
    assert all(ORANGE.lower() in colors(each) for each in drawn)


def colors(shape: Any) -> set[str]:
    return {shape.get_fill_color().to_hex().lower(), shape.get_stroke_color().to_hex().lower()}


def test_a_piece_pushes_those_behind_it_as_it_grows() -> None:
    bar = Bar(PLACE, PIECES, total=16)
    lengths = {("A", "tokens"): 9, ("B", "tokens"): 1, ("A", "empty"): 3, "free": 3}
    move = bar.grow(lengths)
    assert {piece.key: piece.length for piece in bar.pieces} == lengths
    move.begin()
    move.interpolate(0.5)
    assert bar.drawn == pytest.approx((8.5, 0.5, 3.5, 3.5))
    move.finish()
    assert bar.drawn == (9, 1, 3, 3)
    assert spans(bar)[-1] == pytest.approx((2.5 + GAP / 2, 4 - GAP / 2))


def test_a_bar_is_drawn_from_left_to_right_over_what_is_left() -> None:
    bar = Bar(PLACE, PIECES, total=16, gap=0)
    bar.hide(rest=True)
    assert bar.drawn == (0, 0, 0, 16)
    move = bar.reveal(rest=True)
    move.begin()
    move.interpolate(0.5)  # 6 of the 12 before the rest
    assert bar.drawn == pytest.approx((6, 0, 0, 10))
    move.finish()
    assert bar.drawn == pytest.approx((8, 0, 4, 4))


def test_a_bar_goes_to_another_place() -> None:
    bar = Bar(PLACE, PIECES, total=16)
    move = bar.to(Region(0, 1.2, 4, 1))
    move.begin()
    move.finish()
    assert spans(bar)[0] == pytest.approx((GAP / 2, 2 - GAP / 2))
    assert bar.get_top()[1] == pytest.approx(1.2)


def test_words_of_a_number_are_dim_and_it_ends_at_its_place() -> None:
    places = bars_beside(PLACE, [RowSizes(4, 0, 5)])[0]
    label = number_label("6.1 to 9.8 %", places.number, THEME.ink, THEME.dim)
    colors = {part.text: part.fill_color.to_hex() for part in label}
    assert colors == {"6.1": THEME.ink, "to": THEME.dim, "9.8": THEME.ink, "%": THEME.ink}
    assert label.get_right()[0] == pytest.approx(places.number.right)


@pytest.mark.parametrize("arrange", [bars_beside, bars_below])
@pytest.mark.parametrize("size", [(13.5, 5.4), (7.4, 10), (7.4, 5.2)])
def test_rows_stay_in_their_region_and_apart(arrange: object, size: tuple[float, float]) -> None:
    assert callable(arrange)
    width, height = size
    region = Region(-width / 2, height / 2, width / 2, -height / 2)
    rows = arrange(region, [row_sizes("parallel sampling", "ShareGPT", "16.2 to 30.5 %")] * 4)
    assert rows[0].label.top <= region.top + 1e-9
    assert rows[-1].bar.bottom >= region.bottom - 1e-9
    for above, below in itertools.pairwise(rows):
        assert above.bar.bottom > below.number.top - px(2)
    for row in rows:
        assert row.note is not None
        assert row.bar.width > px(60)
        assert row.bar.height > px(30)


def test_rows_look_as_they_did(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    texts = [("in pages", "", "40 tokens"), ("reserved", "a note", "6.1 to 9.8 %")]
    places = bars_beside(Region(-6.5, 1, 6.5, -1), [row_sizes(*text) for text in texts], most=1)
    rows = [
        BarRow(place, text, Bar(place.bar, PIECES, total=16, gap=gap), theme=THEME)
        for place, text, gap in zip(places, texts, (GAP, 0), strict=True)
    ]
    width, height = picture_size(480, 270)
    settings = {"pixel_width": 480, "pixel_height": 270, "frame_width": width}
    with tempconfig({**settings, "frame_height": height}):
        camera = Camera(background_color=THEME.background)
        camera.capture_mobjects([mobject for row in rows for mobject in row.mobjects])
    picture = camera.get_image().convert("RGB")
    golden = GOLDEN / "bars.png"
    if pytestconfig.getoption("update_golden"):
        write(picture, golden)
    assert compare(picture, golden, failed=tmp_path / golden.name) is None
    assert np.asarray(picture).std() > 1

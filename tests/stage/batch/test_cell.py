"""A cell of a strip shows what its task does, also as it turns, moves, or loses what was there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from manim import VGroup, VMobject, tempconfig
from told import MEDIA

from pagereel.stage.layout.places import Region
from pagereel.stage.parts.batch.cell import StripCell
from pagereel.stage.parts.batch.course import Cell, Does
from pagereel.stage.theme import THEMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from manim import Animation, Mobject

BOX, OTHER = Region(0, 1, 1, 0), Region(2, 1.4, 3.2, 0.4)
NARROW = Region(2, 1, 2.01, 0)
DASHED = {Does.ASKS, Does.GIVEN_UP, Does.SENT_BACK}
NUMBERED = (Does.PROMPT, Does.PAGE)  # in order: all processes have to collect the same tests
NO_SIGN = {Does.RUNS}


@pytest.fixture(autouse=True)
def _media() -> Iterator[None]:
    with tempconfig({"media_dir": str(MEDIA)}):
        yield


def cell(does: Does, *, number: int | None = 7, gone: bool = False) -> Cell:
    return Cell("A", does, number if does in NUMBERED else None, gone)


def strip_cell(shown: Cell, box: Region = BOX) -> StripCell:
    theme = THEMES["dark"]
    return StripCell(shown, box, color=theme.tasks["green"], theme=theme)


def finish(moves: Sequence[Animation]) -> list[object]:
    """Let movements happen; return what leaves."""
    for move in moves:
        move.begin()
        move.finish()
    return [move.mobject for move in moves if move.remover]


def drawing(shape: Mobject) -> list[tuple[object, ...]]:
    return [
        (part.points.round(6).tolist(), part.get_fill_opacity(), str(part.get_stroke_color()))
        for part in shape.family_members_with_points()
        if isinstance(part, VMobject)
    ]


@pytest.mark.parametrize("does", Does)
def test_each_kind_has_its_box_and_its_sign(does: Does) -> None:
    shown = strip_cell(cell(does))
    assert (shown.sign is None) == (does in NO_SIGN)
    assert (len(shown.body.get_subpaths()) > 1) == (does in DASHED)
    assert shown.hatching is None
    for shape in shown.mobjects:
        assert BOX.left - 0.02 <= shape.get_left()[0] <= shape.get_right()[0] <= BOX.right + 0.02
        assert BOX.bottom - 0.02 <= shape.get_bottom()[1] <= shape.get_top()[1] <= BOX.top + 0.02
    assert len(shown.enter()) == len(shown.mobjects)


@pytest.mark.parametrize("does", NUMBERED, ids=lambda does: does.name)
def test_a_number_that_is_not_known_has_no_sign(does: Does) -> None:
    assert strip_cell(cell(does, number=None)).sign is None


@pytest.mark.parametrize("does", [each for each in Does if each not in DASHED])
def test_what_is_lost_is_hatched_and_keeps_only_a_prompt_s_number(does: Does) -> None:
    shown = strip_cell(cell(does))
    before = shown.sign
    left = finish(shown.turn(cell(does, gone=True)))
    assert shown.hatching is not None
    assert (before in left) == (before is not None)
    assert (shown.sign is not None) == (does is Does.PROMPT)
    if does is Does.PROMPT:  # it stands on a ground of its own
        assert isinstance(shown.sign, VGroup)
    assert drawing(shown.body) == drawing(strip_cell(cell(does, gone=True)).body)


@pytest.mark.parametrize("does", [Does.TOKEN, Does.ASKS])
@pytest.mark.parametrize("other", [Does.PAGE, Does.GIVEN_UP])
def test_a_cell_that_turns_looks_as_one_that_was_drawn_so(does: Does, other: Does) -> None:
    shown, there = strip_cell(cell(does)), strip_cell(cell(other))
    body = shown.body
    left = finish(shown.turn(cell(other)))
    assert shown.cell == there.cell
    assert [*map(drawing, shown.mobjects)] == [*map(drawing, there.mobjects)]
    # A whole outline cannot become a dashed one: it leaves, and the other comes.
    assert (body in left) == ((does in DASHED) != (other in DASHED))


@pytest.mark.parametrize("gone", [False, True])
def test_a_cell_takes_another_place(*, gone: bool) -> None:
    shown, there = strip_cell(cell(Does.TOKEN)), strip_cell(cell(Does.TOKEN), OTHER)
    if gone:
        finish(shown.turn(cell(Does.TOKEN, gone=True)))
        there = strip_cell(cell(Does.TOKEN, gone=True), OTHER)
    moves = shown.to(OTHER)
    assert finish(moves) == []
    assert drawing(shown.body) == drawing(there.body)
    assert len(moves) == len(there.mobjects)


def test_where_it_is_narrow_the_sign_shrinks_to_a_speck_and_all_may_leave() -> None:
    shown = strip_cell(cell(Does.TOKEN))
    assert shown.sign is not None
    width = shown.sign.width
    left = finish(shown.to(NARROW, leaves=True))
    assert left == [shown.body, shown.sign]
    assert shown.sign.width < width / 50

"""A page of token slots shows what its look says, however it came to it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from manim import Camera, VMobject, tempconfig
from told import MEDIA

from pagereel.check.pytest.golden import compare, write
from pagereel.stage.layout.places import Region, picture_size, px
from pagereel.stage.layout.slots import Head, line_page, pip_page, row_of, two_row_page
from pagereel.stage.part import LimitError
from pagereel.stage.parts.slots.look import (
    BLANK,
    FREE,
    Edge,
    PageLook,
    Paint,
    bar,
    empty,
    pages_of,
    word,
)
from pagereel.stage.parts.slots.page import SlotPage
from pagereel.stage.theme import THEMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from manim import Animation, Mobject

    from pagereel.stage.layout.slots import PagePlaces

GOLDEN = Path(__file__).parents[1] / "golden"
THEME = THEMES["dark"]
A, B = "A", "B"
SHAPES: dict[str, PagePlaces] = {
    "pips": pip_page(Region(-0.5, 0.5, 0.5, -0.5), 4),
    "two rows": two_row_page(Region(-1.2, 1, 1.2, -0.9), 4),
    "two rows, a rule": two_row_page(Region(-1, 0.5, 1, -0.5), 4, ruled=True),
    "two rows, a spine": two_row_page(Region(-1, 0.4, 1, -0.4), 4, head=Head.LEFT),
    "lines": line_page(Region(-0.8, 0.8, 0.8, -0.8), 4, first=8),
}
LOOKS = {
    "free": PageLook(number="0", note="free", slots=(FREE,) * 4),
    "prompt": PageLook(
        number="0",
        note="refcount 1",
        holders=(A,),
        slots=(word("the", A), word("old", A), empty(A), empty(A)),
    ),
    "asked": PageLook(
        number="0",
        note="refcount 2",
        note_lit=True,
        holders=(A, B),
        lit=True,
        slots=(word("the", A), word("old", A), replace(empty(A), lit=True), empty(A)),
    ),
    "written": PageLook(
        number="0",
        note="refcount 1",
        holders=(B,),
        slots=(
            replace(word("the", B), lit=True),
            word("old", B),
            word("sofa", B, own=True),
            bar(B),
        ),
    ),
    "cached": PageLook(
        number="7", holders=(A,), edge=Edge.DASHED, slots=(word("the", A), bar(A), empty(A), BLANK)
    ),
    "waiting": PageLook(dim=True, slots=(word("the"), word("old"), BLANK, BLANK)),
    "dimmed": PageLook(
        number="0", note="free", holders=(A,), dim=True, slots=(word("the", A), bar(A), *2 * [FREE])
    ),
    "no frame": PageLook(edge=Edge.NONE, holders=(A,), slots=(bar(A), empty(A), FREE, FREE)),
}


@pytest.fixture(autouse=True)
def _media() -> Iterator[None]:
    with tempconfig({"media_dir": str(MEDIA)}):
        yield


def page_of(places: PagePlaces, look: PageLook, theme: str = "dark", first: int = 8) -> SlotPage:
    """Return a page in a theme's own colours."""
    tasks = THEMES[theme].tasks
    paint = Paint(THEMES[theme], dict(zip("ABCD", tasks.values(), strict=False)))
    return SlotPage(places, look, paint, first=first)


def finish(moves: Sequence[Animation]) -> None:
    for move in moves:
        move.begin()
        move.finish()


def drawing(mobject: Mobject) -> tuple[object, ...]:
    """Return what a mobject draws: points that nobody sees do not count."""
    assert isinstance(mobject, VMobject)
    fill, stroke = mobject.get_fill_rgbas()[:, 3].max(), mobject.get_stroke_rgbas()[:, 3].max()
    if not (fill or (stroke and mobject.get_stroke_width())):
        return ()
    line = mobject.get_stroke_width() if stroke else 0
    middle = mobject.get_fill_rgbas()[[0, -1]] * fill, mobject.get_stroke_rgbas()[[0, -1]] * stroke
    return (*(np.round(each, 4).tolist() for each in (mobject.points, *middle)), round(line, 4))


def drawn(page: SlotPage) -> list[tuple[object, ...]]:
    return sorted((seen for seen in map(drawing, page.mobjects) if seen), key=repr)


@pytest.mark.parametrize("shape", ["pips", "two rows", "lines"])
def test_a_page_that_turns_looks_as_one_that_was_drawn_so(shape: str) -> None:
    places = SHAPES[shape]
    page = page_of(places, LOOKS["free"])
    for name, look in (*LOOKS.items(), ("free", LOOKS["free"])):
        finish(page.turn(look))
        assert page.look == look
        assert drawn(page) == drawn(page_of(places, look)), name


@pytest.mark.parametrize("name", ["asked", "cached"])
def test_a_page_that_moves_looks_as_one_that_was_drawn_there(name: str) -> None:
    there = two_row_page(Region(1, 3, 4, 1), 4, ruled=True)
    page = page_of(SHAPES["two rows, a rule"], LOOKS[name])
    finish(page.to(there))
    assert drawn(page) == drawn(page_of(there, LOOKS[name]))


def test_what_is_alike_does_not_move() -> None:
    page = page_of(SHAPES["two rows"], LOOKS["prompt"])
    assert page.turn(LOOKS["prompt"]) == []
    words = [page.cells[0].content, page.cells[1].content]
    moved = {id(move.mobject) for move in page.turn(LOOKS["prompt"].with_slot(2, word("cat", A)))}
    assert not moved & {*map(id, words)}


def test_a_slot_that_lights_up_and_goes_out_leaves_the_page_as_it_was() -> None:
    page = page_of(SHAPES["lines"], LOOKS["prompt"])
    before = drawn(page)
    moves = page.blink(1)
    assert page.look == LOOKS["prompt"]
    for move in moves:
        move.begin()
        move.interpolate(0.5)
    lit = LOOKS["prompt"].with_slot(1, replace(word("old", A), lit=True))
    assert drawn(page) == drawn(page_of(SHAPES["lines"], lit))
    for move in moves:
        move.finish()
    assert drawn(page) == before


def test_only_the_slot_moves_that_changes() -> None:
    page = page_of(SHAPES["lines"], LOOKS["prompt"])
    moved = {id(move.mobject) for move in page.turn(LOOKS["prompt"].with_slot(1, word("new", A)))}
    others = [cell.content for number, cell in enumerate(page.cells) if number != 1]
    assert not moved & {*map(id, [page.box, *others])}


def test_a_page_stays_in_its_box() -> None:
    for name, places in SHAPES.items():
        for look in (LOOKS["asked"], LOOKS["cached"]):
            for mobject in page_of(places, look).mobjects:
                if not drawing(mobject):
                    continue
                over = px(60) if places.number and places.number.y > places.box.top else 0
                hair = px(5)
                (left, bottom, _), (right, top, _) = (
                    mobject.get_critical_point((-1, -1, 0)),
                    mobject.get_critical_point((1, 1, 0)),
                )
                assert left >= places.box.left - hair, name
                assert right <= places.box.right + hair, name
                assert bottom >= places.box.bottom - hair, name
                assert top <= places.box.top + hair + over, name


def test_a_word_that_does_not_fit_is_refused() -> None:
    look = LOOKS["prompt"].with_slot(0, word("Donaudampfschifffahrt", A))
    with pytest.raises(LimitError, match="'Donaudampfschifffahrt' is too wide for a token slot"):
        page_of(SHAPES["two rows"], look)


def test_the_tokens_of_a_task_are_cut_into_pages() -> None:
    tokens = [word(says, A) for says in ("The", "cat", "sat", "on", "the")]
    first, second = pages_of(tokens, 4, A)
    assert first == tuple(tokens[:4])
    assert second == (tokens[4], *3 * [empty(A)])
    assert pages_of([], 4, A) == []


@pytest.mark.parametrize("theme", THEMES)
def test_pages_of_all_shapes(theme: str, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    width, height = picture_size(960, 540)
    area = Region(-width / 2 + 0.4, height / 2 - 0.6, width / 2 - 0.4, 0.2 - height / 2)
    grid = row_of(area, 16, columns=4, gap=0.3, below=0.6)
    mobjects: list[Mobject] = []
    for number, (place, look) in enumerate(zip(grid, 2 * [*LOOKS.values()], strict=True)):
        square = replace(place, right=place.left + place.height)
        # All shapes, each with two looks.
        places = [
            pip_page(square, 4),
            two_row_page(place, 4),
            two_row_page(place, 4, ruled=True),
            two_row_page(place, 4, head=Head.LEFT),
            line_page(place, 4, first=8),
        ][(number + number // 8) % 5]
        mobjects += page_of(places, look, theme).mobjects
    with tempconfig(
        {"pixel_width": 960, "pixel_height": 540, "frame_width": width, "frame_height": height}
    ):
        camera = Camera(background_color=THEMES[theme].background)
        camera.capture_mobjects(mobjects)
    picture, golden = camera.get_image().convert("RGB"), GOLDEN / f"slots-{theme}.png"
    if pytestconfig.getoption("update_golden"):
        write(picture, golden)
    assert not compare(picture, golden, failed=tmp_path / golden.name)

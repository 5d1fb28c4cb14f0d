"""Signs say what they are given, and fit where they are put."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from manim import tempconfig
from told import MEDIA

from pagereel.stage.layout.places import MIN_CAP, Region, Spot
from pagereel.stage.part import LimitError
from pagereel.stage.parts.sharing.signs import badge, bracket, equals, hash_key, said
from pagereel.stage.text.label import Label
from pagereel.stage.theme import DARK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from manim import VGroup

GREEN = DARK.tasks["green"]
HAIR = 1e-6


@pytest.fixture(autouse=True)
def _media() -> Iterator[None]:
    with tempconfig({"media_dir": str(MEDIA)}):
        yield


def words(sign: VGroup) -> list[str]:
    return [each.text for each in sign if isinstance(each, Label)]


def box(mobject: VGroup | Label) -> tuple[float, float, float, float]:
    """Return left, bottom, right and top."""
    return (*mobject.get_corner((-1, -1, 0))[:2], *mobject.get_corner((1, 1, 0))[:2])


def is_within(inner: VGroup | Label, region: Region) -> bool:
    left, bottom, right, top = box(inner)
    return (
        region.left - HAIR <= left
        and right <= region.right + HAIR
        and region.bottom - HAIR <= bottom
        and top <= region.top + HAIR
    )


@pytest.mark.parametrize("lit", [True, False])
def test_a_badge_has_its_tasks_colour_only_if_it_is_lit(*, lit: bool) -> None:
    circle, name = badge("A", 1, color=GREEN, theme=DARK, lit=lit)
    assert words(badge("A", 1, color=GREEN, theme=DARK, lit=lit)) == ["A"]
    ring, ink = (GREEN, GREEN) if lit else (DARK.outline, DARK.dim)
    assert str(circle.get_stroke_color()) == ring.upper()
    assert name.fill_color.to_hex() == ink.upper()
    assert circle.get_fill_opacity() == (DARK.page_fill if lit else 0)
    assert circle.width == pytest.approx(1)
    assert name.get_center()[:2] == pytest.approx((0, 0), abs=0.02)


def test_a_name_becomes_smaller_in_its_badge_or_is_refused() -> None:
    name: Any
    _, name = badge("req-4", 1, color=GREEN, theme=DARK, lit=True)
    assert MIN_CAP <= name.cap < 0.36
    assert name.width <= 0.8 + HAIR
    with pytest.raises(LimitError, match="the name 'request-42' is too long for a badge; shorten"):
        badge("request-42", 0.4, color=GREEN, theme=DARK, lit=True)


def test_a_bracket_spans_what_it_is_of_and_leaves_room_for_its_text() -> None:
    sign = bracket(((-3, 1), (3, 1)), "4 tokens", DARK)
    label, left, right = sign
    assert words(sign) == ["4 tokens"]
    assert [left.get_left()[0], right.get_right()[0]] == pytest.approx([-3, 3])
    assert left.get_right()[0] < label.get_left()[0] < label.get_right()[0] < right.get_left()[0]
    assert left.get_top()[1] == pytest.approx(1), "the hooks point down"
    assert left.get_bottom()[1] == pytest.approx(right.get_bottom()[1])
    assert left.get_bottom()[1] < 1


@pytest.mark.parametrize("room", [0.2, 5])
def test_two_bars_stand_one_over_the_other_in_the_gap(room: float) -> None:
    below, above = equals((1, 2), room, DARK)
    lower, upper = float(below.get_top()[1]), float(above.get_bottom()[1])
    assert lower < 2 < upper
    assert below.width == above.width
    assert float(below.width) <= 0.7 * room + HAIR
    assert below.get_center()[0] == pytest.approx(1)


@pytest.mark.parametrize(
    ("page", "lines"),
    [(0, ["h0 = hash", "(page 0)"]), (2, ["h2 = hash", "(h1, page 2)"])],
)
def test_a_hash_takes_in_the_one_of_the_page_before_it(page: int, lines: list[str]) -> None:
    region = Region(-1, 1, 1, -0.5)
    sign = hash_key(region, page, DARK)
    assert words(sign) == lines
    assert is_within(sign, region)
    upper, lower = (each for each in sign if isinstance(each, Label))
    assert lower.get_top()[1] < upper.get_bottom()[1]


def test_words_stand_in_their_places() -> None:
    spots = [Spot.at(-2, 1, 0.2, width=3, align=0), Spot.at(-2, 0, 0.2, width=3, align=0)]
    sign = said(["one", "two"], spots, color=GREEN)
    assert words(sign) == ["one", "two"]
    assert [each.get_center()[1] for each in sign] == pytest.approx([1, 0], abs=0.06)
    assert {each.fill_color.to_hex() for each in sign} == {GREEN.upper()}

"""Glows and shadows are one text with what they are copies of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from manim import BLACK, DOWN, GREEN, GREY, RIGHT, Camera, Text

from pagereel.check.see.read import read
from pagereel.check.see.things import Names

if TYPE_CHECKING:
    from manim import Mobject

    from pagereel.check.see.parts import Words


@pytest.fixture(scope="module")
def word() -> Text:
    return Text("glow")


def seen(*mobjects: Mobject) -> tuple[Words, ...]:
    return read(Camera(pixel_width=854, pixel_height=480), mobjects, Names())[0]


def test_a_glow_and_its_text_are_one(word: Text) -> None:
    glows = [word.copy().set_stroke(GREEN, width, 0.1).set_fill(opacity=0.06) for width in (9, 18)]
    [text] = seen(*glows, word)
    assert text.mobject is word
    assert {id(glyph) for glow in (*glows, word) for glyph in glow} == text.leaves


def test_a_shadow_is_not_the_text(word: Text) -> None:
    shadow = word.copy().set_color(GREY).shift(0.05 * (RIGHT + DOWN))
    [text] = seen(shadow, word)
    assert text.mobject is word


def test_a_dark_copy_behind_sets_a_text_off(word: Text) -> None:
    [text] = seen(word.copy().set_stroke(BLACK, 8), word)
    assert text.halos[:, 3] == pytest.approx(1)


def test_the_same_word_elsewhere_is_another_text(word: Text) -> None:
    assert len(seen(word, word.copy().shift(0.5 * RIGHT))) == 2
    assert len(seen(word, word.copy().scale(2))) == 2
    assert len(seen(word, Text("slow"))) == 2

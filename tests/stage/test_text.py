"""Text stands where it is put, in the size it is told, in the bundled fonts."""

from __future__ import annotations

import numpy as np
import pytest
from manim import tempconfig

from pagereel import assets
from pagereel.errors import StageError
from pagereel.stage import text
from pagereel.stage.text import Face, Label, text_width


def label(words: str, face: Face = Face.SERIF, **options: float) -> Label:
    return Label(words, face, cap=0.5, color="#FFFFFF", **options)


@pytest.mark.parametrize("face", Face)
def test_cap_is_the_height_of_a_capital(face: Face) -> None:
    assert label("H", face).height == pytest.approx(0.5)


def test_put_keeps_the_baseline() -> None:
    """Descenders do not lift a text, and ascenders do not lower it."""
    low, high = (label(words).put(1, 2).get_bottom()[1] for words in ("ace", "HIT"))
    assert low == pytest.approx(high, abs=0.02)
    assert label("gap").put(1, 2).get_bottom()[1] < high - 0.08
    assert high == pytest.approx(2 - 0.25, abs=0.01)


@pytest.mark.parametrize(("align", "edge"), [(-1, [-1, 0, 0]), (0, [0, 0, 0]), (1, [1, 0, 0])])
def test_put_aligns(align: float, edge: list[float]) -> None:
    assert label("some words").put(3, 0, align).get_critical_point(np.array(edge))[
        0
    ] == pytest.approx(3)


def test_a_wide_text_is_made_smaller() -> None:
    words = "a title that is too wide"
    assert label(words, width=2).width == pytest.approx(2)
    assert label(words, width=100).cap == 0.5


def test_letters_stand_where_the_label_stands() -> None:
    words = label("Paged KV").put(1, 1, 1)
    letters = words.letters()
    assert len(letters) == 7
    assert letters.get_center() == pytest.approx(words.get_center())
    assert letters.height == pytest.approx(words.height)


def test_monospaced_text_advances_as_the_layout_counts() -> None:
    from pagereel.stage.layout import MONO_ADVANCE  # noqa: PLC0415

    ten, twenty = (text_width("0" * n, Face.MONO) for n in (10, 20))
    assert (twenty - ten) / 10 == pytest.approx(MONO_ADVANCE, rel=0.01)


def test_a_small_picture_does_not_break_lines() -> None:
    """manim wraps at the picture's width in pixels, and caches the result for all widths."""
    with tempconfig({"pixel_width": 64, "pixel_height": 64}):
        text._outline.cache_clear()
        narrow = text_width("words of a rather long caption", Face.SERIF)
    text._outline.cache_clear()
    assert narrow == text_width("words of a rather long caption", Face.SERIF)
    assert narrow > 15


def test_markup_is_drawn_as_it_is_written() -> None:
    assert len(label("a < b & c").letters()) == 5


def test_a_missing_font_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = assets.ROOT / "fonts" / "Gone.ttf"
    monkeypatch.setattr(assets, "FONTS", (*assets.FONTS, gone))
    text._register_fonts.cache_clear()
    with pytest.raises(StageError, match=r"Gone\.ttf: this font is missing; restore it"):
        text_width("a text that was never laid out before", Face.SERIF)

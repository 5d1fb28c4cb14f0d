"""Text stands where it is put, in the size it is told, in the bundled fonts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import manimpango
import numpy as np
import pytest
from manim import config, tempconfig

from pagereel import assets
from pagereel.errors import CannotWrite, StageError
from pagereel.glyphs import draw_markup
from pagereel.stage.layout.places import CaptionPlace, Region
from pagereel.stage.text import fonts, outline
from pagereel.stage.text.label import Label, caption, text_width
from pagereel.stage.text.outline import Face

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def forget() -> None:
    """Forget what is known of texts and fonts in memory."""
    outline._outline.cache_clear()
    outline._layout_engine.cache_clear()


@pytest.fixture
def laid_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Begin with nothing kept; note what is laid out."""
    words = []

    def note(text: str, file: Path, **options: Any) -> None:
        words.append(text)
        draw_markup(text, file, **options)

    monkeypatch.setattr(outline, "draw_markup", note)
    forget()
    with tempconfig({"media_dir": str(tmp_path)}):
        yield words
    forget()


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
    from pagereel.stage.layout.places import MONO_ADVANCE  # noqa: PLC0415

    ten, twenty = (text_width("0" * n, Face.MONO) for n in (10, 20))
    assert (twenty - ten) / 10 == pytest.approx(MONO_ADVANCE, rel=0.01)


def test_a_small_picture_does_not_break_lines(laid_out: list[str]) -> None:
    """manim wraps at the picture's width in pixels, and caches the result for all widths."""
    words = "words of a rather long caption"
    with tempconfig({"pixel_width": 64, "pixel_height": 64}):
        narrow = text_width(words, Face.SERIF)
    forget()
    with tempconfig({"media_dir": f"{config.media_dir}/elsewhere"}):
        assert narrow == text_width(words, Face.SERIF)
    assert narrow > 15
    assert len(laid_out) == 2


def test_what_is_laid_out_is_kept(laid_out: list[str]) -> None:
    first = label("kept").points
    forget()
    again = label("kept").points
    assert laid_out == ["Hkept"]
    assert np.array_equal(first, again)
    forget()
    label("kept", Face.MONO)
    assert laid_out == ["Hkept", "Hkept"]


def test_other_fonts_or_libraries_lay_out_again(
    laid_out: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    label("kept")
    forget()
    monkeypatch.setattr(manimpango, "pango_version", lambda: "0.0.0")
    label("kept")
    assert laid_out == ["Hkept", "Hkept"]


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04", None], ids=["empty", "short", "flipped"])
def test_what_is_kept_and_damaged_is_laid_out_again(
    laid_out: list[str], damage: bytes | None
) -> None:
    first = label("kept").points
    forget()
    (kept,) = (config.get_dir("media_dir") / "texts" / "one-line").glob("*.npz")
    content = bytearray(kept.read_bytes())
    content[len(content) // 2] ^= 255
    kept.write_bytes(bytes(content) if damage is None else damage)
    assert np.array_equal(first, label("kept").points)
    assert laid_out == ["Hkept", "Hkept"]
    forget()
    label("kept")
    assert laid_out == ["Hkept", "Hkept"]


@pytest.mark.parametrize("face", Face)
def test_glyphs_are_those_of_manims_text(face: Face, tmp_path: Path) -> None:
    words = "Half of 8 < 9 & “fi” é"
    fonts.register_fonts()
    manims = outline.in_one_line("H" + words, *face.value, folder=tmp_path)
    capital, *shapes = (each.points for each in manims.submobjects if len(each.points))
    expected = outline.scaled(capital, shapes)
    found = outline._laid_out(words, face, None, folder=tmp_path)
    assert [*found.ends] == [*expected.ends]
    assert found.points == pytest.approx(expected.points, abs=1e-9)


def test_markup_is_drawn_as_it_is_written() -> None:
    assert len(label("a < b & c").letters()) == 5


def test_a_missing_font_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = assets.ROOT / "fonts" / "Gone.ttf"
    monkeypatch.setattr(assets, "FONTS", (*assets.FONTS, gone))
    forget()
    with pytest.raises(StageError, match=r"Gone\.ttf: this font is missing; restore it"):
        text_width("a text that was never laid out before", Face.SERIF)


def test_another_font_is_an_error_and_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_another_font(text: str, file: Path, **options: Any) -> None:
        draw_markup(text, file, **{**options, "font": Face.MONO.value[0]})

    monkeypatch.setattr(outline, "draw_markup", in_another_font)
    forget()
    with (
        tempconfig({"media_dir": str(tmp_path)}),
        pytest.raises(StageError, match="Pango drew another font than Liberation Serif"),
    ):
        label("another")
    assert list(tmp_path.rglob("*.npz")) == []


def test_what_manim_laid_out_before_is_not_trusted(
    laid_out: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A killed process leaves an empty file, and one that did not know the font, another text."""

    def half(text: str, file: Path, **options: Any) -> None:
        del text, options
        file.write_text("")
        raise KeyboardInterrupt

    whole = label("kept").points
    for file in config.get_dir("media_dir").rglob("*.npz"):
        file.unlink()
    forget()
    with monkeypatch.context() as patch:
        patch.setattr(outline, "draw_markup", half)
        with pytest.raises(KeyboardInterrupt):
            label("kept")
    assert np.array_equal(whole, label("kept").points)
    assert laid_out == ["Hkept", "Hkept"]
    assert not list(config.get_dir("media_dir").rglob("*.svg"))


def test_a_file_in_the_place_of_the_folder_for_texts(laid_out: list[str]) -> None:
    texts = config.get_dir("media_dir") / "texts"
    texts.touch()
    with pytest.raises(CannotWrite, match="texts/one-line: cannot be written: Not a directory"):
        label("kept")
    assert laid_out == []


def test_a_caption_rather_breaks_after_a_sentence_than_after_a_comma() -> None:
    place = CaptionPlace.within(Region(-3, 0, 3, -2))
    lines = caption(
        "They finish: refcount 3, 2, 1, 0. The prompt stays cached.", place, color="#FFFFFF"
    )
    said = [label.text for label in lines]
    assert said == ["They finish: refcount 3, 2, 1, 0.", "The prompt stays cached."]

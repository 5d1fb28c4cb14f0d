"""Characters that no font has are found, and those that have nothing to draw are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from manim import MarkupText, Text, tempconfig

from pagereel.glyphs import described, is_box, missing_glyphs, no_font_has

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Private-use characters of the last plane: no font has them.
ONE, TWO = "\U0010fa57", "\U0010fa58"


@pytest.fixture(autouse=True)
def media(tmp_path: Path) -> Iterator[None]:
    with tempconfig({"media_dir": str(tmp_path), "verbosity": "ERROR"}):
        yield


@pytest.mark.parametrize("character", ["\ue123", ONE])
def test_no_font_has_it(character: str) -> None:
    assert no_font_has(character)


@pytest.mark.parametrize(
    "character",
    [
        *("a", "<", "&", "\N{GREEK SMALL LETTER PI}", "\N{COMBINING ACUTE ACCENT}"),
        *("\N{ZERO WIDTH JOINER}", "\N{SOFT HYPHEN}", "\N{VARIATION SELECTOR-16}"),
        *("\N{NO-BREAK SPACE}", "\N{RIGHT-TO-LEFT MARK}", "\N{ZERO WIDTH NO-BREAK SPACE}"),
    ],
)
def test_it_can_be_drawn_or_has_nothing_to_draw(character: str) -> None:
    assert not no_font_has(character)


def test_each_character_is_named_once_with_the_font_that_it_was_to_have() -> None:
    text = Text(f"{ONE}a{ONE} {TWO}", font="Serif", t2f={TWO: "Mono"}, warn_missing_font=False)
    assert missing_glyphs(text) == {ONE: "'Serif'", TWO: "'Mono'"}
    assert missing_glyphs(text.copy()) == missing_glyphs(text)
    assert missing_glyphs(Text("all there")) == {}


def test_markup_is_no_part_of_the_text() -> None:
    text = MarkupText(f"<b>{ONE}</b> <u>&lt;b&gt;</u> &#x{ord(TWO):x};")
    assert missing_glyphs(text) == {ONE: "the default font", TWO: "the default font"}


def test_a_letter_without_its_text_is_known() -> None:
    assert sum(is_box(letter) for letter in Text(f"a{ONE}b")) == 1


def test_many_are_counted() -> None:
    found = dict.fromkeys("abcdef", "'Serif'") | {"g": "the default font"}
    assert described(found) == (
        "'a' (U+0061), 'b' (U+0062), 'c' (U+0063), 'd' (U+0064) and 2 more for 'Serif'; "
        "'g' (U+0067) for the default font"
    )

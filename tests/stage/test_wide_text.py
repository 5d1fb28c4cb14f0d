"""Chinese, Japanese and Korean stand on the line of the Latin letters, in a font that has them."""

from __future__ import annotations

import numpy as np
import pytest

from pagereel.assets import LANGUAGE_FILES, ROOT, STORIES
from pagereel.errors import GlyphError
from pagereel.languages import ENGLISH, by_code
from pagereel.stage.layout.places import CaptionPlace, Region
from pagereel.stage.text import fonts
from pagereel.stage.text.fonts import Script, lacking, say, script_for, speak
from pagereel.stage.text.label import Label, caption
from pagereel.stage.text.outline import Face, _key, outline
from pagereel.stage.timing import reading_time

BUNDLED = Script("zh-Hans", "Pagereel CJK")


def test_our_font_has_all_letters_of_our_stories() -> None:
    files = (*STORIES.glob("*.toml"), *LANGUAGE_FILES, *ROOT.parent.glob("README-*.md"))
    said = "".join(file.read_text(encoding="utf-8") for file in files)
    assert lacking(said, BUNDLED) == [], "run `make fonts`"
    assert lacking("页龘页", BUNDLED) == ["龘"]


@pytest.mark.parametrize("face", Face)
def test_letters_stand_on_the_line_and_are_as_high_as_latin_ones(face: Face) -> None:
    mixed, latin = outline("页框 A", face), outline("A", face)
    *wide, capital = mixed.glyphs
    assert len(wide) == 2
    assert np.ptp(capital[:, 1]) == pytest.approx(np.ptp(latin.points[:, 1]), abs=0.02)
    assert capital[:, 1].min() == pytest.approx(latin.points[:, 1].min(), abs=0.02)
    for glyph in wide:
        low, high = glyph[:, 1].min(), glyph[:, 1].max()
        assert -0.2 < low < 0
        assert 1 < high < 1.25


def ink(text: str, face: Face) -> float:
    """Return the area of a text: that of the polygon whose sides its curves are."""
    points = outline(text, face).points
    (x, y), (to_x, to_y) = points[0::4, :2].T, points[3::4, :2].T
    return abs(float(np.sum(x * to_y - to_x * y))) / 2


def test_bold_letters_are_bold() -> None:
    assert ink("页框", Face.BOLD) > 1.2 * ink("页框", Face.SERIF)


def test_the_language_chooses_the_form_of_a_letter() -> None:
    drawn = []
    for code in ("zh-Hans", "ja"):
        speak(by_code(code), ["空"])
        drawn.append(outline("返", Face.SERIF).points)
    chinese, japanese = drawn
    assert chinese.shape != japanese.shape or not np.allclose(chinese, japanese)


def test_where_other_letters_are_wide_a_text_is_laid_out_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = _key("页“A”", Face.SERIF, BUNDLED)
    monkeypatch.setattr(fonts, "runs", lambda *_: [("页", True), ("“A”", False)])
    assert _key("页“A”", Face.SERIF, BUNDLED) != before


def test_one_font_has_all_letters_of_a_film(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bundled one, unless a letter is missing in it that another has."""

    def missing(letters: str, family: str) -> int:
        return sum(family == "Pagereel CJK" and letter == "龘" for letter in letters)

    monkeypatch.setattr(fonts, "_count_missing", missing)
    monkeypatch.setattr(fonts, "_installed", lambda: {"Pagereel CJK", "Songti SC", "Noto Serif SC"})
    speak(by_code("zh-Hans"), ["页"])
    assert script_for("龘") == BUNDLED
    speak(by_code("zh-Hans"), ["页", "龘"])
    assert script_for("页") == script_for("龘") == Script("zh-Hans", "Noto Serif SC")
    speak(ENGLISH)
    assert script_for("frame") is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("页龘", "Chinese"),
        ("快い", "Japanese"),  # its first letter is Chinese, too
    ],
)
def test_a_letter_that_no_font_has_is_refused(text: str, language: str) -> None:
    letter = next(each for each in text if each in "龘快")
    words = rf"no font here has '{letter}' \(U\+{ord(letter):X}\) for a text in {language}; install"
    with pytest.raises(GlyphError, match=words):
        outline(text, Face.SERIF)


def test_parts_speak_the_language_of_the_film() -> None:
    assert say("of {} in use", 8) == "of 8 in use"
    speak(by_code("ko"))
    assert say("of {} in use", 8) == "/ 8 사용 중"
    speak(ENGLISH)
    assert say("of {} in use", 8) == "of 8 in use"


def lines(text: str, width: float) -> list[Label]:
    place = CaptionPlace.within(Region(-width / 2, 1.4, width / 2, 0.0))
    return [line for line in caption(text, place, color="#FFFFFF") if isinstance(line, Label)]


def test_a_caption_breaks_after_a_comma_and_not_before() -> None:
    text = "请求 B 到达，正好放进空隙：页框 2 和 3。"
    assert [line.text for line in lines(text, 12)] == [text]
    first, second = lines(text, 5)
    assert (first.text, second.text) == ("请求 B 到达，", "正好放进空隙：页框 2 和 3。")
    assert first.get_bottom()[1] > second.get_top()[1] + 0.3 * second.cap


def test_a_caption_stands_until_it_is_read() -> None:
    assert reading_time("a" * 34) == 2
    assert reading_time("页" * 18) == 2
    assert reading_time("プ" * 18) == pytest.approx(4.6)

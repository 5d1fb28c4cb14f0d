"""Chinese, Japanese and Korean are known by their letters, and set and read by their rules."""

from __future__ import annotations

import pytest

from pagereel.assets import LANGUAGE_FILES, STORIES
from pagereel.cache.events import tier_words
from pagereel.languages import (
    CODES,
    ENGLISH,
    by_code,
    columns,
    halves,
    language_of,
    reading_load,
    runs,
    wide_letters,
)


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ((), "en"),
        (("Paged KV Cache", "→ “é”"), "en"),
        (("Paged KV Cache", "分页 KV 缓存"), "zh-Hans"),
        (("，",), "zh-Hans"),
        (("空闲", "空き"), "ja"),
        (("ｶ",), "ja"),
        (("頁", "페이지"), "ko"),
    ],
)
def test_letters_tell_the_language(texts: tuple[str, ...], code: str) -> None:
    assert language_of(texts).code == code


def test_english_needs_none_of_their_patterns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pagereel.languages._compiled", None)  # which nothing can call
    assert language_of(["Paged KV cache"]) is ENGLISH
    assert reading_load("free") == 4
    assert [*halves("on demand")] == [("on", "demand")]


def test_each_language_has_a_file_with_the_same_words() -> None:
    assert CODES == ("en", "ja", "ko", "zh-Hans")
    spoken = [by_code(file.stem) for file in LANGUAGE_FILES]
    assert len({frozenset(each.words) for each in spoken}) == 1
    for each in spoken:
        assert each.fonts[0] == "Pagereel CJK"
        for english, own in each.words.items():
            assert own.count("{}") == english.count("{}")


def test_each_language_has_words_for_tiers() -> None:
    for file in LANGUAGE_FILES:
        words = {tier_words("host"), tier_words("cpu"), "of {} pages"}
        assert words <= by_code(file.stem).words.keys()


def test_words_that_are_missing_stay_english() -> None:
    chinese = by_code("zh-Hans")
    assert chinese.say("of {} in use", 8) == "/ 8 已占用"
    assert chinese.say("of {} apples", 8) == "of 8 apples"


@pytest.mark.parametrize(
    ("text", "load"),
    [
        ("free", 4),
        ("页框", 2 * 17 / 9),
        ("枠が", 2 * 17 / 4),
        ("틀", 17 / 12),
        ("页 0", 17 / 9 + 2),
    ],
)
def test_letters_are_read_as_fast_as_the_source_says(text: str, load: float) -> None:
    assert reading_load(text) == pytest.approx(load)


def test_a_wide_letter_counts_as_two() -> None:
    assert [columns(text) for text in ("A1 é—", "页框 0", "프")] == [5, 6, 2]


def broken(text: str) -> list[str]:
    return ["|".join(halves) for halves in halves(text)]


def test_latin_lines_break_at_spaces() -> None:
    assert broken("a b-c, d.") == ["a|b-c, d.", "a b-c,|d."]
    assert broken("abc") == []


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("到达，它", ["到|达，它", "到达，|它"]),
        ("（页）框。", ["（页）|框。"]),
        ("页框 12 和", ["页|框 12 和", "页框|12 和", "页框 12|和"]),
        ("取O(1)次", ["取|O(1)次", "取O(1)|次"]),
        ("“页”……好", ["“页”……|好"]),
        ("キャッシュ", ["キャッ|シュ"]),
        ("プール", ["プー|ル"]),
        ("A가 끝나고 빈다.", ["A가|끝나고 빈다.", "A가 끝나고|빈다."]),
    ],
)
def test_lines_break_between_letters_but_not_before_a_comma(text: str, places: list[str]) -> None:
    assert broken(text) == places


def test_quotation_marks_are_wide_in_chinese_but_not_in_korean() -> None:
    assert [*runs("A “页”", "zh-Hans")] == [("A ", False), ("“页”", True)]
    assert [*runs("“틀”", "ko")] == [("“", False), ("틀", True), ("”", False)]


def test_the_letters_that_must_be_in_our_font_are_found() -> None:
    text = (STORIES / "paged_cache_zh.toml").read_text(encoding="utf-8")
    assert {*"分页缓存，。："} <= {*wide_letters(text)}

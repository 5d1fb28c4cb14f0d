"""Chinese, Japanese and Korean: which letters are theirs, and how they are set and read.

What differs from one language to another is in its file, `assets/languages/CODE.toml`. English has
none: it is what everything is written in.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from pagereel.assets import LANGUAGE_FILES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_KANA = r"\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9f"
_HANGUL = r"\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff"
# Han, and signs and punctuation that are set with them.
_HAN = (
    r"\u2e80-\u2fdf\u3000-\u3040\u3100-\u312f\u3190-\u31ef\u3200-\u9fff\uf900-\ufaff"
    r"\ufe30-\ufe4f\uff01-\uff65\uffa0-\uffef\U00020000-\U0003ffff"
)
_WIDE, _KOREAN, _JAPANESE = f"[{_KANA}{_HANGUL}{_HAN}]", f"[{_HANGUL}]", f"[{_KANA}]"
# Latin signs, which are squares in Chinese and Japanese texts.
_SIGNS = "“”‘’—…"
_RUNS = {
    signs: f"(?P<wide>[{_KANA}{_HANGUL}{_HAN}{signs}]+)|[^{_KANA}{_HANGUL}{_HAN}{signs}]+"
    for signs in ("", _SIGNS)
}

# Where a line must not begin, and where it must not end (JIS X 4051; W3C, CLREQ).
_NOT_FIRST = frozenset(
    "，。、；：！？）》〉」』】〕〗］｝％,.;:!?)]}%”’…—·～ー々〻ゝゞヽヾ"
    "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
)
_NOT_LAST = frozenset("（《〈「『【〔〖［｛￥＄([{$“‘")

LATIN_SPEED = 17
"""Latin letters that are read in a second. Source: Netflix, Timed Text Style Guide."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language in which stories are told.

    Parameters
    ----------
    code
        As in BCP 47: ``en``, ``zh-Hans``, ``ja``, ``ko``.
    name
        In English.
    fonts
        Families that have its letters, the best first.
    reading_speed
        How many of its letters are read in a second.
    words
        What parts say: in English -> in this language. ``{}`` stands for a number.
    """

    code: str
    name: str
    fonts: tuple[str, ...] = ()
    reading_speed: float = LATIN_SPEED
    words: Mapping[str, str] = field(default_factory=dict)

    def say(self, english: str, *numbers: object, plural: str | None = None) -> str:
        """Return what a part says, in English where this language has no words for it.

        `plural` is what English says of these numbers, where it is not the same for all.
        """
        words = self.words.get(english)
        if words is None and plural is not None:
            return plural
        return (words or english).format(*numbers)


ENGLISH = Language("en", "English")
CODES = (ENGLISH.code, *(file.stem for file in LANGUAGE_FILES))
"""Those of all languages."""


@cache
def by_code(code: str) -> Language:
    """Return the language that has a code of `CODES`."""
    if code == ENGLISH.code:
        return ENGLISH
    file = next(file for file in LANGUAGE_FILES if file.stem == code)
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    speed = data["reading_speed"]
    return Language(code, data["name"], tuple(data["fonts"]), speed, data["words"])


def language_of(texts: Iterable[str]) -> Language:
    """Return the language that texts are in, as their letters tell.

    Hangul is Korean, and kana is Japanese. Han alone is taken for Chinese.
    """
    text = " ".join(texts)
    if not is_wide(text):
        return ENGLISH
    if _compiled(_KOREAN).search(text):
        return by_code("ko")
    return by_code("ja" if _compiled(_JAPANESE).search(text) else "zh-Hans")


def is_wide(text: str) -> bool:
    """Return whether there are Chinese, Japanese or Korean letters or signs in a text."""
    return not text.isascii() and _compiled(_WIDE).search(text) is not None


def wide_letters(text: str) -> list[str]:
    """Return the Chinese, Japanese and Korean letters and signs of a text."""
    return [] if text.isascii() else _compiled(_WIDE).findall(text)


def columns(text: str) -> int:
    """Return how wide a text is, in Latin letters: about two for each wide one."""
    return len(text) + len(wide_letters(text))


def runs(text: str, code: str) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of a text in the language `code`, each with whether its letters are wide.

    Quotation marks, dashes and ellipses are wide in Chinese and Japanese.
    """
    for run in _compiled(_RUNS["" if code == "ko" else _SIGNS]).finditer(text):
        yield run[0], run["wide"] is not None


def reading_load(text: str) -> float:
    """Return how many Latin letters take as long to be read as a text does."""
    wide = len(wide_letters(text))
    return len(text) - wide + wide * LATIN_SPEED / language_of([text]).reading_speed


def halves(text: str) -> Iterator[tuple[str, str]]:
    """Yield the ways to break a text into two lines.

    A line breaks at spaces, and between Chinese or Japanese letters where the rules of
    punctuation allow it (kinsoku).
    """
    for place in range(1, len(text)):
        before, after = text[place - 1], text[place]
        if after == " ":
            yield text[:place], text[place + 1 :]
        elif before != " " and _may_part(before, after):
            yield text[:place], text[place:]


def _may_part(before: str, after: str) -> bool:
    if before in _NOT_LAST or after in _NOT_FIRST or not is_wide(before + after):
        return False
    return not _compiled(_KOREAN).search(before + after)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern when it is first needed: it takes milliseconds, and English needs none."""
    return re.compile(pattern)

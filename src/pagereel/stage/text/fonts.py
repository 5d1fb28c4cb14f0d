"""From which font letters come: the bundled ones, and for Chinese, Japanese and Korean one more.

A label knows what it says and not which film it is in. So a scene says once, at its beginning, in
which language it is, as manim's `config` says how large the picture is.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import manimpango

from pagereel.assets import require_fonts
from pagereel.errors import StageError
from pagereel.glyphs import SIZE, count_boxes
from pagereel.languages import ENGLISH, Language, language_of, runs, wide_letters

if TYPE_CHECKING:
    from collections.abc import Iterable

SERIF, MONO, WIDE = "Liberation Serif", "Liberation Mono", "Pagereel CJK"
# Han letters fill their squares. At nine tenths they are as high as a line of Latin ones is, from
# the foot of a g to the top of an l, and stand in the middle of a capital's height.
_WIDE_SIZE = round(0.9 * SIZE * 1024)  # in Pango's unit, 1/1024 point


@dataclass(frozen=True, slots=True)
class Script:
    """How Chinese, Japanese or Korean letters are drawn.

    Parameters
    ----------
    language
        The code of the language: the same character has other forms in another one.
    family
        The font.
    """

    language: str
    family: str


class _Film:
    """What is known of the film that is made now."""

    language = ENGLISH
    script: Script | None = None


def speak(language: Language, texts: Iterable[str] = ()) -> None:
    """Begin a film.

    Parameters
    ----------
    language
        What our parts speak in it.
    texts
        All that it says: one font is to have all its Chinese, Japanese or Korean letters.
    """
    said = "".join((*texts, *language.words.values()))
    _Film.language = language
    _Film.script = _script_of(said, language) if wide_letters(said) else None


def say(english: str, *numbers: object, plural: str | None = None) -> str:
    """Return what a part says, in the language of the film that is made now.

    Parameters
    ----------
    english
        What it says in English; a language's file may have other words for it.
    numbers
        What stands in place of each ``{}``.
    plural
        What English says of these numbers, where it is not the same for all.
    """
    return _Film.language.say(english, *numbers, plural=plural)


def script_for(text: str) -> Script | None:
    """Return how the Chinese, Japanese or Korean letters of a text are drawn; None: it has none."""
    if not wide_letters(text):
        return None
    return _Film.script or _script_of(text, ENGLISH)


def marked_up(text: str, script: Script) -> str:
    """Return a text in Pango's markup, with its Chinese, Japanese or Korean letters in a font."""
    return "".join(
        f'<span font_family="{script.family}" lang="{script.language}" fallback="false" '
        f'size="{_WIDE_SIZE}">{html.escape(run)}</span>'
        if wide
        else html.escape(run)
        for run, wide in runs(text, script.language)
    )


def lacking(text: str, script: Script) -> list[str]:
    """Return the Chinese, Japanese or Korean letters of a text that a font does not have."""
    letters = dict.fromkeys(wide_letters(text))
    return [letter for letter in letters if _count_missing(letter, script.family)]


@cache
def register_fonts() -> None:
    """Make the bundled fonts known to Pango by path, whatever is installed.

    Raises
    ------
    StageError
        If one is missing or cannot be read.
    """
    for path in require_fonts():
        if not manimpango.register_font(str(path)):
            raise StageError(f"{path}: this font cannot be read; restore the file")
    missing = {SERIF, MONO, WIDE} - set(manimpango.list_fonts())
    if missing:
        raise StageError(f"Pango does not know the font {' and '.join(sorted(missing))}")


def _script_of(said: str, language: Language) -> Script:
    """Choose the font: the first that has all letters, else the one that lacks the fewest."""
    register_fonts()
    letters = "".join(sorted({*wide_letters(said)}))
    own = language if language.fonts else language_of([letters])
    families = (each for each in own.fonts if each in _installed())
    missing = {}
    for family in families:
        missing[family] = _count_missing(letters, family)
        if not missing[family]:
            break
    return Script(own.code, min(missing, key=lambda family: missing[family]))


@cache
def _installed() -> frozenset[str]:
    return frozenset(manimpango.list_fonts())


@cache
def _count_missing(letters: str, family: str) -> int:
    """Return how many of some letters a font does not have."""
    return count_boxes(marked_up(letters, Script("", family)))

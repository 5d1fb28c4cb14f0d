"""How high capitals are in a text, whatever characters it has.

A lower-case letter, a Greek one or a sign is not as high as a capital. From the highest glyph of a
text and the highest of its characters follows the height that a capital has, or would have.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import numpy as np

from pagereel.languages import is_wide

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pagereel.check.see.parts import Floats

# Heights of characters in heights of a capital, as they are in common typefaces (Liberation
# Serif, Liberation Sans, DejaVu Sans).
_X_HEIGHT = 0.7
_ACCENTED = 1.3  # a capital with an accent
_HEIGHTS = {
    **dict.fromkeys("acemnorsuvwxz", _X_HEIGHT),
    **dict.fromkeys("bdfhiklgpqy", 1.0),
    **dict.fromkeys("βγδζηθλμξρςφχψ", 1.0),
    **dict.fromkeys("t", 0.88),
    **dict.fromkeys("()[]{}|/\\jþ", 1.3),
    **dict.fromkeys("Q", 1.2),
    **dict.fromkeys("!?&%#@$€£", 1.0),
    **dict.fromkeys("²³¹ªº", 0.6),
    **dict.fromkeys("°", 0.42),
    **dict.fromkeys("一ー―", 0.0),  # flat: they tell nothing
}
_SQUARE = 1.3  # a Han letter, a kana or a Hangul syllable beside Latin capitals
# Lengths of signs in heights of a capital, in DejaVu Sans and Computer Modern; the shorter one.
_LENGTHS = {
    **dict.fromkeys("-‐‑∘", 0.34),  # noqa: RUF001 (hyphens)
    **dict.fromkeys("–⋆", 0.57),  # noqa: RUF001 (a dash)
    **dict.fromkeys("_×", 0.69),  # noqa: RUF001 (a sign of multiplication)
}
_SIGN = 0.85  # any other: an arrow, a dash, an operator
_COMMANDS = {"circ": "∘", "star": "⋆", "times": "×", "ast": "*", "cdot": "⋅", "bullet": "•"}  # noqa: RUF001
# They tell nothing of the size of a type.
_DOTS = frozenset(".,:;·•‧∙⋅'’‘\"“”…⋯`´*")  # noqa: RUF001 (quotation marks)
_LONG = 4  # glyphs, from which on a text has a direction

_SCRIPT = re.compile(r"[_^]\s*(?:\{[^{}]*\}|\\[A-Za-z]+|[^\s{}])")
_COMMAND = re.compile(r"\\([A-Za-z]+)\*?|\\.")
# Set larger than any letter: then the highest glyph is not a letter.
_LARGE = re.compile(
    r"\\(?:left|right|[bB]igg?[lr]?|begin|sum|prod|o?int|i+nt|big(?:cup|cap|oplus)|sqrt)\b"
)
_FUNCTION = re.compile(r"a?(?:rc)?(?:sin|cos|tan|cot)h?|log|ln|exp|lim|max|min|det|dim|gcd|sup|inf")
_SILENT = re.compile(r"text.*|math.*|operatorname|[dt]?frac|over|q?quad|color|displaystyle")
_MARKS = str.maketrans("", "", "{}^_&$ ")


def capital_height(says: str, outlines: Sequence[Floats], glyphs: Floats, *, is_tex: bool) -> float:
    """Return the height that a capital has, or would have, in a text; infinite if nothing tells.

    Parameters
    ----------
    says
        What the text says; empty if that is not known.
    outlines
        Segments of each mobject that draws it, in pixels; shapes (n, 2, 2).
    glyphs
        A box for each glyph, in pixels; shape (glyphs, 4).
    is_tex
        Whether `says` is TeX.
    """
    if not says:
        return float("inf")
    if is_tex and _LARGE.search(says):
        return float(np.median(glyphs[:, 3] - glyphs[:, 1])) / _X_HEIGHT
    characters = _of_tex(says) if is_tex else says
    highest = max(map(_height, characters), default=1.0)
    if highest:
        return _highest(outlines, glyphs) / highest
    if all(character in _DOTS or character.isspace() for character in characters):
        return float("inf")
    longest = max(_LENGTHS.get(sign, _SIGN) for sign in characters if not sign.isspace())
    return float((glyphs[:, 2:] - glyphs[:, :2]).max()) / longest


def _height(character: str) -> float:
    """Return the height of a character in heights of a capital; 0 for signs of any height."""
    known = _HEIGHTS.get(character)
    if known is not None:
        return known
    kind = unicodedata.category(character)
    if kind == "Lo" and is_wide(character):
        return _SQUARE
    accented = len(unicodedata.normalize("NFD", character)) > 1
    if kind == "Ll":
        return 1.0 if accented else _X_HEIGHT
    if kind in {"Lu", "Lt"}:
        return _ACCENTED if accented else 1.0
    return 1.0 if kind == "Nd" else 0.0


def _of_tex(tex: str) -> str:
    """Return the characters of a formula that are set in its own size."""
    base, before = tex, ""
    while base != before:
        base, before = _SCRIPT.sub("", base), base
    return "".join(_shown(base)) or "".join(_shown(tex))


def _shown(tex: str) -> Iterator[str]:
    end = 0
    for command in _COMMAND.finditer(tex):
        yield tex[end : command.start()].translate(_MARKS)
        yield _of_command(command[1] or "")
        end = command.end()
    yield tex[end:].translate(_MARKS)


def _of_command(name: str) -> str:
    """Return the letters that a command sets; a sign for any other."""
    if _FUNCTION.fullmatch(name):
        return name
    if not name or _SILENT.fullmatch(name):
        return ""
    size = "CAPITAL" if name[:1].isupper() else "SMALL"
    letter = name.lower().removeprefix("var")
    try:
        return unicodedata.lookup(
            f"GREEK {size} LETTER {'LAMDA' if letter == 'lambda' else letter}"
        )
    except KeyError:
        return _COMMANDS.get(name, "→")


def _highest(outlines: Sequence[Floats], glyphs: Floats) -> float:
    """Return the height of the highest glyph across the direction of the text."""
    upright = float((glyphs[:, 3] - glyphs[:, 1]).max())
    if len(outlines) < 2:
        return upright
    middles = (glyphs[:, :2] + glyphs[:, 2:]) / 2
    way = np.median(np.diff(middles, axis=0), axis=0)  # from glyph to glyph, whatever the lines
    if abs(way[1]) < abs(way[0]) / 4:  # about horizontal: glyphs differ in height
        return upright
    across = np.array([-way[1], way[0]]) / np.hypot(*way)
    slanted = float(max(np.ptp(outline.reshape(-1, 2) @ across) for outline in outlines))
    return slanted if len(outlines) >= _LONG else max(upright, slanted)

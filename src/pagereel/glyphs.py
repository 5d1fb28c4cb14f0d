"""Characters that no font has: Pango draws a box with their number in place of each.

manim fills that box, number and all: a film shows a solid box, and nothing says so. A text with
such a box is known by the box's outline, and which characters they are is asked of Pango: it knows
the fonts of the system and those that a scene has registered, and which characters are invisible.
"""

from __future__ import annotations

import html
import re
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import manimpango
from manim import NORMAL, MarkupText, Paragraph, Text
from manim.utils.family import extract_mobject_family_members

if TYPE_CHECKING:
    from manim import Mobject, Scene

_TAG = re.compile(r"<[^>]*>")
# Pango strokes the box, with this mitre limit; glyphs, and lines under and over them, are filled.
# See `pango_cairo_renderer_show_unknown_glyph` in Pango's pangocairo-render.c. Cairo writes styles
# or, since 1.17.6, attributes.
_LIMIT = "2"
_BOX = re.compile(rf'\bstroke-miterlimit(?::|="){_LIMIT}\b')
SIZE = 20  # of characters that are drawn, in points
_WIDTH = 1 << 14  # pixels: no line is longer
_MOST = 4  # characters that a message names


def is_box(mobject: Mobject) -> bool:
    """Return whether a mobject is what stands for a character that no font has."""
    path = getattr(mobject, "path_obj", None)  # of the SVG file that Pango has drawn
    values: dict[str, Any] = getattr(path, "values", {})
    return values.get("fill") == "none" and values.get("stroke-miterlimit") == _LIMIT


def missing_glyphs(mobject: Mobject) -> dict[str, str]:
    """Return which characters of a text are drawn as boxes.

    Parameters
    ----------
    mobject
        A `Text`, `MarkupText` or `Paragraph` of manim's, or a mobject that has such.

    Returns
    -------
    dict
        Character -> the font that it was to have, in words.
    """
    found: dict[str, str] = {}
    for part in getattr(mobject, "lines_text", mobject).get_family():
        if isinstance(part, (Text, MarkupText)) and any(map(is_box, part.get_family())):
            found |= _unknown(part)
    return found


def described(missing: dict[str, str]) -> str:
    """Return missing characters in words, such as `'日' (U+65E5) for 'Liberation Serif'`."""
    fonts = dict.fromkeys(missing.values())
    return "; ".join(
        f"{listed_characters([each for each in missing if missing[each] == font])} for {font}"
        for font in fonts
    )


class GlyphWatch:
    """Finds the characters that no font has in a scene that is played, each of them once."""

    def __init__(self) -> None:
        self._seen: WeakSet[Mobject] = WeakSet()
        self._known: set[str] = set()

    def remark(self, scene: Scene) -> str:
        """Return what is new in the play that begins; empty if nothing is."""
        targets = (getattr(each, "target_mobject", None) for each in scene.animations or ())
        shown = [*scene.mobjects, *scene.foreground_mobjects, *filter(None, targets)]
        missing: dict[str, str] = {}
        for mobject in extract_mobject_family_members(shown):
            is_text = isinstance(mobject, (Text, MarkupText, Paragraph))
            if is_text and mobject not in self._seen:
                self._seen.add(mobject)
                missing |= missing_glyphs(mobject)
        new = {each: font for each, font in missing.items() if each not in self._known}
        self._known |= new.keys()
        return f"no font here has {described(new)}" if new else ""


@cache
def no_font_has(character: str, font: str = "") -> bool:
    """Return whether Pango finds a character in no font, if it is asked for this one first."""
    return bool(count_boxes(html.escape(character), font))


def count_boxes(markup: str, font: str = "") -> int:
    """Return for how many characters of Pango's markup boxes are drawn."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "characters.svg"
        draw_markup(markup, file, font=font)
        return len(_BOX.findall(file.read_text(encoding="utf-8")))


def draw_markup(markup: str, file: Path, *, font: str = "", weight: str = NORMAL) -> None:
    """Draw Pango's markup, in one line, into an SVG file, with capitals about 20 pixels high."""
    manimpango.MarkupUtils.text2svg(
        *(markup, font, NORMAL, weight, SIZE, "", False, str(file)),
        *(0, 2 * SIZE, _WIDTH, 4 * SIZE),
        justify=False,
        pango_width=_WIDTH,
    )


def _unknown(text: Text | MarkupText) -> dict[str, str]:
    """Return the characters of a text that are drawn as boxes, each with the font asked for."""
    says = text.original_text
    if isinstance(text, MarkupText):
        says = html.unescape(_TAG.sub("", says))
    others = {each: _font(text, each) for each in says if not each.isascii()}
    missing = {each: font for each, font in others.items() if no_font_has(each, font)}
    # Markup may forbid Pango to look into other fonts.
    found = missing or others or {each: _font(text, each) for each in says}
    return {each: repr(font) if font else "the default font" for each, font in found.items()}


def _font(text: Text | MarkupText, character: str) -> str:
    parts: dict[str, str] = getattr(text, "t2f", {})
    return next((font for part, font in parts.items() if character in part), text.font)


def listed_characters(characters: list[str]) -> str:
    """Return characters in words, such as `'日' (U+65E5)`."""
    shown = [f"{each!r} (U+{ord(each):04X})" for each in characters[:_MOST]]
    if len(characters) > _MOST:
        shown.append(f"{len(characters) - _MOST} more")
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))

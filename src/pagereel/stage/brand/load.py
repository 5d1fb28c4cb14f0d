"""Reading a brand from its file, as strictly as stories are read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pagereel.errors import BrandError
from pagereel.kinds import Unreadable, opened
from pagereel.request import USUAL_THEME, is_trace
from pagereel.stage.brand.beats import BEATS, undone
from pagereel.stage.brand.brand import Brand
from pagereel.stage.brand.logo import refuse_unsafe
from pagereel.stage.theme import THEMES, contrast, passing
from pagereel.toml.source import read_source
from pagereel.toml.table import Table
from pagereel.trace import open_trace
from pagereel.wording import listed, shown, suggestion

if TYPE_CHECKING:
    from pathlib import Path

LEAST_CONTRAST = 3.0
"""Of a brand's colours to the background: WCAG 2.2, of shapes that carry meaning and large text."""

# Key -> how many characters its text may have.
TEXTS = {"name": 24, "accent": 24, "line": 80, "command": 80, "address": 60, "licence": 40}
TRACES = ("before", "after", "close")
KEYS = (*TEXTS, "logo", "font", "colors", "theme", *TRACES, "names", "beats")
LONGEST_RUN = 24  # characters of the name of a run
_FONTS = (b"\0\1\0\0", b"OTTO", b"true")  # with which such a file begins
_HEX = re.compile("#[0-9A-Fa-f]{6}")


def load_brand(path: Path) -> Brand:
    """Read a brand.

    Parameters
    ----------
    path
        A TOML file; ``assets/brand.toml`` is one to copy. It names other files as seen from its
        own folder.

    Raises
    ------
    BrandError
        If the file, or one that it names, cannot be read or says what it should not. The message
        is one line: file, line, what is wrong, what to do.
    TraceError
        The same, of a trace that it names.
    """
    source = read_source(path, BrandError)
    top = Table(source, source.data)
    top.allow(KEYS)
    name = top.needed_text("name", longest=TEXTS["name"])
    texts = {key: top.text(key, longest=most) or "" for key, most in TEXTS.items()}
    if texts["accent"] not in name:
        message = (
            f"accent {shown(texts['accent'])} is not in the name; take a part of {shown(name)}"
        )
        raise top.error(message, "accent")
    theme = _theme(top)
    traces = {key: _trace(top, key) for key in TRACES}
    brand = Brand(
        path=path,
        theme=theme,
        logo=_logo(top),
        font=_font(top),
        colors=_colors(top, theme),
        names=_names(top),
        beats=_beats(top, traces["close"]),
        lines={key: source.line((key,)) for key in top.values},
        name=name,
        accent=texts["accent"],
        line=texts["line"],
        command=texts["command"],
        address=texts["address"],
        licence=texts["licence"],
        before=traces["before"],
        after=traces["after"],
        close=traces["close"],
    )
    brand.themed()
    return brand


def _theme(top: Table) -> str:
    theme = top.name("theme") or USUAL_THEME
    if theme not in THEMES:
        message = f"there is no theme {shown(theme)}; {suggestion(theme, [*THEMES])}"
        raise top.error(message, "theme")
    return theme


def _colors(top: Table, theme: str) -> dict[str, tuple[str, str]]:
    """Return the two colours by theme: of each that is named, or of the brand's alone."""
    if isinstance(top.values.get("colors"), dict):
        table = top.table("colors")
        assert table is not None  # noqa: S101 (it is one)
        table.allow([*THEMES])
        return {name: _pair(table, name, name) for name in table.values}
    return {theme: _pair(top, "colors", theme)} if "colors" in top.values else {}


def _pair(table: Table, key: str, theme: str) -> tuple[str, str]:
    """Read two colours, which have to stand out from a theme's background."""
    colors = table.texts(key, longest=40) or ()
    for color in colors:
        if not _HEX.fullmatch(color):
            message = f"{key}: {shown(color)} is not a colour; write # and six digits, 0 to F"
            raise table.error(message, key)
        background = THEMES[theme].background
        if (ratio := contrast(color, background)) < LEAST_CONTRAST:
            nearest = passing(color, background, LEAST_CONTRAST)
            raise table.error(
                f"{key}: {color} has a contrast of {ratio:.2f}:1 to the background of the theme "
                f"{theme}, and needs {LEAST_CONTRAST:g}:1; the nearest that has it is {nearest}",
                key,
            )
    if len(colors) != 2:
        message = f"{key} must be two colours, not {len(colors)}: after and before"
        raise table.error(message, key)
    after, before = colors
    return after.upper(), before.upper()


def _names(top: Table) -> tuple[str, ...]:
    names = top.texts("names", longest=LONGEST_RUN) or ()
    if "names" in top.values and (len(names) != 2 or names[0] == names[1]):
        raise top.error("names must be two that differ: of before and of after", "names")
    return names


def _file(top: Table, key: str) -> Path | None:
    """Return a file that a key names, which has to be one that can be opened."""
    name = top.name(key)
    if name is None:
        return None
    path = top.source.path.parent / name
    try:
        opened(path).close()
    except Unreadable as why:
        message = f"{key} {shown(name)}: {why}, as seen from this file's folder"
        raise top.error(message, key) from None
    return path


def _logo(top: Table) -> Path | None:
    path = _file(top, "logo")
    if path is not None:
        refuse_unsafe(path)
    return path


def _font(top: Table) -> Path | None:
    path = _file(top, "font")
    if path is not None:
        with opened(path) as file:
            if file.read(4) not in _FONTS:
                raise top.error(
                    f"font {shown(path.name)} is not a TrueType or OpenType file", "font"
                )
    return path


def _trace(top: Table, key: str) -> Path | None:
    path = _file(top, key)
    if path is None:
        return None
    if not is_trace(path):
        raise top.error(f"{key} must name a file *.jsonl or *.jsonl.gz; record one", key)
    open_trace(path).close()  # it has a header
    return path


def _beats(top: Table, close: Path | None) -> tuple[str, ...]:
    beats = top.texts("beats", longest=40) or ()
    unknown = [beat for beat in beats if beat not in BEATS]
    if unknown:
        which = listed(map(shown, unknown))
        raise top.error(f"beats: unknown {which}; {suggestion(unknown[0], [*BEATS])}", "beats")
    twice = [beat for beat in BEATS if beats.count(beat) > 1]
    if twice:
        raise top.error(f"beats: {twice[0]} is there twice; remove one", "beats")
    if beats and close is None:
        message = "close is missing; name a trace in which the engine does what beats say"
        raise top.error(message, "beats")
    if close is not None and (fault := undone(beats, close)):
        raise top.error(f"beats: {fault}", "beats")
    return beats

"""Fonts that Pango does not know and replaces by others: manim only warns."""

from __future__ import annotations

import logging
import re

import manimpango
from manim import logger

from pagereel.check.rules import Facts, Rule
from pagereel.check.see.parts import Hit, Hits, View

_FAMILY = re.compile(r"""(?:font_family|face)=["']([^"']+)""")  # of a part, in Pango's markup
_GENERIC = {"sans", "sans-serif", "serif", "monospace", "mono", "system-ui"}
_WARNING = re.compile(r"Font (.+?) not in \[")


class _Listener(logging.Filter):
    """Collects the warnings and keeps them off the terminal; rendering shows them."""

    def __init__(self) -> None:
        super().__init__()
        self.missing: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        heard = _WARNING.match(record.getMessage())
        if heard:
            self.missing.add(heard[1])
        return record.levelno >= logging.ERROR


class MissingFont(Rule):
    """Listens to manim from the beginning of a scene to its end."""

    facts = Facts(
        says="no text is drawn in another font than the one it asks for",
        unit="",
        default=1,
        most=1,
    )

    def __init__(self, limit: float) -> None:
        super().__init__(limit)
        self._listener = _Listener()
        self._level = logger.level
        logger.addFilter(self._listener)
        logger.setLevel(logging.WARNING)

    def close(self) -> None:
        """Stop listening."""
        logger.setLevel(self._level)
        logger.removeFilter(self._listener)

    def at_rest(self, view: View) -> Hits:
        """Find texts whose font is missing, or that of a part of them."""
        installed: set[str] = set()
        for text in view.texts:
            whole = getattr(text.mobject, "lines_text", text.mobject)  # of a paragraph
            fonts = {*getattr(whole, "t2f", {}).values()}
            fonts |= {*_FAMILY.findall(getattr(whole, "original_text", ""))}
            if fonts:  # manim does not warn of these
                installed = installed or {font.casefold() for font in manimpango.list_fonts()}
                fonts = {font for font in fonts if font.casefold() not in installed | _GENERIC}
            for font in sorted(fonts | ({getattr(whole, "font", "")} & self._listener.missing)):
                which = f"asks for the font {font!r}, which is missing; another is drawn"
                yield Hit(font, f"{text.name} {which}", text.box, (text.mobject,))

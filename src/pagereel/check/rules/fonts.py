"""Fonts that Pango does not know and replaces by others: manim only warns."""

from __future__ import annotations

import logging
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import manimpango
from manim import logger

from pagereel.check.rules.text_rules import spot
from pagereel.check.see.parts import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pagereel.check.see.parts import View

_FAMILY = re.compile(r"""(?:font_family|face)=["']([^"']+)""")  # of a part, in Pango's markup
_GENERIC = {"sans", "sans-serif", "serif", "monospace", "mono", "system-ui"}
_WARNING = re.compile(r"Font (.+?) not in \[")


class _Listener(logging.Filter):
    """Hears the warnings, and keeps them from the terminal: who renders the scene sees them."""

    def __init__(self) -> None:
        super().__init__()
        self.missing: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        heard = _WARNING.match(record.getMessage())
        if heard:
            self.missing.add(heard[1])
        return record.levelno >= logging.ERROR


@contextmanager
def missing_fonts() -> Iterator[set[str]]:
    """Collect the fonts that texts ask for in vain during the `with` block."""
    listener = _Listener()
    level = logger.level
    logger.addFilter(listener)
    logger.setLevel(logging.WARNING)
    try:
        yield listener.missing
    finally:
        logger.setLevel(level)
        logger.removeFilter(listener)


def fell_back(missing: set[str], view: View, limit: float) -> Iterator[Hit]:
    """Find texts whose font is missing, or that of a part of them."""
    del limit  # it is missing or it is not
    installed: set[str] = set()
    for text in view.texts:
        whole = getattr(text.mobject, "lines_text", text.mobject)  # of a paragraph
        parts = {*getattr(whole, "t2f", {}).values(), *_FAMILY.findall(getattr(whole, "text", ""))}
        if parts:  # of these manim does not warn
            installed = installed or {font.casefold() for font in manimpango.list_fonts()}
            parts = {font for font in parts if font.casefold() not in installed | _GENERIC}
        for font in sorted(parts | ({getattr(whole, "font", "")} & missing)):
            message = f"{text.name} asks for the font {font!r}, which is missing; another is drawn"
            yield Hit("missing-font", font, message, spot(text.box), (text.mobject,))

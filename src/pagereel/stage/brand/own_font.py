"""A name in a brand's own font."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import manimpango
from manim import BOLD, NORMAL
from PIL import ImageFont

from pagereel.errors import BrandError
from pagereel.glyphs import listed_characters, missing_glyphs
from pagereel.stage.text.outline import in_one_line, scaled

if TYPE_CHECKING:
    from pagereel.stage.text.outline import Outline

_MEASURED = 512  # size at which a capital is measured
_TOLERANCE = 0.03  # of its width: it is measured in whole pixels


@cache
def outline_in(text: str, font: Path) -> Outline:
    """Return a text's outline in the font of a file.

    Raises
    ------
    BrandError
        If the file is not a font that Pango draws with, or has not all of the characters.
    """
    try:
        measured = ImageFont.truetype(font, _MEASURED)
    except OSError as error:
        raise BrandError(font, f"this font cannot be read: {error}; take another") from None
    family, style = (word or "" for word in measured.getname())
    manimpango.register_font(str(font))
    weight = BOLD if "bold" in style.lower() else NORMAL
    with TemporaryDirectory() as folder:
        laid_out = in_one_line("H" + text, family, weight, folder=Path(folder))
    if missing := missing_glyphs(laid_out):
        raise BrandError(
            font, f"this font has no {listed_characters([*missing])}; take another, or remove font"
        )
    capital, *shapes = laid_out.submobjects
    left, top, right, bottom = measured.getmask("H").getbbox()
    expected = (right - left) / (bottom - top)
    if abs(capital.width / capital.height / expected - 1) > _TOLERANCE:
        raise BrandError(font, f"Pango draws another font than {family} {style}; take another")
    return scaled(capital.points, [shape.points for shape in shapes if len(shape.points)])

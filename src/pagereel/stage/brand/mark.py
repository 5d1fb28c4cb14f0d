"""The mark of a brand: its name with the accent, and its logo."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, cast

import numpy as np
from manim import ORIGIN, RIGHT, SVGMobject, VGroup, VMobject, logger

from pagereel.errors import BrandError, GlyphError
from pagereel.stage.brand.load import LEAST_CONTRAST
from pagereel.stage.brand.own_font import outline_in
from pagereel.stage.text.outline import Face, outline
from pagereel.stage.theme import contrast
from pagereel.wording import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from pagereel.stage.brand.brand import Brand
    from pagereel.stage.layout.places import Spot
    from pagereel.stage.theme import Theme

_WORDMARK = 2.5  # from here on, in heights, a logo is as wide as a name, and stands in its place
_LOGO = 1.5  # height of another logo, in heights of the name's capitals
_GAP = 0.45  # between such a logo and the name
_LONGEST_REASON = 80  # characters
_LINE_WIDTH_UNIT = 0.01  # scene units for a stroke width of 1, manim's Camera


def draw_mark(brand: Brand, theme: Theme, spot: Spot) -> VGroup:
    """Return name and logo in their place, as large as it has room for.

    Raises
    ------
    BrandError
        If the logo draws nothing, or nothing that stands out from the background.
    """
    parts = VGroup()
    logo = _draw_logo(brand.logo, theme) if brand.logo else None
    is_wordmark = logo is not None and logo.width >= _WORDMARK * logo.height
    if not is_wordmark:
        parts.add(_draw_name(brand, theme, spot.cap))
    middle = np.array((0, 0 if is_wordmark else spot.cap / 2, 0))
    if logo is not None:
        _resize(logo, spot.cap * _LOGO / logo.height)
        away = logo.width / 2 + _GAP * spot.cap
        logo.move_to(middle if is_wordmark else middle + (parts.get_left()[0] - away) * RIGHT)
        parts.add(logo)
    middle[0] = parts.get_x()
    parts.shift(-middle)
    _resize(parts, min(1.0, spot.width / parts.width))
    return parts.shift((spot.x, spot.y, 0))


def _draw_name(brand: Brand, theme: Theme, cap: float) -> VGroup:
    """Return the name on the baseline y = 0, a shape for each letter."""
    head, accent, _ = brand.name_parts
    letters = VGroup()
    for glyph in _glyphs(brand, brand.name):
        letters.add(VMobject(fill_color=theme.ink, fill_opacity=1, stroke_width=0))
        letters[-1].set_points(glyph * cap)
    if accent:
        first, last = (len(_glyphs(brand, text)) for text in (head, head + accent))
        letters[first:last].set_fill(theme.after)
    return letters


def _glyphs(brand: Brand, text: str) -> list[NDArray[np.float64]]:
    """Return the points of a part of the name, glyph by glyph, in heights of a capital."""
    if not text:
        return []
    if brand.font:
        return outline_in(text, brand.font).glyphs
    try:
        return outline(text, Face.BOLD).glyphs
    except GlyphError as error:
        raise brand.error(f"name: {error}", "name") from error


def _draw_logo(file: Path, theme: Theme) -> SVGMobject:
    with TemporaryDirectory() as folder:  # manim writes beside the file that it draws
        copy = Path(folder) / "logo.svg"
        copy.write_bytes(file.read_bytes())
        try:
            with _quiet():
                logo = SVGMobject(copy, height=None, use_svg_cache=False)
                sides = logo.width, logo.height
        except Exception as error:
            why = shortened(str(error), _LONGEST_REASON)
            raise BrandError(file, f"this logo cannot be drawn: {why}; export it anew") from error
    points = logo.get_all_points()
    if (
        not len(points)
        or not np.isfinite(points).all()
        or not 0 < min(sides) <= max(sides) < np.inf
    ):
        raise BrandError(file, "this logo draws nothing; draw it with filled paths")
    colors = {
        color.to_hex()
        for shape in _shapes(logo)
        for color, opacity in (
            (shape.fill_color, shape.fill_opacity),
            (shape.stroke_color, shape.stroke_opacity * shape.stroke_width),
        )
        if opacity
    }
    best = max((contrast(color, theme.background) for color in colors), default=1.0)
    if best < LEAST_CONTRAST:
        raise BrandError(
            file,
            f"no colour of this logo has a contrast of {LEAST_CONTRAST:g}:1 to the background of "
            f"the theme {theme.name}, the best has {best:.2f}:1; take others, or another theme",
        )
    for shape in _shapes(logo):  # the file counts in its own units
        shape.set_stroke(width=shape.stroke_width / _LINE_WIDTH_UNIT)
    return logo


@contextmanager
def _quiet() -> Iterator[None]:
    """Let neither manim nor numpy print what is wrong with a drawing: one message says it."""
    was = logger.disabled
    logger.disabled = True
    try:
        with np.errstate(all="ignore"):
            yield
    finally:
        logger.disabled = was


def _shapes(mark: VMobject) -> list[VMobject]:
    return cast("list[VMobject]", mark.family_members_with_points())


def _resize(mark: VMobject, share: float) -> None:
    """Make a mark larger by a factor, and its outlines wider with it."""
    mark.scale(share, about_point=ORIGIN)
    for shape in _shapes(mark):
        shape.set_stroke(width=shape.stroke_width * share)

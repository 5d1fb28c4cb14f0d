"""Texts as outlines: the bundled fonts, laid out large by Pango.

Small font sizes break Pango's kerning (manim #2844), and a bounding box says nothing about the
baseline. So every text is laid out once at `_LAYOUT_SIZE` behind a capital H; that H gives the
baseline and the scale and is then dropped.

manim reads each glyph anew from the SVG file that Pango draws, which takes 5 ms a glyph. Here each
shape is read once, ten times as fast. And what is laid out is kept beside the SVG files that manim
keeps, and found again by what it depends on.
Those SVG files are not: manim takes what it finds there for the text, whichever font it was drawn
with, and even if the process that wrote it was killed on the way.
"""

from __future__ import annotations

import hashlib
import html
import zipfile
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import manimpango
import numpy as np
import svgelements
from manim import BOLD, NORMAL, SVGMobject, Text, config
from manim.mobject.svg.svg_mobject import VMobjectFromSVGPath

from pagereel.assets import require_fonts
from pagereel.errors import GlyphError, StageError, writing
from pagereel.files import Scratch, replacing
from pagereel.glyphs import described, draw_markup, is_box, listed_characters, missing_glyphs
from pagereel.languages import by_code
from pagereel.manifest import digest, library_versions
from pagereel.stage.text import fonts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pagereel.stage.text.fonts import Script

    Floats = NDArray[np.float64]

_LAYOUT_SIZE = 96
_LAYOUT_WIDTH = 1 << 14  # pixels: no line is longer


class Face(Enum):
    """A font of pagereel's: family and weight as Pango names them."""

    SERIF = (fonts.SERIF, NORMAL)
    BOLD = (fonts.SERIF, BOLD)
    MONO = (fonts.MONO, NORMAL)


# How wide an H is for its height, in the bundled fonts. If Pango has drawn a text before they are
# registered, it goes on with the system's fonts and does not say so.
_CAPITALS = {Face.SERIF: 1.0143, Face.BOLD: 1.136, Face.MONO: 0.6708}
_TOLERANCE = 0.01


@dataclass(frozen=True, slots=True)
class Outline:
    """A text in heights of a capital: baseline at y = 0, left edge at x = 0.

    Attributes
    ----------
    points
        The cubic Bézier points of all glyphs, shape (4 * curves, 3).
    ends
        For each glyph, the index behind its last point.
    width
        How far the text reaches to the right.
    """

    points: Floats
    ends: NDArray[np.int64]
    width: float

    @property
    def glyphs(self) -> list[Floats]:
        """The points of each glyph, in the order of the text."""
        return np.split(self.points, self.ends[:-1])


def outline(text: str, face: Face) -> Outline:
    """Return a text's outline; Chinese, Japanese and Korean letters come from a font of their own.

    Raises
    ------
    GlyphError
        If no font has one of its characters.
    StageError
        If the text has no glyph that draws anything, a font is missing, or Pango drew another.
    CannotWrite
        If it cannot be kept.
    """
    return _outline(text, face, fonts.script_for(text))


@cache
def _outline(text: str, face: Face, script: Script | None) -> Outline:
    kept = config.get_dir("media_dir") / "texts" / "one-line" / f"{_key(text, face, script)}.npz"
    found = _load(kept)
    if found is None:
        with writing(kept.parent):
            kept.parent.mkdir(parents=True, exist_ok=True)
            scratch = Scratch.beside(kept)
        with scratch as folder:
            found = _laid_out(text, face, script, folder=folder)
        with writing(kept.parent):
            _save(kept, found)
    return found


def _laid_out(text: str, face: Face, script: Script | None, *, folder: Path) -> Outline:
    """Lay a text out in a folder in which there is nothing yet."""
    fonts.register_fonts()
    family, weight = face.value
    if script:
        capital, *glyphs = _shapes(_in_two_fonts("H" + text, face, script, folder=folder))
    else:
        capital, *glyphs = _in_one_font("H" + text, family, weight, folder=folder)
    if not glyphs:
        raise StageError(f"the text {text!r} draws nothing")
    width, height, _ = np.ptp(capital, axis=0)
    if abs(width / height / _CAPITALS[face] - 1) > _TOLERANCE:
        raise StageError(
            f"Pango drew another font than {family}: this process has drawn a text before it knew "
            "pagereel's fonts; render the scene in a process of its own"
        )
    return scaled(capital, glyphs)


def scaled(capital: Floats, glyphs: Sequence[Floats]) -> Outline:
    """Return the outline of glyphs that were laid out, at any size, behind a capital H."""
    points = np.concatenate(glyphs)
    left, right = points[:, 0].min(), points[:, 0].max()
    height = np.ptp(capital[:, 1])
    origin = np.array([left, capital[:, 1].min(), 0])
    return Outline(
        (points - origin) / height,
        np.cumsum([len(glyph) for glyph in glyphs]),
        float((right - left) / height),
    )


def _in_one_font(text: str, family: str, weight: str, *, folder: Path) -> list[Floats]:
    """Lay a text out in a folder; return the points of each glyph that draws anything."""
    file = folder / "text.svg"
    draw_markup(html.escape(text), file, font=family, weight=weight)
    if (glyphs := _glyphs_in(file)) is not None:
        return glyphs
    laid_out = in_one_line(text, family, weight, folder=folder)
    if missing := missing_glyphs(laid_out):
        raise GlyphError(
            f"no font here has {described(missing)}; write it otherwise, or install a font "
            "that has it"
        )
    return _shapes(laid_out)


def _shapes(laid_out: SVGMobject) -> list[Floats]:
    return [shape.points for shape in laid_out.submobjects if len(shape.points)]


_SVG, _LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"


def _glyphs_in(file: Path) -> list[Floats] | None:
    """Return the points of each glyph in a file of Pango's, as manim's `Text` has them, unscaled.

    None if there is anything but glyphs, as where no font has a character.
    """
    root = ET.parse(file).getroot()  # noqa: S314 (Pango has written it)
    shapes: dict[str, str] = {}
    glyphs: list[Floats] = []
    for part in root:
        if part.tag == f"{_SVG}defs":
            named = (each for each in part.iter() if "id" in each.attrib)
            for each in named:
                if (path := each.find(f"{_SVG}path")) is not None:
                    shapes[f"#{each.attrib['id']}"] = path.attrib["d"]
            continue
        for each in part.iter():
            if each.tag == f"{_SVG}use" and each.attrib[_LINK] in shapes:
                place = float(each.attrib["x"]), float(each.attrib["y"]), 0
                glyphs.append((_closed(shapes[each.attrib[_LINK]]) + place) * (1, -1, 1))
            elif each.tag != f"{_SVG}g" or "transform" in each.attrib:
                return None
    return [glyph for glyph in glyphs if len(glyph)]


@cache
def _closed(path: str) -> Floats:
    """Return the points of an SVG path; like `Text`, close each subpath with a line."""
    points = VMobjectFromSVGPath(svgelements.Path(path)).points
    if not len(points):
        return points
    curves = points.reshape(-1, 4, 3)
    ends = [*np.flatnonzero((curves[:-1, 3] != curves[1:, 0]).any(axis=1)) + 1, len(curves)]
    closed, begin = [], 0
    for end in ends:
        last, first = curves[end - 1, 3], curves[begin, 0]
        line = [last, (last + last + first) / 3, (last + first + first) / 3, first]
        closed += [*curves[begin:end], np.array(line)]
        begin = end
    return np.concatenate(closed)


def in_one_line(text: str, family: str, weight: str, *, folder: Path) -> Text:
    """Let manim lay a text out in a folder, in one line: it breaks lines at the picture's width.

    Not with manim's `tempconfig`: that sets the renderer as well, which takes as long as three
    glyphs.
    """
    before = config["pixel_width"], config["text_dir"]
    config["pixel_width"], config["text_dir"] = _LAYOUT_WIDTH, str(folder)
    try:
        return Text(
            text, font=family, weight=weight, font_size=_LAYOUT_SIZE, warn_missing_font=False
        )
    finally:
        config["pixel_width"], config["text_dir"] = before


def _in_two_fonts(text: str, face: Face, script: Script, *, folder: Path) -> SVGMobject:
    """Lay a text out whose Chinese, Japanese or Korean letters come from a font of their own."""
    family, weight = face.value
    file = folder / "text.svg"
    draw_markup(fonts.marked_up(text, script), file, font=family, weight=weight)
    laid_out = SVGMobject(str(file), use_svg_cache=False)
    if any(map(is_box, laid_out.submobjects)) and (missing := fonts.lacking(text, script)):
        raise GlyphError(
            f"no font here has {listed_characters(missing)} for a text in "
            f"{by_code(script.language).name}; install Noto Serif CJK, or write it otherwise"
        )
    return laid_out


def _key(text: str, face: Face, script: Script | None) -> str:
    """Return a name that changes with all that an outline depends on."""
    wide = (fonts.marked_up(text, script),) if script else ()
    parts = (_layout_engine(), *face.value, str(_LAYOUT_SIZE), text, *wide)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


@cache
def _layout_engine() -> str:
    """Return what lays texts out: the code, the libraries and the fonts."""
    files = (Path(__file__), *require_fonts())
    libraries = [f"{name} {version}" for name, version in library_versions().items()]
    return digest(files, [*libraries, manimpango.pango_version(), manimpango.cairo_version()])


def _load(kept: Path) -> Outline | None:
    """Return what is kept in a file; nothing if there is none, or it is damaged."""
    try:
        # A ZIP archive, which has checksums.
        with kept.open("rb") as file, np.load(file) as found:
            return Outline(found["points"], found["ends"], float(found["width"]))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _save(kept: Path, found: Outline) -> None:
    with replacing(kept) as partial, partial.open("wb") as file:
        np.savez(file, points=found.points, ends=found.ends, width=found.width)

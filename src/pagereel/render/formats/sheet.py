"""A film on one page: a picture of each section, with its name and time."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pagereel.assets import require_fonts
from pagereel.render.formats.poster import fullest_moments
from pagereel.wording import shortened

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pagereel.fast import Drawn

_WIDTH = 1920  # of the sheet, in pixels
_GAP = 24  # around each picture
_TEXT = 22
_PAPER, _INK = "#262C36", "#E8EAED"
_PARTS = 12  # of a film without sections
_SHAPE = 1.5  # width of the sheet to its height, about
_MOST = 6  # pictures in a row; smaller ones could not be read


def write_sheet(drawn: Drawn, target: Path) -> None:
    """Write the fullest moment of each section, row by row.

    A film without named sections is divided into twelve equal parts.
    """
    spans = list(drawn.chapters) or _equal_parts(drawn.images)
    columns = _columns(len(spans), drawn.width / drawn.height)
    width = (_WIDTH - _GAP) // columns - _GAP
    size = width, round(width * drawn.height / drawn.width)
    rows = math.ceil(len(spans) / columns)
    below = _GAP + size[1] + _TEXT + _GAP // 2
    sheet = Image.new("RGB", (_WIDTH, rows * below + _GAP), _PAPER)
    draw, font = ImageDraw.Draw(sheet), ImageFont.truetype(require_fonts()[-1], _TEXT)
    chosen = fullest_moments(drawn, [(first, end) for _, first, end in spans])
    for at, ((name, first, _), pixels) in enumerate(zip(spans, chosen, strict=True)):
        row, column = divmod(at, columns)
        left, top = _GAP + column * (width + _GAP), _GAP + row * below
        sheet.paste(Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS), (left, top))
        says = f"{float(first / drawn.rate):.1f} s  {name}".rstrip()
        most = int(width // font.getlength("0"))
        draw.text((left, top + size[1] + _GAP // 4), shortened(says, most), fill=_INK, font=font)
    sheet.save(target, optimize=True)


def _columns(count: int, aspect: float) -> int:
    return max(1, min(count, _MOST, round(math.sqrt(_SHAPE * count / aspect))))


def _equal_parts(images: int) -> Sequence[tuple[str, int, int]]:
    ends = np.linspace(0, images, min(_PARTS, images) + 1).astype(int)
    return [("", int(first), int(end)) for first, end in pairwise(ends)]

"""Compare a picture with the golden one that is kept beside its test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageChops, ImageFilter

if TYPE_CHECKING:
    from pathlib import Path

# Other versions of cairo and Pango move an edge by a fraction of a pixel. Blurred, that is a faint
# difference; a digit or a line that is another one is a strong one.
_BLUR = ImageFilter.BoxBlur(1)
_TOLERANCE = 40  # of 255, in any channel of any pixel


def compare(picture: Image.Image, golden: Path, failed: Path) -> str | None:
    """Return what is wrong with a picture, None if it is like the golden one.

    Parameters
    ----------
    picture
        What was drawn.
    golden
        The file to compare it with. It has to be there.
    failed
        Where to put golden picture, picture and difference, one above the other, if they differ.
    """
    if not golden.is_file():
        picture.save(failed)
        return f"{golden} is missing; {failed} was drawn. pytest --update-golden takes it"
    with Image.open(golden) as image:
        expected = image.convert("RGB")
    if expected.size != picture.size:
        return f"{golden.name} is {expected.size}, the picture {picture.size} pixels large"
    difference = ImageChops.difference(expected.filter(_BLUR), picture.filter(_BLUR))
    worst = int(np.asarray(difference).max())
    if worst <= _TOLERANCE:
        return None
    _above_each_other(
        [expected, picture, difference.point(lambda value: min(255, 4 * value))]
    ).save(failed)
    return f"differs from {golden.name} by {worst} of 255; see {failed}"


def _above_each_other(pictures: list[Image.Image]) -> Image.Image:
    width, height = pictures[0].size
    sheet = Image.new("RGB", (width, height * len(pictures)))
    for index, picture in enumerate(pictures):
        sheet.paste(picture, (0, index * height))
    return sheet

"""Compare pictures with golden pictures, which a person has looked at."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageChops, ImageFilter

from pagereel.files import replacing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TOLERANCE = 40  # of 255, in any channel of any pixel
TAKE = "pytest --update-golden"

# Other versions of cairo and Pango move an edge by a fraction of a pixel. Once blurred, that is a
# faint difference; another digit or another line is a strong one.
_BLUR = ImageFilter.BoxBlur(1)
_LONGEST_NAME = 60
_NUMBERED = re.compile(r"\d+-.*\.png")


@dataclass(frozen=True, slots=True)
class Comparison:
    """The difference between the pictures of a scene and a folder of golden pictures.

    Attributes
    ----------
    wrong
        What is wrong, one line for each picture.
    changed
        What was changed in the folder, one line for each file.
    """

    wrong: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


def compare_all(
    pictures: Mapping[str, Image.Image],
    folder: Path,
    *,
    failed: Path,
    tolerance: float,
    update: bool,
) -> Comparison:
    """Compare the pictures of a scene's sections with the golden pictures in a folder.

    Parameters
    ----------
    pictures
        File name of the golden picture -> what was drawn.
    folder
        The golden pictures.
    failed
        The folder for pictures that show what is wrong.
    tolerance
        See `compare`.
    update
        Whether to change golden pictures that differ, instead of reporting them.
    """
    found = Comparison()
    for name, picture in pictures.items():
        wrong = compare(picture, folder / name, failed=failed / name, tolerance=tolerance)
        if wrong and update:
            found.changed.append(f"{name} {'changed' if (folder / name).is_file() else 'is new'}")
            write(picture, folder / name)
        elif wrong:
            found.wrong.append(wrong)
    there = sorted(file for file in folder.glob("*.png") if _NUMBERED.fullmatch(file.name))
    for file in there:
        if file.name in pictures:
            continue
        if update:
            file.unlink(missing_ok=True)
            found.changed.append(f"{file.name} removed")
        else:
            found.wrong.append(f"{file.name} is of a section that is not drawn; {TAKE} removes it")
    return found


def file_name(index: int, section: str) -> str:
    """Return the name of a section's golden picture: the index keeps equal names apart."""
    word = re.sub(r"[^A-Za-z0-9_]+", "-", section).strip("-")[:_LONGEST_NAME]
    return f"{index:02}-{word or 'section'}.png"


def compare(
    picture: Image.Image, golden: Path, *, failed: Path, tolerance: float = TOLERANCE
) -> str | None:
    """Return what is wrong with a picture; None if it is like the golden one.

    Parameters
    ----------
    picture
        What was drawn.
    golden
        The file to compare it with, which must exist.
    failed
        The file to write if they differ: golden picture, picture and difference, one above the
        other.
    tolerance
        How much of 255 any channel of any pixel may differ, once both pictures are blurred a
        little.
    """
    expected = _golden(golden)
    if isinstance(expected, str):
        _save(picture, failed)
        return f"{golden.name} {expected}; {failed} was drawn. {TAKE} takes it"
    if expected.size != picture.size:
        _save(picture, failed)
        sizes = f"{_size(expected)} pixels large, what was drawn {_size(picture)}"
        return f"{golden.name} is {sizes}: {failed}. {TAKE} takes it"
    difference = ImageChops.difference(expected.filter(_BLUR), picture.filter(_BLUR))
    worst = int(np.asarray(difference).max())
    if worst <= tolerance:
        return None
    strong = difference.point(lambda value: min(255, 4 * value))
    _save(_above_each_other([expected, picture, strong]), failed)
    return f"{golden.name} differs by {worst} of 255, more than {tolerance:g}: {failed}"


def write(picture: Image.Image, golden: Path) -> None:
    """Make a picture a golden one. The file appears whole, even if others write it too."""
    golden.parent.mkdir(parents=True, exist_ok=True)
    with replacing(golden) as partial:
        picture.save(partial, format="PNG", optimize=True)


def _golden(file: Path) -> Image.Image | str:
    """Return a golden picture, or what is wrong with its file."""
    try:
        with Image.open(file) as image:
            return image.convert("RGB")
    except FileNotFoundError:
        return "is missing"
    except OSError:  # cut short, or a merge gone wrong
        return "is not a picture"


def _save(picture: Image.Image, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    picture.save(file)


def _size(picture: Image.Image) -> str:
    return f"{picture.width} x {picture.height}"


def _above_each_other(pictures: list[Image.Image]) -> Image.Image:
    width, height = pictures[0].size
    sheet = Image.new("RGB", (width, height * len(pictures)))
    for index, picture in enumerate(pictures):
        sheet.paste(picture, (0, index * height))
    return sheet

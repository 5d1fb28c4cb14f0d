"""Outputs: the sizes and speeds of the pictures that a scene is checked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pagereel.errors import CheckError
from pagereel.request import ASPECTS, PREVIEW, QUALITIES, shaped
from pagereel.wording import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# The short side in pixels and the images a second; manim's qualities, and our preview GIF.
NAMED = {f"{height}p": (height, int(fps)) for _, height, fps in QUALITIES.values()}
NAMED["gif"] = (PREVIEW.height, int(PREVIEW.fps))
_DEFAULT_NAME, _DEFAULT_ASPECT = "1080p", "16:9"
_SIZE = re.compile(r"([1-9][0-9]{0,5})x([1-9][0-9]{0,5})")
_OTHER_FPS = 60
_SMALLEST, _LARGEST = 64, 8192  # pixels of a side


@dataclass(frozen=True, slots=True)
class Output:
    """One kind of picture.

    Attributes
    ----------
    name
        As the user names it: `1080p`, `gif`, `1280x720`.
    width, height
        Pixels.
    fps
        Images a second.
    """

    name: str
    width: int
    height: int
    fps: int

    @property
    def slug(self) -> str:
        """The label, for file names."""
        return self.label.replace(" ", "-").replace(":", "x")

    @property
    def label(self) -> str:
        """Name and shape, such as `1080p 16:9`."""
        short = min(self.width, self.height)
        size = (self.width, self.height)
        aspect = next((aspect for aspect in ASPECTS if shaped(short, aspect) == size), None)
        return f"{self.name} {aspect}" if aspect else self.name


def parse_outputs(at: Sequence[str] = (), aspects: Sequence[str] = ()) -> tuple[Output, ...]:
    """Return the outputs that `--at` and `--aspect` ask for, each once: every size in every shape.

    Parameters
    ----------
    at
        Names of sizes, or sizes such as `1280x720`; each may hold several, with commas between
        them. 1080p if there is none.
    aspects
        Shapes, in the same way. If there is none: 16:9, and a size such as `1280x720` as it is;
        otherwise such a size gives its shorter side only.

    Raises
    ------
    CheckError
        If there is no such size or shape, or a picture cannot have that size.
    """
    shapes = list(_split("--aspect", aspects))
    for shape in shapes:
        if shape not in ASPECTS:
            raise CheckError(f"--aspect: unknown shape {shape!r}; shapes are {', '.join(ASPECTS)}")
    names = list(_split("--at", at)) or [_DEFAULT_NAME]
    return tuple(dict.fromkeys(output for name in names for output in _outputs(name, shapes)))


def is_output_name(name: str) -> bool:
    """Return whether an output can have this name, if a picture can have that size."""
    return name in NAMED or _SIZE.fullmatch(name) is not None


def output_names(name: str) -> str:
    """Return the outputs that there are, and which one an unknown name may mean."""
    return f"{suggestion(name, list(NAMED))}, or a size such as 1280x720"


def _split(option: str, values: Sequence[str]) -> Iterator[str]:
    for value in values:
        for part in value.split(","):
            if not part.strip():
                raise CheckError(
                    f"{option}: a name is missing in {value!r}; write it or leave it out"
                )
            yield part.strip()


def _outputs(name: str, shapes: list[str]) -> Iterator[Output]:
    size = _SIZE.fullmatch(name)
    if size:
        width, height = _fitting(name, int(size[1]), int(size[2]))
        if not shapes:
            yield Output(name, width, height, _OTHER_FPS)
        short, fps = min(width, height), _OTHER_FPS
    elif name in NAMED:
        short, fps = NAMED[name]
        shapes = shapes or [_DEFAULT_ASPECT]
    else:
        raise CheckError(f"--at: unknown output {name!r}; {output_names(name)}")
    for shape in shapes:
        yield Output(name, *_fitting(f"{name} {shape}", *shaped(short, shape)), fps)


def _fitting(name: str, width: int, height: int) -> tuple[int, int]:
    for side in (width, height):
        if side % 2 or not _SMALLEST <= side <= _LARGEST:
            raise CheckError(
                f"--at: {name} is {width} x {height} pixels; each side must be an even number from "
                f"{_SMALLEST} to {_LARGEST}"
            )
    return width, height

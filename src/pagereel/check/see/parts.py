"""What rules look at: texts and shapes in pixels, at rest and while they move."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    import srt
    from manim import Mobject
    from numpy.typing import NDArray
    from PIL import Image

# In quotes, as findings are reported without numpy.
Floats: TypeAlias = "NDArray[np.float64]"
Pixels: TypeAlias = "NDArray[np.uint8]"
Spot: TypeAlias = tuple[float, float, float, float]
Hits: TypeAlias = "Iterator[Hit]"

EXACT = 0.05
"""Pixels, or parts of a ratio: the error of rounding."""
SEEN = 0.05  # with less opacity, nothing is seen
SOLID = 0.95  # with more opacity, a shape hides everything behind it
_LONGEST_NAME = 32  # characters


class Role(Enum):
    """What a shape is to a viewer, as far as its class tells."""

    PLAIN = auto()
    TIP = auto()  # an arrowhead
    SCALE = auto()  # of axes, number lines and graphs: lines that cross things by nature
    CROSS = auto()  # of manim's Cross, which is there to strike something out
    IMAGE = auto()


def noun(mobject: Mobject) -> str:
    """Return what a mobject is, with an article: `an Arrow`."""
    name = type(mobject).__name__
    return f"{'an' if name[0] in 'AEIOU' else 'a'} {name}"


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """One thing that is drawn and is not a text.

    Attributes
    ----------
    mobject
        The mobject that it is; for dashes, the whole dashed line.
    leaves
        The ids of the mobjects with points that draw it.
    order
        Its place in the order of drawing.
    role
        What it is.
    outline
        Segments of its outline, in pixels, y downwards; shape (segments, 2, 2).
    box
        Left, top, right and bottom edge, in pixels, without the width of its line.
    closed
        Whether all parts of the outline are closed.
    slim
        Whether its inside is not thicker than a line: a flat rectangle, a brace, a dot.
    fill, stroke
        Red, green, blue and opacity, 0 to 1; shape (4,).
    width
        The width of its line, in pixels.
    """

    mobject: Mobject
    leaves: frozenset[int]
    order: int
    role: Role
    outline: Floats
    box: Floats
    closed: bool
    slim: bool
    fill: Floats
    stroke: Floats
    width: float

    @property
    def name(self) -> str:
        """Its name in messages: that of its class."""
        return type(self.mobject).__name__

    @property
    def noun(self) -> str:
        """Its name with an article: `an Arrow`."""
        return noun(self.mobject)

    @property
    def has_tip(self) -> bool:
        """Whether it is a line with an arrowhead."""
        return bool(getattr(self.mobject, "tips", None) or getattr(self.mobject, "tip", None))

    @property
    def is_stroked(self) -> bool:
        """Whether its line is seen."""
        return bool(self.width > 0 and self.stroke[3] > SEEN)

    @property
    def reach(self) -> float:
        """How far its line reaches to either side, in pixels."""
        return self.width / 2 if self.is_stroked else 0.0

    @property
    def is_line(self) -> bool:
        """Whether it is nothing but a line: a stroke, its tip, or a fill that is as slim as one."""
        return self.role is Role.TIP or not self.is_filled or self.slim

    @property
    def is_filled(self) -> bool:
        """Whether its inside is seen."""
        return bool(self.fill[3] > SEEN)

    @property
    def hides(self) -> bool:
        """Whether it hides everything behind it."""
        return self.closed and bool(self.fill[3] > SOLID)


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """A text that is drawn.

    Attributes
    ----------
    mobject
        The text.
    leaves
        The ids of the mobjects with points that draw it.
    order
        The place of its last glyph in the order of drawing.
    says
        What it says, as far as that is known.
    laid_out
        The mobject that was laid out as it looks: the text, or what it has become.
    glyphs
        A box for each glyph that is drawn: left, top, right and bottom edge; shape (glyphs, 4).
    box
        The box around all of them.
    colors
        Red, green, blue and opacity, 0 to 1, of each glyph; shape (glyphs, 4).
    outlines
        The same of the line around each glyph; opacity 0 where there is none.
    halos
        The same of the line behind each glyph that sets it off from what is there.
    cap
        Height of a capital, in pixels; infinite if nothing tells.
    covered_by
        The shape that hides a part of it.
    """

    mobject: Mobject
    leaves: frozenset[int]
    order: int
    says: str
    laid_out: Mobject
    glyphs: Floats
    box: Floats
    colors: Floats
    outlines: Floats
    halos: Floats
    cap: float
    covered_by: Shape | None = None

    @property
    def name(self) -> str:
        """What it says, in quotes and shortened for messages."""
        return repr(self.says if len(self.says) <= _LONGEST_NAME else f"{self.says[:29]}...")


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """Something that a viewer sees as one, in one image.

    Attributes
    ----------
    mobject
        The mobject that draws it.
    says
        What it says, if it is a text; otherwise empty.
    opacity
        How strongly it is filled, 0 to 1; of a text, the mean of its glyphs.
    is_seen
        Whether anything of it is drawn inside the picture.
    is_outside
        Whether all of it is outside of the picture.
    box
        Left, top, right and bottom edge, in pixels.
    """

    mobject: Mobject
    says: str
    opacity: float
    is_seen: bool
    is_outside: bool
    box: Floats


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a scene plays or waits: the lines of the call in the user's source.

    Attributes
    ----------
    file
        The source file, as the user would name it.
    line, end_line
        First and last line of the call, from 1.
    """

    file: Path
    line: int
    end_line: int


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """When and where in a scene something is seen.

    Attributes
    ----------
    place
        The play or wait.
    seconds
        Of the video.
    photograph
        Returns the picture of the scene as it is when called; None if no pictures are wanted.
    """

    place: Place
    seconds: float
    photograph: Callable[[], Image.Image | None]

    def kept(self) -> Moment:
        """Return the moment with its picture taken now, for a hit that is only known later."""
        picture = self.photograph()
        return replace(self, photograph=lambda: picture)

    def dated(self, place: Place, seconds: float) -> Moment:
        """Return the moment with another place and time, but the same picture."""
        return replace(self, place=place, seconds=seconds)


@dataclass(frozen=True, slots=True, eq=False)
class Hit:
    """Something that breaks a rule.

    Attributes
    ----------
    subject
        What it is about.
    message
        What is wrong and how much, in words.
    box
        Left, top, right and bottom edge, in pixels; None for the whole picture.
    about
        The mobjects it is about. The same mobjects break a rule only once.
    moment
        When it is seen, if not now.
    """

    subject: str
    message: str
    box: Floats | None
    about: tuple[Mobject, ...] = ()
    moment: Moment | None = None


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A picture at rest, read off its mobjects.

    Attributes
    ----------
    moment
        When it is seen.
    width, height
        Pixels.
    unit
        Pixels in a scene unit.
    moved
        Whether the camera is zoomed or panned.
    texts, shapes
        Those at least partly inside the picture, in the order of drawing.
    draw
        Draws the picture without the mobjects of the first ids, and without the strokes of those of
        the second ones; returns red, green and blue, 0 to 255, shape (height, width, 3). Strokes
        behind a text stay.
    """

    moment: Moment
    width: int
    height: int
    unit: float
    moved: bool
    texts: tuple[Words, ...]
    shapes: tuple[Shape, ...]
    draw: Callable[..., Pixels]

    @property
    def text_leaves(self) -> frozenset[int]:
        """The ids of all mobjects that draw texts."""
        return frozenset(leaf for text in self.texts for leaf in text.leaves)


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """A look at a scene while it plays.

    Attributes
    ----------
    moment
        When it is taken.
    at_rest
        Whether the play or wait has just ended.
    width, height
        Pixels.
    things
        The things in the scene, by the ids of their mobjects.
    changed
        How many pixels have changed since the last look, at most; without texts.
    captions
        The subcaptions known so far.
    draw
        Draws the picture with so many pixels on its short side; returns red, green and blue, 0 to
        255, shape (height, width, 3).
    view
        Reads the picture, as it is at this moment.
    hurries
        Whether the scene's attribute `hurries` says that what it shows need not be seen.
    """

    moment: Moment
    at_rest: bool
    width: int
    height: int
    things: Mapping[int, Thing]
    changed: float
    captions: Sequence[srt.Subtitle]
    draw: Callable[[float], Pixels]
    view: Callable[[], View]
    hurries: bool = False

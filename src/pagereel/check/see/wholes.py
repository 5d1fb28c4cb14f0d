"""Which mobjects a viewer sees as one thing, as what, and what they say if they are texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
from manim import (
    Code,
    CoordinateSystem,
    DashedLine,
    DashedVMobject,
    DecimalNumber,
    MarkupText,
    NumberLine,
    Paragraph,
    ParametricFunction,
    PMobject,
    SingleStringMathTex,
    Text,
    VMobject,
)
from manim.mobject.geometry.tips import ArrowTip
from manim.mobject.types.image_mobject import AbstractImageMobject

from pagereel.check.see.parts import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from manim import Animation, Mobject
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_TEXTS = (Text, MarkupText, Paragraph, SingleStringMathTex, DecimalNumber)
_SCALES = (NumberLine, CoordinateSystem, ParametricFunction)
# Heights of characters in heights of a capital, as they are in common typefaces (Liberation
# Serif, Liberation Sans, DejaVu Sans). All others are as high as a capital.
_X_HEIGHT = 0.7
_HEIGHTS = {
    **dict.fromkeys("acemnorsuvwxz", _X_HEIGHT),
    **dict.fromkeys("gpqy", 1.0),
    **dict.fromkeys("t", 0.88),
    **dict.fromkeys("()[]{}|/\\j", 1.3),
    **dict.fromkeys("Q", 1.2),
    **dict.fromkeys(".,:;-_=+*~'\"", 0.0),
}
_LONG = 4  # glyphs, from which on a text has a direction


def is_drawn(mobject: Mobject) -> bool:
    """Return whether a mobject with points is drawn; a ValueTracker, for one, is not."""
    return isinstance(mobject, (VMobject, PMobject, AbstractImageMobject))


def is_text(mobject: Mobject) -> bool:
    """Return whether a mobject is a text: manim's, or whatever says so.

    A mobject of another library is a text if it has an attribute `text` or `tex_string` of type
    str.
    """
    if isinstance(mobject, _TEXTS):
        return True
    said = (getattr(mobject, name, None) for name in ("text", "tex_string"))
    return not isinstance(mobject, Code) and any(isinstance(text, str) for text in said)


@dataclass(frozen=True, slots=True)
class Whole:
    """A mobject that a viewer sees as one thing."""

    mobject: Mobject
    role: Role = Role.PLAIN
    is_text: bool = False


def wholes(mobjects: Iterable[Mobject], role: Role = Role.PLAIN) -> Iterator[tuple[int, Whole]]:
    """Yield for each mobject with points, by its id, what it is a part of."""
    for mobject in mobjects:
        if is_text(mobject) or isinstance(mobject, (DashedLine, DashedVMobject)):
            whole = Whole(mobject, role, is_text(mobject))
            yield from ((id(part), whole) for part in mobject.get_family())
            continue
        own = role
        if isinstance(mobject, ArrowTip):
            own = Role.TIP
        elif isinstance(mobject, _SCALES):
            own = Role.SCALE
        elif isinstance(mobject, AbstractImageMobject):
            own = Role.IMAGE
        yield id(mobject), Whole(mobject, own)
        yield from wholes(mobject.submobjects, own)


def _what_it_says(mobject: Mobject) -> str:
    """Return what a text says; its class name where it does not tell."""
    if isinstance(mobject, DecimalNumber):
        return f"{mobject.number:.{mobject.num_decimal_places}f}"
    if isinstance(mobject, Paragraph):
        # manim's Code ends its lines with a word that it takes away again: they keep their height.
        return " ".join(str(mobject.lines_text.original_text).replace(" pA1", "").split())
    for name in ("original_text", "text", "tex_string"):
        said = getattr(mobject, name, None)
        if isinstance(said, str) and said.strip():
            return " ".join(said.split())
    return type(mobject).__name__


def capital_height(says: str, outlines: Sequence[Floats], glyphs: Floats) -> float:
    """Return the height that a capital has, or would have, in a text.

    Parameters
    ----------
    says
        What the text says.
    outlines
        Segments of each mobject that draws it, in pixels; shapes (n, 2, 2).
    glyphs
        A box for each glyph, in pixels.
    """
    highest = max((_HEIGHTS.get(character, 1.0) for character in says), default=1.0)
    return _highest(outlines, glyphs) / (highest or 1.0)


def _highest(outlines: Sequence[Floats], glyphs: Floats) -> float:
    """Return the height of the highest glyph across the direction of the text."""
    upright = float((glyphs[:, 3] - glyphs[:, 1]).max())
    if len(outlines) < _LONG:
        return upright
    middles = (glyphs[:, :2] + glyphs[:, 2:]) / 2
    way = np.median(np.diff(middles, axis=0), axis=0)  # from glyph to glyph, whatever the lines
    if abs(way[1]) < abs(way[0]) / 4:  # about horizontal: glyphs differ in height
        return upright
    across = np.array([-way[1], way[0]]) / np.hypot(*way)
    return float(max(np.ptp(outline.reshape(-1, 2) @ across) for outline in outlines))


class Names:
    """What texts say, also those that have been transformed into others."""

    def __init__(self) -> None:
        self._known: dict[int, str] = {}
        self._texts: list[Mobject] = []  # kept, so that no other gets their id

    def of(self, text: Mobject) -> str:
        """Return what a text says."""
        return self._known.get(id(text)) or _what_it_says(text)

    def learn(self, animations: Iterable[Animation]) -> None:
        """Take in what animations that have ended have made of texts."""
        for animation in animations:
            self.learn(getattr(animation, "animations", ()))
            target = getattr(animation, "target_mobject", None)
            if target is not None and target is not animation.mobject:
                self._known[id(animation.mobject)] = _what_it_says(target)
                self._texts.append(cast("Mobject", animation.mobject))

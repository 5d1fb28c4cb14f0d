"""Which mobjects a viewer sees as one thing, and as what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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
    from collections.abc import Iterable, Iterator

    from manim import Mobject

_TEXTS = (Text, MarkupText, Paragraph, SingleStringMathTex, DecimalNumber)
_SCALES = (NumberLine, CoordinateSystem, ParametricFunction)


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

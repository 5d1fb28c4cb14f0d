"""Shapes so small that they look like a speck."""

from __future__ import annotations

from pagereel.check.rules import Facts, Rule
from pagereel.check.see.parts import EXACT, Hit, Hits, Role, Shape, View


class TinyShape(Rule):
    """Compares the larger side of closed shapes with a threshold in pixels."""

    facts = Facts(
        says="the larger side of a closed shape is at least this long",
        unit="px",
        default=6,
        scales=True,
        least=3,
        taste=True,
    )

    def at_rest(self, view: View) -> Hits:
        """Find shapes that are too small."""
        least = f"{round(self.limit, 1):g} px is the least"
        for shape in view.shapes:
            size = float((shape.box[2:] - shape.box[:2]).max())
            drawn = size + (shape.width if shape.is_stroked else 0)
            if _is_meant(shape, size) and drawn < self.limit - EXACT:
                message = f"{shape.noun} is {drawn:.1f} px large; {least}"
                yield Hit(shape.name, message, shape.box, (shape.mobject,))


def _is_meant(shape: Shape, size: float) -> bool:
    """Return whether a viewer is to see a shape of this size, and as one of its own.

    A point, or a dot of radius 0, helps to place others; a facet is a part of a surface.
    """
    is_facet = getattr(shape.mobject, "shade_in_3d", False)
    return size > EXACT and shape.closed and shape.role is Role.PLAIN and not is_facet

"""Shapes so small that they look like a speck."""

from __future__ import annotations

from pagereel.check.rules import Facts, Rule
from pagereel.check.see.parts import EXACT, Hit, Hits, Role, View


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
            if shape.is_stroked:
                size += shape.width
            is_plain = shape.closed and shape.role is Role.PLAIN
            is_drawn = shape.is_filled or shape.is_stroked
            if is_plain and is_drawn and 0 < size < self.limit - EXACT:
                message = f"{shape.noun} is {size:.1f} px large; {least}"
                yield Hit(shape.name, message, shape.box, (shape.mobject,))

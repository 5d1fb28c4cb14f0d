"""Texts that are too small to be read."""

from __future__ import annotations

from pagereel.check.rules import Facts, Rule
from pagereel.check.see.parts import EXACT, Hit, Hits, View


class TextTooSmall(Rule):
    """Compares the height of capitals with a threshold in pixels."""

    facts = Facts(
        says="capitals are at least this high",
        unit="px",
        default=22,
        scales=True,
        least=9,
        gif=9,
    )

    def at_rest(self, view: View) -> Hits:
        """Find texts whose capitals are too low."""
        for text in view.texts:
            if text.cap < self.limit - EXACT:
                size = f"{text.cap:.1f} px; {round(self.limit, 1):g} px is the least"
                message = f"{text.name} has capitals of {size}"
                yield Hit(text.says, message, text.box, (text.mobject,))

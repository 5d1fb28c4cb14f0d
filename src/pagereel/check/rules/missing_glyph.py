"""Characters that no font has: a box is drawn in place of each, and manim does not warn."""

from __future__ import annotations

from pagereel.check.rules import Facts, Rule
from pagereel.check.see.parts import Hit, Hits, View
from pagereel.glyphs import described, is_box, missing_glyphs


class MissingGlyph(Rule):
    """Looks for the boxes, in texts and among letters that were taken out of their text."""

    facts = Facts(
        says="every character of a text is in some font of the system",
        unit="",
        default=1,
        most=1,
    )

    def at_rest(self, view: View) -> Hits:
        """Find texts with characters that are drawn as boxes."""
        for text in view.texts:
            missing = missing_glyphs(text.laid_out)
            if missing:
                message = f"in {text.name}, no font here has {described(missing)}"
                yield Hit(text.says, message, text.box, (text.mobject,))
        for shape in view.shapes:
            if is_box(shape.mobject):
                message = "a box is drawn for a character that no font here has"
                yield Hit("", message, shape.box, (shape.mobject,))

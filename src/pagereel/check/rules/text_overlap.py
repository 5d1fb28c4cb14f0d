"""Texts that overlap each other, or are partly covered."""

from __future__ import annotations

import numpy as np

from pagereel.check.rules import Facts, Rule
from pagereel.check.see.geometry import around, overlap
from pagereel.check.see.parts import Hit, Hits, View, Words


class TextOverlap(Rule):
    """Measures how far the glyphs of two texts reach into each other, in pixels."""

    facts = Facts(
        says="two texts overlap by no more than this",
        unit="px",
        default=1,
        scales=True,
        least=1,
    )

    def at_rest(self, view: View) -> Hits:
        """Find texts that are partly covered, and pairs that overlap."""
        for text in view.texts:
            if text.covered_by is not None:
                message = f"{text.name} is partly covered by {text.covered_by.noun}"
                yield Hit(text.says, message, text.box, (text.mobject,))
        boxes = np.array([text.box for text in view.texts]).reshape(-1, 4)
        for i, j in np.argwhere(np.triu(overlap(boxes, boxes) > self.limit, 1)):
            one, other = view.texts[i], view.texts[j]
            depth = float(overlap(one.glyphs, other.glyphs).max())
            if depth > self.limit and not _same(one, other):
                message = f"{one.name} and {other.name} overlap by {depth:.0f} px"
                subject = " / ".join(sorted((one.says, other.says)))
                yield Hit(subject, message, around(boxes[[i, j]]), (one.mobject, other.mobject))


def _same(one: Words, other: Words) -> bool:
    """Return whether two texts are drawn exactly upon each other and look like one."""
    return (
        one.glyphs.shape == other.glyphs.shape
        and np.abs(one.glyphs - other.glyphs).max() < 1
        and np.abs(one.colors - other.colors).max() < 1 / 16
    )

"""Texts that reach into the margin, or over the edge."""

from __future__ import annotations

import numpy as np

from pagereel.check.rules import Facts, Rule
from pagereel.check.see.parts import EXACT, Hit, Hits, View


class TextOutside(Rule):
    """Keeps a margin free of texts: the threshold is percent of the picture, at each side.

    Where the camera is zoomed or panned there is no margin, and a text whose middle is not in the
    picture is not meant to be read.
    """

    facts = Facts(
        says="a text keeps this much of the picture's width and height free at the edges",
        unit="%",
        default=1,
        most=50,
    )

    def at_rest(self, view: View) -> Hits:
        """Find texts in the margin."""
        size = np.array([view.width, view.height, view.width, view.height])
        margin = size * (0 if view.moved else self.limit / 100)
        for text in view.texts:
            middle = (text.box[:2] + text.box[2:]) / 2
            if view.moved and not ((middle > 0) & (middle < size[:2])).all():
                continue
            left, top, right, bottom = text.box
            room = np.array([left, top, view.width - right, view.height - bottom])
            if (room < margin - EXACT).any():
                side = int(np.argmin(room - margin))
                where = ("left", "upper", "right", "lower")[side]
                gap = f"{abs(room[side]):.0f} px {'from' if room[side] >= 0 else 'over'}"
                rule = "" if view.moved else f"; {margin[side]:.0f} px is the margin"
                message = f"{text.name} is {gap} the {where} edge{rule}"
                yield Hit(text.says, message, text.box, (text.mobject,))

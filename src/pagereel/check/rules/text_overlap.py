"""Texts that overlap each other, or are partly covered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pagereel.check.rules import Facts, Rule
from pagereel.check.see.geometry import around, overlap
from pagereel.check.see.parts import Hit, Hits, View


class TextOverlap(Rule):
    """Measures how far the glyphs of two texts reach into each other, in pixels."""

    facts = Facts(
        says="two texts overlap by no more than this",
        unit="px",
        default=1,
        scales=True,
        least=1,
    )

    def __init__(self, limit: float) -> None:
        super().__init__(limit)
        self._known: set[tuple[int, int]] = set()

    def at_rest(self, view: View) -> Hits:
        """Find texts that are partly covered, and pairs that overlap."""
        for text in view.texts:
            if text.covered_by is not None:
                message = f"{text.name} is partly covered by {text.covered_by.noun}"
                yield Hit(text.says, message, text.box, (text.mobject,))
        yield from self._pairs(view)

    def _pairs(self, view: View) -> Hits:
        """Find texts that overlap; a row in which each runs into the next is one fault."""
        boxes = np.array([text.box for text in view.texts]).reshape(-1, 4)
        rows: list[_Row] = []
        for i, j in np.argwhere(np.triu(overlap(boxes, boxes) > self.limit, 1)):
            one, other = view.texts[i], view.texts[j]
            depth = float(overlap(one.glyphs, other.glyphs).max())
            if depth > self.limit:
                linked = [row for row in rows if row.texts & {i, j}]
                rows = [row for row in rows if row not in linked]
                pairs = [pair for row in linked for pair in row.pairs]
                rows.append(_Row([*pairs, (depth, i, j)]))
        for row in rows:
            both = {(id(view.texts[i].mobject), id(view.texts[j].mobject)) for _, i, j in row.pairs}
            if both <= self._known:
                continue  # a part of a row that was found
            self._known |= both
            depth, i, j = row.pairs[0]
            names = f"{view.texts[i].name} and {view.texts[j].name} overlap by {depth:.0f} px"
            more = len(row.pairs) - 1
            subject = " / ".join(sorted((view.texts[i].says, view.texts[j].says)))
            indices = sorted(row.texts)
            yield Hit(
                subject,
                f"{names}, and so do {more} more pairs" if more else names,
                around(boxes[indices]),
                tuple(view.texts[index].mobject for index in indices),
            )


@dataclass(frozen=True, slots=True)
class _Row:
    """Texts of which each overlaps another one: depth in pixels and both indices of each pair."""

    pairs: list[tuple[float, int, int]]

    @property
    def texts(self) -> set[int]:
        return {index for _, *both in self.pairs for index in both}

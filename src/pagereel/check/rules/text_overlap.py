"""Texts that overlap each other, or are partly covered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from pagereel.check.rules import Facts, Rule
from pagereel.check.see.geometry import around, overlap
from pagereel.check.see.parts import Hit, Hits, Look, View

if TYPE_CHECKING:
    from collections.abc import Iterator

_FULL = 0.9  # opacity: a text that fades is on its way
_LONG = 1.0  # seconds; texts that pass each other overlap for less
_STEP = 0.25  # seconds

_Pair: TypeAlias = tuple[float, int, int]
"""How far two texts reach into each other, in pixels, and their indices in the view."""


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
        self._since: dict[tuple[int, int], float] = {}
        self._next = 0.0

    def at_rest(self, view: View) -> Hits:
        """Find texts that are partly covered, and pairs that overlap."""
        for text in view.texts:
            if text.covered_by is not None:
                message = f"{text.name} is partly covered by {text.covered_by.noun}"
                yield Hit(text.says, message, text.box, (text.mobject,))
        yield from self._rows(view, [*self._pairs(view)])

    def follow(self, look: Look) -> Hits:
        """Find texts that overlap for long while something moves, and not just in passing."""
        seconds = look.moment.seconds
        if look.at_rest or seconds < self._next:
            return
        self._next = seconds + _STEP
        # That is quickly asked of whole boxes; reading the glyphs takes longer.
        full = [each for each in look.things.values() if each.says and each.opacity > _FULL]
        boxes = np.array([each.box for each in full if each.is_seen]).reshape(-1, 4)
        if not np.triu(overlap(boxes, boxes) > self.limit, 1).any():
            self._since = {}
            return
        view = look.view()
        solid = {id(each.mobject) for each in full}
        pairs = [pair for pair in self._pairs(view) if {*_ids(pair, view)} <= solid]
        self._since = {_ids(p, view): self._since.get(_ids(p, view), seconds) for p in pairs}
        late = [pair for pair in pairs if seconds - self._since[_ids(pair, view)] >= _LONG]
        yield from self._rows(view, late)

    def _pairs(self, view: View) -> Iterator[_Pair]:
        boxes = np.array([text.box for text in view.texts]).reshape(-1, 4)
        for i, j in np.argwhere(np.triu(overlap(boxes, boxes) > self.limit, 1)):
            depth = float(overlap(view.texts[i].glyphs, view.texts[j].glyphs).max())
            if depth > self.limit:
                yield depth, int(i), int(j)

    def _rows(self, view: View, overlapping: list[_Pair]) -> Hits:
        """Turn pairs into hits; a row in which each text runs into the next is one fault."""
        rows: list[_Row] = []
        for depth, i, j in overlapping:
            linked = [row for row in rows if row.texts & {i, j}]
            rows = [row for row in rows if row not in linked]
            pairs = [pair for row in linked for pair in row.pairs]
            rows.append(_Row([*pairs, (depth, i, j)]))
        for row in rows:
            new = [pair for pair in row.pairs if _ids(pair, view) not in self._known]
            if not new:
                continue  # a part of a row that was found
            self._known |= {_ids(pair, view) for pair in new}
            depth, i, j = new[0]
            names = f"{view.texts[i].name} and {view.texts[j].name} overlap by {depth:.0f} px"
            more = len(row.pairs) - 1
            subject = " / ".join(sorted((view.texts[i].says, view.texts[j].says)))
            indices = sorted(row.texts)
            yield Hit(
                subject,
                f"{names}, and so do {more} more pairs" if more else names,
                around(np.array([view.texts[index].box for index in indices])),
                tuple(view.texts[index].mobject for index in indices),
            )


@dataclass(frozen=True, slots=True)
class _Row:
    """Texts of which each overlaps another one."""

    pairs: list[_Pair]

    @property
    def texts(self) -> set[int]:
        return {index for _, *both in self.pairs for index in both}


def _ids(pair: _Pair, view: View) -> tuple[int, int]:
    _, i, j = pair
    return id(view.texts[i].mobject), id(view.texts[j].mobject)

"""Copies of a text that a viewer sees as one with it: a glow, a shadow, an outline."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pagereel.check.see.parts import Words

# In heights of a capital.
_SHIFT = 0.3  # a shadow is not further away from its text
_SPREAD = 0.5  # a copy that is a little larger; its glyphs are further apart
_LARGER = 1.3  # times, at most


def as_one(texts: Iterable[Words]) -> Iterator[Words]:
    """Yield texts in the order of drawing, copies at one place as the strongest of them."""
    stacks: list[list[Words]] = []
    alike: defaultdict[tuple[str, int], list[list[Words]]] = defaultdict(list)  # that say the same
    for text in texts:
        others = alike[text.says, len(text.glyphs)]
        stack = next((each for each in others if any(_copies(text, one) for one in each)), None)
        if stack is None:
            stack = []
            others.append(stack)
            stacks.append(stack)
        stack.append(text)
    for stack in stacks:
        strongest = max(reversed(stack), key=lambda text: float(text.colors[:, 3].mean()))
        if len(stack) == 1:
            yield strongest
            continue
        below = [text.outlines for text in stack if text.order < strongest.order]
        yield dataclasses.replace(
            strongest,
            leaves=frozenset(leaf for text in stack for leaf in text.leaves),
            halos=max([strongest.halos, *below], key=lambda paint: float(paint[:, 3].mean())),
        )


def _copies(one: Words, other: Words) -> bool:
    """Return whether two texts that say the same are at about the same place and size."""
    sizes = one.box[2:] - one.box[:2], other.box[2:] - other.box[:2]
    if (np.maximum(*sizes) > _LARGER * np.minimum(*sizes) + 1).any():
        return False
    height = min(one.cap, other.cap, float(sizes[0].max()))
    shifts = (one.glyphs[:, :2] + one.glyphs[:, 2:] - other.glyphs[:, :2] - other.glyphs[:, 2:]) / 2
    mean = shifts.mean(axis=0)
    near = np.hypot(*mean) < _SHIFT * height
    return bool(near and np.abs(shifts - mean).max() < _SPREAD * height)

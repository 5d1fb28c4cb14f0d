"""Places of Compare: the regions of its parts, once for each run where there are two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from pagereel.stage.layout.places import Need, Region, Spot

if TYPE_CHECKING:
    from collections.abc import Callable

Fill: TypeAlias = "Callable[[Region], Region]"


def _all_of(region: Region) -> Region:
    return region


@dataclass(frozen=True, slots=True)
class RaceNeed(Need):
    """The need of a part of a comparison: how many lines or numbers there are."""

    count: int = 1


@dataclass(frozen=True, slots=True)
class ScalesNeed(RaceNeed):
    """The need of scales: how wide the label and both numbers of each are, in capitals' heights."""

    widths: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class PoolsNeed(Need):
    """The need of two pools; `filled` returns what the frames of each of them fill of a region."""

    filled: tuple[Fill, Fill] = (_all_of, _all_of)


@dataclass(frozen=True, slots=True)
class RaceHeading(Region):
    """Where the title and the one or two lines about the engine and its memory stand."""

    title: Spot
    notes: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class PoolPlace(Region):
    """Where a pool stands: its name and what it holds, above the region of its frames.

    The region has a gap behind the last column, which ends at `edge`.
    """

    edge: float
    name: Spot
    held: Spot


@dataclass(frozen=True, slots=True)
class Pair(Region):
    """The two regions of what stands there once for each run."""

    first: Region
    second: Region

    @classmethod
    def of(cls, first: Region, second: Region) -> Pair:
        """Return the pair, and the region that both fill."""
        left, right = min(first.left, second.left), max(first.right, second.right)
        top, bottom = max(first.top, second.top), min(first.bottom, second.bottom)
        return cls(left, top, right, bottom, first, second)


@dataclass(frozen=True, slots=True)
class StripsPlace(Pair):
    """Where two strips of requests stand: below their pools, and then on the card."""

    rows: int
    card: Pair


@dataclass(frozen=True, slots=True)
class ScalePlace(Region):
    """Where a scale stands: its label over the middle, two numbers, and the bar below them."""

    label: Spot
    digits: Spot
    bar: Region


@dataclass(frozen=True, slots=True)
class ScalesPlace(Region):
    """Where several scales stand."""

    scales: tuple[ScalePlace, ...]


@dataclass(frozen=True, slots=True)
class CurvePlace(Region):
    """Where a curve stands, with its label above it."""

    label: Spot


@dataclass(frozen=True, slots=True)
class CardPlace(Region):
    """Where headlines, results between two rules, and the command stand.

    `rows` says how the boxes are shared out: so many beside each other in each row.
    """

    headlines: tuple[Spot, Spot]
    strips: Pair
    rules: tuple[float, float]
    rows: tuple[Region, ...]
    command: Spot

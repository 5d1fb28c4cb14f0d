"""The arrangement of PrefixSharing: a pool over a map of pages, the hits counted beside it.

From top to bottom: title and counter, the pool, the prefix index, the map, the caption. In wide
pictures the lines of the map run to the right, and the hits are counted in its last row, which is
short. In others they run down: what is long then has room to be long.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from pagereel.stage.layout.arrangement import arrange_foot, arrange_head, refuse_long
from pagereel.stage.layout.frames import PoolNeed, PoolPlaces, place_pool, pool_row
from pagereel.stage.layout.page_map import (
    Cell,
    MapNeed,
    MapPlaces,
    notes_in,
    place_map,
    remark_spots,
)
from pagereel.stage.layout.places import MIN_CAP, Area, Region, Shape, Spot, px

if TYPE_CHECKING:
    from pagereel.stage.layout.arrangement import Needs, Regions

_LABELS = px(228)  # width of the labels left of a pool in one row
_LABEL = px(28)
_HEADING = px(24)  # of the prefix index, where it stands over the badges


@dataclass(frozen=True, slots=True)
class IndexPlaces(Region):
    """The place of the prefix index.

    Attributes
    ----------
    label
        Where its name stands, on a line or, a word a line, on two.
    notes
        Where two notes on how engines keep it stand: for each the places of its lines.
    arrows
        Whether there is room for arrows from its pages to their frames.
    """

    label: tuple[Spot, ...]
    notes: tuple[tuple[Spot, ...], ...]
    arrows: bool


@dataclass(frozen=True, slots=True)
class HitPlaces(Region):
    """The place of the count of hits; its words stand below the numbers, or beside them."""

    beside: bool


def pool_over_map(area: Area, needs: Needs) -> Regions:
    """Return the places of `title`, `counter`, `pool`, `index`, `map`, `hits` and `caption`.

    Raises
    ------
    StageError
        If the picture is too long to be filled.
    """
    refuse_long(area)
    return _wide(area, needs) if area.wide else _turned(area, needs)


def _wide(area: Area, needs: Needs) -> Regions:
    title, counter = arrange_head(area, needs)
    caption = arrange_foot(area)
    top = title.y - title.cap / 2 - px(26)
    room = Region(area.left, top, area.right, caption.rule)
    pool = pool_row(room, _frames(needs), labels=_LABELS)
    band = Region(area.left, pool.bottom, area.right, pool.bottom - px(78))
    room = Region(area.left, band.bottom, area.right, caption.rule + px(30))
    places = place_map(room, _map(needs))
    label = Spot.at(area.left, band.top - 0.6 * band.height, _LABEL, width=_LABELS, align=-1)
    return {
        "title": title,
        "counter": counter,
        "pool": pool,
        "index": _index(band, (label,), notes_in(places.remark(Cell(0, 2))), arrows=True),
        "map": places,
        "hits": _hits(_corner(places), beside=False),
        "caption": caption,
    }


def _corner(places: MapPlaces) -> Region:
    """Return the end of the last row: the hits are counted there, if its task has few pages."""
    last = places.page(Cell(places.tasks - 1, places.pages - 1))
    first = places.page(Cell(places.tasks - 1, places.pages - 2))
    return Region(first.left, last.top + px(25), last.right, last.bottom)


def _turned(area: Area, needs: Needs) -> Regions:
    title, counter = arrange_head(area, needs)
    caption = arrange_foot(area)
    pool = _pool(area, needs, title.y - title.cap / 2)
    square = area.shape is Shape.SQUARE
    heading = pool.bottom - px(50)
    top = pool.bottom - px(18) if square else heading - px(30)
    room = Region(area.left, top, area.right, caption.rule + area.tall(22, 44))
    gaps = area.tall(44, 58), area.tall(34, 42)
    places = place_map(room, _map(needs), badge=area.tall(54, 72), gaps=gaps, turned=True)
    label: tuple[Spot, ...] = (
        Spot.at(area.left, heading, _HEADING, width=area.right - area.left, align=-1),
    )
    if square:  # left of the first badge
        x, y = places.badge_at(0)
        width, half = x - places.badge / 2 - px(8) - area.left, 0.75 * MIN_CAP
        label = tuple(
            Spot.at(area.left, y + side * half, MIN_CAP, width=width, align=-1) for side in (1, -1)
        )
    last = places.page(Cell(places.tasks - 1, places.pages - 2))
    notes = tuple(remark_spots(each, 2) for each in (_foot(places, -2), last))
    return {
        "title": title,
        "counter": counter,
        "pool": pool,
        "index": _index(room, label, notes, arrows=False),
        "map": places,
        "hits": _hits(_foot(places, -1), beside=True),
        "caption": caption,
    }


def _pool(area: Area, needs: Needs, top: float) -> PoolPlaces:
    """Return the places of the pool below its label: in two rows, if there is room for them."""
    label = Spot.at(
        area.left, top - area.tall(38, 56), _LABEL, width=0.3 * area.width, align=-1, brief=True
    )
    room = Region(area.left, label.y - area.tall(42, 50), area.right, area.bottom)
    frames = _frames(needs)
    return place_pool(
        room,
        frames,
        label=label,
        hook=px(12),
        most=px(104),
        rows=1 if area.shape is Shape.SQUARE else 2,
    )


def _foot(places: MapPlaces, page: int) -> Region:
    """Return the room where the first two tasks have no pages, or none yet.

    Parameters
    ----------
    page
        Which row of pages, counted from the end.
    """
    page += places.pages
    first, third = places.page(Cell(0, page)), places.page(Cell(2, page))
    return Region(first.left, first.top, third.left - px(12), first.bottom)


def _hits(region: Region, *, beside: bool) -> HitPlaces:
    return HitPlaces(region.left, region.top, region.right, region.bottom, beside)


def _index(
    region: Region,
    label: tuple[Spot, ...],
    notes: tuple[tuple[Spot, ...], ...],
    *,
    arrows: bool,
) -> IndexPlaces:
    left, top, right, bottom = region.left, region.top, region.right, region.bottom
    return IndexPlaces(left, top, right, bottom, label, notes, arrows)


def _frames(needs: Needs) -> int:
    return cast("PoolNeed", needs["pool"]).frames


def _map(needs: Needs) -> MapNeed:
    return cast("MapNeed", needs["map"])

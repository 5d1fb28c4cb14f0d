"""The arrangement of CopyOnWrite: two tasks face each other, with the page frames between them.

In wide and square pictures the frames stand in a row, one task above them and one below. In tall
ones all is turned: the frames stand in a column, and the tasks left and right of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from pagereel.stage.layout.arrangement import arrange_foot, arrange_head, refuse_long
from pagereel.stage.layout.bars import BarsPlace
from pagereel.stage.layout.places import (
    MIN_CAP,
    MONO_ADVANCE,
    Area,
    Need,
    Point,
    Region,
    Shape,
    Spot,
    px,
)
from pagereel.stage.layout.slots import row_of

if TYPE_CHECKING:
    from pagereel.stage.layout.arrangement import Needs, Regions
    from pagereel.stage.part import Extent

_ABOVE_BARS = px(24)  # more room below the title than frames have
_PAGE, _BADGE = px(86), px(93)  # size of a page and of a badge ...
_SMALL = px(76)  # ... of both in square pictures
_CAP = px(27)  # of the words beside the frames
_TABLE = px(300)  # the narrowest place of a page table
_FROM_PAGE = px(46)  # between the last page of a row and the task's page table
_SQUARE_COLUMN = px(112)  # left of the frames, for the badges
_COLUMN = px(360)  # width of the frames that stand in a column
_HEAD = px(118)  # over a column of frames


@dataclass(frozen=True, slots=True)
class ForkNeed(Need):
    """The need of page frames between two tasks.

    Attributes
    ----------
    frames
        How many frames there are.
    pages
        How many pages a task has at most.
    """

    frames: int = 1
    pages: int = 1

    @classmethod
    def of(cls, told: Extent) -> ForkNeed:
        """Return the need of a story."""
        return cls(frames=told.frames, pages=max(map(len, told.tables)))


@dataclass(frozen=True, slots=True)
class BetweenPlaces(Region):
    """Where page frames stand that two tasks hold from two sides.

    Attributes
    ----------
    boxes
        The frames.
    label
        Where their name stands.
    level
        Whether the tasks stand left and right of them, and not above and below.
    rows
        In how many rows a frame has its slots.
    aside
        Where words about several frames stand, if there is no room at the frames. Then all texts
        are brief.
    """

    boxes: tuple[Region, ...]
    label: Spot
    level: bool
    rows: int
    aside: Region | None = None

    @property
    def brief(self) -> bool:
        """Whether texts are brief."""
        return self.aside is not None

    @classmethod
    def within(cls, region: Region, need: ForkNeed) -> BetweenPlaces:
        """Return the places of frames in a region that tasks share with them."""
        found = region if isinstance(region, cls) else _row(region, need, wide=True)["frames"]
        return cast("BetweenPlaces", found)


@dataclass(frozen=True, slots=True)
class SidePlaces:
    """Where a task stands on its side of the frames.

    Attributes
    ----------
    badge
        The middle of its badge.
    pages
        The middle of each page.
    table
        Where its page table stands: the words before it, and the table; None if it is left out.
    """

    badge: Point
    pages: tuple[Point, ...]
    table: tuple[Spot, Spot] | None


@dataclass(frozen=True, slots=True)
class FacingPlaces(Region):
    """Where two tasks stand that face each other.

    Attributes
    ----------
    sides
        The first one's side, above or left of the frames, and the other's.
    page, badge
        The size of a page and of a badge.
    level
        Whether they stand left and right, and not above and below.
    """

    sides: tuple[SidePlaces, ...]
    page: float
    badge: float
    level: bool

    @classmethod
    def within(cls, region: Region, need: ForkNeed) -> FacingPlaces:
        """Return the places of tasks in a region that frames share with them."""
        found = region if isinstance(region, cls) else _row(region, need, wide=True)["tasks"]
        return cast("FacingPlaces", found)


def pool_between_tasks(area: Area, needs: Needs) -> Regions:
    """Return the places of all parts of the scene; `verdict` has that of `frames`.

    Raises
    ------
    StageError
        If the picture is too long to be filled.
    """
    refuse_long(area)
    title, counter = arrange_head(area, needs)
    caption = arrange_foot(area)
    top, bottom = title.bottom - area.tall(34, 60), caption.rule + px(28)
    body, need = Region(area.left, top, area.right, bottom), cast("ForkNeed", needs["frames"])
    parts = _column(body, need) if area.shape is Shape.TALL else _row(body, need, wide=area.wide)
    bars_top = top - _ABOVE_BARS
    bars = BarsPlace(area.left, bars_top, area.right, bottom, heading=counter, beside=area.wide)
    around = {"title": title, "counter": counter, "caption": caption, "bars": bars}
    return {**around, **parts, "verdict": parts["frames"]}


def _row(body: Region, need: ForkNeed, *, wide: bool) -> dict[str, Region]:
    """Put the frames in a row between two rows of pages."""
    left, gap, high, page, badge = body.left, px(51), px(250), _PAGE, _BADGE
    if not wide:
        left, gap, high, page, badge = left + _SQUARE_COLUMN, px(16), px(340), _SMALL, _SMALL
    _, middle = body.center
    band = Region(left, middle + high / 2, body.right, middle - high / 2)
    boxes = row_of(band, need.frames, columns=need.frames, gap=gap)
    y = band.top + px(36)
    mask_width = (len("free: ") + need.frames) * MONO_ADVANCE * _CAP
    if wide:
        mask = Spot.at(body.right, y, _CAP, width=body.width, align=1)
        label = Spot.at(body.right - mask_width - px(28), y, _CAP, width=px(300), align=1)
    else:  # connectors leave no room above the frames
        mask = Spot.at(body.right, body.top - badge / 2, _CAP, width=mask_width, align=1)
        label = Spot.at(body.left, middle, MIN_CAP, width=_SQUARE_COLUMN - px(20), align=-1)
    xs = tuple(box.center[0] for box in boxes)

    beyond = xs[need.pages - 1] + page / 2  # the end of a row of pages

    def side(y: float) -> SidePlaces:
        x, table = beyond + _FROM_PAGE, None
        if wide and body.right - x >= _TABLE:
            words = Spot.at(x, y, px(32), width=px(210), align=-1)
            table = words, Spot.at(x + px(216), y, px(32), width=body.right - x, align=-1)
        return SidePlaces((body.left + badge / 2, y), tuple((x, y) for x in xs), table)

    aside = Region(beyond + px(24), body.bottom + badge, body.right, body.bottom)
    return {
        "frames": BetweenPlaces(
            body.left,
            band.top,
            body.right,
            band.bottom,
            boxes=boxes,
            label=label,
            level=False,
            rows=2 if wide else 4,
            aside=None if wide else aside,
        ),
        "mask": mask,
        "tasks": FacingPlaces(
            body.left,
            body.top,
            body.right,
            body.bottom,
            sides=(side(body.top - badge / 2), side(body.bottom + badge / 2)),
            page=page,
            badge=badge,
            level=False,
        ),
    }


def _column(body: Region, need: ForkNeed) -> dict[str, Region]:
    """Put the frames in a column between two columns of pages."""
    band = Region(-_COLUMN / 2, body.top - _HEAD, _COLUMN / 2, body.bottom + px(56))
    boxes = row_of(band, need.frames, columns=1, gap=px(28))
    ys = tuple(box.center[1] for box in boxes)

    def side(align: int) -> SidePlaces:
        edge = align * body.width / 2
        x = edge - align * (_BADGE / 2 + px(18))
        words = Spot.at(edge, body.bottom + px(80), px(28), width=px(260), align=align)
        table = Spot.at(edge, body.bottom + px(28), px(32), width=px(260), align=align)
        return SidePlaces((x, body.top - _BADGE / 2), tuple((x, y) for y in ys), (words, table))

    return {
        "frames": BetweenPlaces(
            band.left,
            body.top,
            band.right,
            band.bottom,
            boxes=boxes,
            label=Spot.at(0, body.top - px(24), px(30), width=_COLUMN, align=0),
            level=True,
            rows=2,
        ),
        "mask": Spot.at(0, body.top - px(80), _CAP, width=_COLUMN, align=0),
        "tasks": FacingPlaces(
            body.left,
            body.top,
            body.right,
            body.bottom,
            sides=(side(-1), side(1)),
            page=_PAGE,
            badge=_BADGE,
            level=True,
        ),
    }

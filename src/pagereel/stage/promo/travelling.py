"""A pool that travels: its frames where the pool camera puts them, and as they look there.

All frames that look alike are one shape, whose points are computed anew in each image.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

import numpy as np
from manim import Circle, VGroup, VMobject, smooth

from pagereel.stage.film.scene import Following
from pagereel.stage.layout.places import px
from pagereel.stage.parts.shapes import box_points, stroke
from pagereel.stage.promo.camera import between
from pagereel.stage.theme import mixed
from pagereel.stage.timing import spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Animation
    from numpy.typing import NDArray

    from pagereel.stage.brand.field import Cell
    from pagereel.stage.promo.camera import PoolCamera
    from pagereel.stage.timing import Span

    Floats = NDArray[np.float64]

_RADIUS = px(8)  # of a frame's corners
_DOT = 0.05, px(6)  # of a frame's longer side, and at most
_APART = 2.6  # dots, in radii
_LAG = 0.35  # so much of a wave has passed when the next begins
_CIRCLE = Circle(radius=1).points


@dataclass(slots=True)
class _Group:
    """Frames that look alike all the time."""

    before: Cell
    after: Cell
    wave: int
    ring: int
    frames: NDArray[np.int64]
    boxes: VMobject
    dots: VMobject
    painted: tuple[float, float] | None = None

    def cell_at(self, share: float) -> Cell:
        """Return the look of which the dots are seen: numbers of dots do not mix."""
        return self.before if share < 0.5 and self.before.dots != self.after.dots else self.after

    def paint(self, background: str, share: float, visible: float) -> None:
        """Be coloured: so far changed, and so far visible; both 0 to 1."""
        if self.painted == (share, visible):
            return
        self.painted = share, visible
        old, new = self.before, self.after
        fill, rim = (
            mixed(background, mixed(*pair, share), visible)
            for pair in ((old.fill, new.fill), (old.rim, new.rim))
        )
        self.boxes.set_fill(fill).set_stroke(rim)
        cell, color = self.cell_at(share), fill
        if cell.dots:
            alike = old.dots == new.dots
            color = mixed(old.dot, new.dot, share) if alike else cell.dot
            color = mixed(fill, color, (1.0 if alike else abs(1 - 2 * share)) * visible)
        self.dots.set_fill(color)  # of none, too: what is shown does not depend on what was


class TravellingPool(VGroup):
    """The frames of a pool, wherever they are.

    Parameters
    ----------
    camera
        Says where they are.
    cells
        What each of them looks like.
    background
        Hex colour, into which those fade that are out of sight.

    Attributes
    ----------
    cells
        What each looks like now.
    close, parted
        Where they are, in the camera's numbers.
    floor
        Below this height, nothing of them is drawn: where captions stand.
    """

    def __init__(self, camera: PoolCamera, cells: Sequence[Cell], background: str) -> None:
        super().__init__()
        self.camera, self.cells, self._background = camera, (*cells,), background
        self.close = self.parted = 0.0
        self.floor = -inf
        self._fades = False  # some are out of sight, or will be
        self.boxes = camera.whole
        self._after, self._waves = self.cells, np.zeros(len(self.cells), np.int64)
        self._windows: Sequence[Span] = [(0.0, 1.0)]
        self._passed = 1.0  # of the time of a change
        self._groups: list[_Group] = []
        self._regroup()

    @property
    def shown(self) -> tuple[Cell, ...]:
        """What each frame looks like."""
        return self.cells

    def travel(
        self, *, close: float | None = None, parted: float | None = None, span: Span = (0.0, 1.0)
    ) -> Animation:
        """Return the movement to other numbers of the camera, in a span of the time."""
        from_close, from_parted = self.close, self.parted
        to_close = from_close if close is None else close
        to_parted = from_parted if parted is None else parted

        def move(share: float) -> None:
            eased = smooth(_passed(share, span))
            self.close = from_close + (to_close - from_close) * eased
            self.parted = from_parted + (to_parted - from_parted) * eased
            self.boxes = self.camera.at(close=self.close, parted=self.parted)
            self._draw()

        self._fades = max(from_close, to_close) > 0
        self._regroup()
        return Following(self, move)

    def stand(self, *, close: float = 0.0, parted: float = 0.0) -> TravellingPool:
        """Be where the camera's numbers say, at once."""
        self.close, self.parted = close, parted
        self.boxes = self.camera.at(close=close, parted=parted)
        self._fades = close > 0
        self._regroup()
        return self

    def look(self, cells: Sequence[Cell]) -> None:
        """Look otherwise, at once."""
        self.cells, self._passed = (*cells,), 1.0
        self._regroup()

    def glide(self, boxes: Floats) -> Animation:
        """Return the movement to other places, such as those of one of two pools."""
        begin = self.boxes

        def move(share: float) -> None:
            self.boxes = between(begin, boxes, smooth(share))
            self._draw()

        return Following(self, move)

    def change(
        self, cells: Sequence[Cell], waves: Sequence[int] = (), windows: Sequence[Span] = ()
    ) -> Animation:
        """Return the movement in which the frames come to look otherwise.

        Parameters
        ----------
        cells
            What each looks like then.
        waves
            By frame: with which others it changes, from 0; all at once, if not given.
        windows
            By wave: from when to when; one after another, if not given.
        """
        self._after = (*cells,)
        self._waves = np.array(waves or [0] * len(cells), np.int64)
        self._windows = windows or spans(int(self._waves.max(initial=0)) + 1, lag=_LAG)
        self._passed = 0.0

        def follow(share: float) -> None:
            self._passed = share
            if share >= 1:
                self.cells = self._after
            self._draw()

        self._regroup()
        return Following(self, follow)

    def _regroup(self) -> None:
        """Put frames that look alike into one shape each."""
        if self._passed >= 1:
            self._after, self._waves = self.cells, np.zeros(len(self.cells), np.int64)
            self._windows = [(0.0, 1.0)]
        rings = self.camera.rings if self._fades else np.zeros(len(self.cells), np.int64)
        alike: defaultdict[tuple[Cell, Cell, int, int], list[int]] = defaultdict(list)
        keys = zip(self.cells, self._after, self._waves.tolist(), rings.tolist(), strict=True)
        for frame, key in enumerate(keys):
            alike[key].append(frame)
        self._groups = [
            _Group(*key, np.array(frames), _shape(), _shape()) for key, frames in alike.items()
        ]
        self.submobjects = [
            *(group.boxes.set_stroke(width=stroke(2)) for group in self._groups),
            *(group.dots for group in self._groups if group.before.dots or group.after.dots),
        ]
        self._draw()

    def _draw(self) -> None:
        boxes, (left, top, right, bottom) = self.boxes, self.boxes[0]
        radius = min(_RADIUS, (right - left) / 4, (top - bottom) / 4)
        dot = min(_DOT[1], _DOT[0] * max(right - left, top - bottom))
        seen = self.camera.seen(self.close)
        begun = (seen > 0) & (boxes[:, 1] > self.floor + 2 * radius)
        whole = begun & (boxes[:, 3] > self.floor)
        cut = np.maximum(boxes, (-inf, -inf, -inf, self.floor))
        outlines = box_points(cut, radius).reshape(len(boxes), -1, 3)
        for group in self._groups:
            share = smooth(_passed(self._passed, self._windows[group.wave]))
            group.paint(self._background, share, float(seen[group.frames[0]]))
            own = group.frames[begun[group.frames]]
            group.boxes.points = outlines[own].reshape(-1, 3)
            cell = group.cell_at(share)
            if cell.dots:
                own = group.frames[whole[group.frames]]
                group.dots.points = _dots(boxes[own], cell.dots, dot)
            else:
                group.dots.points = np.zeros((0, 3))


class GlidingPages(VGroup):
    """Pages on their way from places to other ones; the pages of a colour are one shape.

    Parameters
    ----------
    pages
        By their look: left, top, right and bottom of each box at first and at last, and how much of
        it is filled at first; shapes (pages, 4), (pages, 4) and (pages,).
    inside
        Hex colour of what is not filled yet.
    """

    def __init__(self, pages: Sequence[tuple[Cell, Floats, Floats, Floats]], inside: str) -> None:
        self._pages = pages
        self._shapes = [
            (
                _shape(inside),
                _shape(cell.fill),
                VMobject(stroke_color=cell.rim, stroke_width=stroke(2)),
            )
            for cell, *_ in pages
        ]
        super().__init__(*(shape for shapes in self._shapes for shape in shapes))
        self.go(0.0)

    def glide(self) -> Animation:
        """Return the movement to their last places."""
        return Following(self, lambda share: self.go(smooth(share)))

    def go(self, share: float) -> None:
        """Be at a share of the way."""
        for shapes, (_, begin, end, filled) in zip(self._shapes, self._pages, strict=True):
            boxes = begin + (end - begin) * share
            words = boxes.copy()
            words[:, 2] = boxes[:, 0] + (boxes[:, 2] - boxes[:, 0]) * (
                filled + (1 - filled) * share
            )
            for shape, each in zip(shapes, (boxes, words, boxes), strict=True):
                shape.set_points(box_points(each, _RADIUS))


def _passed(share: float, span: Span) -> float:
    """Return how much of a span has passed, 0 to 1, after a share of the time."""
    start, end = span
    return min(max((share - start) / (end - start), 0.0), 1.0)


def _shape(fill: str = "#000000") -> VMobject:
    return VMobject(fill_color=fill, fill_opacity=1, stroke_width=0)


def _dots(boxes: Floats, count: int, radius: float) -> Floats:
    """Return so many dots in the middle of each box, as points."""
    middles = np.stack([boxes[:, 0] + boxes[:, 2], boxes[:, 1] + boxes[:, 3]], axis=1) / 2
    steps = _APART * radius * (np.arange(count) - (count - 1) / 2)
    centers = np.zeros((len(boxes), count, 1, 3))
    centers[..., 0] = (middles[:, :1] + steps)[..., None]
    centers[..., 1] = middles[:, 1, None, None]
    points: Floats = (centers + radius * _CIRCLE).reshape(-1, 3)
    return points

"""A bar of pieces that lie side by side and push each other as they grow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

import numpy as np
from manim import Animation, VGroup, VMobject

from pagereel.fast import stateless
from pagereel.stage.layout.places import Region, px
from pagereel.stage.parts.shapes import ROUND, stroke
from pagereel.stage.parts.slots.hatching import Hatching

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    from numpy.typing import NDArray

    Lengths = NDArray[np.float64]

RADIUS = px(8)  # of a piece's corners
GAP = px(4)  # between two pieces
_LINE = 2  # pixels, around what is hatched or free
_NOWHERE = Region(0, 0, 0, 0)


class Texture(Enum):
    """How a piece is drawn. Hatched means set aside and empty, wherever it is seen."""

    SOLID = auto()
    PALE = auto()
    FULL = auto()
    HATCHED = auto()
    FREE = auto()


_FILLS = {Texture.SOLID: 0.75, Texture.PALE: 0.3, Texture.FULL: 1.0}  # how much of the colour


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a bar.

    Parameters
    ----------
    key
        What tells it from the other pieces of its bar.
    length
        How long it is, in the bar's own unit; none of it is drawn at 0.
    texture
        How it is drawn.
    color
        Hex colour.
    """

    key: Hashable
    length: float
    texture: Texture
    color: str


class Bar(VGroup):
    """Pieces from left to right.

    Parameters
    ----------
    region
        The place of the whole bar.
    pieces
        What it shows first. It never has others than these, but their lengths change.
    total
        How long the whole bar is, in the unit of the pieces.
    gap
        Between two pieces, in scene units. Pieces without a gap have square corners between them.

    Attributes
    ----------
    pieces
        What it shows, or will show when its movement has ended.
    """

    def __init__(
        self, region: Region, pieces: Sequence[Piece], *, total: float, gap: float = GAP
    ) -> None:
        super().__init__()
        self.region, self.total, self._gap = region, total, gap
        self.pieces = tuple(pieces)
        self._drawn = tuple(piece.length for piece in pieces)
        self._shapes = [_Drawn(piece) for piece in pieces]
        for shape in self._shapes:
            self.add(*shape.mobjects)
        self._lay_out()

    def grow(self, lengths: Mapping[Any, float]) -> Animation:
        """Return the movement in which pieces get other lengths; those not named become 0."""
        self.pieces = tuple(replace(each, length=lengths.get(each.key, 0)) for each in self.pieces)
        start, end = np.array(self.drawn), np.array([piece.length for piece in self.pieces])
        return _Reflow(self, lambda share: start + (end - start) * share)

    def to(self, region: Region) -> Animation:
        """Return the movement in which the bar takes another place, all at once."""
        lengths = np.array([piece.length for piece in self.pieces])
        return _Reflow(self, lambda _: lengths, region)

    def reveal(self, *, rest: bool) -> Animation:
        """Return the movement in which the bar is drawn from left to right.

        Parameters
        ----------
        rest
            Whether the last piece is there from the start, and gives way to the others.
        """
        return _Reflow(self, lambda share: self._front(share, rest=rest))

    def withdraw(self) -> Animation:
        """Return the movement in which the bar goes, from right to left."""
        return _Reflow(self, lambda share: self._front(1 - share, rest=False))

    def _front(self, share: float, *, rest: bool) -> Lengths:
        """Return the lengths of the pieces left of a front that has come so far, 0 to 1."""
        lengths = np.array([piece.length for piece in self.pieces])
        drawn = lengths[:-1] if rest else lengths
        starts = np.cumsum(drawn) - drawn
        found: Lengths = np.clip(share * drawn.sum() - starts, 0, drawn)
        return np.append(found, self.total - found.sum()) if rest else found

    def hide(self, *, rest: bool) -> None:
        """Draw nothing yet; or only the last piece, over the whole bar."""
        lengths = np.zeros(len(self.pieces))
        lengths[-1] = self.total if rest else 0
        self.draw(lengths, self.region)

    def draw(self, lengths: Lengths, region: Region) -> None:
        """Draw the pieces with some lengths within a region."""
        self._drawn, self.region = tuple(map(float, lengths)), region
        self._lay_out()

    @property
    def drawn(self) -> tuple[float, ...]:
        """The lengths that are drawn now."""
        return self._drawn

    def _lay_out(self) -> None:
        spans = self._spans(self._drawn, self.region)
        there = [at for at, length in enumerate(self._drawn) if length > 0]
        for at, (shape, (left, right)) in enumerate(zip(self._shapes, spans, strict=True)):
            outer = self._gap > 0
            ends = outer or at in there[:1], outer or at in there[-1:]
            place = Region(left, self.region.top, right, self.region.bottom)
            shape.fit(place, ends, shown=at in there)

    def _spans(self, lengths: Sequence[float], region: Region) -> list[tuple[float, float]]:
        """Return where each piece begins and ends: lengths are exact, gaps are cut from them."""
        spans, at = [], region.left
        unit = region.width / self.total
        for length in lengths:
            end = at + length * unit
            half = min(self._gap / 2, length * unit / 4)
            spans.append((at + half, end - half))
            at = end
        return spans


class _Drawn:
    """The shapes of one piece."""

    def __init__(self, piece: Piece) -> None:
        hatched, free = piece.texture is Texture.HATCHED, piece.texture is Texture.FREE
        self.hatching = Hatching(_NOWHERE, color=piece.color) if hatched else None
        self.line = self.fill = None
        if hatched or free:
            self.line = VMobject(stroke_color=piece.color, stroke_width=stroke(_LINE))
        else:
            opacity = _FILLS[piece.texture]
            self.fill = VMobject(fill_color=piece.color, fill_opacity=opacity, stroke_width=0)
        self.mobjects = [each for each in (self.hatching, self.line, self.fill) if each is not None]
        self._fits: tuple[Region, tuple[bool, bool]] | None = None  # nothing is drawn

    def fit(self, place: Region, ends: tuple[bool, bool], *, shown: bool) -> None:
        """Take a place, with round corners at the ends that are asked for."""
        fits = (place, ends) if shown else None
        if fits == self._fits:  # most pieces stay as they are while others grow
            return
        self._fits = fits
        for each in self.line, self.fill:
            if each is not None:
                each.set_points(_box(place, ends) if shown else np.zeros((0, 3)))
        if self.hatching is not None:
            if shown:
                self.hatching.fit(place)
            else:
                self.hatching.clear_points()


@stateless
class _Reflow(Animation):
    """The pieces of a bar change their lengths, or the bar its place."""

    def __init__(
        self,
        bar: Bar,
        lengths: Callable[[float], Lengths],
        region: Region | None = None,
        **kwargs: Any,
    ) -> None:
        self._bar, self._lengths = bar, lengths
        self._from, self._to = bar.region, region or bar.region
        super().__init__(bar, **kwargs)

    def interpolate_mobject(self, alpha: float) -> None:
        """Draw the bar on its way between both, at `alpha`, 0 to 1."""
        share = self.rate_func(alpha)
        self._bar.draw(self._lengths(share), self._from.towards(self._to, share))


def _box(place: Region, ends: tuple[bool, bool]) -> NDArray[np.float64]:
    """Return a box whose corners are round at its left and right end, or are not.

    Returns
    -------
    numpy.ndarray
        Cubic Bézier points, shape (32, 3). manim takes 13 ms to round the corners of a box, too
        long for one that changes in every image.
    """
    most = min(RADIUS, place.width / 2, place.height / 2)
    left, right = (most if end else 0.0 for end in ends)
    corners = [  # counterclockwise from the lower right: the corner, and its two directions
        (place.right, place.bottom, right, (-1, 0), (0, 1)),
        (place.right, place.top, right, (0, -1), (-1, 0)),
        (place.left, place.top, left, (1, 0), (0, -1)),
        (place.left, place.bottom, left, (0, 1), (1, 0)),
    ]
    points: list[NDArray[np.float64]] = []
    for x, y, radius, back, on in corners:
        corner, before, after = (np.array((*at, 0.0)) for at in ((x, y), back, on))
        handle = (1 - ROUND) * radius
        points += [
            corner + radius * before,
            corner + handle * before,
            corner + handle * after,
            corner + radius * after,
        ]
    curves = []
    for at in range(4):
        curves += points[4 * at : 4 * at + 4]
        start, end = points[4 * at + 3], points[(4 * at + 4) % 16]
        curves += [start, start + (end - start) / 3, start + (end - start) * 2 / 3, end]
    return np.array(curves)

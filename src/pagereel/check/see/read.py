"""From mobjects to texts and shapes in pixels, as far as they are drawn and not hidden."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from manim import VMobject
from manim.mobject.types.image_mobject import AbstractImageMobject

from pagereel.check.see.capitals import capital_height
from pagereel.check.see.copies import as_one
from pagereel.check.see.geometry import (
    around,
    bounds,
    contains,
    corners,
    overlap,
    thickness,
)
from pagereel.check.see.parts import SEEN, SOLID, Floats, Shape, Words
from pagereel.check.see.things import Names, Whole, drawn_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from manim import Camera, Mobject
    from numpy.typing import NDArray


_HALO = 3  # the width, as manim counts it, of a line that sets a glyph off
_STEPS = 6  # segments of a curve
_ROWS = 60  # of an image, at most, between which its outline is straight
_TOUCH = 1.5  # pixels between points that are one
_SLIM = 0.1  # scene units: what is not thicker is as a line
_SPECK = 1.5 / 1080  # of the picture's short side: with no larger glyph, a text is a dot or a slit


def read(
    camera: Camera, mobjects: Iterable[Mobject], names: Names
) -> tuple[tuple[Words, ...], tuple[Shape, ...], list[Mobject]]:
    """Return the texts and shapes at least partly in the picture, and all drawn mobjects."""
    pairs = [*drawn_parts(camera, mobjects, names)]
    drawn = [mobject for mobject, _ in pairs]
    parts: dict[int, tuple[Whole, list[_Leaf]]] = {}
    for order, ((mobject, whole), outline) in enumerate(
        zip(pairs, _outlines(camera, drawn), strict=True)
    ):
        leaf = _Leaf(mobject, order, outline, *_paint(mobject, camera))
        if leaf.is_seen:
            parts.setdefault(id(whole.mobject), (whole, []))[1].append(leaf)
    texts, shapes = [], []
    for whole, leaves in parts.values():
        if whole.is_text:
            texts.append(_words(whole, leaves, names))
        else:
            shapes.append(_shape(whole, leaves, _SLIM * camera.pixel_height / camera.frame_height))
    size = np.array([camera.pixel_width, camera.pixel_height])
    seen = tuple(shape for shape in shapes if _within(shape.box, size))
    inside = (text for text in texts if _within(text.box, size) and _has_letters(text, min(size)))
    return tuple(as_one(_uncovered(inside, seen))), seen, drawn


@dataclass(frozen=True, slots=True, eq=False)
class _Outline:
    """The outline of one mobject, in pixels, y downwards."""

    segments: Floats  # shape (curves * _STEPS, 2, 2)
    box: Floats
    closed: bool  # all of its parts are


@dataclass(frozen=True, slots=True, eq=False)
class _Leaf:
    """A mobject with points."""

    mobject: Mobject
    order: int
    outline: _Outline
    fill: Floats
    stroke: Floats
    width: float

    @property
    def is_seen(self) -> bool:
        return bool(self.fill[3] > SEEN or (self.width > 0 and self.stroke[3] > SEEN))


def _outlines(camera: Camera, drawn: Sequence[Mobject]) -> list[_Outline]:
    """Return the outlines of mobjects in pixels; all points go through the arrays at once."""
    curves = [_curves(camera, mobject) for mobject in drawn]
    counts = [len(curve) for curve in curves]
    if not counts:
        return []
    every = np.concatenate(curves)
    t = np.linspace(0, 1, _STEPS + 1)[None, :, None]
    a, b, c, d = (every[:, None, i] for i in range(4))
    points = (1 - t) ** 3 * a + 3 * t * (1 - t) ** 2 * b + 3 * t**2 * (1 - t) * c + t**3 * d
    segments = np.stack([points[:, :-1], points[:, 1:]], axis=2)  # (curves, steps, 2, 2)
    ends = np.cumsum(counts)
    return [
        _outline(segments[end - count : end], points[end - count : end])
        for count, end in zip(counts, ends, strict=True)
    ]


def _curves(camera: Camera, mobject: Mobject) -> Floats:
    """Return a mobject's Bézier curves in pixels, shape (curves, 4, 2)."""
    points = camera.points_to_subpixel_coords(mobject, mobject.points)
    if isinstance(mobject, VMobject):
        whole = len(points) - len(points) % 4
        if whole:
            return points[:whole].reshape(-1, 4, 2)
    if isinstance(mobject, AbstractImageMobject):
        turns = _silhouette(mobject.get_pixel_array())
        corner, right, down = points[0], points[1] - points[0], points[2] - points[0]
        turns = corner + turns[:, :1] * right + turns[:, 1:] * down
    else:
        turns = corners(bounds(points)[None])[[0, 1, 3, 2]]
    starts, ends = turns, np.roll(turns, -1, axis=0)
    return np.stack([starts, (2 * starts + ends) / 3, (starts + 2 * ends) / 3, ends], axis=1)


def _silhouette(pixels: NDArray[Any]) -> Floats:
    """Return the corners of the part of an image that hides what is behind it.

    Shares of its width and height; shape (corners, 2). Of an image that hides nothing, all of it.
    """
    solid = _solid(pixels)
    if solid.all() or not solid.any():
        return np.array([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)])
    height, width = solid.shape
    rows = np.flatnonzero(solid.any(axis=1))
    rows = rows[:: 1 + len(rows) // _ROWS]
    first, last = solid[rows].argmax(axis=1), width - solid[rows, ::-1].argmax(axis=1)
    sides = [np.column_stack([side / width, (rows + 0.5) / height]) for side in (first, last)]
    return np.concatenate([sides[0], sides[1][::-1]])


def _solid(pixels: NDArray[Any]) -> NDArray[np.bool_]:
    """Return which pixels of an image hide what is behind them."""
    if pixels.shape[-1] < 4:
        return np.ones(pixels.shape[:2], dtype=bool)
    solid: NDArray[np.bool_] = pixels[..., 3] > SOLID * 255
    return solid


def _outline(segments: Floats, points: Floats) -> _Outline:
    starts, ends = points[:, 0], points[:, -1]
    jumps = np.abs(starts[1:] - ends[:-1]).max(axis=1) > _TOUCH
    first = np.concatenate([[True], jumps])  # curves that begin a part of the outline
    last = np.concatenate([jumps, [True]])
    closed = bool((np.abs(starts[first] - ends[last]).max(axis=1) <= _TOUCH).all())
    return _Outline(segments.reshape(-1, 2, 2), bounds(points.reshape(-1, 2)), closed)


def _paint(mobject: Mobject, camera: Camera) -> tuple[Floats, Floats, float]:
    """Return fill, stroke (red, green, blue and opacity) and the line's width in pixels."""
    if isinstance(mobject, VMobject):
        unit = camera.pixel_width / camera.frame_width
        width = mobject.get_stroke_width() * camera.cairo_line_width_multiple * unit
        return _mean(mobject.get_fill_rgbas()), _mean(mobject.get_stroke_rgbas()), float(width)
    opacity = 1.0
    if isinstance(mobject, AbstractImageMobject):
        pixels = mobject.get_pixel_array()
        opacity = 1.0 if _solid(pixels).any() else float(pixels[..., 3].mean() / 255)
    grey = np.array([0.5, 0.5, 0.5, opacity])
    return grey, np.zeros(4), 0.0


def _mean(rgbas: Floats) -> Floats:
    mean: Floats = np.asarray(rgbas, dtype=np.float64).mean(axis=0)
    return mean


def _words(whole: Whole, leaves: list[_Leaf], names: Names) -> Words:
    mobject = whole.mobject
    glyphs, colors, lines, halos = [], [], [], []
    for leaf in leaves:
        boxes = _glyph_boxes(leaf) if len(leaves) == 1 else [leaf.outline.box]
        glyphs += boxes
        # A text that is only stroked has the colour of its strokes.
        colors += [leaf.fill if leaf.fill[3] > SEEN else leaf.stroke] * len(boxes)
        lines += [leaf.stroke if leaf.width >= 1 else np.zeros(4)] * len(boxes)
        halos += [_halo(leaf.mobject)] * len(boxes)
    every = np.array(glyphs)
    says = shown = names.of(mobject)
    if whole.in_letters:
        shown = names.of_letters(mobject, (leaf.mobject for leaf in leaves))
    return Words(
        mobject,
        frozenset(id(leaf.mobject) for leaf in leaves),
        leaves[-1].order,
        shown or says,
        names.laid_out(mobject),
        every,
        around(every),
        np.array(colors),
        np.array(lines),
        np.array(halos),
        capital_height(
            shown,
            [leaf.outline.segments for leaf in leaves],
            every,
            is_tex="\\" in says or isinstance(getattr(mobject, "tex_string", None), str),
        ),
    )


def _halo(mobject: Mobject) -> Floats:
    """Return red, green, blue and opacity of the line behind a glyph; opacity 0 without one."""
    if isinstance(mobject, VMobject) and mobject.get_stroke_width(background=True) >= _HALO:
        return _mean(mobject.get_stroke_rgbas(background=True))
    return np.zeros(4)


def _glyph_boxes(leaf: _Leaf) -> list[Floats]:
    """Return the boxes of a text's glyphs that are drawn by one mobject."""
    segments = leaf.outline.segments.reshape(-1, _STEPS, 2, 2)
    jumps = np.abs(segments[1:, 0, 0] - segments[:-1, -1, 1]).max(axis=1) > _TOUCH
    parts = np.split(segments, np.flatnonzero(jumps) + 1)
    boxes = [bounds(part.reshape(-1, 2)) for part in parts]
    # A part inside another one is a hole in it; one above or below it is its dot or accent.
    wide = sorted(boxes, key=lambda box: float(box[0] - box[2]))
    hosts: list[list[Floats]] = []
    for box in wide:
        for host in hosts:
            if host[0][0] <= box[0] + _TOUCH and box[2] <= host[0][2] + _TOUCH:
                host.append(box)
                break
        else:
            hosts.append([box])
    glyphs = [around(np.array(host)) for host in hosts]
    return sorted(glyphs, key=lambda box: float(box[0]))


def _shape(whole: Whole, leaves: list[_Leaf], slim: float) -> Shape:
    segments = np.concatenate([leaf.outline.segments for leaf in leaves])
    first = leaves[0]
    closed = all(leaf.outline.closed for leaf in leaves)
    if len(leaves) > 1:  # a dashed line: its dashes are joined
        gaps = np.stack([segments[:-1, 1], segments[1:, 0]], axis=1)
        segments = np.stack([segments, np.concatenate([gaps, segments[-1:]])], axis=1)
        segments = segments.reshape(-1, 2, 2)[:-1]
        size = np.ptp(segments.reshape(-1, 2), axis=0).max()
        closed = bool(np.abs(segments[0, 0] - segments[-1, 1]).max() < size / 10)
    return Shape(
        whole.mobject,
        frozenset(id(leaf.mobject) for leaf in leaves),
        max(leaf.order for leaf in leaves),
        whole.role,
        segments,
        bounds(segments.reshape(-1, 2)),
        closed,
        closed and first.fill[3] > SEEN and thickness(segments) < slim,
        first.fill,
        first.stroke,
        first.width,
    )


def _within(box: Floats, size: Floats) -> bool:
    return bool((box[:2] < size).all() and (box[2:] > 0).all())


def _has_letters(text: Words, short: float) -> bool:
    """Return whether any glyph is large enough to be more than a speck of a picture."""
    return bool((text.glyphs[:, 2:] - text.glyphs[:, :2]).min(axis=1).max() > _SPECK * short)


def _uncovered(texts: Iterable[Words], shapes: Sequence[Shape]) -> Iterator[Words]:
    """Yield the texts that can be seen, without their hidden glyphs."""
    covers = [shape for shape in shapes if shape.hides]
    for text in texts:
        yield from _left_of(text, covers)


def _left_of(text: Words, covers: Iterable[Shape]) -> Iterator[Words]:
    above = [shape for shape in covers if shape.order >= text.order]
    above = [each for each in above if overlap(each.box[None], text.box[None])[0, 0] > 0]
    if not above:
        yield text
        return
    middles = (text.glyphs[:, :2] + text.glyphs[:, 2:]) / 2
    points = np.concatenate([middles[:, None], corners(text.glyphs).reshape(-1, 4, 2)], axis=1)
    under = np.zeros(points.shape[:2], dtype=bool)
    partly = under.any(axis=1)
    cover = None
    for shape in above:
        inside = contains(shape.outline, points.reshape(-1, 2)).reshape(under.shape)
        if inside[:, 0].any() and not shape.is_line:
            cover = shape
            partly |= inside.any(axis=1)
        under |= inside
    hidden = under.all(axis=1)  # by one shape, or by several that lie side by side
    if hidden.all():
        return
    if cover is None:
        yield text
        return
    shown = ~(hidden if partly.all() else partly)
    glyphs = text.glyphs[shown]
    yield dataclasses.replace(
        text,
        glyphs=glyphs,
        box=around(glyphs),
        colors=text.colors[shown],
        outlines=text.outlines[shown],
        halos=text.halos[shown],
        covered_by=cover,
    )

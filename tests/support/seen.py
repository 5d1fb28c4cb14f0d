"""What is on screen at one moment, read off the mobjects, and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from manim import ManimColor, Mobject, RoundedRectangle

from pagereel.stage import text as texts
from pagereel.stage.connector import Connector
from pagereel.stage.text import Label, Letters

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from pagereel.stage.scene import StoryScene

PIXEL = 8 / 1080  # scene units, of a picture whose short side has 1080
MARGIN = 0.035
SMALLEST = 22  # pixels, of a capital


class Seen:
    """The texts, boxes and connectors of a scene at rest.

    Edges are arrays of left, lower, right and upper edges, shape (mobjects, 4), outlines included.
    """

    def __init__(self, scene: StoryScene) -> None:
        self.scene = scene
        self.texts: list[Label | Letters] = []
        self.boxes: list[RoundedRectangle] = []
        self.connectors: list[Connector] = []
        for mobject in scene.mobjects:
            self._sort(mobject)
        self._text_edges = _edges(self.texts)
        self._box_edges = _edges(self.boxes)
        self._edges = np.concatenate([self._text_edges, self._box_edges, _edges(self.connectors)])

    def _sort(self, mobject: Mobject) -> None:
        match mobject:
            case Label() | Letters():
                self.texts.append(mobject)
            case RoundedRectangle():
                self.boxes.append(mobject)
            case Connector():
                self.connectors.append(mobject)
            case _:
                for part in mobject.submobjects:
                    self._sort(part)

    def extent(self) -> tuple[float, float]:
        """Width and height of all that is seen, as shares of the picture."""
        if not len(self._edges):
            return 0, 0
        area = self.scene.stage.layout.area
        left, bottom, right, top = self._edges.T
        return (right.max() - left.min()) / area.width, (top.max() - bottom.min()) / area.height

    def mistakes(self) -> list[str]:
        """Everything that a person could not read, or would find ugly."""
        return [
            *self._small(),
            *self._outside(),
            *self._overlapping(),
            *self._crossed(),
            *self._faint(),
        ]

    def _small(self) -> Iterator[str]:
        for text in self.texts:
            cap = _cap(text) / PIXEL
            if cap < SMALLEST - 1e-6:
                yield f"{text.text!r} has capitals of {cap:.1f} px"

    def _outside(self) -> Iterator[str]:
        area = self.scene.stage.layout.area
        right, top = area.width * (0.5 - MARGIN), area.height * (0.5 - MARGIN)
        outside = (np.abs(self._edges) > (right, top, right, top)).any(axis=1)
        for index in np.flatnonzero(outside):
            mobject = [*self.texts, *self.boxes, *self.connectors][index]
            yield f"{getattr(mobject, 'text', type(mobject).__name__)!r} reaches into the margin"

    def _overlapping(self) -> Iterator[str]:
        for one, other in np.argwhere(np.triu(_overlap(self._text_edges, self._text_edges), 1)):
            yield f"{self.texts[one].text!r} overlaps {self.texts[other].text!r}"
        if np.triu(_overlap(self._box_edges, self._box_edges), 1).any():
            yield "two boxes overlap"
        half_in = _overlap(self._text_edges, self._box_edges)
        half_in &= ~_inside(self._text_edges, self._box_edges)
        for text, _ in np.argwhere(half_in):
            yield f"{self.texts[text].text!r} sticks out of a box"

    def _crossed(self) -> Iterator[str]:
        # A connector may touch the outline of its own page, so outlines do not count here.
        boxes = _edges(self.boxes, outline=False)
        for connector in self.connectors:
            way = _points_along(connector)
            for index in np.flatnonzero(_contain(self._text_edges, way)):
                yield f"a connector runs through {self.texts[index].text!r}"
            if _contain(boxes, way).any():
                yield "a connector runs through a box"

    def _faint(self) -> Iterator[str]:
        background = np.array(ManimColor(self.scene.stage.theme.background).to_rgb())
        inside = _inside(self._text_edges, self._box_edges)
        for text, within in zip(self.texts, inside, strict=True):
            behind = background
            for index in np.flatnonzero(within):
                box = self.boxes[index]
                opacity = box.get_fill_opacity()
                behind = opacity * _rgb(box) + (1 - opacity) * behind
            ratio = contrast(_rgb(text[0] if isinstance(text, Letters) else text), behind)
            if ratio < 4.5:
                yield f"{text.text!r} has a contrast of {ratio:.1f}:1"


def contrast(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """The contrast ratio of two sRGB colours (0 to 1), by WCAG 2.2."""
    dark, light = sorted(_luminance(color) for color in (one, other))
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: NDArray[np.float64]) -> float:
    linear = np.where(color <= 0.04045, color / 12.92, ((color + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def _rgb(mobject: Mobject) -> NDArray[np.float64]:
    return np.array(mobject.get_fill_color().to_rgb())


def _cap(text: Label | Letters) -> float:
    """Height of a capital as it is drawn, whatever the text was told to be."""
    points = np.concatenate(texts._outline(text.text, text.face).glyphs)
    return text.height / np.ptp(points[:, 1])


def _edges(mobjects: Sequence[Mobject], *, outline: bool = True) -> NDArray[np.float64]:
    edges = []
    for mobject in mobjects:
        parts = mobject.family_members_with_points()
        points = np.concatenate([part.points for part in parts])[:, :2]
        line = max(part.get_stroke_width() for part in parts) * 0.01 / 2 if outline else 0
        edges.append([*(points.min(axis=0) - line), *(points.max(axis=0) + line)])
    return np.array(edges, dtype=np.float64).reshape(-1, 4)


def _points_along(connector: Connector) -> NDArray[np.float64]:
    """Points along a connector's line, a few pixels apart, and its arrowhead's corners."""
    curves = connector.line.points.reshape(-1, 4, 3)
    t = np.linspace(0.01, 1, 200)[:, None, None]
    a, b, c, d = (curves[:, i] for i in range(4))
    line = (1 - t) ** 3 * a + 3 * t * (1 - t) ** 2 * b + 3 * t**2 * (1 - t) * c + t**3 * d
    return np.concatenate([line.reshape(-1, 3), connector.tip.points])[:, :2]


def _contain(edges: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of the rectangles have any of the points inside."""
    x, y = points.T
    x0, y0, x1, y1 = (edges[:, [i]] for i in range(4))
    hit: NDArray[np.bool_] = np.any((x > x0) & (x < x1) & (y > y0) & (y < y1), axis=1)
    return hit


def _overlap(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which rectangles overlap: shape (of one, of other)."""
    a, b = one[:, None], other[None]
    both: NDArray[np.bool_] = np.all((a[..., :2] < b[..., 2:]) & (b[..., :2] < a[..., 2:]), axis=-1)
    return both


def _inside(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which rectangles lie within which others: shape (of one, of other)."""
    a, b = one[:, None], other[None]
    both: NDArray[np.bool_] = np.all((a[..., :2] > b[..., :2]) & (a[..., 2:] < b[..., 2:]), axis=-1)
    return both

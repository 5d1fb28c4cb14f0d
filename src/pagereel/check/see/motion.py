"""Follow the things of a scene from image to image, and how much of them changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from manim import VMobject

from pagereel.check.see.geometry import area, bounds
from pagereel.check.see.parts import SEEN, Thing
from pagereel.check.see.wholes import Names, is_drawn, wholes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from manim import Camera, Mobject
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Leaf:
    """A mobject with points, in one image."""

    mobject: Mobject
    look: tuple[object, ...]  # the same as long as it looks the same
    corners: Floats  # lower and upper, in scene units
    fill: float
    stroke: float


class Motion:
    """Follows the things of a scene from image to image.

    Attributes
    ----------
    changed
        How many pixels at most the last look found changed, texts aside.
    version
        Another one whenever anything has changed.
    names
        What texts say.
    """

    def __init__(self) -> None:
        self._leaves: dict[int, _Leaf] = {}
        self._things: dict[int, tuple[tuple[object, ...], Thing]] = {}
        self.changed = 0.0
        self.version = 0
        self.names = Names()

    def look(self, camera: Camera, mobjects: Iterable[Mobject]) -> dict[int, Thing]:
        """Return the things that there are, by their mobject's id."""
        self.changed = 0.0
        mobjects = [*mobjects]
        known = dict(wholes(mobjects))
        parts: dict[int, list[_Leaf]] = {}
        roots = {}
        leaves = {}
        for mobject in filter(is_drawn, camera.get_mobjects_to_display(mobjects)):
            whole = known[id(mobject)]
            roots[id(whole.mobject)] = whole
            leaf = _leaf(mobject, self._leaves.get(id(mobject)))
            leaves[id(mobject)] = leaf
            parts.setdefault(id(whole.mobject), []).append(leaf)
        self._leaves = leaves
        frame = (*camera.frame_center, camera.frame_width, camera.frame_height)
        before, self._things = self._things, {}
        for key, members in parts.items():
            look = (*(leaf.look for leaf in members), frame)
            old = before.get(key)
            if old is None or old[0] != look:
                root = roots[key]
                says = self.names.of(root.mobject) if root.is_text else ""
                thing = _thing(camera, root.mobject, members, says)
                self._things[key] = (look, thing)
                self._change(old and old[1], thing)
            else:
                self._things[key] = old
        for key in before.keys() - parts.keys():
            self._change(before[key][1])
        if [*before] != [*parts]:  # another order of drawing, too
            self.version += 1
        return {key: thing for key, (_, thing) in self._things.items()}

    def _change(self, *versions: Thing | None) -> None:
        self.version += 1
        self.changed += sum(area(thing.box) for thing in versions if thing and not thing.says)


def _leaf(mobject: Mobject, before: _Leaf | None) -> _Leaf:
    """Return a mobject with points; as it was before, where it looks the same."""
    points = mobject.points
    if not isinstance(mobject, VMobject):  # an image: what it shows may change unseen
        look: tuple[object, ...] = (object(),)
        fill, stroke = 1.0, 0.0
    else:
        fills, strokes = mobject.get_fill_rgbas(), mobject.get_stroke_rgbas()
        width = mobject.get_stroke_width()
        look = (points.tobytes(), fills.tobytes(), strokes.tobytes(), float(width))
        if before is not None and before.mobject is mobject and before.look == look:
            return before
        fill, stroke = float(fills[:, 3].max()), float(strokes[:, 3].max()) if width else 0.0
    corners = np.array([points.min(axis=0), points.max(axis=0)])
    return _Leaf(mobject, look, corners, fill, stroke)


def _thing(camera: Camera, mobject: Mobject, leaves: list[_Leaf], says: str) -> Thing:
    corners = np.concatenate([leaf.corners for leaf in leaves])
    box = bounds(camera.points_to_subpixel_coords(mobject, corners))
    size = (camera.pixel_width, camera.pixel_height)
    inside = (box[:2] < size).all() and (box[2:] > 0).all() and (box[2:] - box[:2]).max() > 1
    return Thing(
        mobject,
        says,
        float(np.mean([leaf.fill for leaf in leaves])),
        bool(inside) and max(max(leaf.fill, leaf.stroke) for leaf in leaves) > SEEN,
        box,
    )

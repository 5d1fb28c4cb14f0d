"""The things that a viewer sees: which mobjects are one, what they say, and how they change."""

from __future__ import annotations

import gc
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, cast

import numpy as np
from manim import (
    Camera,
    CoordinateSystem,
    Cross,
    DashedLine,
    DashedVMobject,
    DecimalNumber,
    MarkupText,
    Mobject,
    NumberLine,
    Paragraph,
    ParametricFunction,
    PMobject,
    SingleStringMathTex,
    SurroundingRectangle,
    SVGMobject,
    Text,
    ThreeDCamera,
    TracedPath,
    VMobject,
)
from manim.mobject.geometry.tips import ArrowTip
from manim.mobject.svg.svg_mobject import VMobjectFromSVGPath
from manim.mobject.types.image_mobject import AbstractImageMobject

from pagereel.check.see.geometry import area, bounds
from pagereel.check.see.parts import SEEN, Floats, Role, Thing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from manim import Animation

# Not `isinstance`: manim's classes take long to answer.
_derives: Callable[..., bool] = cache(issubclass)
_is_shaped: Callable[..., bool] = cache(  # a class of manim's shapes, or one that derives from it
    lambda kind: any(each.__module__.startswith("manim.mobject.geometry") for each in kind.__mro__)
)

_TEXTS = (Text, MarkupText, Paragraph, SingleStringMathTex, DecimalNumber)
_LETTER = VMobjectFromSVGPath
_SAID = ("text", "tex_string")
_ROLES: dict[Role, tuple[type, ...]] = {
    Role.TIP: (ArrowTip,),
    Role.SCALE: (NumberLine, CoordinateSystem, ParametricFunction, TracedPath),
    Role.CROSS: (Cross,),
    Role.IMAGE: (AbstractImageMobject,),
}


@dataclass(frozen=True, slots=True)
class Whole:
    """A mobject that a viewer sees as one thing.

    Attributes
    ----------
    mobject
        The mobject.
    role
        What it is.
    is_text
        Whether it is a text.
    in_letters
        Whether its letters are in the scene one by one, perhaps not all of them.
    """

    mobject: Mobject
    role: Role
    is_text: bool = False
    in_letters: bool = False


def through(camera: Camera) -> tuple[float, ...]:
    """Return what a camera looks at and from where, and let it project from there.

    A camera in space only does so while it captures an image.
    """
    frame = (*camera.frame_center, camera.frame_width, camera.frame_height)
    if isinstance(camera, ThreeDCamera):
        camera.reset_rotation_matrix()
        frame += (
            *camera.get_rotation_matrix().flat,
            camera.get_zoom(),
            camera.get_focal_distance(),
        )
    return tuple(float(round(number, 4)) for number in frame)


def drawn_parts(
    camera: Camera, mobjects: Iterable[Mobject], names: Names
) -> Iterator[tuple[Mobject, Whole]]:
    """Yield the mobjects that a camera would draw, in that order, each with its whole."""
    mobjects = [*mobjects]
    known = dict(_wholes(mobjects, Role.PLAIN))
    paths = [whole.mobject for whole in known.values() if whole.in_letters]
    for path, text in zip(paths, names.texts_of(paths), strict=True):
        known[id(path)] = Whole(text or path, Role.PLAIN, text is not None, text is not None)
    for mobject in camera.get_mobjects_to_display(mobjects):
        # A ValueTracker, for one, has points and is not drawn.
        if _derives(type(mobject), (VMobject, PMobject, AbstractImageMobject)):
            yield mobject, known[id(mobject)]


def _wholes(mobjects: Iterable[Mobject], role: Role) -> Iterator[tuple[int, Whole]]:
    """Yield the id of each mobject with points, and the whole that it is a part of."""
    for mobject in mobjects:
        is_text, kind = _is_text(mobject), type(mobject)
        if is_text or _derives(kind, (DashedLine, DashedVMobject)):
            whole = Whole(mobject, role, is_text)
            for part in mobject.get_family():  # a text may have its background in it
                is_box = isinstance(part, SurroundingRectangle)
                yield id(part), Whole(part, role) if is_box else whole
            continue
        if _derives(kind, SVGMobject):
            yield from ((id(part), Whole(part, role)) for part in mobject.get_family())
            continue
        own = next((own for own, kinds in _ROLES.items() if _derives(kind, kinds)), role)
        # A path outside of a drawing is likely to be a letter outside of its text.
        yield id(mobject), Whole(mobject, own, in_letters=kind is _LETTER)
        yield from _wholes(mobject.submobjects, own)


def _is_text(mobject: Mobject) -> bool:
    """Return whether a mobject is a text: one of manim's, or outlines that say so.

    Those of another library say so by an attribute `text` or `tex_string` of type str. A box that
    has one, or that is beside a text in a group that has one, only knows what is written in it.
    """
    kind = type(mobject)
    if _derives(kind, _TEXTS):
        return True
    known = vars(mobject)
    said = (getattr(mobject, name) for name in _SAID if name in known or hasattr(kind, name))
    if not any(isinstance(text, str) for text in said):
        return False
    return not any(_is_shaped(type(part)) for part in mobject.get_family())


class Names:
    """What texts say, including those that were transformed into others, and whose letters are."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[str, Mobject]] = {}
        self._owners: dict[int, Mobject | None] = {}  # texts, by the ids of letters
        self._kept: list[Mobject] = []  # alive, so that no other mobject gets their id

    def of(self, text: Mobject) -> str:
        """Return what a text says."""
        known = self._known.get(id(text))
        return known[0] if known else _what_it_says(text)

    def laid_out(self, text: Mobject) -> Mobject:
        """Return the mobject that was laid out as a text looks: itself, or what it has become."""
        known = self._known.get(id(text))
        return known[1] if known else text

    def of_letters(self, text: Mobject, shown: Iterable[Mobject]) -> str:
        """Return what a text says as far as its letters are shown; empty if that is not known."""
        says, ids = self.of(text), {id(each) for each in shown}
        flags = [id(part) in ids for part in text.get_family() if type(part) is _LETTER]
        if all(flags):
            return says
        if len(flags) != len("".join(says.split())):  # a formula, or letters set as one
            return ""
        each = iter(flags)
        return " ".join("".join(c if c.isspace() or next(each) else " " for c in says).split())

    def texts_of(self, paths: Sequence[Mobject]) -> list[Mobject | None]:
        """Return the text that each path is a letter of; None for what is none.

        Where some letters of a text are animated, the scene no longer holds the text but its
        letters, which do not know it: it is looked for among all mobjects that there are.
        """
        new = [path for path in paths if id(path) not in self._owners]
        if new:
            every = gc.get_objects()
            kinds = {kind for kind in {*map(type, every)} if issubclass(kind, Mobject)}
            texts = [each for each in every if type(each) in kinds and _is_text(each)]
            families = sorted((text.get_family() for text in texts), key=len)  # the outermost last
            owners = {id(part): family[0] for family in families for part in family}
            self._owners |= {id(path): owners.get(id(path)) for path in new}
            self._kept += new
        return [self._owners[id(path)] for path in paths]

    def learn(self, animations: Iterable[Animation]) -> None:
        """Learn what texts have become through animations that have ended."""
        for animation in animations:
            self.learn(getattr(animation, "animations", ()))
            target = getattr(animation, "target_mobject", None)
            if target is not None and target is not animation.mobject:
                mobject = cast("Mobject", animation.mobject)
                if id(mobject) not in self._known:
                    self._kept.append(mobject)
                self._known[id(mobject)] = self.of(target), self.laid_out(target)


def _what_it_says(mobject: Mobject) -> str:
    """Return what a text says; its class name if it does not tell."""
    if isinstance(mobject, DecimalNumber):
        return f"{mobject.number:.{mobject.num_decimal_places}f}"
    if isinstance(mobject, Paragraph):
        # manim's Code ends its lines with a word that it removes again: they keep their height.
        return " ".join(str(mobject.lines_text.original_text).replace(" pA1", "").split())
    for name in ("original_text", "text", "tex_string"):
        said = getattr(mobject, name, None)
        if isinstance(said, str) and said.strip():
            return " ".join(said.split())
    return type(mobject).__name__


@dataclass(frozen=True, slots=True, eq=False)
class _Snapshot:
    """A mobject with points, in one image."""

    mobject: Mobject
    look: tuple[object, ...]  # equal for as long as the mobject looks the same
    corners: Floats  # of the box around it, in scene units; shape (8, 3)
    fill: float
    stroke: float


class Motion:
    """Follows the things of a scene from image to image.

    Attributes
    ----------
    changed
        How many pixels the last look found changed, at most; without texts.
    version
        A number that grows whenever anything has changed.
    names
        What texts say.
    """

    def __init__(self) -> None:
        self._snapshots: dict[int, _Snapshot] = {}
        self._things: dict[int, tuple[tuple[object, ...], Thing]] = {}
        self._moving: dict[int, Mobject] | None = None  # by their ids, if all others stand still
        self._with_points: list[bool] | None = None  # of those that move, in the look before
        self._background = ""
        self._parts: list[tuple[Mobject, Whole]]
        self.changed = 0.0
        self.version = 0
        self.names = Names()

    def settle(self, moving: Iterable[Mobject] | None, camera: Camera) -> None:
        """Say which mobjects alone change until this is called again; `None` if any may.

        Until then, no mobject comes or goes, or gets other submobjects.
        """
        # Other cameras draw in an order that depends on where things are.
        usual = type(camera).get_mobjects_to_display is Camera.get_mobjects_to_display
        self._moving = None if moving is None or not usual else {id(each): each for each in moving}
        self._with_points = None

    def look(self, camera: Camera, mobjects: Iterable[Mobject]) -> dict[int, Thing]:
        """Return the things in the scene, by the id of their mobject."""
        self.changed = 0.0
        moving = self._moving
        if moving is not None:
            with_points = [len(each.points) > 0 for each in moving.values()]
            if with_points != self._with_points:
                moving, self._with_points = None, with_points
        if moving is None:
            self._parts = [*drawn_parts(camera, mobjects, self.names)]
        parts: dict[int, tuple[Whole, list[_Snapshot]]] = {}
        snapshots = {}
        lens = through(camera)
        for mobject, whole in self._parts:
            snapshot = self._snapshots.get(id(mobject))
            if snapshot is None or moving is None or id(mobject) in moving:
                snapshot = _snapshot(mobject, snapshot)
            snapshots[id(mobject)] = snapshot
            parts.setdefault(id(whole.mobject), (whole, []))[1].append(snapshot)
        self._snapshots = snapshots
        before, self._things = self._things, {}
        for key, (whole, members) in parts.items():
            look = (*(snapshot.look for snapshot in members), lens)
            old = before.get(key)
            if old is not None and old[0] == look:
                self._things[key] = old
                continue
            says = self.names.of(whole.mobject) if whole.is_text else ""
            thing = _thing(camera, whole.mobject, members, says)
            self._things[key] = (look, thing)
            self._change(old and old[1], thing)
        for key in before.keys() - parts.keys():
            self._change(before[key][1])
        self._look_behind(camera)
        if [*before] != [*parts]:  # another order of drawing, too
            self.version += 1
        return {key: thing for key, (_, thing) in self._things.items()}

    def _look_behind(self, camera: Camera) -> None:
        background, self._background = self._background, str(camera.background_color)
        if background != self._background:
            self.version += 1
            self.changed += camera.pixel_width * camera.pixel_height

    def _change(self, *versions: Thing | None) -> None:
        self.version += 1
        self.changed += sum(area(thing.box) for thing in versions if thing and not thing.says)


def _snapshot(mobject: Mobject, before: _Snapshot | None) -> _Snapshot:
    """Return a snapshot of a mobject with points: the one before if it still looks the same."""
    points = mobject.points
    if not _derives(type(mobject), VMobject):  # an image may change its pixels without notice
        look: tuple[object, ...] = (object(),)
        fill, stroke = 1.0, 0.0
    else:
        fills, strokes = mobject.get_fill_rgbas(), mobject.get_stroke_rgbas()
        width = mobject.get_stroke_width()
        look = (points.tobytes(), fills.tobytes(), strokes.tobytes(), float(width))
        if before is not None and before.mobject is mobject and before.look == look:
            return before
        fill, stroke = float(fills[:, 3].max()), float(strokes[:, 3].max()) if width else 0.0
    x, y, z = np.stack([points.min(axis=0), points.max(axis=0)], axis=1)
    corners = np.stack(np.meshgrid(x, y, z), axis=-1).reshape(-1, 3)  # all, as cameras turn
    return _Snapshot(mobject, look, corners, fill, stroke)


def _thing(camera: Camera, mobject: Mobject, snapshots: list[_Snapshot], says: str) -> Thing:
    corners = np.concatenate([snapshot.corners for snapshot in snapshots])
    box = bounds(camera.points_to_subpixel_coords(mobject, corners))
    size = (camera.pixel_width, camera.pixel_height)
    inside = bool((box[:2] < size).all() and (box[2:] > 0).all())
    is_visible = max(max(each.fill, each.stroke) for each in snapshots) > SEEN
    return Thing(
        mobject,
        says,
        float(np.mean([snapshot.fill for snapshot in snapshots])),
        inside and is_visible and bool((box[2:] - box[:2]).max() > 1),
        not inside,
        box,
    )

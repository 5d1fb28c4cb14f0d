"""The path of a look-up: chips for what is known, the lines between them, and rays to frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from manim import (
    Animation,
    AnimationGroup,
    Create,
    FadeIn,
    FadeOut,
    Polygon,
    VGroup,
    VMobject,
)

from pagereel.fast import stateless
from pagereel.stage.layout.path_to_slot import PathNeed, PathPlaces, path_in
from pagereel.stage.layout.places import Anchor, px
from pagereel.stage.part import Extent, Part
from pagereel.stage.parts.connector import Connect, Connector, route, route_curve
from pagereel.stage.parts.lookup.acts import (
    Act,
    CountLookUps,
    Divide,
    EndReading,
    Locate,
    LookUp,
    ReadPage,
    RecallLookUps,
)
from pagereel.stage.parts.lookup.facts import address_of, context_of
from pagereel.stage.parts.shapes import curve_of, rounded_box
from pagereel.stage.parts.slots.flight import along, flight_curve
from pagereel.stage.text.label import Label, text_width
from pagereel.stage.text.outline import Face
from pagereel.stage.theme import mixed
from pagereel.stage.timing import Phase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Mobject

    from pagereel.cache.lookup import Address
    from pagereel.stage.layout.places import Point, Region
    from pagereel.stage.part import Movements
    from pagereel.stage.theme import Theme

_LINE = 3.5  # pixels
_OUTLINE = 3.0
_TIP = px(16)
_TURN = px(26)  # radius by which a line turns
_SMALL = 0.2  # size of a chip as it comes out of something
_LAST = 0.15  # seconds: what an arrowhead takes to appear, while its line takes one


class Chip(VGroup):
    """What is known, on a pill, such as `page 2`."""

    def __init__(self, says: str, place: Region, *, cap: float, color: str, theme: Theme) -> None:
        self.says = says
        x, y = place.center
        self.top, self.bottom = (x, place.top), (x, place.bottom - px(_OUTLINE))
        pill = rounded_box(
            place.width,
            place.height,
            radius=place.height / 2,
            color=color,
            fill=1,
            line=_OUTLINE,
        )
        pill.set_fill(mixed(theme.background, color, theme.page_fill)).move_to((x, y, 0))
        super().__init__(pill, Label(says, Face.SERIF, cap=cap, color=theme.ink).put(x, y))


@stateless
class Drop(Animation):
    """A chip comes out of something, along a line, and grows; or shrinks, where it goes.

    Parameters
    ----------
    chip
        The chip, as large as it becomes or was.
    path
        Of its middle.
    into
        Whether it goes into something, and is seen no more.
    """

    def __init__(self, chip: Chip, path: VMobject, *, into: bool = False, **kwargs: Any) -> None:
        self._path, self._into = path, into
        super().__init__(chip, introducer=not into, remover=into, **kwargs)

    def interpolate_mobject(self, alpha: float) -> None:
        """Draw the chip as it is at `alpha`, 0 to 1."""
        done = self.rate_func(alpha)
        size = _SMALL + (1 - _SMALL) * (1 - done if self._into else done)
        self.mobject.become(self.starting_mobject)
        self.mobject.scale(size).move_to(along(self._path, done))


class LookUpPath(Part[Extent, Act]):
    """Chips, lines and rays.

    Chips come out of the points `position` and `cell` of other parts; lines and rays lead to their
    points `cell`, `head` and `lane`.

    Attributes
    ----------
    chips
        The chips on screen.
    lines
        What a line leads to -> the line: what a chip says, `cell`, `slot`, or `tip`, its arrowhead.
    rays
        Page -> the ray from its cell to its frame.
    """

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self.places = region if isinstance(region, PathPlaces) else path_in(region, self.need(told))
        context = context_of(told)
        self._table = context.table
        self._color = theme.tasks[told.colors[context.task]]
        self.chips: dict[str, Chip] = {}
        self.lines: dict[str, VMobject] = {}
        self.rays: dict[int, Connector] = {}

    @classmethod
    def need(cls, told: Extent) -> PathNeed:
        """Return through which page and frame it leads, and how wide its chips are."""
        address = address_of(told)
        page, offset, frame = (text_width(says, Face.SERIF) for says in _chips(address))
        return PathNeed(page=address.page, frame=address.frame, chips=(page, offset, frame))

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """Lines, rays and chips."""
        return [*self.lines.values(), *self.rays.values(), *self.chips.values()]

    @property
    def shown(self) -> tuple[tuple[str, ...], tuple[tuple[int, int], ...]]:
        """What the chips say, and the page and the frame that each ray joins."""
        rays = tuple((page, self._table[page]) for page in self.rays)
        return tuple(self.chips), rays

    def enter(self) -> Movements:
        """Return nothing: it comes with the acts."""
        return {}

    def show(self, change: Act) -> Movements:  # noqa: PLR0911 (one for each act)
        """Return the movements in which the path grows, and in which rays come and go."""
        match change:
            case Divide(address):
                return {Phase.CONNECT: lambda: self._divide(address)}
            case LookUp(address):
                return {
                    Phase.JOIN: lambda: self._reach(address),
                    Phase.PAGE: lambda: self._answer(address),
                    Phase.CONNECT: lambda: self._point(address),
                }
            case Locate(address):
                return {Phase.CONNECT: lambda: self._locate(address)}
            case CountLookUps():
                return {Phase.LEAVE: self._clear}
            case ReadPage(page):
                return {Phase.POINT: lambda: [*self._clear(), *self._ray(page)]}
            case EndReading():
                return {Phase.POINT: self._clear}
            case RecallLookUps():
                return {
                    Phase.CONNECT: lambda: [
                        move for page in range(len(self._table)) for move in self._ray(page)
                    ]
                }
            case _:
                return {}

    def _divide(self, address: Address) -> list[Animation]:
        """Let the chips of page and offset drop out of the position."""
        start = self.anchors["position"](address.position)
        page, offset, _ = _chips(address)
        return [
            *self._drop(page, self.places.page, start),
            *self._drop(offset, self.places.offset, start),
        ]

    def _reach(self, address: Address) -> list[Animation]:
        chip = self.chips[_chips(address)[0]]
        end = self.anchors["cell"](address.page, above=True)
        return [self._line("cell", route(Anchor(chip.bottom), end))]

    def _answer(self, address: Address) -> list[Animation]:
        start = self.anchors["cell"](address.page, above=False)
        return self._drop(_chips(address)[2], self.places.frame, start)

    def _point(self, address: Address) -> list[Animation]:
        chip = self.chips[_chips(address)[2]]
        return self._ray(address.page, Anchor(chip.bottom))

    def _locate(self, address: Address) -> list[Animation]:
        """Let a line run from the offset to the slot; where there is no way, the chip flies."""
        says = _chips(address)[1]
        end = self.anchors["lane"](address.frame, address.offset)
        if self.places.lane and end.way:
            line, tip = _turning(self.chips[says].bottom, end, color=self._color)
            self.lines |= {"slot": line, "tip": tip}
            return [AnimationGroup(Create(line), FadeIn(tip, run_time=_LAST), lag_ratio=1)]
        chip, line = self.chips.pop(says), self.lines.pop(says)
        at = self.anchors["slot"](address.frame, address.offset).point
        x, y, _ = chip.get_center()
        return [FadeOut(line), Drop(chip, flight_curve((x, y), at), into=True)]

    def _ray(self, page: int, start: Anchor | None = None) -> list[Animation]:
        start = start or self.anchors["cell"](page, above=False)
        end = self.anchors["head"](self._table[page])
        ray = Connector(start, end, color=self._color, background=self.theme.background)
        self.rays[page] = ray
        return [Connect(ray)]

    def _clear(self) -> list[Animation]:
        """Let everything go that is on screen."""
        gone = self.mobjects
        self.chips, self.lines, self.rays = {}, {}, {}
        return [*map(FadeOut, gone)]

    def _drop(self, says: str, place: Region, start: Anchor) -> list[Animation]:
        """Let a chip come out of something, and a line behind it."""
        chip = Chip(says, place, cap=self.places.cap, color=self._color, theme=self.theme)
        self.chips[says] = chip
        x, y, _ = chip.get_center()
        path = VMobject().set_points(route_curve(route(start, Anchor((x, y)))))
        return [self._line(says, route(start, Anchor(chip.top))), Drop(chip, path)]

    def _line(self, to: str, points: Sequence[Point]) -> Animation:
        line = curve_of(route_curve(points), _LINE, color=self._color)
        self.lines[to] = line
        return Create(line)


def _chips(address: Address) -> tuple[str, str, str]:
    """Return what the chips say of page, offset and frame."""
    return f"page {address.page}", f"offset {address.offset}", f"frame {address.frame}"


def _turning(start: Point, end: Anchor, *, color: str) -> tuple[VMobject, Polygon]:
    """Return a line that comes straight down and turns right to its end, and its arrowhead."""
    (x, y), (lane, _) = end.point, end.way[0]
    foot = x - _TIP
    turn = min(_TURN, foot - lane)
    down = route_curve((start, (lane, y + turn)))
    corner = [(lane, y + turn, 0), (lane, y, 0), (lane, y, 0), (foot, y, 0)]
    line = curve_of(np.concatenate([down, corner]), _LINE, color=color)
    tip = Polygon((x, y, 0), (foot, y + _TIP / 2, 0), (foot, y - _TIP / 2, 0), stroke_width=0)
    return line, tip.set_fill(color, opacity=1)

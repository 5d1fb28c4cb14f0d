"""One cell of a strip: what a task does in a step, as a box and a sign in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import PI, Animation, Dot, FadeIn, FadeOut, Polygon, Transform, VGroup, VMobject

from pagereel.stage.layout.places import MIN_CAP, Region, px
from pagereel.stage.parts.batch.course import Cell, Does
from pagereel.stage.parts.shapes import dashed, rounded_box, stroke
from pagereel.stage.parts.slots.hatching import Hatching, Refit, Sweep
from pagereel.stage.text.label import Label
from pagereel.stage.text.outline import Face
from pagereel.stage.theme import mixed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Mobject

    from pagereel.stage.layout.places import Point
    from pagereel.stage.theme import Theme

_PROMPT_FILL = 0.5
_FILL = 0.75  # of what fills a frame
_GONE = 4.5  # contrast of what is lost
_RADIUS = px(9)
_LARGEST = px(36)  # capital of a prompt's number
_DASHED = {Does.ASKS, Does.GIVEN_UP, Does.SENT_BACK}


class StripCell:
    """A cell that shows a `Cell`.

    Parameters
    ----------
    cell
        What it shows at first.
    box
        Its place.
    color
        Of its task.
    theme
        The other colours.

    Attributes
    ----------
    body, sign
        The box, and what is in it; there may be no sign.
    hatching
        Over what is lost.
    """

    def __init__(self, cell: Cell, box: Region, *, color: str, theme: Theme) -> None:
        self.cell, self.box = cell, box
        self._color, self._theme = color, theme
        self.body, self.hatching, self.sign = self._body(), self._hatching(), self._sign()

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """All of it, from back to front."""
        return [shape for shape in (self.body, self.hatching, self.sign) if shape is not None]

    def enter(self) -> list[Animation]:
        """Return the movements in which it appears."""
        return [
            FadeIn(self.body, scale=0.8),
            *([FadeIn(self.sign, scale=0.4)] if self.sign else []),
            *([FadeIn(self.hatching)] if self.hatching else []),
        ]

    def turn(self, cell: Cell) -> list[Animation]:
        """Return the movements in which it comes to show something else."""
        before, self.cell = self.cell, cell
        moves: list[Animation] = []
        if (cell.does in _DASHED) is (before.does in _DASHED):
            moves.append(Transform(self.body, self._body()))
        else:
            old, self.body = self.body, self._body()
            moves += [FadeOut(old), FadeIn(self.body)]
        if cell.gone and not before.gone:
            self.hatching = self._hatching()
            moves += [Sweep(self.hatching)] if self.hatching else []
        sign, self.sign = self.sign, self._sign()
        moves += [FadeOut(sign)] if sign else []
        return [*moves, *([FadeIn(self.sign, scale=1.3)] if self.sign else [])]

    def to(self, box: Region, *, leaves: bool = False) -> list[Animation]:
        """Return the movements in which it takes another place, and leaves the screen there.

        Where it is narrow it has no sign.
        """
        self.box = box
        moves: list[Animation] = [Transform(self.body, self._body())]
        if self.hatching:
            moves.append(Refit(self.hatching, self._hatched()))
        if self.sign:
            sign = self._sign()
            if sign is None or self._is_narrow:
                sign = self.sign.copy().scale(0.01).move_to((*box.center, 0))
            moves.append(Transform(self.sign, sign))
        for move in moves:
            move.remover = leaves
        return moves

    @property
    def _is_narrow(self) -> bool:
        return self.box.width < px(10)

    def _body(self) -> VMobject:
        cell, theme, box = self.cell, self._theme, self.box
        color, fill, line = self._color, _FILL * theme.frame_fill, 3.0
        if cell.does is Does.PROMPT:
            fill = _PROMPT_FILL
        elif cell.does is Does.GIVEN_UP:
            color, fill = theme.ink, 0
        elif cell.does is Does.SENT_BACK:
            color, fill = theme.dim, 0
        elif cell.does is Does.ASKS:
            fill = 0
        if cell.gone:
            color, fill, line = theme.quiet(color, _GONE), 0, 2.0
        radius = min(_RADIUS, box.width / 2.01)
        shape = rounded_box(box.width, box.height, radius=radius, color=color, fill=fill, line=line)
        # Opaque, so that the band of a step does not shine through.
        ground = mixed(theme.background, color, fill)
        shape.move_to((*box.center, 0)).set_fill(ground, opacity=float(fill > 0))
        return dashed(shape) if cell.does in _DASHED else shape

    def _hatching(self) -> Hatching | None:
        if not self.cell.gone or self.cell.does in _DASHED:
            return None
        return Hatching(
            self._hatched(), color=self._theme.quiet(self._color, _GONE), radius=_RADIUS
        )

    def _hatched(self) -> Region:
        box, hair = self.box, min(px(1), self.box.width / 3)
        return Region(box.left + hair, box.top - hair, box.right - hair, box.bottom + hair)

    def _sign(self) -> VMobject | None:
        cell, theme, at = self.cell, self._theme, self.box.center
        size = min(self.box.width, self.box.height, px(84))
        sign: VMobject | None = None
        match cell.does:
            case Does.PROMPT if cell.number is not None:
                sign = self._number(cell.number, at)
            case _ if cell.gone:
                pass
            case Does.TOKEN:
                sign = Dot((*at, 0), radius=0.1 * size, color=self._color)
            case Does.PAGE if cell.number is not None:
                sign = self._page(cell.number, at, size)
            case Does.ASKS:
                sign = Dot((*at, 0), radius=0.11 * size, fill_opacity=0)
                sign.set_stroke(self._color, width=stroke(3), opacity=1)
            case Does.LAST:
                sign = _lines(at, size, [(-0.19, 0.0), (-0.06, -0.14), (0.19, 0.15)], theme.ink)
            case Does.GIVEN_UP:
                one = _lines(at, size, [(-0.16, -0.16), (0.16, 0.16)], theme.ink)
                sign = VGroup(one, one.copy().rotate(PI / 2))
            case Does.SENT_BACK:
                sign = _triangle(at, 0.13 * size, theme.dim, up=-1)
        return sign

    def _number(self, number: int, at: Point) -> VMobject | None:
        """Return a prompt's tokens; on hatching they stand on a ground of their own."""
        theme, gone = self._theme, self.cell.gone
        cap = max(MIN_CAP, min(_LARGEST, 0.36 * self.box.width, 0.4 * self.box.height))
        color = self._color if gone else theme.ink
        label = Label(str(number), Face.BOLD, cap=cap, color=color).put(*at)
        if not gone or label.width > self.box.width:
            return label if label.width <= self.box.width else None
        width = min(label.width + 0.5 * cap, self.box.width - px(6))
        ground = rounded_box(
            width, 1.7 * cap, radius=0.2 * cap, color=theme.background, fill=1, line=0
        )
        return VGroup(ground.set_stroke(width=0).move_to((*at, 0)), label)

    def _page(self, frame: int, at: Point, size: float) -> VMobject:
        """Return an arrowhead up, over the number of the frame that is taken."""
        cap = max(MIN_CAP, 0.28 * size)
        arrow = _triangle((at[0], at[1] + 0.56 * cap), 0.12 * size, self._color, up=1)
        number = Label(str(frame), Face.MONO, cap=cap, color=self._theme.ink)
        return VGroup(arrow, number.put(at[0], at[1] - 0.62 * cap))


def _triangle(at: Point, half: float, color: str, *, up: int) -> Polygon:
    x, y = at
    high = 0.7 * half * up
    corners = (x - half, y - high, 0), (x + half, y - high, 0), (x, y + high, 0)
    return Polygon(*corners, fill_color=color, fill_opacity=1, stroke_width=0)


def _lines(at: Point, size: float, points: Sequence[Point], color: str) -> VMobject:
    shape = VMobject(stroke_color=color, stroke_width=stroke(max(3.5, 5 * size / px(84))))
    return shape.set_points_as_corners([(at[0] + x * size, at[1] + y * size, 0) for x, y in points])

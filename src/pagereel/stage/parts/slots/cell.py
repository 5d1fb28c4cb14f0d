"""One token slot: its body, and the word, the bar or the hatching in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import Animation, FadeIn, FadeOut, RoundedRectangle, Transform

from pagereel.stage.layout.places import MIN_CAP, Region, px
from pagereel.stage.layout.slots import Style
from pagereel.stage.part import LimitError
from pagereel.stage.parts.shapes import rounded_box
from pagereel.stage.parts.slots.hatching import Hatching, Refit, Sweep
from pagereel.stage.parts.slots.look import Fill, Slot
from pagereel.stage.text.label import Label, text_width
from pagereel.stage.text.outline import Face
from pagereel.stage.theme import mixed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import VMobject

    from pagereel.stage.layout.places import Spot
    from pagereel.stage.layout.slots import SlotPlace
    from pagereel.stage.parts.slots.look import Paint

# Contrast of a dim text on the background; on a page that is tinted it has a little less.
TEXT = 5.0
_KEPT, _KEPT_DIM = 4.5, 3.1  # contrast of the outline of a slot that is kept for a task
_SHADE = 0.55  # how dark a field is in a page of its holders' colours
_BAND = 0.85  # how much of a task's colour fills a slot that is lit
_TINT = 0.4  # of its task's colour in a word on a tile
_BAR = 0.5  # width of a bar, as a share of its slot
_UNEVEN = (0.74, 0.68, 0.6, 0.52)  # of bars that stand below each other as lines of text
DIGITS = 6  # of lengths in scene units
_OPEN = 5  # pixels: the outline of a slot that something may go into


class SlotCell:
    """A token slot that shows a `Slot`.

    Parameters
    ----------
    place
        Where it stands, and how it is drawn.
    slot
        What it shows at first.
    paint
        The colours.
    dim
        Whether it steps back.

    Attributes
    ----------
    slot
        What it shows.
    body
        Its box, which may be invisible.
    content
        The word, the bar or the hatching; None if there is nothing in it.
    """

    def __init__(self, place: SlotPlace, slot: Slot, paint: Paint, *, dim: bool = False) -> None:
        self.place, self.slot = place, slot
        self._theme, self._colors, self._dim = paint.theme, paint.tasks, dim
        self.body = self._body()
        self.content = self._content()

    @property
    def mobjects(self) -> Sequence[VMobject]:
        """Its body and what is in it."""
        return [self.body, *([self.content] if self.content else [])]

    def turn(self, slot: Slot, *, dim: bool = False) -> list[Animation]:
        """Return the movements by which it comes to show something else."""
        if (slot, dim) == (self.slot, self._dim):
            return []
        self.slot, self._dim, before = slot, dim, self.slot
        moves: list[Animation] = []
        if self.place.style is not Style.LINE or slot.lit != before.lit:  # else it is invisible
            moves.append(Transform(self.body, self._body()))
        old, new = self.content, self._content()
        if old and new and (slot.fill, slot.says) == (before.fill, before.says):
            return [*moves, Transform(old, new)]
        self.content = new
        return [*moves, *_going(old), *_coming(new)]

    def to(self, place: SlotPlace) -> list[Animation]:
        """Return the movements by which it takes another place."""
        self.place = place
        moves: list[Animation] = [Transform(self.body, self._body())]
        if isinstance(self.content, Hatching):
            moves.append(Refit(self.content, self._hatched()))
        elif self.content:
            moves.append(Transform(self.content, self._content()))
        return moves

    @property
    def color(self) -> str:
        """The colour of its task, or that of what no task has."""
        return self._colors.get(self.slot.task, self._theme.outline)

    def _body(self) -> RoundedRectangle:
        slot, theme, region = self.slot, self._theme, self.place.region
        color, line, fill, shade = self._looks()
        if slot.lit and not slot.holds and self.place.style is not Style.LINE:
            color, line, fill, shade = theme.ink, _OPEN, 1.0, theme.background
        elif slot.lit and self.place.style is Style.PIP:  # there is no word to stand out
            color, fill, shade = theme.ink, 1.0, theme.ink
        elif slot.lit:
            fill, shade = _BAND, self.color
        inset = px(3) if self.place.style is Style.LINE else 0.0
        box = rounded_box(
            round(region.width - 2 * inset, DIGITS),  # equal boxes are drawn once, and copied
            round(region.height - 2 * inset, DIGITS),
            radius=round(min(px(8), 0.2 * region.height), DIGITS),
            color=color,
            fill=fill,
            line=line,
        )
        box.set_fill(shade).set_stroke(opacity=1 if line else 0)
        return box.move_to((*region.center, 0))

    def _looks(self) -> tuple[str, float, float, str]:
        """Return colour and width of the outline, and opacity and colour of the inside."""
        slot, theme, style = self.slot, self._theme, self.place.style
        color = theme.quiet(self.color) if self._dim else self.color
        blank = slot.fill is Fill.BLANK or style is Style.LINE
        if blank or (style is Style.CELL and slot.fill is Fill.WORD and not slot.task):
            return theme.line, 0, 0.0, theme.background
        if slot.fill is Fill.FREE:
            edge = theme.outline if style is Style.TILE and not self._dim else theme.line
            if slot.task:
                edge = theme.quiet(self.color, _KEPT_DIM if self._dim else _KEPT)
            return edge, 2, 0.0, theme.background
        if style is Style.PIP:
            return color, 2, 1.0 if slot.holds else 0.0, color
        if style is Style.TILE:
            return color, 2.5, theme.frame_fill if slot.holds else 0.0, color
        return theme.quiet(color), 0 if slot.holds else 2, _SHADE, theme.background

    def _content(self) -> VMobject | None:
        slot, style = self.slot, self.place.style
        if style is Style.PIP or slot.fill in (Fill.BLANK, Fill.FREE):
            return None
        if slot.fill is Fill.EMPTY:
            if slot.lit:  # opened: nothing is in it yet
                return None
            return Hatching(self._hatched(), color=self._theme.quiet(self.color), radius=px(7))
        return self._label() if slot.fill is Fill.WORD else self._bar()

    def _label(self) -> Label:
        says, spot = self.slot.says, self.place.word
        require_room(says, spot)
        label = Label(says, Face.SERIF, cap=spot.cap, color=self._ink(), width=spot.width)
        return label.put_in(spot)

    def _ink(self) -> str:
        """Return the colour of its word."""
        slot, theme = self.slot, self._theme
        if slot.lit:
            return theme.background
        if not slot.task and self.place.style is Style.CELL:
            return theme.dim if self._dim else theme.ink
        color = self.color if slot.own else theme.ink
        if self.place.style is Style.TILE:
            color = mixed(theme.ink, self.color, _TINT)
        return theme.quiet(color, TEXT) if self._dim else color

    def _bar(self) -> RoundedRectangle:
        region, lines = self.place.region, self.place.style is Style.LINE
        if lines:
            width = _UNEVEN[self.place.number % len(_UNEVEN)] * self.place.word.width
            left, high = self.place.word.left, px(13)
        else:
            width, high = _BAR * region.width, px(8)
            left = region.left + (region.width - width) / 2
        quiet = (lines or self._dim) and not self.slot.lit
        color = self._theme.quiet(self.color) if quiet else self.color
        box = rounded_box(width, high, radius=high / 2, color=color, fill=1, line=0)
        return box.set_stroke(width=0).move_to((left + width / 2, region.center[1], 0))

    def _hatched(self) -> Region:
        region = self.place.region
        if self.place.style is Style.LINE:
            return Region(
                self.place.word.left,
                region.top - 0.22 * region.height,
                self.place.word.right,
                region.bottom + 0.22 * region.height,
            )
        hair = px(1.5)
        return Region(
            region.left + hair, region.top - hair, region.right - hair, region.bottom + hair
        )


def require_room(says: str, spot: Spot, *, task: str = "") -> None:
    """Raise a `LimitError` if a word, of a task, would become too small in its place in a slot."""
    if text_width(says, Face.SERIF) * MIN_CAP > spot.width:
        message = f"the word {says!r} is too wide for a token slot; shorten it"
        raise LimitError(message, key=f"words.{task}" if task else "words")


def _coming(content: VMobject | None) -> list[Animation]:
    if content is None:
        return []
    return [Sweep(content) if isinstance(content, Hatching) else FadeIn(content)]


def _going(content: VMobject | None) -> list[Animation]:
    if content is None:
        return []
    return [Sweep(content, out=True) if isinstance(content, Hatching) else FadeOut(content)]

"""What a card says: texts of one or two lines, a command in a box, two texts side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from manim import VGroup

from pagereel.errors import GlyphError
from pagereel.languages import columns, halves
from pagereel.stage.layout.cards import Item
from pagereel.stage.layout.places import MIN_CAP, Spot, px
from pagereel.stage.parts.shapes import rounded_box
from pagereel.stage.text.label import Label, text_width
from pagereel.stage.text.outline import Face
from pagereel.stage.theme import mixed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pagereel.stage.brand.brand import Brand
    from pagereel.stage.layout.cards import CardSizes
    from pagereel.stage.layout.places import Region
    from pagereel.stage.theme import Theme

_PITCH = 0.6  # between two lines of a text, in heights of a capital
_SMALLER = 0.8  # a text that would be smaller than this is broken into two lines
_PADDING = px(38)  # around a command
_TINT = 0.04  # how far its box goes over into ink
_ROUND = px(16)
_APART = px(62)  # two texts side by side


@dataclass(frozen=True, slots=True)
class Said:
    """Something that a card says.

    Attributes
    ----------
    item
        The room that it wants.
    draw
        What draws it in its place, called with the place and the scale that is left of the room.
    width
        How wide it is, in scene units.
    """

    item: Item
    draw: Callable[[Spot, float], VGroup]
    width: float = 0.0

    def below(self, gap: float) -> Said:
        """Return the same, with a gap above it."""
        return replace(self, item=Item(self.item.height, gap))


def written(
    brand: Brand,
    key: str,
    *,
    cap: float,
    room: Region,
    color: str,
    face: Face = Face.SERIF,
) -> Said:
    """Return a text of a brand, in one line or, if it would become too small, in two.

    Raises
    ------
    BrandError
        If it does not fit or has a character that no font has.
    """
    text: str = getattr(brand, key)
    try:
        lines = _lines(text, face, room.width / cap / _SMALLER)
        caps = [min(cap, room.width / text_width(line, face)) for line in lines]
    except GlyphError as error:
        raise brand.error(f"{key}: {error}", key) from error
    if min(caps) < MIN_CAP:
        raise brand.error(f"{key} is too wide for this picture; shorten it", key)
    if face is not Face.MONO:  # a sentence has one size; of a command, the address may be smaller
        caps = [min(caps)] * len(caps)
    height = sum(caps) + _PITCH * caps[0] * (len(caps) - 1)

    def draw(spot: Spot, scale: float) -> VGroup:
        labels, top = VGroup(), spot.y + scale * height / 2
        for line, size in zip(lines, caps, strict=True):
            label = Label(line, face, cap=scale * size, color=color)
            labels.add(label.put(spot.x, top - scale * size / 2))
            top -= scale * (size + _PITCH * caps[0])
        return labels

    widest = max(text_width(line, face) * size for line, size in zip(lines, caps, strict=True))
    return Said(Item(height), draw, widest)


def boxed(brand: Brand, key: str, *, sizes: CardSizes, room: Region, theme: Theme) -> Said:
    """Return a text in a typewriter's font, in a box that the brand's first colour frames."""
    inside = replace(room, left=room.left + _PADDING, right=room.right - _PADDING)
    text = written(brand, key, cap=sizes.command, room=inside, color=theme.ink, face=Face.MONO)
    padding, tint = sizes.air * _PADDING, mixed(theme.background, theme.ink, _TINT)

    def draw(spot: Spot, scale: float) -> VGroup:
        width = min(room.width, text.width * scale + 2 * padding)
        box = rounded_box(width, spot.height, radius=_ROUND, color=theme.after, fill=1)
        box.set_fill(tint).move_to((spot.x, spot.y, 0))
        return VGroup(box, text.draw(spot, scale))

    return Said(Item(text.item.height + 2 * padding), draw)


def side_by_side(
    said: Sequence[Said], room: Region, *, gap: float, closer: float
) -> Iterator[Said]:
    """Yield texts as one, side by side, if there is room, else each below the other.

    Parameters
    ----------
    gap, closer
        Above the first, and between two that stand below each other; in scene units.
    """
    width = sum(each.width for each in said) + _APART * (len(said) - 1)
    if len(said) < 2 or width > room.width:
        for number, each in enumerate(said):
            yield each.below(closer if number else gap)
        return

    def draw(spot: Spot, scale: float) -> VGroup:
        drawn, left = VGroup(), spot.x - scale * width / 2
        for each in said:
            across = scale * each.width
            place = Spot.at(left + across / 2, spot.y, spot.cap, width=across, align=0)
            drawn.add(each.draw(place, scale))
            left += across + scale * _APART
        return drawn

    height = max(each.item.height for each in said)
    yield Said(Item(height), draw, width).below(gap)


def _lines(text: str, face: Face, room: float) -> list[str]:
    """Return a text as one line, if it fits into some heights of a capital, else as two even ones.

    Evenness is counted in letters: measuring would lay out every piece of the text.
    """
    if text_width(text, face) <= room:
        return [text]
    return [*min(halves(text), key=lambda lines: max(map(columns, lines)), default=(text,))]

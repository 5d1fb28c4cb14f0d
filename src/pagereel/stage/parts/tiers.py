"""Tiers, such as host memory: a small second pool for each, to which pages fly and from which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import FadeOut, Transform

from pagereel.cache import Discard, Load, Offload
from pagereel.cache.events import task_of, tier_words
from pagereel.stage.layout.tiers import StoredNeed, StoredPlaces, place_stored
from pagereel.stage.part import Extent, LimitError, Part
from pagereel.stage.parts.pool import (
    CACHED_FILL,
    RADIUS,
    looks_at_start,
    next_looks,
    next_stored,
)
from pagereel.stage.parts.shapes import rounded_box
from pagereel.stage.text.fonts import say
from pagereel.stage.text.label import Label, Rolling, text_width
from pagereel.stage.text.outline import Face
from pagereel.stage.timing import Phase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Animation, Mobject, RoundedRectangle

    from pagereel.cache import Step
    from pagereel.stage.layout.places import Point, Region
    from pagereel.stage.layout.tiers import StoredRow
    from pagereel.stage.part import Movements
    from pagereel.stage.theme import Theme

_MOST = 16  # slots that can be told apart
_FREE_FILL = 0.1
_SPACE = 0.5  # between number and words, in heights of a capital
_LANDING = 1.25  # how much a page grows that fades into its frame


class TierPool(Part[Extent, "Step"]):
    """The slots of each tier, in the colour of the task whose page is in them, and how many are.

    Pages fly from the point `inside` of a frame to a slot, and back. Of a large tier only those
    slots are drawn that are ever used.

    Attributes
    ----------
    stored
        Tier and slot -> whose page is in it; empty if that is not known.
    """

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        need, slots = self.need(told), drawn_slots(told)
        if not isinstance(region, StoredPlaces):
            region = place_stored(region, need)
        self._rows = dict(zip(slots, region.rows, strict=True))
        self._slots = slots
        self._colors = theme.colored(told.colors)
        self._looks, self.stored = looks_at_start(told)
        self.boxes = {(tier, slot): self._box(tier, slot) for tier in slots for slot in slots[tier]}
        self.numbers = [self._number(tier, slot) for tier, slot in self.boxes]
        self._words: list[Label] = []
        self._counts = {tier: self._count(tier, row) for tier, row in self._rows.items()}

    @classmethod
    def need(cls, told: Extent) -> StoredNeed:
        """Return how many slots it draws of each tier."""
        return StoredNeed(slots=tuple(map(len, drawn_slots(told).values())))

    @classmethod
    def check(cls, told: Extent) -> None:
        """Refuse tiers of which more slots are used than can be told apart."""
        for tier, slots in drawn_slots(told).items():
            if len(slots) > _MOST:
                used = f"{len(slots)} slots of the tier {tier} are used"
                raise LimitError(f"{used}, but at most {_MOST} can be drawn", key="tiers")

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """Boxes, their numbers, and the words with the counts."""
        return [*self.boxes.values(), *self.numbers, *self._words, *self._counts.values()]

    @property
    def shown(self) -> dict[str, tuple[str, dict[int, str]]]:
        """Tier -> its number, and slot -> whose page is in it."""
        return {
            tier: (
                count.texts[0],
                {slot: task for (of, slot), task in self.stored.items() if of == tier},
            )
            for tier, count in self._counts.items()
        }

    def show(self, change: Step) -> Movements:
        """Return the movements in which pages fly, slots come to show them, and numbers change."""
        self._follow(change)
        match change.event:
            case Offload(tier=tier, slots=slots, frames=frames):
                pages = [self._box(tier, slot) for slot in slots]
                for page, frame in zip(pages, frames, strict=True):
                    page.move_to((*self._inside(frame), 0))
                ends = [self._at(tier, slot) for slot in slots]
                return {
                    Phase.FLY: lambda: _flown(pages, ends),
                    Phase.FILL: lambda: [*self._repaint(tier, slots), *map(FadeOut, pages)],
                }
            case Load(tier=tier, slots=slots, frames=frames):
                pages = [self._box(tier, slot) for slot in slots]
                return {
                    Phase.FLY: lambda: _flown(pages, [*map(self._inside, frames)]),
                    Phase.FILL: lambda: [FadeOut(page, scale=_LANDING) for page in pages],
                }
            case Discard(tier=tier, slots=slots):
                return {Phase.TAKE: lambda: self._repaint(tier, slots)}
        return {}

    def _follow(self, step: Step) -> None:
        looks = next_looks(self._looks, step, self.stored)
        self.stored = next_stored(self.stored, self._looks, step)
        self._looks = looks

    def _at(self, tier: str, slot: int) -> Point:
        return self._rows[tier].slot(self._slots[tier].index(slot))

    def _inside(self, frame: int) -> Point:
        return self.anchors["inside"](frame).point

    def _repaint(self, tier: str, slots: Sequence[int]) -> list[Animation]:
        """Return the movements in which slots and the number of pages come to be as they are."""
        boxes = [Transform(self.boxes[tier, slot], self._box(tier, slot)) for slot in slots]
        return [*boxes, *self._counts[tier].roll([self._held(tier)])]

    def _held(self, tier: str) -> str:
        return str(sum(of == tier for of, _ in self.stored))

    def _box(self, tier: str, slot: int) -> RoundedRectangle:
        row, theme = self._rows[tier], self.theme
        task = self.stored.get((tier, slot))
        color = self._colors[task_of(task)] if task else theme.outline
        fill = _FREE_FILL if task is None else CACHED_FILL * theme.frame_fill
        box = rounded_box(row.box, row.box, radius=RADIUS * row.box, color=color, fill=fill)
        return box.move_to((*self._at(tier, slot), 0))

    def _number(self, tier: str, slot: int) -> Label:
        cap = self._rows[tier].cap
        label = Label(str(slot), Face.SERIF, cap=cap, color=self.theme.dim)
        return label.put(*self._at(tier, slot))

    def _count(self, tier: str, row: StoredRow) -> Rolling:
        """Make the words about a tier; return the number in them."""
        spot, dim, size = row.count, self.theme.dim, self.told.initial.tiers[tier]
        name, cap, width = say(tier_words(tier)), row.label.cap, row.label.width
        label = Label(name, Face.SERIF, cap=cap, color=dim, width=width).put_in(row.label)
        words = Label(say("of {} pages", f"{size:,}"), Face.SERIF, cap=spot.cap, color=dim)
        if spot.align < 0:
            right = spot.x + text_width("0" * len(str(min(size, _MOST))), Face.SERIF) * spot.cap
            words.put(right + _SPACE * spot.cap, spot.y, -1)
        else:
            words.put(spot.x, spot.y, 1)
            right = words.get_left()[0] - _SPACE * spot.cap
        self._words += [label, words]
        return Rolling(
            [self._held(tier)],
            lambda _, text: Label(text, Face.SERIF, cap=spot.cap, color=self.theme.ink).put(
                right, spot.y, 1
            ),
        )


def drawn_slots(told: Extent) -> dict[str, list[int]]:
    """Return the slots of each tier that are drawn: all of a small one, else those ever used."""
    used: dict[str, set[int]] = {tier: set() for tier in told.initial.tiers}
    for state in told.states:
        for tier, stored in state.stored.items():
            used[tier].update(stored)
    return {
        tier: [*range(size)] if (size := told.initial.tiers[tier]) <= _MOST else sorted(slots)
        for tier, slots in used.items()
    }


def _flown(pages: Sequence[RoundedRectangle], ends: Sequence[Point]) -> list[Animation]:
    pairs = zip(pages, ends, strict=True)
    return [Transform(page, page.copy().move_to((*end, 0))) for page, end in pairs]

"""Tiers of a trace, such as host memory: what each event changes in them."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pagereel.cache.events import Discard

if TYPE_CHECKING:
    from pagereel.cache.events import Load, Offload


class Copied(NamedTuple):
    """What an event does to slots of a tier.

    Attributes
    ----------
    slots
        Which ones.
    frames
        The frames that they are copied from or to; none if they are emptied.
    """

    slots: tuple[int, ...]
    frames: tuple[int, ...]


@dataclass(slots=True)
class TierTape:
    """What happens to a tier.

    Attributes
    ----------
    name, size
        What it is called, and how many slots it has.
    start
        The slots that hold something before the first event.
    held
        By event: how many slots hold something after it.
    copied
        Event -> what it does to slots, in the order of the events.
    """

    name: str
    size: int
    start: tuple[int, ...] = ()
    held: array[int] = field(default_factory=lambda: array("i"))
    copied: dict[int, Copied] = field(default_factory=dict)

    def add(self, number: int, event: Offload | Load | Discard) -> None:
        """Note what an event does; it has the number `number`, from 0."""
        frames = () if isinstance(event, Discard) else event.frames
        self.copied[number] = Copied(event.slots, frames)

    def held_after(self, reached: int) -> int:
        """Return how many slots hold something after so many events."""
        return self.held[reached - 1] if reached else len(self.start)

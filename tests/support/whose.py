"""Whose pages are in cached frames and in the slots of tiers, from what has happened to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pagereel.cache import Discard, LetGo, Load, Offload

if TYPE_CHECKING:
    from pagereel.cache import Step


class Whose:
    """The task that a page was of, as steps follow each other.

    Attributes
    ----------
    frames
        Cached frame -> task; frames that are no longer cached stay in it.
    slots
        Tier -> slot that holds something -> task.
    """

    def __init__(self) -> None:
        self.frames: dict[int, str] = {}
        self.slots: dict[str, dict[int, str]] = {}

    def follow(self, step: Step) -> None:
        """Note what a step changes."""
        event = step.event
        if isinstance(event, LetGo):
            self.frames.update(dict.fromkeys(event.cached, event.task))
        if not isinstance(event, Offload | Load | Discard):
            return
        slots = self.slots.setdefault(event.tier, {})
        if isinstance(event, Discard):
            for slot in event.slots:
                del slots[slot]
            return
        for slot, frame in zip(event.slots, event.frames, strict=True):
            holders = [task for task, table in step.before.tables.items() if frame in table]
            if isinstance(event, Offload):
                slots[slot] = holders[0] if holders else self.frames[frame]
            elif not holders:
                self.frames[frame] = slots[slot]

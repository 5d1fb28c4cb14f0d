"""Why a KV cache is paged: reservations fill the memory, and more than half of it is empty."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pagereel.stage.layout.arrangement import Arrangement
from pagereel.stage.layout.memory_over_meter import memory_over_meter
from pagereel.stage.part import Parts
from pagereel.stage.parts.memory.asked import AskedSlots
from pagereel.stage.parts.memory.measured import MeasuredBars, read_measured
from pagereel.stage.parts.memory.meter import MemoryMeter
from pagereel.stage.parts.memory.task_line import TaskLine
from pagereel.stage.parts.memory.token_slots import TokenSlots
from pagereel.stage.parts.memory.use import Models, read_reservation
from pagereel.stage.parts.text import CaptionBar, Title
from pagereel.stage.scene import StoryScene

if TYPE_CHECKING:
    from pagereel.story import Beat


class Fragmentation(StoryScene):
    """The same requests in the same memory: each reserves for the longest, or takes page frames."""

    default_story = "fragmentation.toml"
    tables: ClassVar = {"reservation": read_reservation, "measured": read_measured}
    parts = Parts(
        title=Title,
        slots=TokenSlots,
        asked=AskedSlots,
        line=TaskLine,
        meter=MemoryMeter,
        measured=MeasuredBars,
        caption=CaptionBar,
    )
    arrangement = Arrangement(memory_over_meter)

    def construct(self) -> None:
        """Tell the story."""
        self.slots, self.meter = self.stage.part(TokenSlots), self.stage.part(MemoryMeter)
        self.asked, self.line = self.stage.part(AskedSlots), self.stage.part(TaskLine)
        self.models = Models(self.slots.told)
        self.opening()
        for beat in self.story.beats:
            self.tell(beat)
        self.closing()

    def act_reserve(self, beat: Beat) -> None:
        """Let tasks reserve and write."""
        for use in self.models.follow(beat, pages=False):
            self.perform([self.slots.become(use), self.meter.become(use)])

    def act_ask(self, _: Beat) -> None:
        """Let a task ask for what is not there, while so much is empty."""
        asks = self.asked.ask(self.models.next_task)
        self.perform([asks, self.slots.brighten(), self.meter.stress(1)])

    def act_cut(self, _: Beat) -> None:
        """Cut the memory into page frames: those without a token are free."""
        use = self.models.paged
        tables = self.line.show_tables(use.tables, self.models.next_task)
        self.perform([self.asked.fold(), self.slots.cut()])
        self.perform([self.slots.become(use), self.meter.become(use), tables, self.meter.stress(2)])

    def act_take(self, beat: Beat) -> None:
        """Let tasks take frames and write."""
        for use in self.models.follow(beat, pages=True):
            tables = self.line.show_tables(use.tables)
            self.perform([self.slots.become(use), self.meter.become(use), tables])

    def act_compare(self, _: Beat) -> None:
        """Show at the same step what both memories hold."""
        self.perform([self.meter.shrink(), self.meter.compare(self.models.reserved)])

    def act_measured(self, _: Beat) -> None:
        """Show what others have measured."""
        measured = self.stage.part(MeasuredBars)
        self.perform(self.stage.dismiss("slots", "line", "meter"))
        for movements in (measured.appear(), *measured.draw()):
            self.perform([movements])

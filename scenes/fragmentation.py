"""Why a KV cache is paged: reservations fill the memory, and more than half of it is empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pagereel.stage.layout.arrangement import Arrangement
from pagereel.stage.layout.memory_over_meter import memory_over_meter
from pagereel.stage.part import Parts
from pagereel.stage.parts.memory.asked import AskedSlots
from pagereel.stage.parts.memory.kit import MEMORY_PARTS, MEMORY_TABLES
from pagereel.stage.parts.memory.measured import MeasuredBars
from pagereel.stage.parts.memory.meter import MemoryMeter
from pagereel.stage.parts.memory.page_choice import PageChoice
from pagereel.stage.parts.memory.task_line import TaskLine
from pagereel.stage.parts.memory.token_slots import TokenSlots
from pagereel.stage.parts.memory.use import Models, Use
from pagereel.stage.parts.memory.wipe import wiped
from pagereel.stage.parts.text import CaptionBar, Title
from pagereel.stage.scene import StoryScene

if TYPE_CHECKING:
    from pagereel.stage.part import Movements
    from pagereel.story import Beat


class Fragmentation(StoryScene):
    """The same requests in the same memory: each reserves for the longest, or takes page frames."""

    default_story = "fragmentation.toml"
    tables = MEMORY_TABLES
    passing = ("compare", "measured", "choice")
    parts = Parts(title=Title, **MEMORY_PARTS, caption=CaptionBar)
    arrangement = Arrangement(memory_over_meter)

    def construct(self) -> None:
        """Tell the story."""
        self.slots, self.meter = self.stage.part(TokenSlots), self.stage.part(MemoryMeter)
        self.asked, self.line = self.stage.part(AskedSlots), self.stage.part(TaskLine)
        self.models = Models(self.slots.told)
        self.opening()
        self.tell_all()
        self.closing()

    def act_run(self, beat: Beat) -> None:
        """Let tasks arrive and write."""
        for use in self.models.follow(beat):
            self._become(use)

    def act_ask(self, _: Beat) -> None:
        """Let a task ask for what is not there, while so much is empty."""
        asks = self.asked.ask(self.models.ask())
        self.perform([asks, self.slots.brighten(), self.meter.stress(1)])

    def act_cut(self, _: Beat) -> None:
        """Cut the memory into page frames: those without a token are free."""
        self.perform([self.asked.fold(), self.slots.cut()])
        self._become(self.models.cut(), self.meter.stress(2))

    def act_page_size(self, beat: Beat) -> None:
        """Cut the memory into pages of another size."""
        use = self.models.of_beat(beat.key)
        self._become(self.slots.use.only(use.tables))
        self.perform([self.slots.regroup(use.size)])
        self._become(use, self.meter.stress(1), self.slots.brighten())

    def act_compare(self, _: Beat) -> None:
        """Show at the same step what both memories hold."""
        self.perform([self.meter.shrink(), self.meter.compare(self.models.reserved)])

    def act_measured(self, beat: Beat) -> None:
        """Show what others have measured, or what each page size costs."""
        bars = self.stage.part(MeasuredBars if beat.act == "measured" else PageChoice)
        gone = wiped(self.theme, *self.stage.dismiss("slots", "line", "meter"))
        self.perform_all(gone, bars.appear(), *bars.draw())

    act_choice = act_measured

    def _become(self, use: Use, *more: Movements) -> None:
        self.perform([*(part.become(use) for part in (self.slots, self.meter, self.line)), *more])

"""The parts that show a memory, as a scene names them, and the tables of a story that they need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pagereel.stage.part import Parts
from pagereel.stage.parts.memory.asked import AskedSlots
from pagereel.stage.parts.memory.measured import MeasuredBars, read_measured
from pagereel.stage.parts.memory.meter import MemoryMeter
from pagereel.stage.parts.memory.page_choice import PageChoice
from pagereel.stage.parts.memory.task_line import TaskLine
from pagereel.stage.parts.memory.token_slots import TokenSlots
from pagereel.stage.parts.memory.use import MOST_LONGEST

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pagereel.toml.table import Table


def read_reservation(table: Table) -> int:
    """Read how many tokens the longest request has.

    Raises
    ------
    StoryError
        If it is missing or wrong: file, line, what to do.
    """
    table.allow(("longest",))
    longest = table.number("longest", least=1, most=MOST_LONGEST)
    if longest is None:
        raise table.error("longest is missing; add longest = 16, tokens of the longest request")
    return longest


def read_page_sizes(table: Table) -> dict[str, int]:
    """Read the size of pages in token slots, by the key of the beat that shows it.

    Raises
    ------
    StoryError
        If a size is wrong: file, line, what to do.
    """
    sizes = {key: table.number(key, least=1, most=MOST_LONGEST) for key in table.values}
    return {key: size for key, size in sizes.items() if size is not None}


MEMORY_TABLES: Mapping[str, Callable[[Table], Any]] = {
    "reservation": read_reservation,
    "measured": read_measured,
    "page-size": read_page_sizes,
}
MEMORY_PARTS = Parts(
    slots=TokenSlots,
    asked=AskedSlots,
    line=TaskLine,
    meter=MemoryMeter,
    measured=MeasuredBars,
    choice=PageChoice,
)

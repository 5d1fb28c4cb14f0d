"""What a story says about its look-up, and what follows from it for all parts."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from pagereel.cache.lookup import Address, Context
from pagereel.errors import CacheError, StageError
from pagereel.stage.part import LimitError
from pagereel.stage.parts.lookup.acts import (
    Act,
    Ask,
    Cite,
    CountLookUps,
    CutPages,
    Divide,
    EndReading,
    Fetch,
    Locate,
    LookUp,
    ReadPage,
    RecallLookUps,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pagereel.stage.part import Extent
    from pagereel.story import Beat
    from pagereel.toml.table import Table

TABLE = "lookup"
"""The story's table that says what is looked up."""


# Act of a beat -> the act that has to be played before it. They come in this order, each once.
_AFTER = {
    "question": None,
    "divide": "question",
    "look-up": "divide",
    "slot": "look-up",
    "gather": None,
    "cost": "gather",
    "price": None,
}


@dataclass(frozen=True, slots=True)
class Question:
    """What a story asks for.

    Attributes
    ----------
    task, position
        Which token: its task and its position, from 0.
    table
        The page table that the story expects the task to have; None if it does not say.
    """

    task: str
    position: int
    table: tuple[int, ...] | None = None


def read_lookup(table: Table) -> Question:
    """Read the story's table that says what is looked up.

    Raises
    ------
    StoryError
        If a key is missing, unknown or wrong.
    """
    table.allow(("task", "position", "table"))
    task, position = table.name("task"), table.number("position", least=0)
    if task is None:
        raise table.error('[lookup] has no task; add task = "A"')
    if position is None:
        raise table.error("[lookup] has no position; add position = 9")
    return Question(task, position, table.numbers("table"))


def check_act(act: str, earlier: Sequence[str]) -> None:
    """Refuse an act that is out of order: each builds on what is on screen.

    Parameters
    ----------
    act
        Of a beat.
    earlier
        The acts of the beats before it.

    Raises
    ------
    StageError
        If it cannot be played there.
    """
    needs, order = _AFTER[act], [*_AFTER]
    if needs and needs not in earlier:
        raise StageError(f"the act {act} needs a beat with the act {needs} before it")
    late = [each for each in earlier if order.index(each) >= order.index(act)]
    if late:
        raise StageError(f"the act {act} cannot come after the act {late[0]}; remove one of them")


def check_numbers(text: str, context: Context, address: Address) -> None:
    """Refuse a text with a number that the look-up does not have: it is about another one.

    Raises
    ------
    StageError
        At the first such number.
    """
    known = {len(context.tokens), len(context.table), context.size}
    known |= {getattr(address, each.name) for each in fields(address)}
    for number in map(int, re.findall(r"\d+", text)):
        if number not in known:
            asked = f"the look-up of token {address.position} does not have"
            raise StageError(f"{text!r} names {number}, which {asked}; change it or [lookup]")


def acts_of(beat: Beat, address: Address, pages: int) -> list[Act]:
    """Return what is shown in a beat, one after another.

    Parameters
    ----------
    beat
        With one of the acts of `check_act`.
    address
        Where the token is that is asked for.
    pages
        How many pages its task has.
    """
    every: dict[str | None, list[Act]] = {
        "question": [Ask(address)],
        "divide": [CutPages(), Divide(address)],
        "look-up": [LookUp(address)],
        "slot": [Locate(address), Fetch(address)],
        "gather": [CountLookUps(), *map(ReadPage, range(pages)), EndReading()],
        "cost": [RecallLookUps()],
        "price": [Cite(beat.source or "")],
    }
    return every[beat.act]


def context_of(told: Extent) -> Context:
    """Return the tokens of the task that is asked about, and its page table.

    Raises
    ------
    LimitError
        If the task is not in the cache, has no words, or has another page table than expected.
    """
    question: Question = told.own[TABLE]
    task, tables = question.task, told.initial.tables
    if task not in tables:
        have = ", ".join(tables) or "none"
        raise LimitError(f"[lookup] asks about {task}; tasks in the cache are: {have}", key=TABLE)
    if not told.words.get(task):
        raise LimitError(f"the tokens of {task} have no words; add them to [words]", key=TABLE)
    expected = question.table
    if expected is not None and expected != tables[task]:
        says = f"[lookup] says that the page table of {task} is {[*expected]}"
        raise LimitError(f"{says}, but it is {[*tables[task]]}", key=TABLE)
    return Context(task, told.words[task], tables[task], told.initial.page_size or 1)


def address_of(told: Extent) -> Address:
    """Return where the token is that is asked for.

    Raises
    ------
    LimitError
        If the task has no token at this position.
    """
    try:
        return context_of(told).address(told.own[TABLE].position)
    except CacheError as error:
        raise LimitError(f"[lookup] asks for what is not there: {error}", key=TABLE) from error

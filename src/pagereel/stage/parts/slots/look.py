"""What a page and its token slots show, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pagereel.stage.theme import Theme

TIMES = "\N{MULTIPLICATION SIGN}"  # before the number of tasks that hold a page


class Fill(Enum):
    """What a slot holds; always exactly one of these."""

    BLANK = auto()  # nothing is drawn
    FREE = auto()  # no task has it, or it waits for a token
    EMPTY = auto()  # a task has it and has not written to it: hatched
    WORD = auto()  # a token, as a word
    BAR = auto()  # a token whose word does not matter


@dataclass(frozen=True, slots=True)
class Slot:
    """What one token slot shows.

    Attributes
    ----------
    fill
        What it holds.
    task
        Whose it is.
    says
        The word.
    own
        Whether its task has written the word itself; else it comes from a prompt.
    lit
        Whether it stands out: what is in it, or, if nothing is, that something may go in.
    """

    fill: Fill = Fill.FREE
    task: str = ""
    says: str = ""
    own: bool = False
    lit: bool = False

    @property
    def holds(self) -> bool:
        """Whether it holds a token."""
        return self.fill in (Fill.WORD, Fill.BAR)


BLANK, FREE = Slot(Fill.BLANK), Slot()


def empty(task: str) -> Slot:
    """Return a slot that a task has set aside."""
    return Slot(Fill.EMPTY, task)


def word(says: str, task: str = "", *, own: bool = False) -> Slot:
    """Return a slot with a word."""
    return Slot(Fill.WORD, task, says, own)


def bar(task: str) -> Slot:
    """Return a slot with a token whose word does not matter."""
    return Slot(Fill.BAR, task)


@dataclass(frozen=True, slots=True)
class Paint:
    """The colours in which pages are drawn.

    Attributes
    ----------
    theme
        All but those of tasks.
    tasks
        Task -> colour (hex).
    """

    theme: Theme
    tasks: Mapping[str, str]


class Edge(Enum):
    """The outline of a page."""

    NONE = auto()
    SOLID = auto()
    DASHED = auto()  # nobody holds the page, and its tokens are kept


@dataclass(frozen=True, slots=True)
class PageLook:
    """What one page shows.

    Attributes
    ----------
    slots
        Its slots, in the order of the tokens.
    holders
        The tasks that hold it, in order of arrival; of a page that is only kept the last one.
    number
        What it is called: ``3`` or ``frame 3``; empty if it has no number.
    note
        What is said of it: ``refcount 2``, ``x2``, ``free``.
    note_lit
        Whether the note stands out.
    edge
        Its outline.
    lit
        Whether the page stands out.
    pale
        Whether its holders' colours are pale, so that others stand out beside it.
    dim
        Whether it steps back: it can still be read.
    fresh
        Whether it has just become free: it has the colour of free.
    """

    slots: tuple[Slot, ...]
    holders: tuple[str, ...] = ()
    number: str = ""
    note: str = ""
    note_lit: bool = False
    edge: Edge = Edge.SOLID
    lit: bool = False
    pale: bool = False
    dim: bool = False
    fresh: bool = False

    def with_slot(self, index: int, slot: Slot) -> PageLook:
        """Return the look in which one slot is another."""
        return replace(self, slots=(*self.slots[:index], slot, *self.slots[index + 1 :]))


def pages_of(tokens: Sequence[Slot], size: int, task: str) -> list[tuple[Slot, ...]]:
    """Return the slots of a task's pages: its tokens, and the empty slots of its last page."""
    rest = [empty(task)] * (-len(tokens) % size)
    slots = [*tokens, *rest]
    return [tuple(slots[first : first + size]) for first in range(0, len(slots), size)]

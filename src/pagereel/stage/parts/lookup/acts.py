"""The acts of a look-up. The parts of PageLookup show them as other parts show a trace's events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from pagereel.cache.lookup import Address


@dataclass(frozen=True, slots=True)
class Ask:
    """The token at a position is asked for."""

    address: Address


@dataclass(frozen=True, slots=True)
class CutPages:
    """The positions are cut into pages."""


@dataclass(frozen=True, slots=True)
class Divide:
    """The position that is asked for, divided by the page size, is a page and an offset."""

    address: Address


@dataclass(frozen=True, slots=True)
class LookUp:
    """The page table has a frame for the page."""

    address: Address


@dataclass(frozen=True, slots=True)
class Locate:
    """Frame and offset are a slot."""

    address: Address


@dataclass(frozen=True, slots=True)
class Fetch:
    """The token is read from its slot."""

    address: Address


@dataclass(frozen=True, slots=True)
class CountLookUps:
    """The path to one token leaves the picture; from now on, look-ups are counted."""


@dataclass(frozen=True, slots=True)
class ReadPage:
    """One look-up, and all tokens of a page are read."""

    page: int


@dataclass(frozen=True, slots=True)
class EndReading:
    """All tokens of the task have been read."""


@dataclass(frozen=True, slots=True)
class RecallLookUps:
    """All look-ups are shown once more, together."""


@dataclass(frozen=True, slots=True)
class Cite:
    """A source is shown."""

    source: str


Act: TypeAlias = (
    Ask
    | CutPages
    | Divide
    | LookUp
    | Locate
    | Fetch
    | CountLookUps
    | ReadPage
    | EndReading
    | RecallLookUps
    | Cite
)

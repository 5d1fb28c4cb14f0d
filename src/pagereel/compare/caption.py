"""What is said of both runs at once: each run's name stands before what is said of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Line(NamedTuple):
    """What is said of one run.

    Attributes
    ----------
    side
        0 or 1: the run whose name stands before it, in its colour.
    text
        What is said.
    """

    side: int
    text: str


@dataclass(frozen=True, slots=True)
class Caption:
    """What is said at a stop.

    Attributes
    ----------
    lines
        Of each run.
    lead
        What is said of both before that; may be empty.
    """

    lines: tuple[Line, ...] = ()
    lead: str = ""

    def plain(self, names: tuple[str, str]) -> str:
        """Write all of it on one line."""
        said = [f"{names[line.side]}: {line.text}" for line in self.lines]
        return " ".join(filter(None, (self.lead, *said)))

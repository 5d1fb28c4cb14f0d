"""`Film`: a trace made ready to be shown, moment by moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pagereel.film.captions import closing_caption, opening_caption
from pagereel.film.colors import color_stays, palette_size
from pagereel.film.shots import plan_shots
from pagereel.film.taper import Taper
from pagereel.trace import follow, open_trace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from pagereel.film.shots import Shot
    from pagereel.film.tape import Tape


LENGTH = 45.0
SHORTEST_LENGTH = 16.0
SECONDS_AN_EVENT = 1.0


@dataclass(frozen=True, slots=True)
class Times:
    """How long what is around the shots takes, in seconds.

    Attributes
    ----------
    pause
        For which each shot stands before and after it runs, together.
    reading
        For which a shot has to run, at least, so that its caption can be read.
    besides
        Of opening and closing together, from what they say.
    """

    pause: float
    reading: Callable[[str], float]
    besides: Callable[[str, str], float]


@dataclass(frozen=True, slots=True)
class Film:
    """A trace and its time-lapse.

    Attributes
    ----------
    engine, note
        What the trace says of itself; the note may be empty.
    opening, closing
        What is said before the first event and after the last one.
    tape
        What happens.
    shots
        When.
    colors
        By stay: an index into a palette of `palette` colours.
    moment
        By event, the moment at which it is shown, counted over all shots; behind the last one, the
        number of moments.
    """

    engine: str
    note: str
    opening: str
    closing: str
    tape: Tape
    shots: tuple[Shot, ...]
    colors: tuple[int, ...]
    palette: int
    moment: NDArray[np.int64]


def read_tape(path: Path) -> tuple[str, str, Tape]:
    """Read a trace; return its engine, its note, and the tape.

    Raises
    ------
    TraceError
        If the file is no trace, or something in it cannot happen.
    """
    with open_trace(path) as trace:
        ledger = trace.header.ledger()
        taper = Taper(ledger)
        for record, _ in follow(trace, ledger):
            taper.add(record.event, record.step)
        return trace.header.engine, trace.header.note or "", taper.finish()


def make_film(path: Path, seconds: float | None, times: Times) -> Film:
    """Read a trace and plan its film.

    Parameters
    ----------
    path
        The trace.
    seconds
        How long the video is to be, with its opening and closing; None for what suits the trace.

    Raises
    ------
    TraceError
        If the file is no trace, or something in it cannot happen.
    """
    engine, note, tape = read_tape(path)
    length = suitable_length(tape) if seconds is None else seconds
    opening, closing = opening_caption(tape), closing_caption(tape)
    length -= times.besides(opening, closing)
    shots = plan_shots(tape, length, times.pause, times.reading)
    palette = palette_size(tape)
    reached = [shot.reached for shot in shots]
    at = np.concatenate([*reached, [tape.events]]) if reached else np.zeros(1, np.int64)
    moment = np.searchsorted(at[:-1], np.arange(tape.events), side="right")
    moment = np.append(moment, len(at) - 1)
    colors = tuple(color_stays(tape, palette))
    return Film(engine, note, opening, closing, tape, tuple(shots), colors, palette, moment)


def suitable_length(tape: Tape) -> float:
    """Return how many seconds a video takes if nobody says: less for a trace of few events."""
    return min(LENGTH, SHORTEST_LENGTH + SECONDS_AN_EVENT * tape.events)

"""What is remarkable in a trace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pagereel.film import captions
from pagereel.film.tape import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from pagereel.film.tape import Tape


@dataclass(frozen=True, slots=True)
class Highlight:
    """Something that a caption can speak of, wherever it happens.

    Attributes
    ----------
    events
        The events in which it happens, in their order.
    caption
        Returns what a caption says of one of them.
    """

    events: NDArray[np.int64]
    caption: Callable[[Tape, int], str]


def highlights(tape: Tape) -> list[Highlight]:
    """Return what is remarkable in a tape; what matters most comes first."""
    kinds, stays = np.asarray(tape.kind), np.asarray(tape.stay)
    shared = np.array([stay.shared for stay in tape.stays] or [0])
    ours = stays >= 0

    def of(kind: Kind, also: NDArray[np.bool_] = ours) -> NDArray[np.int64]:
        return np.flatnonzero((kinds == kind) & also)

    free = tape.usable - np.asarray(tape.held) - np.asarray(tape.cached)
    filled = np.flatnonzero((free == 0) & (np.concatenate([[1], free[:-1]]) > 0))
    return [
        Highlight(of(Kind.PREEMPT), captions.preempt),
        Highlight(of(Kind.ABORT), captions.abort),
        Highlight(filled, captions.full),
        Highlight(of(Kind.DEFER, ~ours), captions.defer),
        Highlight(of(Kind.COPY), captions.copy),
        Highlight(of(Kind.EVICT, ~ours), captions.evict),
        Highlight(of(Kind.ARRIVE, ours & (shared[stays] > 0)), captions.share),
        Highlight(np.array([np.argmax(tape.held)]), captions.peak),
        Highlight(of(Kind.FINISH), captions.finish),
        Highlight(of(Kind.ARRIVE), captions.arrive),
    ]

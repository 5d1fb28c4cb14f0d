"""How a film gets as short as it has to be: its rests shrink, then optional beats are left out.

The film is counted first: the scene plays for a renderer that draws nothing and moves nothing. From
what its beats take follows what has to go.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING, Any

from manim import CairoRenderer

from pagereel.stage.timing import BREATH, TICK

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from manim import Scene

_EXACT = 1e-3  # seconds; the run times of a film are off by less


@dataclass(frozen=True, slots=True)
class Cut:
    """What a film does without.

    Attributes
    ----------
    share
        Which part of the time that pictures stand longer than it takes to read, 0 to 1.
    silent
        The keys of the beats that are left out.
    """

    share: float = 0.0
    silent: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Spent:
    """What a beat takes, in seconds.

    Attributes
    ----------
    seconds
        All of it.
    spare
        Of these, how long pictures stand longer than it takes to read.
    quick
        What its movements take if it is left out; a breath follows them, which may go, too.
    """

    seconds: float
    spare: float
    quick: float


@dataclass(slots=True)
class Count:
    """What a film takes, in seconds.

    Attributes
    ----------
    seconds
        All of it, when it has ended.
    spare
        Of these, how long pictures stand longer than it takes to read.
    quick
        All its movements, as quick as in a beat that is left out.
    beats
        Its beats, by their keys.
    """

    seconds: float = 0.0
    spare: float = 0.0
    quick: float = 0.0
    beats: dict[str, Spent] = field(default_factory=dict)

    def shortened(self, most: float, optional: Sequence[str]) -> Cut:
        """Return what the film has to do without, so that it takes `most` seconds at most.

        Rests shrink; where that is not enough, optional beats are left out, from the last on. If
        even that is not enough, it is all that can be done without.
        """
        over, spare, silent = self.seconds - most, self.spare, set[str]()
        for key in reversed(optional):
            if over <= spare:
                break
            beat = self.beats[key]
            breath = BREATH if beat.quick else 0.0
            over -= beat.seconds - beat.quick - breath
            spare -= beat.spare - breath
            silent.add(key)
        share = min(1.0, max(0.0, over / spare)) if spare > _EXACT else 1.0
        return Cut(share, frozenset(silent))


def fitted(
    most: float, optional: Sequence[str], recount: Callable[[Cut], Count]
) -> tuple[Cut, float]:
    """Find out what a film has to do without.

    Parameters
    ----------
    most
        How many seconds it may take.
    optional
        The keys of the beats that may be left out, in order.
    recount
        Counts the film with a cut.

    Returns
    -------
    Cut, float
        The smallest cut that is enough, or else the largest that there is; and how many seconds the
        film is too long then, rounded up to tenths, 0 if it is not.
    """
    count, cut = recount(Cut()), Cut()
    seconds, aim = count.seconds, most - TICK / 2  # which is more than rounding to images can add
    while seconds > most + _EXACT and cut != Cut(1.0, frozenset(optional)):
        cut = count.shortened(aim, optional)
        seconds = recount(cut).seconds
        aim -= max(TICK, seconds - most)
    return cut, max(0.0, ceil((seconds - most - _EXACT) * 10) / 10)


class CountingRenderer(CairoRenderer):
    """Lets time pass as a scene plays; draws nothing and moves nothing."""

    def play(self, scene: Scene, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002 (manim's)
        """Add the seconds of a play."""
        self.time += kwargs["run_time"] if "run_time" in kwargs else args[0].run_time

"""Where the comparison stops, and what it says there: the events in which the runs part.

Each kind of stop comes at most once. Everything that is said is counted in the two traces, at the
moment at which the clock stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import numpy as np

from pagereel.cache.events import Preempt
from pagereel.compare.reading import State
from pagereel.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pagereel.compare.clock import Clock
    from pagereel.compare.run import Request, Run

Kind: TypeAlias = Literal["share", "lost", "gap", "queue", "done"]
# Which of them are left out first where there is no time for all.
RANKS: dict[Kind, int] = {"lost": 0, "done": 1, "gap": 2, "queue": 3, "share": 4}
MOST = 4
_FEWEST_WAITING = 5


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


_NOTHING = Caption()


@dataclass(frozen=True, slots=True)
class Stop:
    """A moment at which the clock stands still.

    Attributes
    ----------
    kind
        Why.
    moment
        When.
    caption
        What is said.
    side
        The run that shares, loses the request, is full, has the requests wait, or is done.
    request
        The request that it is about, where it is about one.
    frames
        By side: the frames that the request holds then, in page order.
    end
        The moment at which the request is lost; only of `lost`.
    after
        What is said from then on.
    """

    kind: Kind
    moment: int
    caption: Caption
    side: int
    request: int | None = None
    frames: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())
    end: int | None = None
    after: Caption = _NOTHING

    @property
    def rank(self) -> int:
        """How much it matters: 0 is what is left out last."""
        return RANKS[self.kind]


def find_stops(
    clock: Clock, runs: tuple[Run, Run], requests: Sequence[Request]
) -> tuple[Stop, ...]:
    """Return the stops, at most four of them, in the order of their moments."""
    found = filter(
        None,
        (
            _lost(runs, requests),
            _done(clock, runs),
            _gap(runs),
            _queue(runs),
            _share(runs, requests),
        ),
    )
    chosen = sorted(found, key=lambda stop: stop.rank)[:MOST]
    return tuple(sorted(chosen, key=lambda stop: (stop.moment, stop.rank)))


def _share(runs: tuple[Run, Run], requests: Sequence[Request]) -> Stop | None:
    """Find the first arrival that takes pages from the prefix index in one run only."""
    moments = tuple(run.arrivals for run in runs)
    together = np.flatnonzero((moments[0] == moments[1]) & (moments[0] > 0))
    for request in together[np.argsort(moments[0][together], kind="stable")].tolist():
        moment = int(moments[0][request])
        shared = [run.shared(request, moment) for run in runs]
        if bool(shared[0]) == bool(shared[1]):
            continue
        frames = _frames(runs, request, moment)
        if not all(frames):  # one run has finished it, or lost it, in the same step
            continue
        lines = tuple(
            Line(side, _taken(len(frames[side]) - shared[side], shared[side])) for side in (0, 1)
        )
        caption = Caption(lines, f"{requests[request].task} arrives.")
        return Stop("share", moment, caption, 0 if shared[0] else 1, request, frames)
    return None


def _taken(new: int, shared: int) -> str:
    return f"{new:,} new, {shared:,} shared." if shared else f"{counted(new, 'new frame')}."


def _lost(runs: tuple[Run, Run], requests: Sequence[Request]) -> Stop | None:
    """Find the first request that is given up or preempted in one run, and goes on in the other.

    Of those of one step, it is the one that holds most frames.
    """
    losses = sorted((end, run.side, request) for run in runs for end, request in run.losses)
    for end, together in groupby(losses, key=itemgetter(0)):
        found = [
            (len(runs[side].table(request, end - 1)), side, request)
            for _, side, request in together
            if runs[1 - side].keeps(request, end)
        ]
        if found:
            _, side, request = max(found, key=itemgetter(0))
            return _lost_at(end - 1, runs, requests[request].task, request, side)
    return None


def _lost_at(moment: int, runs: tuple[Run, Run], task: str, request: int, side: int) -> Stop:
    lead = f"{task} {_why(runs[side], request, moment)}"
    lines = Line(0, _free(runs[0], moment)), Line(1, _free(runs[1], moment, again=True))
    frames = _frames(runs, request, moment)
    what = "is preempted." if _makes_room(runs[side], request, moment) else "is given up."
    after = Caption((Line(side, f"{task} {what}"),))
    return Stop("lost", moment, Caption(lines, lead), side, request, frames, moment + 1, after)


def _why(run: Run, request: int, moment: int) -> str:
    """Say what becomes of a request that is about to be lost."""
    if run.slots is not None and run.slots.needs_page(run.stay(request, moment), moment):
        return "needs one more frame."
    makes_room = _makes_room(run, request, moment)
    return "has to make room." if makes_room else "is about to be given up."


def _makes_room(run: Run, request: int, moment: int) -> bool:
    """Return whether a request that is about to be lost is preempted, and not given up."""
    end = run.tape.stays[run.stay(request, moment)].end
    return bool(run.tape.happens(Preempt, end, end + 1)[0])


def _free(run: Run, moment: int, *, again: bool = False) -> str:
    """Say how many frames are free, or briefly where the word has been said: ``15 are.``."""
    free, cached = run.free(moment), int(run.values["cached"][moment])
    verb = "are" if free > 1 else "is"
    if not free and cached:
        return f"none is free, {cached:,} cached."
    return f"{f'{free:,}' if free else 'none'} {verb}{'' if again else ' free'}."


def _gap(runs: tuple[Run, Run]) -> Stop | None:
    """Find where one pool is full, and the other has more requests in fewer of its frames."""
    best, found = 0.0, None
    for full, other in (runs, runs[::-1]):
        left = other.usable - other.values["held"]
        more = other.values["running"] - full.values["running"]
        is_full = full.values["held"] == full.usable
        # As a share of the pool: a frame may be of any size.
        gain = np.where(is_full & (more > 0), more * left / other.usable, 0)
        moment = int(gain.argmax())
        if gain[moment] > best:
            best = float(gain[moment])
            lines = {
                full.side: f"{_requests(full, moment)} {_do(full, moment, 'fill')} the pool.",
                other.side: f"{_requests(other, moment)} {_do(other, moment, 'leave')} "
                f"{counted(int(left[moment]), 'frame')}.",
            }
            caption = Caption(tuple(Line(side, lines[side]) for side in (0, 1)))
            found = Stop("gap", moment, caption, full.side)
    return found


def _queue(runs: tuple[Run, Run]) -> Stop | None:
    """Find where the numbers of waiting requests differ most."""
    if not all("waiting" in run.values for run in runs):
        return None
    one, other = (run.values["waiting"] for run in runs)
    moment = int(np.abs(one - other).argmax())
    if abs(one[moment] - other[moment]) < _FEWEST_WAITING:
        return None
    waiting = [int(each[moment]) for each in (one, other)]
    caption = Caption(tuple(Line(side, _waiting(count)) for side, count in enumerate(waiting)))
    return Stop("queue", moment, caption, 0 if waiting[0] > waiting[1] else 1)


def _waiting(count: int) -> str:
    if not count:
        return "nobody waits."
    return f"{counted(count, 'request')} {'waits' if count == 1 else 'wait'}."


def _done(clock: Clock, runs: tuple[Run, Run]) -> Stop | None:
    """Find where one run is done, and the other has requests left."""
    for run, other in (runs, runs[::-1]):
        moment = run.done
        if moment is None:
            continue
        left = int((other.states(moment) < State.FINISHED).sum())
        if left:
            still = Line(other.side, _not_done(left))
            lines = (Line(run.side, _all_done(clock, run, moment)), still)
            return Stop("done", moment, Caption(lines), run.side)
    return None


def first_end(clock: Clock, runs: tuple[Run, Run]) -> Stop:
    """Return where one run is done and the other is not; the end of both, if there is no such.

    Of two runs that end together, it is about the one in which more requests are done.
    """
    found = _done(clock, runs)
    if found:
        return found
    moment = len(clock.at) - 1
    lines = tuple(Line(run.side, _ended(clock, run, moment)) for run in runs)
    better = max(runs, key=lambda run: (run.values["finished"][moment], run.side))
    return Stop("done", moment, Caption(lines), better.side)


def _ended(clock: Clock, run: Run, moment: int) -> str:
    return _not_done(run.unfinished) if run.unfinished else _all_done(clock, run, moment)


def _not_done(left: int) -> str:
    return f"{left:,} {'is' if left == 1 else 'are'} not done yet."


def _all_done(clock: Clock, run: Run, moment: int) -> str:
    lost = int(run.values["given_up"][moment])
    if lost:
        finished = clock.requests - lost
        verb = "is" if 1 in (finished, clock.requests) else "are"
        of_all = f"{finished:,} of {counted(clock.requests, 'request')}"
        return f"{of_all} {verb} done, {lost:,} given up."
    return (
        "the request is done."
        if clock.requests == 1
        else f"all {clock.requests:,} requests are done."
    )


def _frames(
    runs: tuple[Run, Run], request: int, moment: int
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return runs[0].table(request, moment), runs[1].table(request, moment)


def _requests(run: Run, moment: int) -> str:
    return counted(int(run.values["running"][moment]), "request")


def _do(run: Run, moment: int, verb: str) -> str:
    return f"{verb}s" if run.values["running"][moment] == 1 else verb

"""What comes of it: a headline of each run by the first rule that holds, and up to four boxes."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pagereel.compare.reading import State
from pagereel.compare.stops import Caption, Line
from pagereel.compare.totals import NOTABLE
from pagereel.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pagereel.compare.clock import Clock
    from pagereel.compare.run import Run
    from pagereel.compare.totals import Pair

MOST_BOXES = 4
_LEAST_WAIT, _WAIT_SHARE = 1.0, 0.1  # steps, and of the longer one
_PEAKS = ("peak_held", "peak_share")
LAST_RULE = 6
# In which order the totals come into boxes, behind the one of which the headline speaks.
_BOXES = (
    *("given_up", "last_step", "mean_wait", "prefilled", "recomputed", "mean_running"),
    *("peak_held", "peak_share", "evicted", "mean_empty", "preempted", "lost_tokens"),
    "peak_running",
)


class Headline(NamedTuple):
    """What is said of a run in the end.

    Attributes
    ----------
    side
        Of which; None: of both.
    text
        What is said.
    """

    side: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Result:
    """What the comparison comes to.

    Attributes
    ----------
    rule
        Which rule the headlines are by, from 1; 6: no other one holds.
    winner
        The side that does better by it; None by the last rule.
    headlines
        The worse run's first; by the last rule one of both, unless other requests are left.
    boxes
        At most four totals that differ; one of them speaks for the other side, if any does.
    command
        What is typed to make the comparison.
    by
        The total by which the headlines are; by the last rule, the last step where both end.
    """

    rule: int
    winner: int | None
    headlines: tuple[Headline, ...]
    boxes: tuple[Pair, ...]
    command: str
    by: Pair | None = None

    @property
    def verdict(self) -> Caption:
        """The headlines in one sentence, where it can be said in one."""
        if self.winner is None or self.by is None or self.by.total.key != "last_step":
            lines = tuple(Line(side, text) for side, text in self.headlines if side is not None)
            return Caption(lines, " ".join(text for side, text in self.headlines if side is None))
        better, worse = self.by.says[self.winner], self.by.says[1 - self.winner]
        return Caption(lead=f"{better} steps instead of {worse}.")


class _Rule(NamedTuple):
    """A rule for headlines.

    Attributes
    ----------
    keys
        The totals that may differ; the first one that does counts.
    differs
        Whether a difference is large enough.
    says
        The headline of a run, from its total.
    """

    keys: tuple[str, ...]
    differs: Callable[[Pair], bool]
    says: Callable[[Run, Pair], str]


def conclude(clock: Clock, runs: tuple[Run, Run], pairs: Mapping[str, Pair]) -> Result:
    """Find the headlines and the boxes."""
    command = shlex.join(["pagereel", "compare", *(run.file.name for run in runs)])
    for number, rule in enumerate(_rules(clock), 1):
        for pair in (pairs[key] for key in rule.keys if key in pairs):
            winner = pair.better
            if winner is not None and rule.differs(pair):
                headlines = tuple(
                    Headline(side, rule.says(runs[side], pair)) for side in (1 - winner, winner)
                )
                boxes = _boxes(pairs, pair.total.key, winner)
                return Result(number, winner, headlines, boxes, command, pair)
    boxes = _boxes(pairs, "", None)
    last = pairs.get("last_step")
    return Result(LAST_RULE, None, _alike(runs, pairs), boxes, command, last)


def _rules(clock: Clock) -> tuple[_Rule, ...]:
    steps = clock.at[-1] - clock.at[0]
    return (
        _Rule(("given_up",), lambda _: True, _given_up),
        _Rule(("last_step",), lambda pair: _apart(pair) >= NOTABLE * steps, _done_at),
        _Rule(("mean_wait",), _waits_longer, _wait),
        _Rule(("prefilled", "recomputed"), lambda pair: pair.is_notable, _computed),
        _Rule(("peak_share",), lambda pair: pair.is_notable, _peak),
    )


def _apart(pair: Pair) -> float:
    return abs(pair.values[0] - pair.values[1])


def _waits_longer(pair: Pair) -> bool:
    return _apart(pair) >= max(_LEAST_WAIT, _WAIT_SHARE * max(pair.values))


def _value(run: Run, pair: Pair) -> float:
    return pair.values[run.side]


def _given_up(run: Run, pair: Pair) -> str:
    lost, all_of_them = int(_value(run, pair)), run.clock.requests
    if lost:
        verb = "is" if lost == 1 else "are"
        return f"{lost:,} of {counted(all_of_them, 'request')} {verb} given up{_still(run)}."
    if run.unfinished:
        none = "the request is not" if all_of_them == 1 else f"none of {all_of_them:,} requests is"
        return f"{none} given up{_still(run)}."
    return "the request finishes." if all_of_them == 1 else f"all {all_of_them:,} requests finish."


def _still(run: Run) -> str:
    """Say how many requests a trace that is cut off leaves unfinished."""
    states = run.states(len(run.reached) - 1).tolist()
    running, waiting = (states.count(state) for state in (State.RUNNING, State.WAITING))
    runs = f", {running:,} still {'runs' if running == 1 else 'run'}" if running else ""
    waits = f", {waiting:,} still {'waits' if waiting == 1 else 'wait'}" if waiting else ""
    return runs + waits


def _done_at(run: Run, pair: Pair) -> str:
    return f"done at step {_value(run, pair):,.0f}."


def _wait(run: Run, pair: Pair) -> str:
    steps = round(_value(run, pair))
    wait = counted(steps, "step") if steps else "less than a step"
    return f"the mean wait is {wait}{_still(run)}."


def _computed(run: Run, pair: Pair) -> str:
    tokens = int(_value(run, pair))
    what = "prefilled" if pair.total.key == "prefilled" else "computed again"
    return f"{counted(tokens, 'token')} {'is' if tokens == 1 else 'are'} {what}{_still(run)}."


def _peak(run: Run, pair: Pair) -> str:
    return f"at most {pair.says[run.side]} of the pool is held{_still(run)}."


def _alike(runs: tuple[Run, Run], pairs: Mapping[str, Pair]) -> tuple[Headline, ...]:
    """Say that the runs do not differ, or hardly; of each one if other requests are left."""
    is_equal = all(pair.better is None for pair in pairs.values())
    work = "the same work" if is_equal else "nearly the same work"
    first, second = map(_still, runs)
    if first == second:
        return (Headline(None, f"The two do {work}{first}."),)
    return Headline(0, f"{work}{first}."), Headline(1, f"{work}{second}.")


def _boxes(pairs: Mapping[str, Pair], said: str, winner: int | None) -> tuple[Pair, ...]:
    """Choose totals that differ; the last of them gives way to one that speaks for the loser."""
    peaks = [key for key in _PEAKS if key in pairs]  # the same in frames and as a share
    told = {said, *(peaks if said in peaks else peaks[1:])}
    rest = [pairs[key] for key in _BOXES if key in pairs and key not in told]
    rest = [pair for pair in rest if pair.is_notable and pair.difference]
    chosen = [pair for pair in rest if pair.total.key != "mean_wait" or _waits_longer(pair)]
    chosen = chosen[:MOST_BOXES]
    if winner is not None and all(pair.better == winner for pair in chosen):
        others = [pair for pair in rest if pair.better != winner][:1]
        chosen = [*chosen[: MOST_BOXES - len(others)], *others]
    return tuple(chosen)

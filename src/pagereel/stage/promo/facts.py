"""What a promo says in numbers: computed from the brand's two traces, and never written by hand."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from pagereel.compare.comparison import compare_traces
from pagereel.compare.reading import State
from pagereel.errors import StageError, TraceError
from pagereel.film.tape import CACHED
from pagereel.stage.promo.memory import Memory

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pagereel.compare.comparison import Comparison
    from pagereel.compare.run import Run
    from pagereel.stage.brand import Brand

_LEAST_EMPTY = 0.2  # of a memory: from there on, what it holds without a token is what is said
_PLACE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class PoolAt:
    """The pool of a run at a moment.

    Attributes
    ----------
    side
        Which run: 0, what was done before; 1, what the project does.
    frames
        How many there are.
    tables
        Request -> its page table, of those that run.
    cached
        Frames that nobody holds and that keep their content.
    numbers
        Request -> its number, in the order of submission.
    """

    side: int
    frames: int
    tables: Mapping[str, tuple[int, ...]]
    cached: frozenset[int]
    numbers: Mapping[str, int]

    def only(self, tasks: Iterable[str]) -> PoolAt:
        """Return the same pool with some of its requests alone."""
        chosen = {*tasks}
        tables = {task: table for task, table in self.tables.items() if task in chosen}
        return replace(self, tables=tables)


@dataclass(frozen=True, eq=False)
class Facts:
    """Two runs of the same requests, and the moment at which a promo shows them.

    Attributes
    ----------
    comparison
        The runs: what was done before, and what the project does.
    moment
        Of the comparison's clock: when the memory is full and the runs are furthest apart.
    memory
        What was done before at that moment, if its requests reserve rows; else None.
    """

    comparison: Comparison
    moment: int
    memory: Memory | None

    @classmethod
    def of(cls, brand: Brand) -> Facts:
        """Compute them from a brand's traces.

        Raises
        ------
        BrandError
            If the brand names no such traces, or the second run is never ahead when the first one
            has no room.
        TraceError, CompareError
            If a trace cannot be read, or they do not show the same requests.
        """
        for key in ("before", "after"):
            if getattr(brand, key) is None:
                message = f"a promo compares two traces, and {key} is missing; add {key} = a trace"
                raise brand.error(message, "name")
        assert brand.before  # noqa: S101 (mypy cannot follow the loop)
        assert brand.after  # noqa: S101
        names = brand.names or (None, None)
        comparison = compare_traces((brand.before, brand.after), (names[0], names[1]))
        moment = _furthest_apart(comparison)
        if moment is None:
            raise brand.error(
                "before and after: whenever requests wait for memory in before, as many run as in "
                "after; take two traces that differ",
                "after",
            )
        memory = None
        before, after = comparison.runs
        if (before.frames, before.page_size) == (after.frames, after.page_size):
            # Else it cannot be cut into the pages of the other.
            with suppress(TraceError):  # it reserves no rows: the film begins otherwise
                memory = Memory.of(before, moment)
        return cls(comparison, moment, memory)

    @property
    def before(self) -> Run:
        """What was done before."""
        return self.comparison.runs[0]

    @property
    def after(self) -> Run:
        """What the project does."""
        return self.comparison.runs[1]

    def pool(self, side: int) -> PoolAt:
        """Return the pool of a run at the moment."""
        run, moment = self.comparison.runs[side], self.moment
        requests = range(len(self.comparison.requests))
        tables = {run.task(each): run.table(each, moment) for each in requests}
        return PoolAt(
            side,
            run.frames,
            {task: table for task, table in tables.items() if table},
            frozenset(np.flatnonzero(run.owners(moment) == CACHED).tolist()),
            {run.task(each): each for each in requests},
        )

    @property
    def step(self) -> int:
        """The clock's time at the moment."""
        return int(self.comparison.clock.at[self.moment])

    @property
    def choices(self) -> dict[str, str]:
        """What is said where it depends on the runs: placeholder -> key of the sentence."""
        hook = "waiting"
        if self.memory and self.memory.empty >= _LEAST_EMPTY:
            hook = "empty"
        elif self._value(0, "given_up"):
            hook = "given-up"
        return {
            "hook": hook,
            "claim": "rows" if self.memory else "pools",
            "now": "some" if self._value(1, "waiting") else "nobody",
        }

    @property
    def own(self) -> frozenset[str]:
        """What a story may say in its own words: which run is done first, and how much earlier.

        Its sentence ``done`` says that the second run is done and the first is not, ``verdict`` at
        which steps both are.
        """
        end, result = self.comparison.first_end, self.comparison.result
        found = set()
        all_done = not self.after.values["given_up"][end.moment]
        if end.side == 1 and all_done and self.numbers.get("before.left", "0") != "0":
            found.add("done")
        if result.winner == 1 and result.by and result.by.total.key == "last_step":
            found.add("verdict")
        return frozenset(found)

    @property
    def lit(self) -> str:
        """The number of the hook's sentence, which is in the colour of what is free."""
        key = self.choices["hook"]
        return (
            f"{self.numbers['empty']} %" if key == "empty" else self.numbers[key.replace("-", "_")]
        )

    @property
    def numbers(self) -> dict[str, str]:
        """What placeholders stand for; what cannot be said of these runs is not there."""
        found = dict(self._numbers())
        if self.memory:
            found["empty"] = f"{100 * self.memory.empty:.0f}"
        return found

    def _numbers(self) -> Iterator[tuple[str, str]]:
        comparison = self.comparison
        yield "requests", f"{len(comparison.requests):,}"
        yield "step", f"{self.step:,}"
        yield "waiting", f"{self._value(0, 'waiting'):,}"
        yield "given_up", f"{self._value(0, 'given_up'):,}"
        yield "done", comparison.first_end.caption.plain(comparison.names)
        yield "verdict", comparison.result.verdict.plain(comparison.names)
        for name, run in zip(("before", "after"), comparison.runs, strict=True):
            yield name, run.name
            yield f"{name}.frames", f"{run.frames:,}"
            yield f"{name}.running", f"{self._value(run.side, 'running'):,}"
            yield f"{name}.waiting", f"{self._value(run.side, 'waiting'):,}"
            other = comparison.runs[1 - run.side]
            if run.done is not None:
                yield f"{name}.end", f"{int(comparison.clock.at[run.done]):,}"
            if other.done is not None:  # when the other one is done
                done = int((run.states(other.done) >= State.FINISHED).sum())
                yield f"{name}.done", f"{done:,}"
                yield f"{name}.left", f"{len(comparison.requests) - done:,}"

    def _value(self, side: int, measure: str) -> int:
        values = self.comparison.runs[side].values.get(measure)
        return 0 if values is None else int(values[self.moment])


OWN = ("done", "verdict")
"""What a comparison says in English; a story in another language has sentences of its own."""


def filled(text: str, facts: Facts, sentences: Mapping[str, str]) -> str:
    """Fill the placeholders of a text: numbers, and sentences that depend on the runs.

    Raises
    ------
    StageError
        If there is no such number or sentence.
    """
    numbers, choices = facts.numbers, facts.choices

    def fill(found: re.Match[str]) -> str:
        name = found[1]
        if name in OWN and name in sentences:
            if name not in facts.own:
                raise StageError(f"the sentence {name} is not so of these traces; remove it")
            return _PLACE.sub(fill, sentences[name])
        if name in choices:
            key = choices[name]
            if key not in sentences:
                raise StageError(f"{{{name}}} needs the sentence {key}; add it")
            return _PLACE.sub(fill, sentences[key])
        if name not in numbers:
            known = ", ".join([*choices, *numbers])
            raise StageError(f"{{{name}}} is not known of these traces; write {known}")
        return numbers[name]

    return _PLACE.sub(fill, text)


def _furthest_apart(comparison: Comparison) -> int | None:
    """Return the moment that a promo shows; None if there is none.

    Of those at which requests wait in the first run, or are given up, and most more run in the
    second one, it is that with the fewest that wait there, and the first of these.
    """
    before, after = comparison.runs
    gap = after.values["running"] - before.values["running"]
    lost = np.diff(before.values["given_up"], prepend=0)
    waiting = before.values.get("waiting", np.zeros(len(gap), np.int64))
    full = (waiting > 0) | (lost > 0)
    most = int(np.where(full, gap, 0).max(initial=0))
    if most <= 0:
        return None
    queue = after.values.get("waiting", np.zeros(len(gap), np.int64))
    candidates = np.flatnonzero(full & (gap == most))
    return int(candidates[np.argmin(queue[candidates])])

"""Workloads: the tasks of a simulated engine, and its pool; read as strictly as storyboards."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from math import log
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pagereel.cache import POLICIES
from pagereel.errors import CacheError, WorkloadError
from pagereel.toml.source import read_source
from pagereel.toml.table import Table
from pagereel.trace.records import MOST_FRAMES, Fault, Header, task_name
from pagereel.wording import shown, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MOST_TOKENS = 2**24
_MOST_STEPS = 10**9
_MOST_TASKS = 10**7
_MOST_RATE = 10**6
# What an engine does with a task when no frame is left, even after evicting the cached ones.
OUT_OF_FRAMES = ("defer", "abort", "preempt")
# What a task gets when it is admitted: the pages that its prompt fills, and more as it grows; or at
# once a piece of memory for the longest request.
RESERVATIONS = ("on-demand", "contiguous")
# What only a task that grows page by page can need.
_ON_DEMAND = ("reserved", "prefix_index", "out_of_frames")
_POOL = ("frames", "page_size", "policy", *_ON_DEMAND, "reservation", "longest")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Submission:
    """A task as it is submitted to the engine.

    Parameters
    ----------
    task
        Its name.
    arrival
        The step in which it is submitted.
    prompt, output
        Tokens of its prompt, the prefix among them, and tokens that are generated.
    prefix
        The name of the prefix that its prompt begins with, if it has one.
    """

    task: str
    arrival: int
    prompt: int
    output: int
    prefix: str | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """Generated tasks, always the same for the same seed.

    Parameters
    ----------
    tasks
        How many.
    rate
        How many are submitted in a step, on average.
    seed
        Seed of the random numbers.
    prompt, output
        The least and the most tokens of a prompt besides its prefix, and of an output.
    shared
        Which share of the tasks begins with a prefix.
    """

    tasks: int
    rate: float
    seed: int
    prompt: tuple[int, int]
    output: tuple[int, int]
    shared: float

    def submissions(self, prefixes: Mapping[str, int]) -> Iterator[Submission]:
        """Yield the tasks in the order of their arrival."""
        # Only random() gives the same numbers in all versions of Python.
        chance = random.Random(self.seed).random  # noqa: S311 (not for secrets)

        def between(least: int, most: int) -> int:
            return least + int(chance() * (most - least + 1))

        names, time = tuple(prefixes), 0.0
        for number in range(self.tasks):
            time -= log(1 - chance()) / self.rate  # independent arrivals
            prefix = None
            if names and chance() < self.shared:
                prefix = names[between(0, len(names) - 1)]
            prompt = between(*self.prompt) + prefixes.get(prefix or "", 0)
            yield Submission(f"R{number}", int(time), prompt, between(*self.output), prefix)


@dataclass(frozen=True, slots=True)
class Workload:
    """A pool, its management, and the tasks.

    Parameters
    ----------
    header
        What the trace begins with; it has a page size.
    policy
        One of `pagereel.cache.POLICIES`.
    prefix_index
        Whether full pages of prompts are kept and shared.
    out_of_frames
        One of `OUT_OF_FRAMES`.
    prefixes
        Name -> tokens.
    tasks
        The listed ones, by arrival, or how to generate them.
    longest
        If given, each task reserves contiguous memory for so many tokens; no request may be
        longer. A page of the header is such a reservation.
    """

    header: Header
    policy: str
    prefix_index: bool
    out_of_frames: str
    prefixes: Mapping[str, int]
    tasks: tuple[Submission, ...] | Load
    longest: int | None = None

    def reserving(self, longest: int) -> Workload:
        """Return the same tasks over the same memory, where each reserves for the longest request.

        A reservation begins at a multiple of its length. So it is a page that has room for any
        request: nothing is left for a task to ask for later, and nothing to share.

        Parameters
        ----------
        longest
            Tokens of the longest request that is possible; they have to fit into the pool.
        """
        header = self.header
        tokens = header.frames * (header.page_size or 1)
        return replace(
            self,
            header=replace(header, frames=tokens // longest, page_size=longest),
            prefix_index=False,
            longest=longest,
        )

    def submissions(self) -> Iterator[Submission]:
        """Yield the tasks in the order of their arrival."""
        if isinstance(self.tasks, Load):
            return self.tasks.submissions(self.prefixes)
        return iter(self.tasks)


def load_workload(path: Path | str) -> Workload:
    """Read a workload.

    Parameters
    ----------
    path
        A TOML file; ``assets/workloads`` has some to copy.

    Raises
    ------
    WorkloadError
        If the file cannot be read or is wrong: file, line, what to do.
    """
    source = read_source(Path(path), WorkloadError)
    top = Table(source, source.data)
    top.allow(("engine", "note", "pool", "prefixes", "tasks", "generate"))
    pool = _needed(top.table("pool"), top, "[pool] is missing; add it with frames = 16")
    pool.allow(_POOL)
    prefixes = _prefixes(top.table("prefixes"))
    load = top.table("generate")
    listed = top.tables("tasks")
    if (load is None) == (listed is None):
        raise top.error("a workload has either [[tasks]] or [generate]; write one of them")
    workload = Workload(
        header=_header(top, pool),
        policy=_one_of(pool, "policy", POLICIES),
        prefix_index=pool.flag("prefix_index") or False,
        out_of_frames=_one_of(pool, "out_of_frames", OUT_OF_FRAMES),
        prefixes=prefixes,
        tasks=_tasks(listed or (), prefixes) if load is None else _load(load, prefixes),
    )
    longest = _longest(pool, workload.header)
    return workload if longest is None else workload.reserving(longest)


def _longest(pool: Table, header: Header) -> int | None:
    """Read how much contiguous memory each task reserves; None if it grows page by page."""
    longest = pool.number("longest", least=1, most=MOST_TOKENS)
    if _one_of(pool, "reservation", RESERVATIONS) != "contiguous":
        if longest is not None:
            raise pool.error('longest goes with reservation = "contiguous"; add that', "longest")
        return None
    for key in _ON_DEMAND:
        if key in pool.values:
            message = f"{key} does not go with a contiguous reservation; remove it"
            raise pool.error(message, key)
    longest = _needed(
        longest, pool, "longest is missing; add longest = 2048, tokens of the longest request"
    )
    tokens = header.frames * (header.page_size or 1)
    if longest > tokens:
        message = f"longest is {longest} tokens, and the pool has {tokens}; enlarge the pool"
        raise pool.error(message, "longest")
    return longest


def _header(top: Table, pool: Table) -> Header:
    frames = pool.number("frames", least=1, most=MOST_FRAMES)
    page_size = pool.number("page_size", least=1, most=MOST_TOKENS)
    header = Header(
        engine=top.text("engine", longest=100) or "pagereel trace simulate",
        frames=_needed(frames, pool, "the pool has no size; add frames = 16"),
        page_size=_needed(page_size, pool, "page_size is missing; add page_size = 16"),
        reserved=pool.numbers("reserved") or (),
        note=top.text("note", longest=200),
    )
    try:
        header.ledger()
    except CacheError as error:
        raise pool.error(f"{error}; reserve frames of the pool", "reserved") from None
    return header


def _prefixes(table: Table | None) -> dict[str, int]:
    if table is None:
        return {}
    read = {name: table.number(name, least=1, most=MOST_TOKENS) for name in table.values}
    return {name: tokens for name, tokens in read.items() if tokens is not None}


def _tasks(tables: Sequence[Table], prefixes: Mapping[str, int]) -> tuple[Submission, ...]:
    found: dict[str, Submission] = {}
    for number, table in enumerate(tables, 1):
        submission = _task(table, f"task {number}", prefixes)
        if submission.task in found:
            message = f"task {number}: there is a task {submission.task} already; rename one"
            raise table.error(message, "task")
        found[submission.task] = submission
    # Those of one step stay in the order in which they are written.
    return tuple(sorted(found.values(), key=lambda submission: submission.arrival))


def _task(table: Table, label: str, prefixes: Mapping[str, int]) -> Submission:
    table = Table(table.source, table.values, table.path, label)
    table.allow(("task", "arrive", "prompt", "output", "prefix"))
    try:
        name = task_name("task", table.values["task"])
    except KeyError:
        raise table.error("task is missing; add it") from None
    except Fault as fault:
        raise table.error(str(fault), "task") from None
    prefix = table.name("prefix")
    if prefix is not None and prefix not in prefixes:
        there = suggestion(prefix, tuple(prefixes)) if prefixes else "add it to [prefixes]"
        raise table.error(f"there is no prefix {shown(prefix)}; {there}", "prefix")
    return Submission(
        task=name,
        arrival=table.number("arrive", least=0, most=_MOST_STEPS) or 0,
        prompt=_tokens(table, "prompt") + prefixes.get(prefix or "", 0),
        output=_tokens(table, "output"),
        prefix=prefix,
    )


def _tokens(table: Table, key: str) -> int:
    tokens = table.number(key, least=1, most=MOST_TOKENS)
    return _needed(tokens, table, f"{key} is missing; add {key} = 20, in tokens")


def _load(table: Table, prefixes: Mapping[str, int]) -> Load:
    table.allow(("tasks", "rate", "seed", "prompt", "output", "shared"))
    tasks = table.number("tasks", least=1, most=_MOST_TASKS)
    rate = table.decimal("rate", least=0, most=_MOST_RATE)
    shared = table.decimal("shared", least=0, most=1)
    if shared and not prefixes:
        raise table.error("there is no prefix to share; add one to [prefixes]", "shared")
    if rate == 0:
        raise table.error("rate must be more than 0; nothing would arrive", "rate")
    return Load(
        tasks=_needed(tasks, table, "tasks is missing; add tasks = 100"),
        rate=_needed(rate, table, "rate is missing; add rate = 0.5, tasks a step"),
        seed=table.number("seed", least=0, most=2**63 - 1) or 0,
        prompt=_span(table, "prompt"),
        output=_span(table, "output"),
        shared=shared or 0.0,
    )


def _span(table: Table, key: str) -> tuple[int, int]:
    """Read the least and the most of a number of tokens."""
    span = _needed(table.numbers(key), table, f"{key} is missing; add {key} = [16, 256], in tokens")
    if len(span) != 2 or not 1 <= span[0] <= span[1] <= MOST_TOKENS:
        message = f"{key} must be the least and the most, from 1 to {MOST_TOKENS}, as [16, 256]"
        raise table.error(message, key)
    return span[0], span[1]


def _one_of(table: Table, key: str, known: Sequence[str]) -> str:
    """Read one of some words; the first, if none is written."""
    word = table.name(key)
    if word is not None and word not in known:
        raise table.error(f"unknown {key} {shown(word)}; {suggestion(word, known)}", key)
    return word or known[0]


def _needed(value: T | None, table: Table, message: str) -> T:
    if value is None:
        raise table.error(message)
    return value

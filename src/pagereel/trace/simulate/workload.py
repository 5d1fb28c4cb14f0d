"""Workloads: the tasks of a simulated engine, and its pool."""

from __future__ import annotations

import random
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pagereel.trace.records import Header

# What an engine does with a task when no frame is left, even after evicting the cached ones.
OUT_OF_FRAMES = ("defer", "abort", "preempt")


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
    """

    header: Header
    policy: str
    prefix_index: bool
    out_of_frames: str
    prefixes: Mapping[str, int]
    tasks: tuple[Submission, ...] | Load

    def submissions(self) -> Iterator[Submission]:
        """Yield the tasks in the order of their arrival."""
        if isinstance(self.tasks, Load):
            return self.tasks.submissions(self.prefixes)
        return iter(self.tasks)

"""Shards gathered from whoever draws them: any executor will do.

An executor is what the standard library calls so; Dask has one, too.
"""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import FIRST_COMPLETED, wait
from typing import TYPE_CHECKING

from pagereel.errors import RenderError
from pagereel.failure import Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from concurrent.futures import Future

    from pagereel.render.cluster.remote import Answer

_PULSE = 2.0  # seconds between two looks at the workers


def groups(todo: Sequence[int], most: int) -> list[Sequence[int]]:
    """Divide shards into so many groups at most, each of neighbours.

    A worker runs through the scene once for a group, to the end of its last shard.
    """
    size = max(1, -(-len(todo) // most)) if most else 1
    return [todo[first : first + size] for first in range(0, len(todo), size)]


def gather(
    submit: Callable[[Sequence[int]], Future[Answer]],
    shown: Sequence[str],
    divided: Sequence[Sequence[int]],
    watch: Callable[[], None],
) -> Iterator[tuple[int, bytes]]:
    """Yield shards as they come, each with its number; what comes damaged is drawn once more.

    Parameters
    ----------
    submit
        Has a group of shards drawn by some executor; see `remote.draw`.
    shown
        What each of the scene's shards shows; see `Send`.
    watch
        Called now and then; it raises if nothing will come any more.

    Raises
    ------
    RenderError
        If the scene raised where shards are drawn, or a shard came damaged twice.
    """
    pending = {submit(group): group for group in divided}
    damaged: set[int] = set()
    try:
        while pending:
            done, _ = wait(pending, timeout=_PULSE, return_when=FIRST_COMPLETED)
            for future in done:
                group = pending.pop(future)
                whole = _whole(*future.result(), shown)
                yield from whole.items()
                if lost := [index for index in group if index not in whole]:
                    if damaged.intersection(lost):
                        raise RenderError(
                            "what the cluster draws comes damaged, twice; check its memory"
                        )
                    damaged.update(lost)
                    pending[submit(lost)] = lost
            if not done:
                watch()
    finally:
        for future in pending:
            future.cancel()


def _whole(report: str, shards: Mapping[int, bytes], shown: Sequence[str]) -> dict[int, bytes]:
    """Return the shards of an answer that came as they were drawn."""
    answer = json.loads(report)
    if facts := answer.get("failure"):
        Failure.from_facts(facts).raise_again()
    if answer["shown"] != list(shown[: len(answer["shown"])]):
        raise RenderError(
            "the scene does not show the same where the cluster runs it; does it throw dice, look "
            "at a clock, or read files that have not travelled? name such files with --dask-files, "
            "or render without --dask"
        )
    return {
        index: data
        for index, data in shards.items()
        if hashlib.sha256(data).hexdigest() == answer["sums"].get(str(index))
    }

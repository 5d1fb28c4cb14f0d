"""Shards sent to a Dask cluster, and what comes back. `distributed` is imported.

The scheduler gets nothing but functions of the standard library and plain data, so it needs no
pagereel; its workers do. A worker that dies costs time only: Dask has all that is needed to
give its task to another. When this process ends, however it does, the scheduler forgets its tasks.
"""

from __future__ import annotations

import operator
import os
import pickle
import pkgutil
from pathlib import Path
from typing import TYPE_CHECKING

from pagereel.manifest import machine_versions
from pagereel.render.cluster.connection import connected, explaining, in_time, watching
from pagereel.render.cluster.gather import gather, groups
from pagereel.render.cluster.parcel import (
    OpenedFiles,
    choose_files,
    name_in_parcel,
    pack,
    python_folders,
)
from pagereel.render.cluster.remote import DrawOrder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Executor, Future

    from pagereel.fast import Report
    from pagereel.render.cluster.remote import Answer
    from pagereel.render.job import Assignment

_RETRIES = 2
_SHARDS_PER_THREAD = 4  # more would mean to run through the scene too often
_DRAW = "pagereel.render.cluster.remote:draw"


class Sender:
    """Has a scene's shards drawn by a cluster; made before the scene is imported.

    Parameters
    ----------
    assignment
        What the worker process is to do about the scene.
    report
        Gets a note of what is sent.
    """

    def __init__(self, assignment: Assignment, address: str, report: Report) -> None:
        self._assignment = assignment
        self._report = report
        self._address = address
        self._opened = OpenedFiles()

    def __call__(
        self, counts: Sequence[int], todo: Sequence[int], sounds: Sequence[Path]
    ) -> Iterator[tuple[int, bytes]]:
        """Yield each shard of `todo`; see `Send`."""
        parcel = pack(choose_files(self._assignment, self._opened, sounds))
        with connected(self._address) as client:
            threads = in_time(client.nthreads)
            self._report.note(_announced(len(todo), len(threads)))
            # The scheduler keeps what these are made from: if the only worker that has them dies,
            # they are made again.
            draw = client.submit(pkgutil.resolve_name, _DRAW, pure=False)
            there = client.submit(bytes, parcel, pure=False)
            order = client.submit(bytes, pickle.dumps(self._order()), pure=False)
            executor: Executor = client.get_executor(pure=False, retries=_RETRIES)

            wanted = machine_versions()

            def submit(group: Sequence[int]) -> Future[Answer]:
                return executor.submit(operator.call, draw, there, order, [*group], wanted)

            divided = groups(todo, _SHARDS_PER_THREAD * sum(threads.values()))
            watch = watching(client, self._address)
            with explaining(self._address):
                yield from gather(submit, counts, divided, watch)

    def _order(self) -> DrawOrder:
        return DrawOrder(
            assignment=self._assignment,
            folder=name_in_parcel(Path()),
            home=name_in_parcel(Path(os.path.expanduser("~"))),  # noqa: PTH111 (a user need not have a home)
            python_path=tuple(map(name_in_parcel, python_folders())),
            hash_seed=os.environ.get("PYTHONHASHSEED", "random"),
        )


def _announced(shards: int, workers: int) -> str:
    """Say what will happen."""
    return (
        f"{shards} {'shard goes' if shards == 1 else 'shards go'} to "
        f"{workers} Dask {'worker' if workers == 1 else 'workers'}"
    )

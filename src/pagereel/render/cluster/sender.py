"""Shards sent to a Dask cluster, and what comes back. `distributed` is imported.

The scheduler is told of nothing but the standard library's functions and plain data, so it needs
no pagereel; who draws does. A worker that dies costs time only: Dask has all that is needed to
give its task to another. When this process ends, however it does, the scheduler forgets its tasks.
"""

from __future__ import annotations

import json
import operator
import os
import pkgutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pagereel.render.cluster.connection import connected, explaining, in_time, watching
from pagereel.render.cluster.gather import gather, groups
from pagereel.render.cluster.parcel import (
    OpenedFiles,
    choose_files,
    name_in_parcel,
    pack,
    python_folders,
)
from pagereel.render.cluster.versions import versions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from concurrent.futures import Executor, Future

    from pagereel.fast import Report
    from pagereel.render.cluster.remote import Answer

_RETRIES = 2
_SHARDS_PER_THREAD = 4  # more would mean to run through the scene too often
_DRAW = "pagereel.render.cluster.remote:draw"


class Sender:
    """Has a scene's shards drawn by a cluster; made before the scene is imported.

    Parameters
    ----------
    request
        What the worker process was told about the scene.
    report
        Hears what is sent.
    """

    def __init__(self, request: Mapping[str, Any], report: Report) -> None:
        self._request = request
        self._report = report
        self._address: str = request["dask"]
        self._opened = OpenedFiles()

    def __call__(
        self, counts: Sequence[int], todo: Sequence[int], sounds: Sequence[Path]
    ) -> Iterator[tuple[int, bytes]]:
        """Yield each shard of `todo`; see `Send`."""
        scene = Path(self._request["file"])
        files = choose_files(scene, self._opened, sounds, self._request["travelling"])
        parcel = pack(files)
        with connected(self._address) as client:
            threads = in_time(client.nthreads)
            self._report.note(_announced(len(todo), len(threads)))
            # The scheduler keeps what these are made from: if the only worker that has them dies,
            # they are made again.
            draw = client.submit(pkgutil.resolve_name, _DRAW, pure=False)
            there = client.submit(bytes, parcel, pure=False)
            executor: Executor = client.get_executor(pure=False, retries=_RETRIES)

            def submit(group: Sequence[int]) -> Future[Answer]:
                return executor.submit(operator.call, draw, there, self._order(group))

            divided = groups(todo, _SHARDS_PER_THREAD * sum(threads.values()))
            watch = watching(client, self._address)
            with explaining(self._address):
                yield from gather(submit, counts, divided, watch)

    def _order(self, group: Sequence[int]) -> str:
        """Return what those are told who draw some shards."""
        story = os.environ.get("PAGEREEL_STORY")
        order = {
            "request": self._request,
            "todo": list(group),
            "folder": name_in_parcel(Path()),
            "home": name_in_parcel(Path(os.path.expanduser("~"))),  # noqa: PTH111 (a user need not have a home)
            "story": name_in_parcel(Path(story)) if story else "",
            "paths": [name_in_parcel(folder) for folder in python_folders()],
            "environment": {
                name: os.environ[name]
                for name in ("PAGEREEL_THEME", "PYTHONHASHSEED")
                if name in os.environ
            },
            "versions": versions(),
        }
        return json.dumps(order)


def _announced(shards: int, workers: int) -> str:
    """Say what will happen."""
    return (
        f"{shards} {'shard goes' if shards == 1 else 'shards go'} to "
        f"{workers} Dask {'worker' if workers == 1 else 'workers'}"
    )

"""Sends shards to a Dask cluster to be drawn. This module imports `distributed`.

The scheduler gets only functions of the standard library and plain data, so it needs no pagereel;
its workers do. A worker that dies costs time only: Dask can give its task to another. However this
process ends, the scheduler then forgets its tasks.
"""

from __future__ import annotations

import logging
import operator
import os
import pickle
import pkgutil
import threading
import time
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dask
from distributed import Client, KilledWorker

from pagereel.errors import RenderError
from pagereel.manifest import machine_versions
from pagereel.render.cluster.address import no_answer
from pagereel.render.cluster.gather import gather, groups
from pagereel.render.cluster.parcel import (
    OpenedFiles,
    choose_files,
    name_in_parcel,
    pack,
    python_folders,
)
from pagereel.render.cluster.remote import DrawOrder, NotDrawn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Executor

    from pagereel.fast import Report
    from pagereel.render.cluster.remote import Answer
    from pagereel.render.job import Assignment

_RETRIES = 2
_PATIENCE = 60.0  # seconds without a worker; one that died may be restarted
_ANSWER = 20.0  # seconds for Dask to answer
_LONGEST = 30.0  # seconds for anything to answer
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
        self, shown: Sequence[str], todo: Sequence[int], sounds: Sequence[Path]
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
                yield from gather(submit, shown, divided, watch)

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


def in_time(ask: Callable[[], Any]) -> Any:
    """Return the scheduler's answer, or raise TimeoutError.

    Dask's own timeouts do not apply if something other than a scheduler answers at the address.
    """
    answer: Future[Any] = Future()

    def wait_for_it() -> None:
        try:
            answer.set_result(ask())
        except BaseException as error:  # noqa: BLE001 (it is raised where the answer is wanted)
            answer.set_exception(error)

    threading.Thread(target=wait_for_it, daemon=True).start()
    return answer.result(_LONGEST)


@contextmanager
def connected(address: str) -> Iterator[Client]:
    """Connect to the cluster for the duration of the `with` block.

    Raises
    ------
    RenderError
        If no scheduler answers.
    """
    for name in ("distributed", *logging.root.manager.loggerDict):
        if name.startswith(("distributed", "tornado")):  # we report the same errors more clearly
            logging.getLogger(name).setLevel(logging.CRITICAL)
    # Dask warns of large data sent through the scheduler; a parcel is sent so on purpose.
    with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 TiB"}):
        try:
            client = in_time(lambda: Client(address, timeout=_ANSWER, set_as_default=False))
        except (OSError, ValueError) as error:
            raise no_answer(address, str(error) or "it is silent") from error
        try:
            yield client
        finally:
            client.close(timeout=_ANSWER)


def watching(client: Client, address: str) -> Callable[[], None]:
    """Return a function that raises if the cluster is gone or has had no worker for a minute."""
    seen = time.monotonic()

    def watch() -> None:
        nonlocal seen
        if in_time(client.nthreads):
            seen = time.monotonic()
        elif time.monotonic() - seen > _PATIENCE:
            raise RenderError(
                f"{address}: there has been no Dask worker for {_PATIENCE:.0f} s; start some with "
                f"`dask worker {address}`"
            )

    return watch


@contextmanager
def explaining(address: str) -> Iterator[None]:
    """Turn Dask's errors into a `RenderError` that says in one line what is wrong."""
    try:
        yield
    except (CancelledError, OSError) as error:
        raise RenderError(
            f"{address}: the Dask scheduler was lost; see to it that it runs, and render again"
        ) from error
    except KilledWorker as error:
        raise RenderError(
            f"{address}: Dask workers died again and again while they drew; is there too little "
            "memory?"
        ) from error
    except ImportError as error:
        raise RenderError(
            f"{address}: a Dask worker cannot draw: {error}; install there what is here, with "
            "`pip install 'pagereel[dask]'`"
        ) from error
    except NotDrawn as error:
        raise RenderError(f"{address}: shards cannot be drawn, {error}") from error

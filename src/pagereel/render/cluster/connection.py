"""The connection to a Dask cluster, and what is said when it breaks. `distributed` is imported."""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import dask
from distributed import Client, KilledWorker

from pagereel.errors import RenderError
from pagereel.render.cluster.address import no_answer
from pagereel.render.cluster.remote import NotDrawn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATIENCE = 60.0  # seconds, for a worker to come; they are started anew after they have died
_ANSWER = 20.0  # seconds, for Dask to answer
_LONGEST = 30.0  # seconds, whatever answers


def in_time(ask: Callable[[], Any]) -> Any:
    """Return an answer of the scheduler's, or raise TimeoutError: it may be something else.

    Dask's own time limits do not hold if what answers speaks another language.
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
    """Give a client of the cluster during the `with` block.

    Raises
    ------
    RenderError
        If no scheduler answers.
    """
    for name in ("distributed", *logging.root.manager.loggerDict):
        if name.startswith(("distributed", "tornado")):  # they would speak of what we say better
            logging.getLogger(name).setLevel(logging.CRITICAL)
    # A parcel goes through the scheduler on purpose.
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
    """Return what raises if the cluster is gone, or has had no worker for long."""
    seen = time.monotonic()

    def watch() -> None:
        nonlocal seen
        if in_time(client.nthreads):
            seen = time.monotonic()
        elif time.monotonic() - seen > PATIENCE:
            raise RenderError(
                f"{address}: there has been no Dask worker for {PATIENCE:.0f} s; start some with "
                f"`dask worker {address}`"
            )

    return watch


@contextmanager
def explaining(address: str) -> Iterator[None]:
    """Say in one line what is wrong with the cluster."""
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

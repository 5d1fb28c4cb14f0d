"""The address of a cluster, and whether a scheduler answers there, without importing Dask."""

from __future__ import annotations

import argparse
import re
import socket
from dataclasses import dataclass
from importlib.util import find_spec

from pagereel.errors import RenderError

_PATIENCE = 5.0  # seconds


@dataclass(frozen=True, slots=True)
class Cluster:
    """A Dask cluster that is running.

    Attributes
    ----------
    address
        The scheduler's.
    files
        Patterns of files that have to travel there, besides those that are found.
    """

    address: str
    files: tuple[str, ...] = ()

    def require(self) -> None:
        """See to it that shards can be sent.

        Raises
        ------
        RenderError
            If Dask is not installed, or nobody answers at the address.
        """
        if find_spec("distributed") is None:
            raise RenderError(
                "--dask: Dask is not installed; install it with `pip install 'pagereel[dask]'`"
            )
        host, port = _taken_apart(self.address)
        try:
            socket.create_connection((host, port), timeout=_PATIENCE).close()
        except OSError as error:
            raise no_answer(self.address, error.strerror or str(error)) from error


def no_answer(address: str, reason: str) -> RenderError:
    """Return the error that says so."""
    return RenderError(
        f"{address}: no Dask scheduler answers: {reason}; check the address, or start one with "
        "`dask scheduler`"
    )


def address(text: str) -> str:
    """Return a scheduler's address, as it is typed.

    Raises
    ------
    argparse.ArgumentTypeError
        If it is not one.
    """
    try:
        _taken_apart(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not the address of a Dask scheduler, such as tcp://host:8786"
        ) from None
    return text


def _taken_apart(text: str) -> tuple[str, int]:
    found = re.fullmatch(r"(?:tcp|tls)://(?:\[([\da-fA-F:.]+)\]|([\w.-]+)):(\d{1,5})", text)
    if not found or not 0 < int(found[3]) < 1 << 16:
        raise ValueError(text)
    return found[1] or found[2], int(found[3])

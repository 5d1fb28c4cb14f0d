"""The pipe through which all processes that draw report events to the one that listens.

An event is a line of JSON. No line is torn by another: each is one write of at most PIPE_BUF bytes.
If an event is longer, the pipe gets the name of a file that holds it.
"""

from __future__ import annotations

import itertools
import json
import os
from contextlib import suppress
from json import dumps  # here, as a scene may put a function of its own in its place
from pathlib import Path
from select import PIPE_BUF
from typing import Any

_numbers = itertools.count()


def write_event(pipe: int, event: dict[str, Any], folder: Path) -> None:
    """Write an event, by way of a file in a folder if it is long.

    Where no file can be written, as on a full disk, it takes several writes.

    Raises
    ------
    BrokenPipeError
        If nobody reads it.
    """
    line = _line(event)
    if len(line) > PIPE_BUF:
        file = folder / f"event-{os.getpid()}-{next(_numbers)}.json"
        with suppress(OSError):
            file.write_bytes(line)
            line = _line({"aside": str(file)})
    while line:
        line = line[os.write(pipe, line) :]


def read_event(line: bytes) -> dict[str, Any]:
    """Return the event of a line.

    Raises
    ------
    FileNotFoundError
        If its file is gone, as what was drawn for an older order has been removed.
    """
    event: dict[str, Any] = json.loads(line)
    if "aside" in event:
        file = Path(event["aside"])
        event = json.loads(file.read_bytes())
        file.unlink()
    return event


def _line(event: dict[str, Any]) -> bytes:
    return dumps(event).encode() + b"\n"

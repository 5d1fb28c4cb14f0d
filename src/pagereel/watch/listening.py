"""A port of this machine, on which nobody else's machine can reach the page."""

from __future__ import annotations

import errno
import socket
from importlib.util import find_spec
from typing import Final

from pagereel.errors import RequestError

LOOPBACK: Final = "127.0.0.1"
USUAL_PORT: Final = 8765
_TRIES: Final = 20


def require_server() -> None:
    """See to it that a server can be started.

    Raises
    ------
    RequestError
        If the libraries for it are not installed.
    """
    missing = [name for name in ("starlette", "uvicorn") if find_spec(name) is None]
    if missing:
        raise RequestError(
            f"watch: {' and '.join(missing)} not installed; "
            "install what it needs with `pip install 'pagereel[watch]'`"
        )


def listen(port: int = USUAL_PORT) -> socket.socket:
    """Return a socket that listens on a port of 127.0.0.1, or on the next one that is not taken.

    Parameters
    ----------
    port
        0 takes any.

    Raises
    ------
    RequestError
        If this port may not be used, or it and the next ones are taken.
    """
    ports = range(port, min(port + _TRIES, 65536)) if port else range(1)
    for each in ports:
        try:
            return _listening(each)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                reason = error.strerror or str(error)
                raise RequestError(f"--port {each}: {reason}; name another") from None
    raise RequestError(f"--port {port}: it and the next {len(ports) - 1} are taken; name another")


def _listening(port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        # A port that we had a moment ago is free, though the system remembers its connections.
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((LOOPBACK, port))
        made.listen()
    except OSError:
        made.close()
        raise
    return made


def address_of(listening: socket.socket) -> str:
    """Return the address of the page."""
    return f"http://{LOOPBACK}:{listening.getsockname()[1]}/"

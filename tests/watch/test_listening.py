"""Which port the page gets."""

from __future__ import annotations

import errno
from contextlib import ExitStack
from importlib import util
from typing import TYPE_CHECKING

import pytest

from pagereel.errors import RequestError
from pagereel.watch import listening
from pagereel.watch.listening import address_of, listen, require_server

if TYPE_CHECKING:
    import socket


def test_a_port_that_is_taken_gives_the_next_one() -> None:
    with ExitStack() as kept:
        first = kept.enter_context(listen(0))
        port = first.getsockname()[1]
        second = kept.enter_context(listen(port))
        assert address_of(first) == f"http://127.0.0.1:{port}/"
        assert port < second.getsockname()[1] < port + 20


@pytest.mark.parametrize(
    ("port", "number", "message"),
    [
        (65530, errno.EADDRINUSE, "--port 65530: it and the next 5 are taken; name another"),
        (80, errno.EACCES, "--port 80: Permission denied; name another"),
    ],
)
def test_no_port_is_said(
    monkeypatch: pytest.MonkeyPatch, port: int, number: int, message: str
) -> None:
    def refuse(_: int) -> socket.socket:
        raise OSError(number, "Permission denied")

    monkeypatch.setattr(listening, "_listening", refuse)
    with pytest.raises(RequestError) as caught:
        listen(port)
    assert str(caught.value) == message


def test_what_is_not_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    require_server()
    monkeypatch.setattr(listening, "find_spec", lambda name: util.find_spec(f"no_{name}"))
    with pytest.raises(RequestError) as caught:
        require_server()
    assert str(caught.value) == (
        "watch: starlette and uvicorn not installed; "
        "install what it needs with `pip install 'pagereel[watch]'`"
    )

"""Whether a scheduler answers, asked without Dask."""

from __future__ import annotations

import socket

import pytest

from pagereel.errors import RenderError
from pagereel.render.cluster.address import Cluster


def test_somebody_answers() -> None:
    pytest.importorskip("distributed")
    with socket.create_server(("127.0.0.1", 0)) as server:
        Cluster(f"tcp://127.0.0.1:{server.getsockname()[1]}").require()


def test_nobody_answers() -> None:
    pytest.importorskip("distributed")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(RenderError, match=rf"^tcp://127.0.0.1:{port}: no Dask scheduler answers: "):
        Cluster(f"tcp://127.0.0.1:{port}").require()

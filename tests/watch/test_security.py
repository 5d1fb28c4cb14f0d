"""Who is refused."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from made_up import MadeUpStudio, asked, served

if TYPE_CHECKING:
    from collections.abc import Iterator

PATHS = ("/", "/events", "/media/a.png", "/nothing")


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> MadeUpStudio:
    return MadeUpStudio(tmp_path_factory.mktemp("media"), {"beats": []})


@pytest.fixture(scope="module")
def port(studio: MadeUpStudio) -> Iterator[int]:
    with served(studio) as port:
        yield port


def test_other_machines_find_nothing(port: int) -> None:
    """Another address of this machine is what others would reach."""
    with socket.socket() as other, pytest.raises(ConnectionRefusedError):
        other.connect(("127.0.0.2", port))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "host", ["evil.example:{}", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:{}", ""]
)
def test_a_foreign_name_is_refused(port: int, path: str, host: str) -> None:
    """A page whose name points to 127.0.0.1 by now (DNS rebinding)."""
    assert asked(port, path, Host=host.format(port))[0].status == 403


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1:{}"]
)
def test_another_page_is_refused(port: int, path: str, origin: str) -> None:
    assert asked(port, path, Origin=origin.format(port))[0].status == 403


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LocalHost"])
def test_our_own_names_are_not_refused(port: int, name: str) -> None:
    own = f"{name}:{port}"
    assert asked(port, "/nothing", Host=own, Origin=f"http://{own}".lower())[0].status == 404


def test_no_form_of_another_page_is_obeyed(studio: MadeUpStudio, port: int) -> None:
    """Its script would have to ask first, which is refused, too."""
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        sent = asked(port, "/look", {"beat": 0, "at": 0}, Content_Type=kind)[0]
        assert sent.status == 415
    assert (
        asked(port, "/look", {"beat": 0, "at": 0}, Origin="https://evil.example")[0].status == 403
    )
    assert studio.looks == []


@pytest.mark.parametrize("path", PATHS)
def test_each_answer_keeps_the_page_to_itself(port: int, path: str) -> None:
    hosts = {"Host": "evil.example"} if path == "/events" else {}
    headers = asked(port, path, **hosts)[0].headers
    policy = dict(each.split(" ", 1) for each in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["require-trusted-types-for"] == "'script'"
    assert "unsafe" not in "".join(policy.values())
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in headers

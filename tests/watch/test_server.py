"""What the server answers."""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from made_up import MadeUpStudio, asked, events, served

if TYPE_CHECKING:
    from collections.abc import Iterator


KINDS = {
    "/": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
    "ttf": "font/ttf",
    "otf": "font/otf",
}


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> MadeUpStudio:
    folder = tmp_path_factory.mktemp("media")
    for name in ("a1.png", "b2.mp4", "old.mp4", "c3.html", ".hidden.png"):
        (folder / name).write_bytes(name.encode() * 100)
    (folder.parent / "outside.png").write_bytes(b"secret")
    beats = [
        {"still": {"at": 0.0, "media": "a1.png"}, "film": "b2.mp4"},
        {"still": {"at": 0.0, "media": "gone.png"}, "film": "c3.html"},
        {"still": {"at": 0.0, "media": "../outside.png"}, "film": ".hidden.png"},
    ]
    return MadeUpStudio(folder, {"beats": beats, "shape": "16:9", "shapes": ["16:9", "1:1"]})


@pytest.fixture(scope="module")
def port(studio: MadeUpStudio) -> Iterator[int]:
    with served(studio) as port:
        yield port


def test_the_page_has_all_that_it_names_and_names_nothing_elsewhere(port: int) -> None:
    names, seen = ["/"], ""
    for name in names:
        answer, content = asked(port, name)
        kind = answer.headers["Content-Type"]
        assert (answer.status, kind.split(";")[0]) == (200, KINDS[name.rpartition(".")[2]])
        if kind.endswith("charset=utf-8"):
            text = content.decode()
            seen += text
            names += re.findall(r'(?:href=|src=|url\()"([^"]+)', text)
    assert {"/page.js", "/fonts/LiberationSerif-Regular.ttf"} <= {*names}
    assert "://" not in seen
    assert not re.findall("innerHTML|outerHTML|insertAdjacentHTML|document.write|eval", seen)


def test_stills_and_films_are_kept_by_the_browser(port: int) -> None:
    for name, kind in (("a1.png", "image/png"), ("b2.mp4", "video/mp4")):
        answer, content = asked(port, f"/media/{name}")
        assert (answer.status, content) == (200, name.encode() * 100)
        assert answer.headers["Content-Type"] == kind
        assert "immutable" in answer.headers["Cache-Control"]


def test_a_part_of_a_film_is_answered(port: int) -> None:
    answer, content = asked(port, "/media/b2.mp4", Range="bytes=6-11")
    assert (answer.status, content) == (206, b"b2.mp4")


@pytest.mark.parametrize(
    "name",
    [
        "old.mp4",  # of no beat
        "gone.png",
        "c3.html",
        ".hidden.png",
        "../outside.png",
        "..%2Foutside.png",
        "%2e%2e/outside.png",
        "a1.png%00",
        "",
    ],
)
def test_nothing_else_is_answered(port: int, name: str) -> None:
    answer, content = asked(port, f"/media/{name}")
    assert (answer.status, b"secret" in content) == (404, False)


def test_a_tab_is_sent_the_state_at_once_and_after_each_change(
    studio: MadeUpStudio, port: int
) -> None:
    with closing(events(port)) as states, closing(events(port)) as others:
        assert next(states) == next(others) == studio.state()
        studio.show(busy="draws <b>one</b>\n\n")
        assert next(states)["busy"] == next(others)["busy"] == "draws <b>one</b>\n\n"
        studio.show(busy="")
        assert next(states)["busy"] == next(others)["busy"] == ""


def test_no_tab_keeps_the_server_from_ending(studio: MadeUpStudio) -> None:
    with served(studio) as port:
        states = events(port)
        next(states)
    assert [*states] == []
    assert studio.watchers == []


def test_where_a_tab_is_reaches_the_studio(studio: MadeUpStudio, port: int) -> None:
    assert asked(port, "/look", {"beat": 2, "at": 1})[0].status == 204
    assert asked(port, "/look", {"beat": 0, "at": 0.25})[0].status == 204
    assert studio.looks == [(2, 1.0), (0, 0.25)]


def test_what_a_tab_chooses_reaches_the_studio(studio: MadeUpStudio, port: int) -> None:
    assert asked(port, "/choose", {"shape": "1:1"})[0].status == 204
    assert studio.choices == [{"shape": "1:1"}]
    answer, content = asked(port, "/choose", {"shape": "<b>"})
    assert (answer.status, content) == (422, b'{"message":"there is no shape \'<b>\'"}')


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/look", {"beat": 1.5, "at": 0}, 400),
        ("/look", {"beat": -1, "at": 0}, 400),
        ("/look", {"beat": 0, "at": "0"}, 400),
        ("/look", b'{"beat": 0, "at": NaN}', 400),
        ("/look", b'{"beat": 0, "at": 1%s}' % (b"0" * 400), 400),
        ("/look", [], 400),
        ("/look", b"{", 400),
        ("/look", b"[" * 4000, 400),
        ("/choose", {"file": "scene.py"}, 400),
        ("/choose", {"shape": ["1:1"]}, 400),
        ("/choose", {"shape": "x" * 5000}, 413),
    ],
)
def test_what_is_not_understood_is_refused(
    studio: MadeUpStudio, port: int, path: str, body: object, status: int
) -> None:
    before = [*studio.looks], [*studio.choices]
    assert asked(port, path, body)[0].status == status
    assert (studio.looks, studio.choices) == before

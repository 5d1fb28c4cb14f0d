"""A studio that draws nothing: tests say what it shows, and see what it was asked for."""

from __future__ import annotations

import http.client
import json
from contextlib import contextmanager
from copy import deepcopy
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

from pagereel.watch.listening import listen
from pagereel.watch.server import server

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from pathlib import Path

    from pagereel.watch.studio_api import Studio

WIDTH, HEIGHT, RATE = 160, 90, 10
SECONDS = 1.0  # of each beat
COLORS = {"red": (200, 40, 40), "green": (40, 160, 60), "blue": (60, 90, 220)}
"""What stills and films are made of."""


def three_beats() -> dict[str, Any]:
    """Return the state of a scene with three beats, each of one colour."""
    names = ("opening", "middle", "end")
    beats = [beat(*each) for each in zip(range(3), names, COLORS, strict=True)]
    return {
        "version": 1,
        "scenes": ["Colors", "Others"],
        "scene": "Colors",
        "file": "scenes/colors.py",
        "story": None,
        "shape": "16:9",
        "shapes": ["16:9", "1:1"],
        "theme": "dark",
        "themes": ["dark", "light"],
        "width": WIDTH,
        "height": HEIGHT,
        "rate": RATE,
        "busy": "",
        "error": None,
        "printed": "",
        "seconds": SECONDS * len(beats),
        "beats": beats,
    }


def beat(number: int, name: str, color: str, **changes: Any) -> dict[str, Any]:
    return {
        "number": number,
        "name": name,
        "start": number * SECONDS,
        "seconds": SECONDS,
        "file": "scenes/colors.py",
        "line": 10 + number,
        "captions": [{"start": 0.0, "end": SECONDS, "text": f"This is {color}."}],
        "still": {"at": 0.5, "media": f"{color}.png"},
        "film": f"{color}.mp4",
        "stale": False,
        "findings": [],
        "checked": True,
        **changes,
    }


class MadeUpStudio:
    """Shows what it is told to.

    Parameters
    ----------
    folder
        Where its stills and films are.
    state
        What it shows at first.
    """

    def __init__(self, folder: Path, state: dict[str, Any]) -> None:
        self.folder = folder
        self.looks: list[tuple[int, float]] = []
        self.choices: list[dict[str, str]] = []
        self.watchers: list[Callable[[], None]] = []
        self._lock = Lock()
        self._state = state

    def state(self) -> dict[str, Any]:
        with self._lock:
            return deepcopy(self._state)

    def show(self, **changes: Any) -> None:
        with self._lock:
            self._state |= changes
            watchers = [*self.watchers]
        for changed in watchers:
            changed()

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        with self._lock:
            self.watchers.append(changed)
        return lambda: self.watchers.remove(changed)

    def look(self, beat: int, at: float) -> None:
        self.looks.append((beat, at))

    def choose(
        self, scene: str | None = None, shape: str | None = None, theme: str | None = None
    ) -> None:
        wishes = {"scene": scene, "shape": shape, "theme": theme}
        chosen = {kind: wish for kind, wish in wishes.items() if wish is not None}
        for kind, wish in chosen.items():
            if wish not in self._state[f"{kind}s"]:
                raise ValueError(f"there is no {kind} {wish!r}")
        self.choices.append(chosen)
        self.show(**chosen)

    def media(self, name: str) -> Path | None:
        shown = [each for beat in self.state()["beats"] for each in (beat["still"], beat["film"])]
        names = [each["media"] if isinstance(each, dict) else each for each in shown]
        return self.folder / name if name in names else None

    def close(self) -> None:
        pass


@contextmanager
def served(studio: Studio, port: int = 0) -> Iterator[int]:
    """Serve a studio's page for a while; yields the port."""
    listening = listen(port)
    running = server(studio, listening)
    thread = Thread(target=running.run, args=([listening],))
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        running.should_exit = True
        thread.join(timeout=30)
        assert not thread.is_alive()


def asked(
    port: int, path: str, body: object = None, **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    """Ask for a path as it is, unlike a browser, which takes out what leads out of a folder.

    With a body, it is posted as JSON. In the names of headers, `_` is written for `-`.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    wanted = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        if body is None:
            connection.request("GET", path, headers=wanted)
        else:
            sent = body if isinstance(body, bytes) else json.dumps(body).encode()
            connection.request(
                "POST", path, sent, headers={"Content-Type": "application/json"} | wanted
            )
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


def events(port: int) -> Generator[dict[str, Any]]:
    """Yield the states that a tab is sent, until the server ends."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/events")
    try:
        with connection.getresponse() as answer:
            while line := answer.readline():
                if line.startswith(b"data: "):
                    yield json.loads(line.removeprefix(b"data: "))
    finally:
        connection.close()

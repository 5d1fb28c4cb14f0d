"""What the server answers: the page's files, the state as it changes, stills and films.

| request | answer |
| --- | --- |
| ``GET /``, its files and ``/fonts/NAME`` | the page |
| ``GET /events`` | server-sent events: the whole state at once, and again after each change |
| ``GET /media/NAME`` | a still or film of the present state; its name tells its content |
| ``POST /look`` | ``{"beat": 2, "at": 1.5}``: where the page is |
| ``POST /choose`` | ``{"scene": …, "shape": …, "theme": …}``: what it is to show, each optional |

Each event is the whole state, so that a tab which was asleep, or comes back after the server was
gone, is right at once. Changes that come faster than a tab takes them become one event.
"""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import suppress
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from uvicorn import Config, Server

from pagereel.assets import FONTS
from pagereel.watch.security import Guard

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from socket import socket

    from starlette.requests import Request
    from starlette.types import ASGIApp

    from pagereel.watch.studio_api import Studio

_PAGE: Final = Path(__file__).parent / "page"
_FILES: Final = {
    "/": _PAGE / "index.html",
    **{f"/{name}": _PAGE / name for name in ("page.css", "page.js", "icon.svg")},
    **{f"/fonts/{font.name}": font for font in FONTS},
}
"""All files that are served besides the studio's, by their paths."""
_PAGE_KINDS: Final = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".otf": "font/otf",
}
_KINDS: Final = {".png": "image/png", ".mp4": "video/mp4"}
_NAME: Final = re.compile(r"\w[\w-]*\.[a-z0-9]+", re.ASCII)  # in no folder, not hidden
_FOREVER: Final = {"Cache-Control": "private, max-age=31536000, immutable"}
_NEVER: Final = {"Cache-Control": "no-store"}
_SILENCE: Final = 15.0
"""Seconds after which a stream says that it is alive. So a tab that has gone is noticed."""
_LARGEST: Final = 4096
"""Bytes of a request's body."""
_LONGEST: Final = 1e6
"""Seconds of a beat; also no infinity and no NaN."""
_PATIENCE: Final = 1
"""Seconds that what is being sent has to end before the server does."""


class Site:
    """Answers for one studio; `app` does so for a server that listens on `port`."""

    def __init__(self, studio: Studio, port: int) -> None:
        self._studio = studio
        self._streams: set[asyncio.Event] = set()
        self._ended = False
        routes = [
            *(Route(path, _whole(file)) for path, file in _FILES.items()),
            Route("/events", self._events),
            Route("/media/{name}", self._media),
            Route("/look", self._look, methods=["POST"]),
            Route("/choose", self._choose, methods=["POST"]),
        ]
        self.app: ASGIApp = Guard(Starlette(routes=routes), port)

    def end(self) -> None:
        """End all streams of events, which end by themselves only when their tabs are closed."""
        self._ended = True
        for news in self._streams:
            news.set()

    async def _events(self, _: Request) -> Response:
        return StreamingResponse(self._states(), headers=_NEVER, media_type="text/event-stream")

    async def _states(self) -> AsyncIterator[str]:
        loop, news = asyncio.get_running_loop(), asyncio.Event()

        def changed() -> None:
            with suppress(RuntimeError):  # the loop has ended; so has this stream
                loop.call_soon_threadsafe(news.set)

        unsubscribe = self._studio.subscribe(changed)
        self._streams.add(news)
        try:
            while not self._ended:
                news.clear()
                state = await run_in_threadpool(self._studio.state)
                yield f"event: state\ndata: {json.dumps(state, allow_nan=False)}\n\n"
                while not await _set_within(_SILENCE, news):
                    yield ": alive\n\n"
        finally:
            self._streams.discard(news)
            unsubscribe()

    async def _media(self, request: Request) -> Response:
        name = request.path_params["name"]
        kind = _KINDS.get(PurePath(name).suffix)
        file = None
        if kind and _NAME.fullmatch(name):
            file = await run_in_threadpool(self._studio.media, name)
        if file is None or not file.is_file():
            raise HTTPException(404, "There is no such still or film any more.", _NEVER)
        return FileResponse(file, media_type=kind, headers=_FOREVER)

    async def _look(self, request: Request) -> Response:
        match await _body(request):
            case {"beat": int(beat), "at": int(at) | float(at)} if beat >= 0 <= at < _LONGEST:
                await run_in_threadpool(self._studio.look, beat, float(at))
                return Response(status_code=204)
        raise HTTPException(400, "What is asked for is not a beat and a second.")

    async def _choose(self, request: Request) -> Response:
        wishes = await _body(request)
        if not wishes.keys() <= {"scene", "shape", "theme"}:
            raise HTTPException(400, "What is asked for is not a scene, shape or theme.")
        if not all(isinstance(wish, str) for wish in wishes.values()):
            raise HTTPException(400, "Names are texts.")
        try:
            await run_in_threadpool(self._studio.choose, **wishes)
        except ValueError as error:
            return JSONResponse({"message": str(error)}, 422)
        return Response(status_code=204)


def _whole(file: Path) -> Callable[[Request], Awaitable[Response]]:
    async def answer(_: Request) -> Response:
        kind = _PAGE_KINDS[file.suffix]
        return FileResponse(file, media_type=kind, headers={"Cache-Control": "no-cache"})

    return answer


async def _set_within(seconds: float, event: asyncio.Event) -> bool:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()


async def _body(request: Request) -> dict[str, Any]:
    """Return what a request says in JSON.

    A form of another page cannot send that type, and a script of another page has to ask before.
    """
    if request.headers.get("content-type", "").split(";")[0] != "application/json":
        raise HTTPException(415, "Say it in JSON.")
    content = b""
    async for part in request.stream():
        content += part
        if len(content) > _LARGEST:
            raise HTTPException(413, "That is too long.")
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        raise HTTPException(400, "That is not JSON.") from None
    if not isinstance(said, dict):
        raise HTTPException(400, "That is not a JSON object.")
    return said


def server(studio: Studio, listening: socket) -> Server:
    """Return a server of a studio's page.

    `run([listening])` serves until a signal asks to end, which is raised again afterwards, or until
    another thread sets `should_exit`. Open tabs do not keep it from ending.
    """
    site = Site(studio, listening.getsockname()[1])

    class EndsItsStreams(Server):
        async def shutdown(self, sockets: list[socket] | None = None) -> None:
            site.end()
            await super().shutdown(sockets)

    config = Config(
        site.app,
        access_log=False,
        lifespan="off",
        log_level="error",
        server_header=False,
        timeout_graceful_shutdown=_PATIENCE,
        ws="none",
    )
    return EndsItsStreams(config)

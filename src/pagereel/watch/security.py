"""Refuses all requests but those of the page itself, from this machine.

The server listens on the loopback address, which keeps other machines out, but not other pages in
the same browser. These cannot read what another origin answers, unless they have their own name
point to 127.0.0.1 (DNS rebinding). Then the browser still sends that name as Host, so a request
with any other name than ours is refused; so is one that another page sends, by its Origin.

Everyone who is logged in on this machine can open the page, as with any server on loopback.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse

from pagereel.watch.listening import LOOPBACK

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# The page loads what this server has, and films that it has fetched (blob:), and nothing else. It
# has no script or style but its own files, and cannot make elements of text: there is no policy
# that would let it.
_SOURCES: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "media-src": "'self' blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
}
_HEADERS: Final = {
    "Content-Security-Policy": "; ".join(map(" ".join, _SOURCES.items())),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Guard:
    """ASGI middleware that refuses foreign requests, and adds the policy to each answer.

    Parameters
    ----------
    app
        What answers the others.
    port
        The port that the server listens on.
    """

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._app = app
        ends = {f":{port}", ""} if port == 80 else {f":{port}"}  # browsers leave out 80
        self._hosts = {f"{name}{end}" for name in (LOOPBACK, "localhost") for end in ends}
        self._origins = {f"http://{host}" for host in self._hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or have the app answer it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        fault = self._fault(Headers(scope=scope))
        answer = PlainTextResponse(fault, 403) if fault else self._app
        await answer(scope, receive, send_guarded)

    def _fault(self, headers: Headers) -> str | None:
        if headers.get("host", "").lower() not in self._hosts:
            return "This server answers only to 127.0.0.1 and localhost, with its port."
        if headers.get("origin", next(iter(self._origins))) not in self._origins:
            return "This server answers only its own page."
        return None

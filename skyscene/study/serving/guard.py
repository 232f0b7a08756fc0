"""What every request must be, and what every answer says to the browser."""

from __future__ import annotations

from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from skyscene.study.serving.address import Address
from skyscene.study.serving.limits import Gate, Limits
from skyscene.study.serving.refusal import Refusal

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}


class Guard:
    """Turns away what comes under a wrong name, from a foreign page, too large or too often.

    Args:
        app: What answers the rest.
        address: The names of the server.
        limits: How much one address may ask for, and how large a request may be.
        clock: Seconds.
    """

    def __init__(self, app: ASGIApp, address: Address, limits: Limits, clock: Callable[[], float]) -> None:
        self._app, self._limits = app, limits
        self._hosts, self._origins = address.hosts, address.origins
        self._gate = Gate(limits.address, clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the server's start and end."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # no web sockets here: the server answers that with 403

        async def send_more(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        refusal = self._refusal(scope)
        answer = refused(refusal) if refusal else self._app
        await answer(scope, receive, send_more)

    def _refusal(self, scope: Scope) -> Refusal | None:
        headers = Headers(scope=scope)
        if not self._gate.admits(scope["client"][0] if scope.get("client") else ""):
            return Refusal(429, "too-fast", "Too many requests in a short time.")
        if headers.getlist("host") not in [[host] for host in self._hosts]:
            return Refusal(421, "other-host", "This server does not answer under that name.")
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self._limits.body:
            return Refusal(413, "too-large", "That is more than this server takes.")
        if scope["method"] in ("GET", "HEAD"):
            return None
        # Also without the header: every browser sends it with what a page posts.
        if headers.get("origin") not in self._origins:
            return Refusal(403, "other-origin", "Only the study's own page may send that.")
        if headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return Refusal(403, "other-origin", "Only the study's own page may send that.")
        if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return Refusal(415, "no-json", "Only JSON is taken.")
        return None


def refused(refusal: Refusal) -> JSONResponse:
    """A refusal as the page reads it."""
    again = {"Retry-After": "1"} if refusal.status in (429, 503) else {}
    return JSONResponse({"error": refusal.code, "message": refusal.message}, refusal.status, again)

"""The study as a Starlette application."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from skyscene.errors import StudyError
from skyscene.study.folder import StudyFolder
from skyscene.study.serving.address import Address
from skyscene.study.serving.ballot import read_ballot
from skyscene.study.serving.desk import Desk
from skyscene.study.serving.guard import Guard, refused
from skyscene.study.serving.limits import Limits
from skyscene.study.serving.plan import TYPES, Plan
from skyscene.study.serving.refusal import Refusal, stranger
from skyscene.study.serving.writer import Writer

_ASSETS = Path(__file__).parent / "assets"
# A list, not a folder: what is not named here is not there.
_STATIC = {
    "study.js": "text/javascript",
    "stage.js": "text/javascript",
    "wire.js": "text/javascript",
    "study.css": "text/css",
    "icon.svg": "image/svg+xml",
}
_COOKIE_SECONDS = 60 * 24 * 3600
_BODY_SECONDS = 10.0


def make_app(
    folder: StudyFolder,
    address: Address | None = None,
    limits: Limits | None = None,
    clock: Callable[[], float] = time.time,
) -> Starlette:
    """The application.

    Args:
        folder: The study; its links are made apart.
        address: Where it is served.
        limits: How much anybody may ask for.
        clock: Seconds since 1970.

    Raises:
        StudyError: The study's files are missing or do not belong together.
    """
    address, limits = address or Address(), limits or Limits()
    plan = Plan(folder)
    pages = _Pages(plan, Desk(plan, limits, clock), Writer(folder.votes), address, limits)
    routes = [
        Route("/", pages.page),
        Route("/r/{token}", pages.link),
        Route("/assets/{name}", pages.asset),
        Route("/media/{media}/{side}", pages.media),
        Route("/api/state", pages.state),
        Route("/api/consent", pages.consent, methods=["POST"]),
        Route("/api/vote", pages.vote, methods=["POST"]),
    ]

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        pages.writer.close()

    return Starlette(
        routes=routes,
        middleware=[Middleware(Guard, address=address, limits=limits, clock=clock)],
        exception_handlers={Refusal: _refuse, StudyError: _unable, ClientDisconnect: _unable},
        lifespan=lifespan,
    )


class _Pages:
    """The answers to all addresses."""

    def __init__(self, plan: Plan, desk: Desk, writer: Writer, address: Address, limits: Limits) -> None:
        self._desk, self.writer, self._secure, self._limits = desk, writer, address.secure, limits
        self._answers = plan.study.protocol.answers
        # The prefix lets no other host of the same domain set it.
        self._cookie = "__Host-rater" if address.secure else "rater"

    async def link(self, request: Request) -> Response:
        if request.method == "HEAD":  # a programme that looks at links in messages: no visit of a rater
            return Response()
        try:
            cookie = await self.writer.do(partial(self._desk.enter, token=request.path_params["token"]))
        except Refusal as refusal:
            return _no_link() if refusal.status == 401 else refused(refusal)
        answer = RedirectResponse("/", 303)
        # Lax, not Strict: the redirect belongs to a click on another site (a mail), and would come without a
        # Strict cookie. Posts are safe all the same: they are taken with our own Origin header alone.
        answer.set_cookie(
            self._cookie, cookie, _COOKIE_SECONDS, httponly=True, secure=self._secure, samesite="lax"
        )
        return answer

    async def page(self, request: Request) -> Response:
        try:
            await self.writer.do(partial(self._desk.visitor, cookie=self._given(request)))
        except Refusal as refusal:
            return _no_link() if refusal.status == 401 else refused(refusal)
        return FileResponse(_ASSETS / "study.html", media_type="text/html")

    async def asset(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in _STATIC:
            raise Refusal(404, "no-file", "There is no such file.")
        return FileResponse(_ASSETS / name, media_type=_STATIC[name])

    async def media(self, request: Request) -> Response:
        path = await self.writer.do(
            partial(
                self._desk.file,
                cookie=self._given(request),
                media=request.path_params["media"],
                side=request.path_params["side"],
            )
        )
        return FileResponse(path, media_type=TYPES[path.suffix])

    async def state(self, request: Request) -> Response:
        return JSONResponse(await self.writer.do(partial(self._desk.state, cookie=self._given(request))))

    async def consent(self, request: Request) -> Response:
        await self._body(request)
        return JSONResponse(await self.writer.do(partial(self._desk.consent, cookie=self._given(request))))

    async def vote(self, request: Request) -> Response:
        cookie = self._given(request)
        if not cookie:
            raise stranger()
        ballot = read_ballot(await self._body(request), self._answers)
        return JSONResponse(await self.writer.do(partial(self._desk.vote, cookie=cookie, ballot=ballot)))

    def _given(self, request: Request) -> str:
        return request.cookies.get(self._cookie, "")

    async def _body(self, request: Request) -> bytes:
        """The body, as far as it may go: its length need not have been told, nor told truly."""
        body = b""
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                async for piece in request.stream():
                    body += piece
                    if len(body) > self._limits.body:
                        raise Refusal(413, "too-large", "That is more than this server takes.")
        except TimeoutError:
            raise Refusal(408, "too-slow", "The request did not arrive in time.") from None
        return body


def _no_link() -> Response:
    return FileResponse(_ASSETS / "nolink.html", 403, media_type="text/html")


async def _refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return refused(error)


async def _unable(request: Request, error: Exception) -> Response:
    """The disk is full or the like: the page keeps its answer and tries again."""
    return refused(
        Refusal(503, "unable", "The server cannot write at the moment. The page tries again by itself.")
    )

"""Asks the application as a browser would, without a network."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from starlette.applications import Starlette

from skyscene.study.folder import StudyFolder
from skyscene.study.serving import Address, Limits, Rate, make_links
from skyscene.study.serving.app import make_app

BASE = "http://127.0.0.1:8000"
WIDE = Limits(rater=Rate(1e6, 1_000_000), address=Rate(1e6, 1_000_000))


class Clock:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Rater:
    """A browser with its cookies."""

    def __init__(self, app: Starlette, loop: asyncio.AbstractEventLoop, base: str = BASE) -> None:
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 1))
        self.client = httpx.AsyncClient(transport=transport, base_url=base)
        self._loop, self._base = loop, base

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self._loop.run_until_complete(self.client.request(method, path, **more))

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, table: object, **headers: str) -> httpx.Response:
        return self.ask("POST", path, json=table, headers={"Origin": self._base, **headers})

    def enter(self, link: str) -> httpx.Response:
        return self.get("/r/" + link.rpartition("/")[2])

    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = self.get("/api/state").json()
        return state

    def begin(self, link: str) -> dict[str, Any]:
        """Opens the link and consents; what comes first."""
        assert self.enter(link).status_code == 303
        state: dict[str, Any] = self.post("/api/consent", {}).json()
        return state

    def vote(self, place: dict[str, Any], choice: str = "left", **changes: object) -> httpx.Response:
        return self.post("/api/vote", ballot(place["trial"]["nonce"], choice, **changes))


class Site:
    """An application with raters."""

    def __init__(
        self, folder: StudyFolder, raters: int, address: Address, limits: Limits, clock: Clock
    ) -> None:
        self.app = make_app(folder, address, limits, clock)
        self.links = make_links(folder, raters, address.base_url)
        self.loop = asyncio.new_event_loop()
        self.folder, self.clock, self._base = folder, clock, address.base_url
        self._all: list[Rater] = []

    def rater(self) -> Rater:
        self._all.append(Rater(self.app, self.loop, self._base))
        return self._all[-1]

    def close(self) -> None:
        for each in self._all:
            self.loop.run_until_complete(each.client.aclose())
        self.loop.run_until_complete(self._shutdown())
        self.loop.close()

    async def _shutdown(self) -> None:
        async with self.app.router.lifespan_context(self.app):
            pass


@contextmanager
def site(
    folder: StudyFolder, raters: int = 2, address: Address | None = None, limits: Limits = WIDE
) -> Iterator[Site]:
    """A site on a study, until the end of the block."""
    made = Site(folder, raters, address or Address(), limits, Clock())
    try:
        yield made
    finally:
        made.close()


def ballot(nonce: str, choice: str = "left", **changes: object) -> dict[str, object]:
    """An answer as the page sends it."""
    table = {
        "nonce": nonce,
        "choice": choice,
        "rt_ms": 1500,
        "left_plays": 1,
        "right_plays": 1,
        "watched": True,
    }
    return {**table, **changes}


def through(rater: Rater, link: str, clock: Clock, choice: str = "left") -> list[dict[str, Any]]:
    """A rater's whole study: every answer to every vote."""
    place, answers = rater.begin(link), []
    while place["trial"]:
        clock.now += 2
        place = rater.vote(place, choice).json()
        answers.append(place)
    return answers

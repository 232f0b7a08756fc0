"""Serves a study until it is stopped."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from dataclasses import replace

from skyscene.errors import MissingExtraError, StudyError
from skyscene.study.folder import StudyFolder
from skyscene.study.serving.address import Address, checked_address
from skyscene.study.serving.limits import Limits
from skyscene.study.serving.links import count_links, make_links

_PURPOSE = "serve a study"


def serve(
    folder: StudyFolder,
    host: str = "127.0.0.1",
    port: int = 8000,
    public: bool = False,
    origin: str = "",
    raters: int = 0,
    limits: Limits | None = None,
    say: Callable[[str], object] = print,
) -> None:
    """Serves a study until Ctrl-C; every vote that was answered stays, whatever ends it.

    Args:
        folder: The study.
        host: To listen on; another than loopback needs ``public``.
        port: 0 for any that is free.
        public: Whether others than this machine may reach it.
        origin: What raters open where a proxy stands between, as ``https://study.example.org``.
        raters: Makes so many new links and says them, once.
        limits: How much anybody may ask for.
        say: Takes a line at a time.

    Raises:
        StudyError: The study cannot be served, or not there.
        MissingExtraError: Starlette or uvicorn is not installed.
    """
    try:
        import starlette  # noqa: F401
        import uvicorn
    except ModuleNotFoundError as error:
        raise MissingExtraError(error.name or "starlette", "study", _PURPOSE) from None
    from skyscene.study.serving.app import make_app

    address = checked_address(host, port, public, origin)
    listening = _listen(address)
    with listening:
        address = replace(address, port=listening.getsockname()[1])
        app = make_app(folder, address, limits)
        if not raters and not count_links(folder):
            raise StudyError(f"{folder.root} has no links for raters yet: --raters N makes them")
        before = count_links(folder)
        if raters and before:
            say(f"{before} links exist already and stay good; these are more. Without --raters none is made.")
        links = make_links(folder, raters, address.base_url) if raters else []
        for line in _told(address, links, count_links(folder)):
            say(line)
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,  # its lines would hold links and addresses of people
            server_header=False,
            proxy_headers=bool(origin),
            forwarded_allow_ips="127.0.0.1,::1",
            ws="none",
            timeout_keep_alive=30,
            limit_concurrency=2000,
            h11_max_incomplete_event_size=16 * 1024,
        )
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])


def _listen(address: Address) -> socket.socket:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    # Named, or asyncio does not know it for TCP, and every answer waits 40 ms for the browser's receipt.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((address.host, address.port))
        # From here on who comes is kept waiting, not refused: the address may be told.
        listening.listen(1024)
    except OSError as error:
        listening.close()
        where = f"{address.host} port {address.port}"
        why = error.strerror or error
        raise StudyError(f"cannot listen on {where}: {why}; --port 0 takes a free one") from None
    return listening


def _told(address: Address, links: list[str], all_links: int) -> list[str]:
    lines = [address.note] if address.note else []
    if address.origin and not address.secure:
        lines.append(
            "Without HTTPS whoever is on the way can read links and votes: only for a network you trust."
        )
    if links:
        lines.append("A link for each rater; only hashes are kept, so write them down now:")
        lines += links
    lines.append(f"Serving at {address.base_url} to {all_links} raters. Ctrl-C stops; all votes stay.")
    return lines

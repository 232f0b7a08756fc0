"""A web server on the loopback, a small video, and a downloader that does not wait."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from skyscene.collect import YtDlp

Route = Callable[[BaseHTTPRequestHandler, int], None]

PATIENCE = {
    "name": "download",
    "max_height": 720,
    "codecs": ["h264"],
    "retries": 2,
    "fragment_retries": 1,
    "extractor_retries": 0,
    "file_access_retries": 1,
    "retry_sleep": 0,
    "socket_timeout": 5,
    "sleep_requests": 0,
    "sleep_min": 0,
    "sleep_max": 0,
    "rate_limit": 0,
    "proxy": "",
    "cookies": "",
    "cookies_from_browser": "",
    "max_megabytes": 100,
    "max_minutes": 30,
    "max_transfer_minutes": 5,
    "duration_tolerance": 0.02,
    "stop_after_blocks": 2,
    "wait_minutes": 10,
    "wait_blocked_minutes": 60,
    "wait_max_hours": 24,
}


@pytest.fixture
def downloader() -> Callable[..., YtDlp]:
    return lambda **changes: YtDlp(**{**PATIENCE, **changes})


@pytest.fixture(scope="session")
def video(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Two seconds of noise: large enough to be cut in the middle, with its header in front."""
    path = tmp_path_factory.mktemp("video") / "sky.mp4"
    rng = np.random.default_rng(7)
    with av.open(str(path), "w", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
        for _ in range(20):
            picture = rng.integers(0, 255, (96, 160, 3), dtype=np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return path.read_bytes()


@dataclass
class Site:
    """Routes by path, and the requests that came."""

    address: str = ""
    routes: dict[str, Route] = field(default_factory=dict)
    seen: list[tuple[str, str, str | None]] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def count(self, path: str) -> int:
        return sum(1 for _, asked, _ in self.seen if asked == path)

    def ranges(self, path: str) -> list[str]:
        return [given for _, asked, given in self.seen if asked == path and given]


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    place = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            place.seen.append((self.command, path, self.headers.get("Range")))
            route = place.routes.get(path)
            try:
                if route is None:
                    self.send_error(404)
                else:
                    route(self, place.count(path))
            except OSError:
                pass  # the other side has gone

        do_HEAD = do_GET

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    place.address = f"http://127.0.0.1:{server.server_address[1]}"
    yield place
    place.stop.set()
    server.shutdown()
    thread.join()
    server.server_close()


def send(handler: BaseHTTPRequestHandler, data: bytes, kind: str, *, ranges: bool = True) -> None:
    """The whole answer, or the part that was asked for."""
    asked = handler.headers.get("Range") if ranges else None
    start = int(asked.removeprefix("bytes=").split("-")[0]) if asked else 0
    if asked:
        handler.send_response(206)
        handler.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
    else:
        handler.send_response(200)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(data) - start))
    handler.end_headers()
    if handler.command == "GET":
        handler.wfile.write(data[start:])


@pytest.fixture
def serve() -> Callable[..., Route]:
    """A route that answers with the bytes."""

    def make(data: bytes, kind: str = "video/mp4", *, ranges: bool = True) -> Route:
        return lambda handler, _: send(handler, data, kind, ranges=ranges)

    return make


@pytest.fixture
def probe() -> Callable[[Path], Any]:
    """What the media room's probe does, in short."""

    @dataclass
    class Facts:
        seconds: float | None

    def look(path: Path) -> Facts:
        with av.open(str(path)) as container:
            frames = sum(1 for _ in container.decode(video=0))
            return Facts(frames / 10)

    return look

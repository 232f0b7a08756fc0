"""A list of other files is no video: nothing that it names is opened, here or over the network."""

from __future__ import annotations

import contextlib
import ctypes
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import av
import pytest

from tests.hostile.conftest import Command
from tests.hostile.material import elsewhere, film
from tests.hostile.table import ROWS

LISTS = {
    "an ffconcat list": "ffconcat version 1.0\nfile '{0}'\nfile '{1}/a.mp4'\n",
    "an HLS playlist": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:5,\n{0}\n#EXTINF:5,\n{1}/a.ts\n"
    "#EXT-X-ENDLIST\n",
    "a DASH playlist": '<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
    'mediaPresentationDuration="PT5S" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011"><Period>'
    '<AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="9"><BaseURL>{1}/a.mp4</BaseURL>'
    "</Representation></AdaptationSet></Period></MPD>\n",
    "the description of a stream (SDP)": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\n"
    "t=0 0\nm=video 9 RTP/AVP 96\na=rtpmap:96 H264/90000\na=control:{1}/a\n",
}


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """An address on the loopback, and what was asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}", asked
        running.shutdown()
        thread.join()


class Watched:
    """Counts how often a file is opened, by whatever process (Linux alone can tell)."""

    _OPEN, _NONBLOCK = 0x20, 0o4000

    def __init__(self, path: Path) -> None:
        library = ctypes.CDLL(None, use_errno=True)
        if not hasattr(library, "inotify_init1"):
            pytest.skip("only Linux tells who opens a file")
        self._descriptor = library.inotify_init1(self._NONBLOCK)
        assert library.inotify_add_watch(self._descriptor, os.fsencode(path), self._OPEN) > 0

    def opened(self) -> bool:
        try:
            return bool(os.read(self._descriptor, 4096))
        except BlockingIOError:
            return False

    def close(self) -> None:
        os.close(self._descriptor)


def test_nothing_that_a_list_names_is_opened(
    command: Command, plain: Path, server: tuple[str, list[str]], tmp_path: Path
) -> None:
    address, asked = server
    named = film(tmp_path / "named.mp4")
    folder = tmp_path / "in"
    folder.mkdir()
    film(folder / "good.mp4")
    for name, text in LISTS.items():
        (folder / f"{name}.mp4").write_text(text.format(named, address))
    watched = Watched(named)
    done = command("build", folder, "--out", "set", "--recipe", plain, "--workers", 1, "--no-clips")
    assert done.code == 0 and "1 sources" not in done.out.splitlines()[0]
    assert not watched.opened() and asked == []
    named.read_bytes()
    assert watched.opened(), "the watch itself must see it"
    watched.close()
    for name in LISTS:
        (line,) = [line for line in done.err.splitlines() if f"/{name}.mp4: " in line]
        assert not ROWS[name].missing(line), line
    assert "2 more are pending" in done.out


def test_an_mp4_whose_pictures_lie_elsewhere_opens_nothing(
    command: Command, plain: Path, tmp_path: Path
) -> None:
    named = film(tmp_path / "named.mp4")
    path = tmp_path / "in.mp4"
    path.write_bytes(elsewhere(named.read_bytes(), named))
    watched = Watched(named)
    done = command("build", path, "--out", "set", "--recipe", plain, "--workers", 1, "--no-clips")
    assert done.code == 0 and not watched.opened()
    follow = {"enable_drefs": "1", "use_absolute_path": "1"}
    with contextlib.suppress(av.error.FFmpegError):
        av.open(str(path), options=follow).close()
    assert watched.opened(), "told to, the library does follow it"
    watched.close()

"""The server itself: over a socket, killed, and asked for in ways it refuses."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import sys
from collections.abc import Iterator

import pytest

from skyscene.errors import MissingExtraError, StudyError
from skyscene.study.folder import StudyFolder
from skyscene.study.serving import serve
from skyscene.study.votes import read_votes
from tests.study.serving.asking import ballot
from tests.study.serving.running import Server


@pytest.fixture
def server(folder: StudyFolder) -> Iterator[Server]:
    with Server(folder, 1) as running:
        yield running


def asked(
    server: Server, method: str, path: str, body: object = None, cookie: str = ""
) -> tuple[int, str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    headers = {"Cookie": cookie, "Origin": server.base, "Content-Type": "application/json"}
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    text, cookie = answer.read().decode(), (answer.getheader("set-cookie") or "").partition(";")[0]
    connection.close()
    return answer.status, text, cookie


def raw(server: Server, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as wire:
        wire.sendall(request)
        wire.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: wire.recv(65536), b""))


def test_votes_outlive_a_kill_and_a_retry_after_it_counts_once(folder: StudyFolder) -> None:
    server = Server(folder, 1)
    _, _, cookie = asked(server, "GET", "/r/" + server.links[0].rpartition("/")[2])
    place = json.loads(asked(server, "POST", "/api/consent", {}, cookie)[1])
    vote = ballot(place["trial"]["nonce"])
    first = asked(server, "POST", "/api/vote", vote, cookie)
    server.kill()
    assert len(read_votes(folder.votes)) == 1
    with Server(folder, 0, server.port) as again:
        assert asked(again, "POST", "/api/vote", vote, cookie)[:2] == first[:2]
    assert len(read_votes(folder.votes)) == 1


def test_nothing_is_logged_of_what_is_asked(folder: StudyFolder) -> None:
    server = Server(folder, 1)
    token = server.links[0].rpartition("/")[2]
    _, _, cookie = asked(server, "GET", f"/r/{token}")
    asked(server, "GET", "/api/state", None, cookie)
    asked(server, "GET", f"/r/{token}?x=%zz")
    asked(server, "POST", f"/r/{token}", {})
    raw(server, f"GET /r/{token} HTTP/9\r\n\r\n".encode())
    written = server.end(signal.SIGINT)
    assert token not in written and "127.0.0.1" not in written and "Traceback" not in written


@pytest.mark.parametrize(
    "path",
    [
        "/../key.parquet",
        "/media/../../key.parquet",
        "/assets/../app.py",
        "//../etc/passwd",
        "/media/./../../x",
    ],
)
def test_a_path_that_no_browser_would_send_leads_nowhere(server: Server, path: str) -> None:
    answer = raw(
        server, f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nConnection: close\r\n\r\n".encode()
    )
    assert answer.startswith(b"HTTP/1.1 404")


def test_a_request_without_a_host_or_with_two_is_refused(server: Server) -> None:
    host = f"Host: 127.0.0.1:{server.port}\r\n"
    assert b" 400 " in raw(server, b"GET / HTTP/1.1\r\n\r\n").partition(b"\r\n")[0]
    assert b" 421 " in raw(server, b"GET / HTTP/1.0\r\n\r\n").partition(b"\r\n")[0]
    assert b" 400 " in raw(server, f"GET / HTTP/1.1\r\n{host}{host}\r\n".encode()).partition(b"\r\n")[0]


def test_no_server_starts_where_it_should_not(folder: StudyFolder, server: Server) -> None:
    with pytest.raises(StudyError, match="--public"):
        serve(folder, host="0.0.0.0")
    with pytest.raises(StudyError, match=f"cannot listen on 127.0.0.1 port {server.port}"):
        serve(folder, port=server.port)


def test_a_study_without_links_says_how_they_are_made(folder: StudyFolder) -> None:
    with pytest.raises(StudyError, match="--raters N"):
        serve(folder, port=0)


@pytest.mark.parametrize("package", ["starlette", "uvicorn"])
def test_what_is_not_installed_is_named(
    folder: StudyFolder, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtraError, match=rf"{package} is needed to serve.*skyscene\[study\]"):
        serve(folder, port=0)

"""yt-dlp itself against a web server on 127.0.0.1."""

import json
import time

import pytest

from skyscene.collect.locator import url_locator
from skyscene.errors import FetchError, MediaError, MissingExtraError, RecipeError
from skyscene.records import Provenance, SourceRef


def ref_to(url):
    return SourceRef("url", url_locator(url))


def failure(downloader, ref, folder, *args, **kwargs):
    with pytest.raises(FetchError) as caught:
        downloader.fetch(ref, folder, *args, **kwargs)
    assert not [path for path in folder.glob("*") if path.name != ".partial"], "something was accepted"
    assert "\n" not in caught.value.message and "report this issue" not in caught.value.message
    return caught.value


def test_a_video_arrives_whole_with_its_provenance(site, serve, video, downloader, probe, tmp_path):
    site.routes["/a/sky.mp4"] = serve(video)
    seen = []
    ref = ref_to(f"{site.address}/a/sky.mp4")
    path, known = downloader().fetch(ref, tmp_path, probe, lambda done, total: seen.append((done, total)))
    assert path == tmp_path / f"{ref.ref_id}.mp4"
    assert path.read_bytes() == video
    assert known == Provenance(title="sky", format="mp4", video_id=None)
    assert seen[-1] == (len(video), len(video))
    assert not (tmp_path / ".partial" / ref.ref_id).exists()
    side = json.loads((tmp_path / f"{ref.ref_id}.json").read_text())
    assert side["bytes"] == len(video) and side["locator"] == ref.locator


def test_a_second_fetch_asks_nothing(site, serve, video, downloader, tmp_path):
    site.routes["/sky.mp4"] = serve(video)
    ref = ref_to(f"{site.address}/sky.mp4")
    first = downloader().fetch(ref, tmp_path)
    asked = len(site.seen)
    assert downloader().fetch(ref, tmp_path) == first
    assert len(site.seen) == asked


@pytest.mark.parametrize("harm", ["shorter", "no side file", "broken side file"])
def test_a_download_that_is_not_what_its_side_file_says_is_made_again(
    harm, site, serve, video, downloader, tmp_path
):
    site.routes["/sky.mp4"] = serve(video)
    ref = ref_to(f"{site.address}/sky.mp4")
    path, _ = downloader().fetch(ref, tmp_path)
    if harm == "shorter":
        path.write_bytes(video[:100])
    elif harm == "no side file":
        path.with_suffix(".json").unlink()
    else:
        path.with_suffix(".json").write_text("{")
    again, _ = downloader().fetch(ref, tmp_path)
    assert again.read_bytes() == video


def test_not_found_is_gone(site, downloader, tmp_path):
    error = failure(downloader(), ref_to(f"{site.address}/none.mp4"), tmp_path)
    assert error.code == "gone"
    assert "404" in error.message


def test_a_redirect_is_followed(site, serve, video, downloader, tmp_path):
    def move(handler, _):
        handler.send_response(302)
        handler.send_header("Location", "/there/sky.mp4")
        handler.end_headers()

    site.routes["/here.mp4"] = move
    site.routes["/there/sky.mp4"] = serve(video)
    path, _ = downloader().fetch(ref_to(f"{site.address}/here.mp4"), tmp_path)
    assert path.read_bytes() == video


def cut_at(data, share, *, always=False, ranges=True):
    """A server that drops the line in the middle: once (of the downloads), or every time."""
    state = {"full": 0}

    def route(handler, _):
        asked = handler.headers.get("Range") if ranges else None
        start = int(asked.removeprefix("bytes=").split("-")[0]) if asked else 0
        handler.send_response(206 if asked else 200)
        handler.send_header("Content-Type", "video/mp4")
        handler.send_header("Content-Length", str(len(data) - start))
        if asked:
            handler.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        handler.end_headers()
        state["full"] += 1
        # The first request is the extractor's look; the second the download.
        stop = start + int((len(data) - start) * share) if always or state["full"] <= 2 else len(data)
        handler.wfile.write(data[start:stop])

    return route


def test_a_dropped_line_is_taken_up_again(site, video, downloader, probe, tmp_path):
    site.routes["/sky.mp4"] = cut_at(video, 0.5)
    path, _ = downloader().fetch(ref_to(f"{site.address}/sky.mp4"), tmp_path, probe)
    assert path.read_bytes() == video
    assert f"bytes={len(video) // 2}-" in site.ranges("/sky.mp4")


def test_a_server_without_ranges_is_asked_from_the_start(site, video, downloader, probe, tmp_path):
    site.routes["/sky.mp4"] = cut_at(video, 0.5, ranges=False)
    path, _ = downloader().fetch(ref_to(f"{site.address}/sky.mp4"), tmp_path, probe)
    assert path.read_bytes() == video


def test_a_line_that_always_drops_is_truncated(site, video, downloader, tmp_path):
    site.routes["/sky.mp4"] = cut_at(video, 0.5, always=True)
    error = failure(downloader(), ref_to(f"{site.address}/sky.mp4"), tmp_path)
    assert error.code == "truncated"
    assert site.count("/sky.mp4") == 1 + 1 + 2, "one look, one try, two retries"


def test_a_partial_file_is_continued_by_the_next_run(site, serve, video, downloader, tmp_path):
    site.routes["/sky.mp4"] = cut_at(video, 0.5, always=True)
    ref = ref_to(f"{site.address}/sky.mp4")
    failure(downloader(retries=0), ref, tmp_path)
    site.seen.clear()
    site.routes["/sky.mp4"] = serve(video)
    path, _ = downloader().fetch(ref, tmp_path)
    assert path.read_bytes() == video
    assert f"bytes={len(video) // 2}-" in site.ranges("/sky.mp4")


def test_a_silent_server_times_out(site, video, downloader, tmp_path):
    def sleep(handler, _):
        handler.send_response(200)
        handler.send_header("Content-Type", "video/mp4")
        handler.send_header("Content-Length", str(len(video)))
        handler.end_headers()
        handler.wfile.write(video[:1000])
        handler.wfile.flush()
        site.stop.wait(20)

    site.routes["/sky.mp4"] = sleep
    error = failure(downloader(socket_timeout=0.5, retries=1), ref_to(f"{site.address}/sky.mp4"), tmp_path)
    assert error.code == "network" and "timed out" in error.message


def test_a_dripping_server_is_given_up(site, video, downloader, tmp_path):
    def drip(handler, _):
        handler.send_response(200)
        handler.send_header("Content-Type", "video/mp4")
        handler.send_header("Content-Length", str(len(video)))
        handler.end_headers()
        for start in range(0, len(video), 256):
            handler.wfile.write(video[start : start + 256])
            handler.wfile.flush()
            if site.stop.wait(0.05):
                break

    site.routes["/sky.mp4"] = drip
    error = failure(downloader(max_transfer_minutes=0.01), ref_to(f"{site.address}/sky.mp4"), tmp_path)
    assert error.code == "too-slow"


def test_too_many_requests_is_rate_limited(site, downloader, tmp_path):
    site.routes["/sky.mp4"] = lambda handler, _: handler.send_error(429)
    error = failure(downloader(), ref_to(f"{site.address}/sky.mp4"), tmp_path)
    assert error.code == "rate-limited"


def test_an_unknown_host_is_the_network(downloader, tmp_path):
    error = failure(downloader(socket_timeout=3), ref_to("http://no-such-host.invalid/sky.mp4"), tmp_path)
    assert error.code == "network"


def test_a_refused_connection_is_the_network(downloader, tmp_path):
    error = failure(downloader(), ref_to("http://127.0.0.1:9/sky.mp4"), tmp_path)
    assert error.code == "network"


def test_a_page_without_a_video_is_unsupported(site, serve, downloader, tmp_path):
    site.routes["/page"] = serve(b"<html><title>Clouds</title><p>No video.</html>", "text/html")
    error = failure(downloader(), ref_to(f"{site.address}/page"), tmp_path)
    assert error.code == "unsupported-url"


def test_a_page_with_one_video_is_that_video(site, serve, video, downloader, tmp_path):
    site.routes["/page"] = serve(b'<html><video src="/one.mp4"></video></html>', "text/html")
    site.routes["/one.mp4"] = serve(video)
    path, _ = downloader().fetch(ref_to(f"{site.address}/page"), tmp_path)
    assert path.read_bytes() == video


def test_a_page_with_two_videos_is_refused(site, serve, video, downloader, tmp_path):
    page = b'<html><video src="/one.mp4"></video><p><video src="/two.mp4"></video></html>'
    site.routes["/page"] = serve(page, "text/html")
    site.routes["/one.mp4"] = site.routes["/two.mp4"] = serve(video)
    assert failure(downloader(), ref_to(f"{site.address}/page"), tmp_path).code == "playlist"
    assert {path for _, path, _ in site.seen} == {"/page"}, "nothing is downloaded first"


def test_the_rate_limit_holds(site, serve, video, downloader, tmp_path):
    site.routes["/sky.mp4"] = serve(video)
    start = time.monotonic()
    downloader(rate_limit=len(video)).fetch(ref_to(f"{site.address}/sky.mp4"), tmp_path)
    assert time.monotonic() - start > 0.6


@pytest.mark.parametrize("told", [True, False], ids=["with length", "without length"])
def test_too_large_is_refused(told, site, video, downloader, tmp_path):
    data = video * 20

    def route(handler, _):
        handler.send_response(200)
        handler.send_header("Content-Type", "video/mp4")
        if told:
            handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    site.routes["/sky.mp4"] = route
    settings = downloader(max_megabytes=len(data) / 2e6)
    assert failure(settings, ref_to(f"{site.address}/sky.mp4"), tmp_path).code == "too-large"


HLS = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n{}#EXT-X-ENDLIST\n"


def playlist(parts):
    return HLS.format("".join(f"#EXTINF:2.0,\n/part{n}.ts\n" for n in range(parts))).encode()


def test_fragments_are_joined(site, serve, downloader, tmp_path):
    site.routes["/sky.m3u8"] = serve(playlist(3), "application/vnd.apple.mpegurl")
    for n in range(3):
        site.routes[f"/part{n}.ts"] = serve(bytes([n]) * 5000, "video/mp2t")
    path, _ = downloader().fetch(ref_to(f"{site.address}/sky.m3u8"), tmp_path)
    assert path.read_bytes() == b"".join(bytes([n]) * 5000 for n in range(3))


def test_a_missing_fragment_is_no_hole(site, serve, downloader, tmp_path):
    site.routes["/sky.m3u8"] = serve(playlist(3), "application/vnd.apple.mpegurl")
    for n in (0, 2):
        site.routes[f"/part{n}.ts"] = serve(bytes([n]) * 5000, "video/mp2t")
    error = failure(downloader(), ref_to(f"{site.address}/sky.m3u8"), tmp_path)
    assert error.code == "truncated" and "404" in error.message


def test_fragments_of_a_broken_run_are_not_continued(site, serve, downloader, tmp_path):
    """A kill between a fragment and the note of it would put the fragment in twice."""
    site.routes["/sky.m3u8"] = serve(playlist(3), "application/vnd.apple.mpegurl")
    for n in (0, 1):
        site.routes[f"/part{n}.ts"] = serve(bytes([n]) * 5000, "video/mp2t")
    ref = ref_to(f"{site.address}/sky.m3u8")
    failure(downloader(), ref, tmp_path)
    (part,) = (tmp_path / ".partial" / ref.ref_id).glob("*.part")
    part.write_bytes(part.read_bytes() + bytes([2]) * 5000)
    site.routes["/part2.ts"] = serve(bytes([2]) * 5000, "video/mp2t")
    path, _ = downloader().fetch(ref, tmp_path)
    assert path.stat().st_size == 15000


class Told:
    def __init__(self, seconds):
        self.seconds = seconds


@pytest.mark.parametrize(
    "announced, came, code",
    [(100, 100, None), (100, 98.5, None), (100, 90, "truncated"), (100, 110, "wrong-length"), (3, 2, None),
     (None, 5, None), (100, None, None)],
)  # fmt: skip
def test_the_duration_is_checked(announced, came, code, downloader, tmp_path):
    check = downloader()._verify
    if code is None:
        check(tmp_path / "a.mp4", announced, lambda _: Told(came))
    else:
        with pytest.raises(FetchError) as caught:
            check(tmp_path / "a.mp4", announced, lambda _: Told(came))
        assert caught.value.code == code


def test_what_the_probe_cannot_read_is_not_accepted(site, serve, downloader, tmp_path):
    def refuse(path):
        raise MediaError("unreadable", "no video stream")

    site.routes["/sky.mp4"] = serve(b"\0" * 5000)
    ref = ref_to(f"{site.address}/sky.mp4")
    error = failure(downloader(), ref, tmp_path, refuse)
    assert error.code == "corrupt" and "no video stream" in error.message
    assert not (tmp_path / ".partial" / ref.ref_id).exists(), "the next try starts afresh"


def test_a_local_file_is_taken_where_it_lies(downloader, tmp_path):
    path = tmp_path / "-a\nb é.mp4"
    path.write_bytes(b"x")
    assert downloader().fetch(SourceRef("file", f"file:{path}"), tmp_path / "out") == (path, Provenance())
    assert not (tmp_path / "out").exists()


def test_a_local_file_that_vanished_is_missing(downloader, tmp_path):
    error = failure(downloader(), SourceRef("file", f"file:{tmp_path}/none.mp4"), tmp_path)
    assert error.code == "missing-file"


def test_without_yt_dlp_the_install_line_is_given(downloader, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "yt_dlp", None)
    with pytest.raises(MissingExtraError, match=r"skyscene\[youtube\]"):
        downloader().fetch(ref_to("http://127.0.0.1:9/sky.mp4"), tmp_path)


def test_a_cookie_file_that_is_not_there_is_the_recipes_fault(downloader, tmp_path):
    with pytest.raises(RecipeError, match=r"download\.cookies"):
        downloader(cookies="/no/such/cookies.txt").fetch(ref_to("http://127.0.0.1:9/a.mp4"), tmp_path)


def test_a_folder_with_a_percent_sign(site, serve, video, downloader, tmp_path):
    site.routes["/sky.mp4"] = serve(video)
    path, _ = downloader().fetch(ref_to(f"{site.address}/sky.mp4"), tmp_path / "50%(id)s of it")
    assert path.read_bytes() == video
    assert [place.name for place in tmp_path.iterdir()] == ["50%(id)s of it"]


def test_a_breakdown_inside_yt_dlp_is_one_sources_failure(downloader, tmp_path, monkeypatch):
    import yt_dlp

    def broken(*args, **kwargs):
        raise AttributeError("'NoneType' object has no attribute 'get'")

    monkeypatch.setattr(yt_dlp.YoutubeDL, "extract_info", broken)
    error = failure(downloader(), ref_to("http://127.0.0.1:9/a.mp4"), tmp_path)
    assert error.code == "other" and "AttributeError" in error.message

"""One run, and the next, against a web server on 127.0.0.1."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest

from skyscene.collect import Breaker, Collector
from skyscene.collect.breaker import host_of
from skyscene.collect.manifest import ref_of
from skyscene.errors import FetchError

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


class Run:
    """A collector whose clock stands still until it is moved."""

    def __init__(self, settings, home):
        self.settings, self.home, self.time = settings, home, NOON

    def start(self, **more):
        return Collector(self.settings, self.home, now=lambda: self.time, **more)

    def lines(self):
        path = self.home / "ledger.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


@pytest.fixture
def run(downloader, tmp_path):
    return Run(downloader(retries=0), tmp_path)


def code(collector, ref, folder):
    with pytest.raises(FetchError) as caught:
        collector.fetch(ref, folder)
    return caught.value.code


def test_a_download_is_one_line(run, site, serve, video, tmp_path):
    site.routes["/sky.mp4"] = serve(video)
    ref = ref_of(f"url:{site.address}/sky.mp4", {})
    for _ in range(2):
        path, _ = run.start().fetch(ref, tmp_path / "videos")
    assert path.read_bytes() == video
    (line,) = run.lines()
    assert line["code"] == "ok" and line["time"] == "2026-05-04T12:00:00+00:00"
    assert line["ref_id"] == ref.ref_id and line["locator"] == ref.locator
    assert line["bytes"] == len(video) and line["sha256"] == hashlib.sha256(video).hexdigest()
    assert line["format"] == "mp4" and line["tool"] and line["next_try"] is None


def test_what_may_pass_is_tried_again_after_its_wait(run, site, serve, video, tmp_path):
    site.routes["/sky.mp4"] = lambda handler, _: handler.send_error(503)
    ref = ref_of(f"url:{site.address}/sky.mp4", {})
    with pytest.raises(FetchError) as first:
        run.start().fetch(ref, tmp_path)
    asked = len(site.seen)
    run.time += timedelta(minutes=9)
    with pytest.raises(FetchError) as second:
        run.start().fetch(ref, tmp_path)
    assert (second.value.code, second.value.message) == (first.value.code, first.value.message)
    assert len(site.seen) == asked and len(run.lines()) == 1
    site.routes["/sky.mp4"] = serve(video)
    run.time += timedelta(minutes=6)
    assert run.start().fetch(ref, tmp_path)[0].read_bytes() == video


def test_what_is_gone_is_not_asked_for_again_but_on_request(run, site, serve, video, tmp_path):
    ref = ref_of(f"url:{site.address}/sky.mp4", {})
    assert code(run.start(), ref, tmp_path) == "gone"
    asked = len(site.seen)
    run.time += timedelta(days=400)
    assert code(run.start(), ref, tmp_path) == "gone"
    assert len(site.seen) == asked and len(run.lines()) == 1
    site.routes["/sky.mp4"] = serve(video)
    assert run.start(again=True).fetch(ref, tmp_path)[0].read_bytes() == video


def test_a_host_that_blocks_is_left_alone_until_the_next_run(run, site, serve, video, tmp_path):
    refs = [ref_of(f"url:{site.address}/{n}.mp4", {}) for n in range(5)]
    for n in range(5):
        site.routes[f"/{n}.mp4"] = lambda handler, _: handler.send_error(429)
    collector = run.start()
    codes = [code(collector, ref, tmp_path) for ref in refs]
    assert codes == ["rate-limited", "rate-limited", "not-tried", "not-tried", "not-tried"]
    assert {path for _, path, _ in site.seen} == {"/0.mp4", "/1.mp4"}
    assert len(run.lines()) == 2
    for n in range(5):
        site.routes[f"/{n}.mp4"] = serve(video)
    collector = run.start()
    assert [collector.fetch(ref, tmp_path)[0].exists() for ref in refs[2:]] == [True] * 3
    assert code(collector, refs[0], tmp_path) == "rate-limited", "its wait is not over"


def test_what_is_here_is_given_even_of_a_host_that_blocks(run, site, serve, video, tmp_path):
    site.routes["/sky.mp4"] = serve(video)
    ref = ref_of(f"url:{site.address}/sky.mp4", {})
    collector = run.start()
    collector.fetch(ref, tmp_path)
    for _ in range(5):
        collector.breaker.note(ref, "bot-wall")
    assert collector.fetch(ref, tmp_path)[0].exists()


def test_what_is_removed_is_not_even_looked_for(run, site, serve, video, tmp_path):
    site.routes["/sky.mp4"] = serve(video)
    local = tmp_path / "a.mp4"
    local.touch()
    collector = run.start()
    refs = [ref_of(f"url:{site.address}/sky.mp4", {}), ref_of(f"file:{local}", {})]
    assert collector.fetch(refs[1], tmp_path)[0] == local
    collector.removals.add(refs)
    assert [code(run.start(again=True), ref, tmp_path) for ref in refs] == ["removed", "removed"]
    assert not site.seen and not run.lines()


def test_a_lost_download_is_made_again(run, site, serve, video, tmp_path):
    site.routes["/sky.mp4"] = serve(video)
    ref = ref_of(f"url:{site.address}/sky.mp4", {})
    run.start().fetch(ref, tmp_path)[0].unlink()
    assert run.start().fetch(ref, tmp_path)[0].read_bytes() == video
    assert [line["code"] for line in run.lines()] == ["ok", "ok"]


def test_the_breaker_counts_blocks_in_a_row_host_by_host():
    one, two = ref_of("youtube:07U1fSrk9oI", {}), ref_of("url:http://h:81/a", {})
    breaker = Breaker(2)
    for answer in ("bot-wall", "gone", "rate-limited", "network"):
        breaker.note(one, answer)
        breaker.check(one)
    breaker.note(one, "bot-wall")
    with pytest.raises(FetchError, match=r"youtube\.com refused 2 times in a row \(bot-wall\)"):
        breaker.check(one)
    breaker.check(two)
    assert host_of(two) == "h:81"
    never = Breaker(0)
    for _ in range(9):
        never.note(one, "bot-wall")
    never.check(one)

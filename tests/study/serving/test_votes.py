"""What a rater gets from the server, trial by trial, and what is on the disk of it."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from skyscene.errors import StudyError
from skyscene.study.folder import StudyFolder
from skyscene.study.frozen import read_study
from skyscene.study.key import read_key
from skyscene.study.serving.writer import Writer
from skyscene.study.tasks import read_blocks
from skyscene.study.votes import read_votes
from tests.study.serving.asking import Site, ballot, through
from tests.study.serving.asking import site as site_on
from tests.study.serving.remade import remade


def test_a_whole_study_is_the_slots_pairs_in_order(site: Site, folder: StudyFolder) -> None:
    answers = through(site.rater(), site.links[1], site.clock)
    votes, study = read_votes(folder.votes), read_study(folder)
    assert [vote.pair_id for vote in votes] == read_blocks(folder)[1]
    assert [vote.position for vote in votes] == list(range(len(votes)))
    assert len({vote.rater for vote in votes}) == len({vote.session for vote in votes}) == 1
    first = votes[0]
    assert (first.study, first.study_sha, first.platform, first.block) == (study.study, study.sha, "serve", 1)
    assert first.rater.startswith("r_") and first.shown_at == "2027-01-15T08:00:00.000Z"
    assert (first.rt_ms, first.left_plays, first.right_plays, first.watched) == (1500, 1, 1, True)
    assert [bool(answer["end"]) for answer in answers] == [False] * (len(votes) - 1) + [True]


def test_practice_is_told_and_nothing_else_is(site: Site, folder: StudyFolder) -> None:
    left = through(site.rater(), site.links[0], site.clock, "left")
    right = through(site.rater(), site.links[1], site.clock, "right")
    assert left[0]["feedback"] == {"right": True, "side": "left"}
    assert right[0]["feedback"] == {"right": False, "side": "left"}
    assert all(answer["feedback"] is None for answer in left[1:] + right[1:])
    kinds = {pair.pair_id: pair.kind for pair in read_key(folder.key).pairs}
    assert [kinds[vote.pair_id] for vote in read_votes(folder.votes)].count("practice") == 2


def test_a_retry_is_answered_with_the_same_bytes_and_counts_once(site: Site, folder: StudyFolder) -> None:
    rater = site.rater()
    place = rater.begin(site.links[0])
    first = rater.vote(place, "left")
    site.clock.now += 100
    assert rater.vote(place, "left").content == first.content
    assert rater.vote(place, "right", rt_ms=9).content == first.content
    later = rater.vote(first.json(), "right")
    assert later.json()["position"] == 2
    assert rater.vote(place, "left").content == first.content
    assert [vote.choice for vote in read_votes(folder.votes)] == ["left", "right"]


def test_a_vote_sent_many_times_at_once_counts_once(site: Site, folder: StudyFolder) -> None:
    rater = site.rater()
    place = rater.begin(site.links[0])
    choices = ["left", "right"] * 10

    async def all_at_once() -> list[bytes]:
        sent = [
            rater.client.post(
                "/api/vote",
                json=ballot(place["trial"]["nonce"], choice),
                headers={"Origin": "http://127.0.0.1:8000"},
            )
            for choice in choices
        ]
        return [answer.content for answer in await asyncio.gather(*sent)]

    answers = site.loop.run_until_complete(all_at_once())
    assert len(set(answers)) == 1
    (vote,) = read_votes(folder.votes)
    assert json.loads(answers[0])["choice"] == vote.choice


def test_a_reload_resumes_at_the_same_trial(site: Site, folder: StudyFolder) -> None:
    rater = site.rater()
    place = rater.begin(site.links[0])
    assert rater.state()["trial"] == place["trial"]
    after = rater.vote(place).json()
    assert {key: rater.state()[key] for key in ("position", "trial", "next")} == {
        key: after[key] for key in ("position", "trial", "next")
    }
    other_device = site.rater()
    other_device.enter(site.links[0])
    assert other_device.state()["trial"] == after["trial"]
    other_device.vote(after)
    sessions = [vote.session for vote in read_votes(folder.votes)]
    assert len(set(sessions)) == 2


def test_a_trial_outlives_the_server(folder: StudyFolder) -> None:
    with site_on(folder, 1) as before:
        rater = before.rater()
        place = rater.begin(before.links[0])
        cookies = rater.client.cookies
    with site_on(folder, 1) as after:
        again = after.rater()
        again.client.cookies = cookies
        assert again.vote(place).status_code == 200
    assert len(read_votes(folder.votes)) == 1


def test_the_page_is_believed_of_time_only_what_the_servers_clock_allows(
    site: Site, folder: StudyFolder
) -> None:
    rater = site.rater()
    place = rater.begin(site.links[0])
    site.clock.now += 0.25
    place = rater.vote(place, rt_ms=50_000).json()
    site.clock.now += 30
    rater.state()  # a reload in between makes nobody faster
    site.clock.now += 1
    rater.vote(place, rt_ms=20_000)
    first, second = read_votes(folder.votes)
    assert (first.rt_ms, first.watched) == (250, False)
    assert (second.rt_ms, second.watched) == (20_000, True)


def test_the_code_comes_after_the_last_vote_alone(site: Site) -> None:
    rater = site.rater()
    place = rater.begin(site.links[0])
    made = []
    while place["trial"]:
        assert place["end"] is None and rater.state()["end"] is None
        place = rater.vote(place).json()
        made.append(place)
    assert len(place["end"]["code"]) == 10 and place["end"]["url"] == ""
    assert rater.state()["end"] == place["end"]
    other = through(site.rater(), site.links[1], site.clock)
    assert other[-1]["end"]["code"] != place["end"]["code"]


def test_the_protocols_own_code_and_address_are_given(folder: StudyFolder, tmp_path: Path) -> None:
    url = "https://app.example.org/complete?cc=C0DE"
    coded = remade(folder, tmp_path / "coded", completion_code="C0DE", completion_url=url)
    with site_on(coded) as site:
        assert through(site.rater(), site.links[0], site.clock)[-1]["end"] == {"code": "C0DE", "url": url}


def test_nothing_of_a_trial_is_told_before_consent(site: Site) -> None:
    rater = site.rater()
    rater.enter(site.links[0])
    state = rater.state()
    assert (state["trial"], state["next"], state["end"], state["consented"]) == (None, None, None, False)
    assert "flash" in state["study"]["warning"] and state["study"]["consent"]


def test_a_clip_that_cannot_be_shown_can_always_be_reported_and_nothing_else_made_up(
    site: Site, folder: StudyFolder
) -> None:
    rater = site.rater()
    place = rater.begin(site.links[0])
    assert rater.vote(place, "tie").json()["error"] == "no-answer"
    assert rater.vote(place, "invalid").json()["error"] == "no-answer"
    assert read_votes(folder.votes) == []
    assert rater.vote(place, "invalid", watched=False).status_code == 200
    assert [vote.choice for vote in read_votes(folder.votes)] == ["invalid"]


def test_a_vote_that_cannot_be_written_is_not_acknowledged(site: Site, folder: StudyFolder) -> None:
    rater = site.rater()
    place = rater.begin(site.links[0])
    with closing(sqlite3.connect(folder.votes)) as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE INSERT ON votes BEGIN SELECT RAISE(ABORT, 'no space'); END"
        )
    refused = rater.vote(place)
    assert refused.status_code == 503 and refused.headers["retry-after"] == "1"
    with closing(sqlite3.connect(folder.votes)) as connection:
        connection.execute("DROP TRIGGER full")
    assert rater.vote(place).status_code == 200
    assert len(read_votes(folder.votes)) == 1


def test_a_work_that_fails_takes_no_other_with_it(tmp_path: Path) -> None:
    def good(connection: sqlite3.Connection) -> int:
        return connection.execute("INSERT INTO raters VALUES ('a', 'b', 'c', 0, NULL)").rowcount

    def bad(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO raters VALUES ('d', 'e', 'f', 0, NULL)")
        raise ValueError("not this one")

    async def both() -> tuple[object, ...]:
        return await asyncio.gather(writer.do(bad), writer.do(good), return_exceptions=True)

    writer = Writer(tmp_path / "votes.sqlite")
    failed, done = asyncio.run(both())
    writer.close()
    assert isinstance(failed, ValueError) and done == 1
    with closing(sqlite3.connect(tmp_path / "votes.sqlite")) as connection:
        assert connection.execute("SELECT rater FROM raters").fetchall() == [("a",)]


@pytest.mark.parametrize("damage", ["study", "pair", "twice", "file"])
def test_a_study_whose_files_do_not_belong_together_is_not_served(folder: StudyFolder, damage: str) -> None:
    path = folder.blocks if damage in ("pair", "twice") else folder.tasks
    table = json.loads(path.read_text())
    if damage == "study":
        table["study_sha"] = "0" * 64
    elif damage == "pair":
        table["slots"][1][2] = "p0000"
    elif damage == "twice":
        table["slots"][0][2] = table["slots"][0][1]
    else:
        next(iter(table["pairs"].values()))["left"] = "media/none.mp4"
    path.write_text(json.dumps(table))
    said = {"study": "another study", "pair": "p0000", "twice": "twice", "file": "none.mp4"}
    with pytest.raises(StudyError, match=said[damage]), site_on(folder):
        pass

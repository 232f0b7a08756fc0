"""What the server turns away, and what it tells the browser: each promise broken once."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path

import pytest

from skyscene.errors import StudyError
from skyscene.study.folder import StudyFolder
from skyscene.study.key import read_key
from skyscene.study.serving import Address, Limits, Rate, checked_address
from skyscene.study.votes import read_votes
from tests.study.serving.asking import WIDE, Site, ballot, through
from tests.study.serving.asking import site as site_on
from tests.study.serving.remade import remade

ASSETS = Path(__file__).parents[3] / "skyscene" / "study" / "serving" / "assets"
PATHS = ("/", "/api/state", "/assets/study.js", "/media/none/left", "/nothing")


def test_every_answer_says_what_a_browser_may_do_with_it(site: Site) -> None:
    rater = site.rater()
    rater.begin(site.links[0])
    for answer in [rater.get(path) for path in PATHS] + [rater.post("/api/vote", {})]:
        policy = dict(
            part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";")
        )
        assert policy["default-src"] == "'none'" and set(policy.values()) == {"'none'", "'self'"}
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Host": "127.0.0.1:8001"}, 421),
        ({"Host": "127.0.0.1"}, 421),
        ({"Host": "localhost:8000"}, 200),
    ],
)
def test_no_other_name_is_answered(site: Site, changed: dict[str, str], status: int) -> None:
    rater = site.rater()
    assert rater.get("/assets/study.css", **changed).status_code == status
    if status != 200:
        assert rater.get("/r/" + site.links[0].rpartition("/")[2], **changed).status_code == status


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "https://127.0.0.1:8000"}, 403),
        ({"Origin": ""}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({}, 200),
    ],
)
def test_no_foreign_page_can_vote(
    site: Site, folder: StudyFolder, changed: dict[str, str], status: int
) -> None:
    rater = site.rater()
    place = rater.begin(site.links[0])
    sent = rater.post("/api/vote", ballot(place["trial"]["nonce"]), **changed)
    assert sent.status_code == status
    assert len(read_votes(folder.votes)) == (status == 200)


def test_a_post_without_any_origin_is_refused(site: Site, folder: StudyFolder) -> None:
    rater = site.rater()
    place = rater.begin(site.links[0])
    assert rater.ask("POST", "/api/vote", json=ballot(place["trial"]["nonce"])).status_code == 403
    assert read_votes(folder.votes) == []


def test_large_requests_are_refused_whether_they_say_their_length_or_not(site: Site) -> None:
    rater = site.rater()
    rater.begin(site.links[0])
    headers = {"Origin": "http://127.0.0.1:8000", "Content-Type": "application/json"}

    async def endless():
        for _ in range(1000):
            yield b" " * 1000

    assert rater.ask("POST", "/api/vote", content=b" " * 8193, headers=headers).status_code == 413
    assert rater.ask("POST", "/api/vote", content=endless(), headers=headers).status_code == 413
    assert rater.ask("POST", "/api/vote", content=b" " * 8000, headers=headers).status_code == 400
    assert rater.ask("GET", "/api/state", content=b" " * 8193).status_code == 413


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"nonce": "NONCE"}',
        b"[" * 4000,
        *(
            json.dumps({**ballot("NONCE"), **wrong}).encode()
            for wrong in (
                {"choice": "LEFT"},
                {"choice": ["left"]},
                {"choice": None},
                {"rt_ms": -1},
                {"rt_ms": 1.5},
                {"rt_ms": "1500"},
                {"rt_ms": True},
                {"rt_ms": 10**30},
                {"left_plays": -1},
                {"right_plays": None},
                {"watched": 1},
                {"watched": "yes"},
                {"nonce": 7},
                {"nonce": ["NONCE"]},
                {"nonce": "x" * 65},
                {"rater": "r_other"},
                {"pair_id": "p1"},
            )
        ),
        json.dumps(ballot("NONCE")).replace("1500", "NaN").encode(),
    ],
)
def test_what_is_no_ballot_is_refused_and_not_repeated(site: Site, folder: StudyFolder, body: bytes) -> None:
    rater = site.rater()
    nonce = rater.begin(site.links[0])["trial"]["nonce"].encode()
    headers = {"Origin": "http://127.0.0.1:8000", "Content-Type": "application/json"}
    answer = rater.ask("POST", "/api/vote", content=body.replace(b"NONCE", nonce), headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (400, "no-ballot")
    assert answer.json()["message"] == "That was no answer this page can send."
    assert read_votes(folder.votes) == []


def test_no_rater_reaches_anothers_trials(site: Site, folder: StudyFolder) -> None:
    one, two, nobody = site.rater(), site.rater(), site.rater()
    place, other = one.begin(site.links[0]), two.begin(site.links[1])
    assert place["trial"]["nonce"] != other["trial"]["nonce"]
    assert one.vote(other).status_code == 409
    assert nobody.vote(place).status_code == 401
    for url in (other["trial"]["left"], other["next"]["right"]):
        assert two.get(url).status_code == 200
        assert one.get(url).status_code == 404
        assert nobody.get(url).status_code == 401
    assert nobody.get("/api/state").status_code == 401
    assert read_votes(folder.votes) == []


def test_a_trial_that_is_still_to_come_cannot_be_answered_nor_seen_before_its_time(
    site: Site, folder: StudyFolder
) -> None:
    rater, other = site.rater(), site.rater()
    last = [answer["trial"] for answer in through(rater, site.links[0], site.clock) if answer["trial"]][-1]
    assert rater.vote({"trial": last}).status_code == 200  # answered before: the first answer again
    place = other.begin(site.links[1])
    media = place["next"]["left"].split("/")[2]
    assert other.vote({"trial": {"nonce": media}}).status_code == 409
    assert other.get(place["next"]["left"]).status_code == 200
    secret = read_key(folder.key).secret
    (who,) = {vote.rater for vote in read_votes(folder.votes)}
    far = [f"/media/{secret.digest('media', who, k).hex()[:32]}/left" for k in range(6)]
    assert [rater.get(url).status_code for url in far] == [404] * 5 + [200]


def test_nothing_can_be_seen_or_answered_without_consent(site: Site, folder: StudyFolder) -> None:
    rater, twin = site.rater(), site.rater()
    rater.enter(site.links[0])
    secret = read_key(folder.key).secret
    who = f"r_{secret.digest('rater', site.links[0].rpartition('/')[2]).hex()[:20]}"
    first = f"/media/{secret.digest('media', who, 0).hex()[:32]}/left"
    assert rater.get(first).status_code == 404
    assert rater.vote({"trial": {"nonce": secret.digest("trial", who, 0).hex()[:32]}}).status_code == 409
    twin.begin(site.links[0])
    assert rater.get(first).status_code == 200


def test_the_state_tells_no_kind_no_model_no_pair_and_no_file(site: Site, folder: StudyFolder) -> None:
    rater = site.rater()
    texts = [json.dumps(answer) for answer in through(rater, site.links[0], site.clock)]
    texts += [rater.get("/").text, json.dumps(rater.state())]
    secrets = ["Model One", "Model Two", "gold-", '"real"', "repeat", "clip0"]
    for pair in read_key(folder.key).pairs:
        secrets += [pair.pair_id, pair.left_file, Path(pair.left_file).stem, pair.right_file]
    for text in texts:
        assert not [secret for secret in secrets if secret in text]


def test_tokens_are_hashed_on_the_disk_and_cookies_too(site: Site, folder: StudyFolder) -> None:
    rater = site.rater()
    rater.begin(site.links[0])
    cookie = rater.client.cookies["rater"]
    held = b"".join(path.read_bytes() for path in folder.root.glob("votes.sqlite*"))
    assert b"r_" in held
    for secret in (cookie, *(link.rpartition("/")[2] for link in site.links)):
        assert len(secret) == 43 and secret.encode() not in held


def test_tokens_are_in_no_log(
    site: Site, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG, logger="uvicorn")
    caplog.set_level(logging.DEBUG, logger="starlette")
    rater = site.rater()
    rater.begin(site.links[0])
    token = site.links[0].rpartition("/")[2]
    rater.get(f"/r/{token}x")
    assert not [r for r in caplog.records if r.name.startswith(("uvicorn", "starlette", "skyscene"))]
    assert token not in "".join(capfd.readouterr())


def test_the_cookie_is_out_of_reach_of_scripts_and_the_link_leaves_the_address_bar(site: Site) -> None:
    rater = site.rater()
    answer = rater.enter(site.links[0])
    assert answer.headers["location"] == "/" and answer.content == b""
    flags = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")}
    assert {"httponly", "samesite=lax", "path=/"} <= flags and "secure" not in flags
    assert not any(flag.startswith("domain") for flag in flags)


def test_behind_https_the_cookie_never_goes_without(folder: StudyFolder) -> None:
    address = checked_address("127.0.0.1", 8000, origin="https://study.example.org")
    with site_on(folder, 1, address) as site:
        rater = site.rater()
        assert site.links[0].startswith("https://study.example.org/r/")
        cookie = rater.enter(site.links[0]).headers["set-cookie"]
        assert cookie.startswith("__Host-rater=") and "; secure" in cookie.lower()
        assert rater.post("/api/consent", {}).status_code == 200
        assert rater.post("/api/consent", {}, Origin="https://example.org").status_code == 403


@pytest.mark.parametrize("path", ["/r/nothing", "/r/" + "A" * 43, "/", "/r/r_0123456789"])
def test_who_has_no_link_is_told_what_to_do(site: Site, path: str) -> None:
    rater = site.rater()
    answer = rater.get(path)
    assert answer.status_code == 403 and "open your link" in answer.text
    assert "set-cookie" not in answer.headers
    assert rater.get("/", Cookie="rater=made-up").status_code == 403


def test_a_programme_that_looks_at_a_link_opens_no_visit(site: Site) -> None:
    rater = site.rater()
    answer = rater.ask("HEAD", "/r/" + site.links[0].rpartition("/")[2])
    assert answer.status_code == 200 and "set-cookie" not in answer.headers


def test_a_rater_and_an_address_have_a_rate_each(folder: StudyFolder) -> None:
    with site_on(folder, 2, limits=Limits(rater=Rate(1.0, 5))) as site:
        one, two = site.rater(), site.rater()
        one.begin(site.links[0])
        two.begin(site.links[1])
        codes = [one.get("/api/state").status_code for _ in range(5)]
        assert codes == [200, 200, 200, 429, 429]
        assert two.get("/api/state").status_code == 200
        other_window = site.rater()
        assert other_window.enter(site.links[0]).status_code == 429
        site.clock.now += 1
        assert [one.get("/api/state").status_code for _ in range(2)] == [200, 429]
    with site_on(folder, 1, limits=Limits(address=Rate(1.0, 3))) as site:
        codes = [site.rater().get("/assets/study.css").status_code for _ in range(5)]
        assert codes == [200, 200, 200, 429, 429]
        site.clock.now += 2
        answer = site.rater().get("/assets/study.css")
        assert answer.status_code == 200


def test_texts_reach_the_page_as_they_are_and_the_page_sets_no_markup(
    folder: StudyFolder, tmp_path: Path
) -> None:
    hostile = "<img src=x onerror=alert(1)> & </script><script>alert(2)</script>"
    study = remade(folder, tmp_path / "hostile", question=hostile, consent=hostile, instructions=(hostile,))
    with site_on(study, 1, limits=WIDE) as site:
        rater = site.rater()
        rater.enter(site.links[0])
        answer = rater.get("/api/state")
        assert answer.headers["content-type"] == "application/json"
        assert answer.json()["study"]["questions"]["video"] == hostile
        assert "onerror" not in rater.get("/").text
    scripts = "".join(path.read_text() for path in ASSETS.glob("*.js"))
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function", scripts)


def test_the_page_asks_nobody_else_for_anything() -> None:
    for path in ASSETS.iterdir():
        text = path.read_text().replace("http://www.w3.org/2000/svg", "").replace('"https://"', "")
        assert not re.search(r"https?:|//[a-z]+\.[a-z]", text), path
        assert not re.search(r"<script(?![^>]* src=)|<style|style=|\bon[a-z]+=\"", text), path


@pytest.mark.parametrize(
    ("host", "public", "origin", "said"),
    [
        ("0.0.0.0", False, "", "--public"),
        ("192.168.1.4", False, "https://study.example.org", "--public"),
        ("::", False, "", "--public"),
        ("example.org", False, "", "--public"),
        ("0.0.0.0", True, "", "--origin"),
        ("127.0.0.1", False, "study.example.org", "write scheme and name"),
        ("127.0.0.1", False, "https://study.example.org/path", "write scheme and name"),
        ("127.0.0.1", False, "javascript:alert(1)", "write scheme and name"),
    ],
)
def test_only_who_asks_for_it_is_open_to_others(host: str, public: bool, origin: str, said: str) -> None:
    with pytest.raises(StudyError, match=said):
        checked_address(host, 8000, public, origin)


def test_with_an_origin_the_proxy_before_it_is_described() -> None:
    address = checked_address("0.0.0.0", 8000, True, "https://study.example.org/")
    assert address.secure and "study.example.org {" in address.note and "reverse_proxy" in address.note
    assert Address("::1", 8000).base_url == "http://[::1]:8000" and Address().note == ""
    assert "127.0.0.1:80" in Address(port=80).hosts and "127.0.0.1" in Address(port=80).hosts

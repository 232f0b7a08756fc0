"""Raters with a real browser: Chromium clicks and types through whole studies."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from skyscene.study.folder import StudyFolder
from skyscene.study.tasks import read_blocks
from skyscene.study.votes import read_votes
from tests.study.serving.remade import remade
from tests.study.serving.running import Server

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
DRIVER = shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="needs chromium and chromedriver (Debian: chromium, chromium-driver)"
)
HOSTILE = '<img src=x onerror="document.title=1"> & <b>bold</b>'


class Page:
    """One browser with one page."""

    def __init__(self, width: int = 1200, height: int = 800, phone: bool = False) -> None:
        from selenium import webdriver

        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM or ""
        for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", f"--window-size={width},{height}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        if phone:
            metrics = {"width": width, "height": height, "pixelRatio": 1, "touch": True}
            options.add_experimental_option("mobileEmulation", {"deviceMetrics": metrics})
        self.driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))

    def open(self, url: str) -> None:
        self.driver.get(url)

    def ask(self, expression: str) -> Any:
        return self.driver.execute_script(f"return {expression}")

    def wait(self, expression: str, seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while not self.ask(expression):
            if time.monotonic() > end:
                raise AssertionError(f"never came true: {expression}; {self.complaints()}")
            time.sleep(0.02)

    def on(self, screen: str) -> None:
        self.wait(f"document.documentElement.dataset.screen === '{screen}'")

    def click(self, name: str) -> None:
        self.driver.find_element("id", name).click()

    def press(self, key: str) -> None:
        self.driver.find_element("tag name", "body").send_keys(key)

    def text(self, name: str) -> str:
        return str(self.driver.find_element("id", name).text)

    def ready(self, position: int) -> None:
        """Waits until the trial at a place can be answered."""
        self.wait(
            f"document.documentElement.dataset.position === '{position}' "
            "&& document.documentElement.dataset.open === 'yes'"
        )

    def answer(self, position: int, do: Callable[[], None]) -> None:
        """Waits for a trial, answers it, and goes on where it was practice."""
        self.ready(position)
        do()
        if position == 0:
            self.on("feedback")
            assert self.ask("document.activeElement.id === 'go-on'")  # Enter goes on
            self.driver.switch_to.active_element.send_keys("\n")

    def complaints(self) -> list[str]:
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def asked(self) -> list[str]:
        """Every address that the page asked for."""
        names: list[str] = self.ask("performance.getEntriesByType('resource').map((each) => each.name)")
        return names


@pytest.fixture
def pages() -> Iterator[Callable[..., Page]]:
    with ExitStack() as stack:

        def page(**how: Any) -> Page:
            made = Page(**how)
            stack.callback(made.driver.quit)
            return made

        yield page


@pytest.fixture
def short(folder: StudyFolder) -> StudyFolder:
    """Slots of four: practice and three more, since every trial takes a second to watch."""
    table = json.loads(folder.blocks.read_text())
    table["slots"] = [slot[:4] for slot in table["slots"]]
    folder.blocks.write_text(json.dumps(table))
    return folder


def test_a_whole_study_with_keyboard_and_mouse_and_a_reload(
    short: StudyFolder, tmp_path: Path, pages: Callable[..., Page]
) -> None:
    url = "https://example.org/done"
    answers = ("left", "right", "tie", "invalid")
    study = remade(
        short, tmp_path / "all", question=HOSTILE, consent=HOSTILE * 2, answers=answers, completion_url=url
    )
    with Server(study, 1) as server:
        page = pages()
        page.open(server.links[0])
        page.on("welcome")
        assert page.ask("location.pathname") == "/" and page.text("consent") == HOSTILE * 2
        assert "flash" in page.text("warning")
        page.click("agree")
        page.wait("document.querySelector('video:not(.waiting)')?.currentTime > 0.2")
        page.press("1")
        page.click("pause")
        assert page.ask("document.querySelector('#paused').open")
        assert page.ask("[...document.querySelectorAll('video')].every((each) => each.paused)")
        page.click("resume")
        page.answer(0, lambda: page.press("1"))
        assert page.text("question") == HOSTILE
        page.ready(1)
        first, second = page.ask(
            "[...document.querySelectorAll('video:not(.waiting)')].map((v) => v.currentTime)"
        )
        assert abs(first - second) < 0.1
        page.driver.refresh()
        page.answer(1, lambda: page.click("right"))
        page.answer(2, lambda: page.press("t"))
        page.answer(3, lambda: page.press("x"))
        page.on("end")
        assert len(page.text("code")) == 10
        assert page.driver.find_element("id", "onward-link").get_attribute("href") == url
        assert all(each.startswith(server.base) for each in page.asked()) and page.complaints() == []
        assert page.ask("document.title") == "Video study"
    votes = read_votes(study.votes)
    assert [vote.choice for vote in votes] == ["left", "right", "tie", "invalid"]
    assert [vote.pair_id for vote in votes] == read_blocks(study)[0]
    assert all(vote.watched and vote.left_plays == vote.right_plays >= 1 for vote in votes)
    assert all(vote.rt_ms and 900 < vote.rt_ms < 20_000 for vote in votes)


def test_two_raters_at_once_one_on_a_narrow_phone(short: StudyFolder, pages: Callable[..., Page]) -> None:
    with Server(short, 2) as server:
        desk, phone = pages(), pages(width=360, height=640, phone=True)
        for page, link in zip((desk, phone), server.links, strict=True):
            page.open(link)
            page.on("welcome")
            page.click("agree")
        for position in range(4):
            phone.ready(position)
            assert phone.ask("document.documentElement.scrollWidth <= innerWidth")
            left, right, button = (
                phone.ask(f"document.querySelector('{name}').getBoundingClientRect().toJSON()")
                for name in ("#screen-left", "#screen-right", "#left")
            )
            assert left["top"] == right["top"] and left["right"] <= right["left"]
            assert 160 <= left["width"] == right["width"] and button["height"] >= 48
            assert button["bottom"] <= 640
            desk.answer(position, lambda: desk.press("\ue012"))
            phone.answer(position, lambda: phone.click("right"))
        desk.on("end")
        phone.on("end")
        assert desk.text("code") != phone.text("code")
    votes = read_votes(short.votes)
    by_rater = {vote.rater: [each for each in votes if each.rater == vote.rater] for vote in votes}
    assert sorted([vote.choice for vote in each] for each in by_rater.values()) == [
        ["left"] * 4,
        ["right"] * 4,
    ]
    assert sorted(each[0].block or 0 for each in by_rater.values()) == [0, 1]


def test_a_server_that_is_killed_between_votes_costs_no_answer(
    short: StudyFolder, pages: Callable[..., Page]
) -> None:
    server, page = Server(short, 1), pages()
    page.open(server.links[0])
    page.on("welcome")
    page.click("agree")
    page.answer(0, lambda: page.click("left"))
    page.ready(1)
    server.kill()
    page.press("2")
    page.wait("!document.querySelector('#offline').hidden")
    assert "Your answer is kept" in page.text("offline-text")
    with Server(short, 0, server.port) as again:
        page.ask(
            "document.querySelector('#send-now').click()"
        )  # wherever it may be: the page tries by itself too
        page.ready(2)
        again.kill()
        page.press("1")
        page.wait("localStorage.getItem('skyscene-answer')")
        page.open("about:blank")  # the tab is closed with an answer under way
        with Server(short, 0, server.port):
            page.open(server.base)
            page.answer(3, lambda: page.press("2"))
            page.on("end")
    votes = read_votes(short.votes)
    assert [vote.choice for vote in votes] == ["left", "right", "left", "right"]
    assert [vote.pair_id for vote in votes] == read_blocks(short)[0]


def test_a_clip_that_cannot_be_loaded_can_be_tried_again_or_reported(
    short: StudyFolder, pages: Callable[..., Page]
) -> None:
    table = json.loads(short.tasks.read_text())
    files = [short.public / table["pairs"][pair]["left"] for pair in read_blocks(short)[0][:2]]
    assert files[0] != files[1]
    whole = files[0].read_bytes()
    with Server(short, 1) as server:
        page = pages()
        page.open(server.links[0])
        page.on("welcome")
        for file in files:
            file.write_bytes(b"no video")
        page.click("agree")
        page.wait("!document.querySelector('#broken').hidden")
        files[0].write_bytes(whole)
        page.click("reload")
        page.answer(0, lambda: page.press("1"))
        page.wait("!document.querySelector('#broken').hidden")
        page.click("report")
        page.answer(2, lambda: page.press("1"))
        page.ready(3)
    assert [(vote.choice, vote.watched) for vote in read_votes(short.votes)] == [
        ("left", True),
        ("invalid", False),
        ("left", True),
    ]


def test_what_may_be_seen_once_is_gone_then_and_motion_waits_where_it_is_not_wished(
    short: StudyFolder, tmp_path: Path, pages: Callable[..., Page]
) -> None:
    study = remade(short, tmp_path / "once", plays=1, frame_seconds=0.5)
    _as_frames(study, read_blocks(study)[0][2])
    wish = {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]}
    with Server(study, 1) as server:
        page = pages()
        page.open(server.links[0])
        page.on("welcome")
        page.click("agree")
        page.ready(0)
        assert not page.ask("document.querySelector('.screen > :not(.waiting)')")
        page.answer(0, lambda: page.press("1"))
        page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", wish)
        page.ready(1)
        page.driver.refresh()
        page.wait("!document.querySelector('#play-row').hidden")
        assert page.ask("[...document.querySelectorAll('video')].every((each) => each.paused)")
        page.click("play")
        page.answer(1, lambda: page.press("2"))
        page.wait("document.querySelectorAll('img:not(.waiting)').length === 2")
        assert page.text("question") == "Which one is better?" and page.ask(
            "document.querySelector('#left').disabled"
        )
        page.ready(2)
        assert not page.ask("document.querySelector('.screen > img:not(.waiting)')")
        page.answer(2, lambda: page.press("1"))
        page.wait("document.documentElement.dataset.position === '3'")
    votes = read_votes(study.votes)
    assert [(vote.left_plays, vote.watched) for vote in votes] == [(1, True)] * 3
    assert 500 <= (votes[2].rt_ms or 0) < 20_000


def _as_frames(study: StudyFolder, pair: str) -> None:
    """Makes a pair one of two pictures."""
    picture = np.arange(32 * 32 * 3, dtype=np.uint8).reshape(32, 32, 3)
    assert cv2.imwrite(str(study.media / "frame.png"), picture)
    table = json.loads(study.tasks.read_text())
    table["pairs"][pair] = {"show": "frame", "left": "media/frame.png", "right": "media/frame.png"}
    study.tasks.write_text(json.dumps(table))

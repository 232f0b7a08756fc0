"""The page in a real browser: its controls, its words, and that it asks nobody for anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.report.browser import PROGRAM, Browser
from benchmarks.report.folder import make_folder
from skyscene.builder import write_report
from skyscene.builder.report import Limits
from tests.builder.report.conftest import EVIL, Make

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="needs Chromium")

SHOWN = "[...document.querySelectorAll('#sheet .card')].map(node => Number(node.dataset.window))"
COUNT = "document.querySelector('#clips output').textContent"
INSIDE = "[...document.querySelectorAll('{0}')].map(node => node.textContent.trim())"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as opened:
        yield opened


@pytest.fixture
def page(make: Make) -> Path:
    return write_report(make().root)


@pytest.mark.parametrize(
    ("chosen", "sources", "windows"),
    [
        ("verdict=kept", 3, (0, 2, 5, 7)),
        ("reason=hail", 3, (3, 8)),
        ("verdict=rejected&reason=static&source=ref000", 1, (1, 3, 6, 8)),
        ("side=train", 1, (0, 2, 5, 7)),
        ("verdict=kept&label-colour=blue&source=ref002", 1, (0, 2)),
        ("text=2.mp4%20one%20good", 1, (4, 9)),
        ("text=nothing-like-this", 0, ()),
    ],
)
def test_the_sheet_shows_what_is_chosen(
    browser: Browser, page: Path, chosen: str, sources: int, windows: tuple[int, ...]
) -> None:
    browser.open(page, f"#clips?{chosen}")
    assert browser.ask(COUNT) == f"{sources * len(windows)} of 30"
    assert sorted(number % 10 for number in browser.ask(SHOWN)) == sorted(windows * sources)
    assert len({number // 10 for number in browser.ask(SHOWN)}) == sources
    assert browser.ask("document.querySelector('#clips .empty').hidden") is bool(windows)


def test_controls_change_the_sheet_and_the_address(browser: Browser, page: Path) -> None:
    browser.open(page)
    assert browser.ask(COUNT) == "18 of 30"
    choose = "(() => {{ const form = document.querySelector('#clips .controls'); {0} }})()"
    browser.ask(
        choose.format(
            "form.elements.reason.value = 'hail';"
            "form.elements.reason.dispatchEvent(new Event('input', {bubbles: true}))"
        )
    )
    assert browser.ask(COUNT) == "6 of 30"
    assert browser.ask("location.hash") == "#clips?verdict=rejected&reason=hail"
    browser.ask(choose.format("form.querySelector('[value=kept]').click()"))
    assert browser.ask(COUNT) == "0 of 30"
    browser.ask("document.querySelector('[data-reset]').click()")
    browser.wait(f"{COUNT} === '18 of 30'")


def test_nothing_is_asked_of_anybody_and_nothing_complains(make: Make) -> None:
    page = write_report(make().root, limits=Limits(near=2, inside=0, films=0))
    with Browser() as browser:
        browser.open(page, "#sources?text=film")
        browser.ask("document.querySelector('#sheet').scrollIntoView()")
        browser.wait("[...document.querySelectorAll('#sheet img')].some(node => node.naturalWidth > 0)")
        browser.ask("document.querySelector('#sheet .pic').click()")
        browser.wait("document.querySelector('dialog').open")
        assert browser.complaints == []
        mine = page.parent.resolve().as_uri()
        beside = [address for address in browser.asked if address.startswith(f"{mine}/report_files/")]
        assert beside
        others = {address for address in browser.asked if not address.startswith((mine, "data:", "about:"))}
        assert others == set()


def test_a_picture_that_is_gone_says_where_it_was(make: Make) -> None:
    page = write_report(make().root, limits=Limits(near=0, inside=0, films=0))
    alone = page.rename(page.parents[1] / "alone.html")
    with Browser() as browser:
        browser.open(alone, "#clips?")
        browser.wait("document.querySelector('#sheet .none') !== null")
        said = browser.ask("document.querySelector('#sheet .none').textContent")
        assert said == "its picture is in report_files, which is not beside this page"
        browser.complaints.clear()


def test_a_window_tells_all_of_itself(browser: Browser, page: Path) -> None:
    browser.open(page, "#clips?verdict=rejected&reason=hail&source=ref000")
    browser.ask("(() => { const pic = document.querySelector('#sheet .pic'); pic.focus(); pic.click(); })()")
    said = browser.ask("document.querySelector('dialog').innerText")
    for part in (
        "film 0.mp4",
        "frames 96\N{EN DASH}127",
        "Static said no & <i>why</i>.",
        "Measured: 3 levels (change of a pixel); at least 4 levels needed.",
        "Motion: 48.1 to 63.7 levels, the line is at 40.",
        "Measured: 0.9; the threshold is 0.5.",
        "red <b>",
        "window 1 of 2",
    ):
        assert part in said, (part, said)
    assert browser.ask("document.querySelectorAll('dialog .axis .trace').length") >= 3
    browser.ask("[...document.querySelectorAll('dialog footer button')][1].click()")
    assert "window 2 of 2" in browser.ask("document.querySelector('dialog').innerText")
    browser.ask("document.querySelector('dialog .close').click()")
    assert browser.ask("document.activeElement.classList.contains('pic')")


def test_every_rejected_window_says_why_on_its_card(browser: Browser, page: Path) -> None:
    browser.open(page, "#clips?verdict=rejected")
    told = browser.ask(INSIDE.format("#sheet .card"))
    assert len(told) == 18
    assert all("said no & <i>why</i>." in text or "a source gives 4 at most." in text for text in told)


def test_hostile_words_are_words(browser: Browser, page: Path) -> None:
    browser.open(page, "#sources?")
    names = browser.ask(INSIDE.format("#films h3"))
    assert EVIL.split("/")[-1] in names
    assert browser.ask("document.querySelectorAll('#films h3 *:not(.name), #films img[onerror]').length") == 0


def test_a_source_is_read_with_the_keyboard(browser: Browser, page: Path) -> None:
    browser.open(page, "#source=ref000")
    assert browser.ask("document.activeElement.classList.contains('axis')")
    for _ in range(2):
        browser.call("Input.dispatchKeyEvent", type="keyDown", key="ArrowRight", code="ArrowRight")
    said = browser.ask("document.activeElement.closest('.axis-box').querySelector('.say').textContent")
    assert said == "0:01.1, frame 32 \N{EN DASH} Static said no & <i>why</i>."
    browser.call("Input.dispatchKeyEvent", type="keyDown", key="Enter", code="Enter")
    assert "frames 32\N{EN DASH}63" in browser.ask("document.querySelector('dialog').innerText")


def test_transitions_scenes_and_failures_are_listed_in_words(browser: Browser, page: Path) -> None:
    for kind, said, count in [
        ("cut", "Hard cut: another shot begins", 3),
        ("gap", "Damaged frame", 3),
        ("short", "Scene of 30 frames, too short", 3),
        ("failed", "Empty-file: it has no bytes.", 1),
        ("duplicate", "Same bytes as film 0.mp4", 1),
    ]:
        browser.open(page, f"#left?kind={kind}")
        told = browser.ask(INSIDE.format("#left-list li"))
        assert len(told) == count
        assert all(said in text for text in told)


@pytest.mark.parametrize("still", [False, True])
def test_pictures_near_a_threshold_play_unless_motion_is_unwanted(page: Path, still: bool) -> None:
    with Browser(still=still) as browser:
        browser.open(page)
        browser.ask("document.querySelector('[data-near] .card').scrollIntoView()")
        browser.wait("document.querySelector('[data-near] .card').classList.contains('seen')")
        playing = browser.ask("getComputedStyle(document.querySelector('[data-near] img')).animationName")
        assert playing == ("none" if still else "reel")
        browser.ask("document.querySelector('button.playing').click()")
        playing = browser.ask("getComputedStyle(document.querySelector('[data-near] img')).animationName")
        assert playing == ("reel" if still else "none")


@pytest.mark.parametrize("hash", ["#clips?", "#sources?", "#left?kind=cut", "#filters"])
def test_nothing_is_wider_than_a_phone(page: Path, hash: str) -> None:
    with Browser(390, 844, phone=True) as browser:
        browser.open(page, hash)
        assert browser.ask("document.documentElement.scrollWidth") == 390
        browser.ask("document.querySelector('#sheet .pic').click()")
        wide = browser.ask(
            "document.querySelector('dialog').scrollWidth - document.querySelector('dialog').clientWidth"
        )
        assert wide == 0


def test_ten_times_the_clips_are_no_more_elements(browser: Browser, tmp_path: Path) -> None:
    counts, sizes = [], []
    for name, sources in (("few", 13), ("many", 130)):
        page = write_report(make_folder(tmp_path / name, sources, 10).root, limits=Limits(near=5, inside=0))
        browser.open(page)
        assert browser.ask("Number(document.querySelectorAll('#sheet .card').length)") > 20
        # The list of sources to choose from has one element a source.
        counts.append(browser.ask("document.querySelectorAll('*:not(option)').length"))
        sizes.append(page.stat().st_size)
    assert counts[1] < 1.2 * counts[0] < 6_000
    # A row, its words, and eight curves over 32 frames.
    assert (sizes[1] - sizes[0]) / (117 * 10) < 1_500

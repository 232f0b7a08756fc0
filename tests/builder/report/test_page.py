"""The page on a build folder: all of it is there, and nothing but text comes of what others wrote."""

from __future__ import annotations

import base64
import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import cv2
import numpy as np
import pytest
from click.testing import CliRunner

from skyscene.builder import funnel, write_report
from skyscene.builder.report import Limits
from skyscene.cli.report import report as report_command
from skyscene.errors import StoreError
from skyscene.store import BuildFolder, read_rows, write_rows
from tests.builder.report.conftest import CLIPS, EVIL, FRAMES, Make, clip, told


class _Tags(HTMLParser):
    """Every attribute of every tag, as a browser reads them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [(tag, key, value or "") for key, value in attrs] or [(tag, "", "")]


_SEEN: dict[str, str] = {}


@pytest.fixture
def page(make: Make) -> str:
    """The page on the plain folder, made once."""
    if "page" not in _SEEN:
        _SEEN["page"] = _page(make())
    return _SEEN["page"]


def _page(folder: BuildFolder) -> str:
    return write_report(folder.root).read_text(encoding="utf-8")


def _text(page: str) -> str:
    body = page[page.index("<body>") : page.index('<script type="application/json"')]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())


def test_the_page_needs_nothing_but_itself(page: str) -> None:
    tags = _Tags()
    tags.feed(page)
    assert not {name for name, _, _ in tags.found} & {"link", "iframe", "object", "embed", "base", "img"}
    for name, key, value in tags.found:
        assert not key.startswith("on"), (name, key)
        assert key not in ("src", "srcset", "poster"), (name, value[:80])
        if key.endswith("href"):
            assert value.startswith("#"), (name, value[:80])
    assert "url(" not in page.replace("url(#", "")


def test_hostile_names_stay_text(page: str) -> None:
    assert "<img src=x" not in page
    assert "<i>why" not in page
    assert "<b>for tests" not in page
    assert "<script>alert" not in page
    assert 'href="javascript:' not in page
    data = told(page)
    assert [source["name"] for source in data["sources"]].count(EVIL.split("/")[-1]) == 1
    assert [source["url"] for source in data["sources"] if source["url"]] == [
        "https://example.org/watch?v=1&t=2"
    ]


def test_the_counts_are_those_of_the_funnel(make: Make, page: str) -> None:
    counts, text = funnel(make()), _text(page)
    assert f"{counts.kept} clips kept of {counts.windows} windows" in text
    for count, name in [(counts.sources, "sources"), (counts.scenes, "scenes"), (counts.windows, "windows")]:
        assert f"{count} {name}" in text
    assert f"duplicate {counts.duplicates}" in text
    assert f"empty-file {counts.source_reasons['empty-file']}" in text
    assert f"train {counts.splits['train']}" in text
    rows = re.findall(r'<tr>\s*<th scope="row">.*?</tr>', page, re.DOTALL)
    shown = {
        words[0]: int(words[1])
        for row in rows
        if len(words := _cells(row)) == 5 and words[0] in counts.reasons
    }
    assert shown == dict(counts.reasons)


def _cells(row: str) -> list[str]:
    cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]*>", "", cell)).strip() for cell in cells]


def test_every_frame_is_counted_once(page: str) -> None:
    data = told(page)
    for source in data["sources"]:
        assert sum(source["fates"]) == source["frames"]
    assert data["sources"][0]["frames"] == FRAMES
    # 10 windows; a dissolve and a fade that overlap in 10 frames, and a damaged one; a scene of 30 frames.
    assert sorted(data["sources"][0]["fates"][2:4]) == [30, 31]
    assert f"{3 * FRAMES:,} frames" in _text(page)


def test_every_window_is_there_with_what_rejected_it(make: Make, page: str) -> None:
    rows = {row["clip_id"]: row for row in read_rows(make().clips, "clips")}
    data = told(page)
    names = [reason["name"] for reason in data["reasons"]]
    columns = data["windows"]
    assert sorted(columns["id"]) == sorted(rows)
    for at, clip_id in enumerate(columns["id"]):
        row = rows[clip_id]
        assert [names[reason] for reason in columns["reasons"][at]] == row["reasons"]
        why = [[data["texts"][line] for line in lines] for lines in columns["why"][at]]
        assert len(why) == len(row["reasons"])
        for name, lines in zip(row["reasons"], why, strict=True):
            assert lines[0].startswith(
                "One of 6 good windows" if name == "source-cap" else f"{name.capitalize()} said no"
            )
        first, last = data["sources"][columns["source"][at]]["windows"]
        assert first <= at < last


def test_a_rejection_says_measured_needed_and_what_was_seen(page: str) -> None:
    data = told(page)
    at = data["windows"]["id"].index(f"{0:016x}-3")
    by_static, by_hail = ([data["texts"][line] for line in lines] for lines in data["windows"]["why"][at])
    assert by_static[1] == "Measured: 3 levels (change of a pixel); at least 4 levels needed."
    assert by_static[2] == "Motion: 48.1 to 63.7 levels, the line is at 40."
    assert by_hail[1] == "Measured: 0.9; the threshold is 0.5."


def test_curves_are_lanes_with_the_filters_line(page: str) -> None:
    data = told(page)
    lanes = {lane["name"]: lane for lane in data["lanes"]}
    assert list(lanes) == ["motion", "brightness", "hail size"]
    assert (lanes["motion"]["line"], lanes["motion"]["filter"], lanes["brightness"]["filter"]) == (40, 0, -1)
    packed = base64.b64decode(data["sources"][0]["curves"][0])
    assert len(packed) == FRAMES
    assert packed[-1] == round(254 * 200 / 300)


def test_the_nearest_windows_of_each_filter_are_named(page: str) -> None:
    data = told(page)
    static = data["filters"][0]
    assert (static["threshold"], static["passes"], static["unit"]) == (4.0, "at least", "levels")
    for numbers, side in zip(static["near"], (False, True), strict=True):
        scores = [data["windows"]["scores"][0][number] for number in numbers]
        ways = [abs(score - 4) for score in scores]
        assert 0 < len(numbers) <= 10
        assert ways == sorted(ways)
        assert all((0 in data["windows"]["reasons"][number]) == side for number in numbers)
    everyone = [
        abs(score - 4)
        for score, reasons in zip(data["windows"]["scores"][0], data["windows"]["reasons"], strict=True)
        if 0 not in reasons
    ]
    assert [abs(data["windows"]["scores"][0][number] - 4) for number in static["near"][0]] == sorted(
        everyone
    )[:10]


def test_what_was_left_out_is_explained(page: str) -> None:
    data, text = told(page), _text(page)
    source = data["sources"][0]
    sentences = [data["texts"][number] for *_, number in (*source["scenes"], *source["joins"])]
    assert (
        "Scene of 30 frames, too short: a clip of 32 that stays 2 clear of each transition needs 34."
        in sentences
    )
    for beginning in ("Hard cut", "Dissolve", "Fade", "Damaged frame"):
        assert any(sentence.startswith(beginning) for sentence in sentences), beginning
    reasons = [data["texts"][item["why"]] for item in data["sources"]]
    assert "Empty-file: it has no bytes." in reasons
    assert "Same bytes as film 0.mp4, under which its clips are." in reasons
    for name in (
        "Sources that cannot be used 1",
        "Sources there twice 1",
        "Scenes too short 3 90",
        "Cuts 3 0",
    ):
        assert name in text, name


def test_thresholds_are_those_the_windows_were_held_against(page: str) -> None:
    text = _text(page)
    assert "Change of a pixel: at least 4 levels is let through" in text
    assert "Score: at most 0.5 is let through" in text
    assert "Rejects what does not move. " in text
    assert "More than the page shows" not in text
    assert "A filter of your own: nowhere.at_all:Hail." in text


def test_the_same_folder_gives_the_same_bytes_wherever_it_lies(make: Make, tmp_path: Path) -> None:
    folder = make()
    first = write_report(folder.root).read_bytes()
    moved = folder.root.rename(tmp_path / "moved")
    assert write_report(moved).read_bytes() == first
    assert str(tmp_path).encode() not in first


def test_clips_are_linked_only_from_inside_the_folder(make: Make, tmp_path: Path) -> None:
    folder = make()
    within = told(write_report(folder.root, folder.root / "pages" / "one.html").read_text())
    assert within["windows"]["video"][0].startswith("../clips/")
    outside = told(write_report(folder.root, tmp_path / "report.html").read_text())
    assert set(outside["windows"]["video"]) == {None}


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "javascript:alert(1)"])
def test_a_clips_path_cannot_lead_astray(make: Make, path: str) -> None:
    folder = make()
    write_rows(folder.clips, [clip(f"{0:016x}", 0, [], path=path)], CLIPS)
    (video,) = told(_page(folder))["windows"]["video"]
    assert video in (None, "javascript%3Aalert%281%29")


def test_pictures_are_of_the_packed_frames_where_there_are_any(make: Make) -> None:
    folder = make()
    key = f"{0:016x}"
    rows = [clip(key, 0, [], cache_row=0), clip(key, 1, [], cache_row=7)]
    write_rows(folder.clips, rows, CLIPS)
    folder.cache(key).parent.mkdir()
    np.save(folder.cache(key), np.full((1, 32, 64, 64, 3), 255, np.uint8))
    page = _page(folder)
    strips = told(page, "strips")
    packed, thumbs = (
        cv2.imdecode(np.frombuffer(base64.b64decode(strips[name]), np.uint8), 1) for name in ("0/w0", "0/w1")
    )
    assert told(page)["windows"]["count"] == [8, 4]
    assert packed.min() > 250
    assert thumbs.max() < 100


@pytest.mark.parametrize("missing", ["thumbs", "columns"])
def test_a_folder_without_pictures_or_columns_works(make: Make, missing: str) -> None:
    folder = make(**{missing: False})
    page = _page(folder)
    assert f"{funnel(folder).kept} clips kept" in _text(page)
    assert set(told(page)["windows"]["picture"]) == ({0} if missing == "thumbs" else {1})


def test_a_folder_in_which_nothing_was_kept_works(make: Make) -> None:
    page = _page(make(lambda _: ["static"]))
    assert "0 clips kept of 30 windows" in _text(page)
    data = told(page)
    assert data["texts"][data["sources"][0]["why"]] == "All its windows were rejected: 10 by static."


def test_clips_without_files_are_said_to_be_pending(make: Make) -> None:
    folder = make()
    write_rows(folder.clips, [clip(f"{0:016x}", 0, [], state="pending", split=None)], CLIPS)
    assert "0 clips kept, 1 pending, of 1 window" in _text(_page(folder))


def test_a_folder_without_a_split_says_so(make: Make) -> None:
    folder = make()
    write_rows(folder.clips, [clip(f"{0:016x}", 0, [], split=None)], CLIPS)
    page = _page(folder)
    assert "not split yet" in _text(page)
    assert 'name="side"' not in page


def test_a_folder_without_windows_works(make: Make) -> None:
    page = _page(make(None))
    assert "No windows: no scene was long enough" in _text(page)
    assert "No scene found: every frame is part of a transition or damaged." in told(page)["texts"]


def test_a_folder_without_sources_works(make: Make) -> None:
    assert "There are no sources" in _text(_page(make(sources=[])))


def test_what_is_no_build_folder_is_refused_with_the_cure(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="skyscene build"):
        write_report(tmp_path)


def test_the_command_prints_the_funnel_and_the_path(make: Make, tmp_path: Path) -> None:
    folder = make()
    target = tmp_path / "page.html"
    done = CliRunner().invoke(report_command, [str(folder.root), "--to", str(target)], catch_exceptions=False)
    assert done.output.splitlines() == [*funnel(folder).lines(), str(target)]
    assert target.is_file()
    done = CliRunner().invoke(report_command, [str(folder.root), "--json"], catch_exceptions=False)
    answer = json.loads(done.output)
    assert answer["report"] == str(folder.root / "report.html")
    assert answer["funnel"]["kept"] == 12


def test_few_pictures_are_inside_the_page_and_many_beside_it(make: Make) -> None:
    folder = make()
    beside = folder.root / "report_files"
    page = _page(folder)
    assert not beside.exists()
    assert set(told(page)["windows"]["picture"]) == {1}
    page = write_report(folder.root, limits=Limits(near=2, inside=10, films=1)).read_text()
    data = told(page)
    near = {number for item in data["filters"] for numbers in item["near"] for number in numbers}
    for number, place in enumerate(data["windows"]["picture"]):
        key = f"{data['windows']['source'][number]}/w{number}"
        assert place == (1 if number in near else 2)
        assert (beside / f"{key}.jpg").is_file() == (number not in near)
        assert (key in told(page, "strips")) == (number in near)
    assert [source["film"][0] for source in data["sources"][:2]] == [1, 2]
    assert "pictures lie in the folder report_files beside this page" in _text(page)
    _page(folder)
    assert not beside.exists()


def test_a_folder_of_somebody_elses_is_left_alone(make: Make) -> None:
    folder = make()
    mine = folder.root / "report_files" / "notes.txt"
    mine.parent.mkdir()
    mine.write_text("mine")
    with pytest.raises(StoreError, match="not a report's folder of pictures"):
        write_report(folder.root, limits=Limits(inside=0))
    assert mine.read_text() == "mine"
    assert not (folder.root / "report.html").exists()


def test_a_report_that_fails_leaves_the_last_one(make: Make) -> None:
    folder = make()
    write_report(folder.root, limits=Limits(inside=0))
    before = {path: path.read_bytes() for path in folder.root.rglob("*") if path.is_file()}
    folder.frames(f"{2:016x}").write_bytes(b"broken")
    before[folder.frames(f"{2:016x}")] = b"broken"
    with pytest.raises(StoreError):
        write_report(folder.root, limits=Limits(inside=0))
    assert {path: path.read_bytes() for path in folder.root.rglob("*") if path.is_file()} == before

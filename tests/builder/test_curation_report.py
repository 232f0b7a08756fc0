"""The report on a build folder, made here by hand from rows."""

from __future__ import annotations

import html
import json
import re
import sys
import types
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from click.testing import CliRunner

from skyscene.builder import funnel, report_reasons, write_report
from skyscene.builder.curation_report import compose
from skyscene.builder.report_clips import Limits
from skyscene.cli.report import report as report_command
from skyscene.errors import StoreError
from skyscene.recipes import Component
from skyscene.records import Frames, Interval, Verdict
from skyscene.store import BuildFolder, schema, write_frames, write_rows, write_thumbs

EVIL = '<img src=x onerror=alert(1)> & "quoted" \'.mp4'
RECIPE = """description = "A recipe <b>for tests</b>"
[filters.static]
levels = 4.0
[filters.hail]
use = "nowhere.at_all:Hail"
max_size = 0.5
"""
Make = Callable[..., BuildFolder]


class Still(Component):
    """Rejects what does not move.

    More than the page shows.
    """

    levels: float

    def judge(self, frames: Frames, interval: Interval) -> Verdict:
        return Verdict(self.name, float(frames.of("luma_mean", interval).mean()), self.levels)


@pytest.fixture(autouse=True)
def shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """One shipped filter, whose threshold has a name of its own."""
    module = types.ModuleType("filters_for_reports")
    module.Still = Still  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(report_reasons, "FILTERS", {"static": "filters_for_reports:Still"})


def _source(index: int, **other: Any) -> dict[str, Any]:
    return {
        "ref_id": f"ref{index:03}",
        "source_id": f"{index:016x}",
        "status": "done",
        "kind": "file",
        "path": f"/films/film {index}.mp4",
        "frames": 320,
        "width": 640,
        "height": 360,
        "fps": 30.0,
        "codec": "h264",
    } | other


def _clip(source_id: str, index: int, reasons: list[str], **other: Any) -> dict[str, Any]:
    clip_id = f"{source_id}-{index}"
    kept = not reasons
    return {
        "clip_id": clip_id,
        "clip_key": clip_id,
        "source_id": source_id,
        "scene_id": f"scene-{source_id}",
        "frame_start": index * 32,
        "frame_stop": index * 32 + 32,
        "fps": 30.0,
        "width": 640,
        "height": 360,
        "kept": kept,
        "reasons": reasons,
        "details": [f"{name} said no & <i>why</i>" for name in reasons],
        "state": "encoded" if kept else None,
        "split": "train" if kept else None,
        "path": f"clips/{source_id}/{clip_id}.mp4" if kept else None,
        "score_static": float(index),
        "threshold_static": 4.0,
        "threshold_hail": 0.5,
        "score_hail": 0.9 if "hail" in reasons else 0.1,
    } | other


def _jpeg(value: int) -> bytes:
    _, data = cv2.imencode(".jpg", np.full((90, 160, 3), value, np.uint8))
    return bytes(data.tobytes())


def _fate(index: int) -> list[str]:
    return [[], ["static"], [], ["static", "hail"], ["source-cap"]][index % 5]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Writes a build folder of three good sources and one of each bad kind."""

    def made(
        clips: Callable[[int], list[str]] | None = _fate,
        sources: list[dict[str, Any]] | None = None,
        windows: int = 10,
        thumbs: bool = True,
        columns: bool = True,
    ) -> BuildFolder:
        folder = BuildFolder(tmp_path / "set")
        folder.root.mkdir(exist_ok=True)
        rows = sources if sources is not None else _sources()
        done = [row for row in rows if row["status"] == "done" and not row.get("duplicate_of")]
        ids = [row["source_id"] for row in done]
        scenes = [
            {"scene_id": f"scene-{key}", "source_id": key, "frame_start": 0, "frame_stop": 32 * windows}
            | {"windows": windows, "reasons": []}
            for key in ids
        ]
        write_rows(folder.sources, rows, schema("sources"))
        write_rows(folder.scenes, scenes if clips else [], schema("scenes"))
        write_rows(folder.transitions, _transitions(ids), schema("transitions"))
        made_clips = [_clip(key, k, clips(k)) for key in ids for k in range(windows)] if clips else []
        write_rows(folder.clips, made_clips, schema("clips", ["static", "hail"]))
        folder.recipe.write_text(RECIPE)
        for key in ids:
            if thumbs:
                write_thumbs(folder.thumbs(key), [(at, _jpeg(at % 256)) for at in range(0, 320, 16)])
            if columns:
                write_frames(folder.frames(key), _frames(320))
        return folder

    return made


def _sources() -> list[dict[str, Any]]:
    return [
        _source(0),
        _source(1, path=f"/films/{EVIL}", url="javascript:alert(2)", title=None),
        _source(2, url="https://example.org/watch?v=1&t=2"),
        _source(3, source_id=f"{0:016x}", duplicate_of="ref000", path="/films/twin.mp4"),
        _source(4, status="failed", reason="empty-file: it has no bytes", frames=None, source_id=None),
    ]


def _transitions(ids: list[str]) -> list[dict[str, Any]]:
    kinds = [("cut", 100, 100), ("dissolve", 150, 170), ("gap", 200, 201)]
    return [
        {"source_id": key, "frame_start": start, "frame_stop": stop, "kind": kind, "score": 1.0}
        | {"detector": "d"}
        for key in ids
        for kind, start, stop in kinds
    ]


def _frames(count: int) -> Frames:
    ramp = np.linspace(0, 200, count, dtype=np.float32)
    columns = {
        "luma_mean": ramp,
        "change_mad": ramp / 9,
        "change_lag_p99": ramp,
        "tiles": np.zeros((count, 4)),
    }
    empty = np.zeros(count, dtype=bool)
    hashes = np.arange(count, dtype=np.uint64)
    return Frames(np.arange(count), hashes, empty, columns, {"luma": "1"}, 30.0, 256, 144)


class _Tags(HTMLParser):
    """Every attribute of every tag, as a browser reads them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [(tag, key, value or "") for key, value in attrs] or [(tag, "", "")]


def _page(folder: BuildFolder, **limits: int) -> str:
    return compose(folder, folder.root / "report.html", Limits(**limits))


_SEEN: dict[str, str] = {}


@pytest.fixture
def page(make: Make) -> str:
    """The page on the plain folder, made once."""
    if "page" not in _SEEN:
        _SEEN["page"] = write_report(make().root).read_text(encoding="utf-8")
    return _SEEN["page"]


def _text(page: str) -> str:
    body = page[page.index("<body>") : page.rindex("<script>")]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())


def test_the_page_needs_nothing_but_itself(page: str) -> None:
    tags = _Tags()
    tags.feed(page)
    assert not {name for name, _, _ in tags.found} & {"link", "iframe", "object", "embed", "base"}
    for name, key, value in tags.found:
        assert not key.startswith("on"), (name, key)
        if key in ("src", "srcset", "poster"):
            assert name == "img" and value.startswith("data:image/jpeg;base64,"), (name, value[:80])
        if key.endswith("href"):
            plain = name == "a" and value.startswith(("clips/", "https://example.org/"))
            assert plain or value.startswith("#"), (name, value[:80])
    assert "url(" not in page.replace("url(#", "")


def test_hostile_names_stay_text(page: str) -> None:
    assert "<img src=x" not in page
    assert "<i>why" not in page
    assert "<b>for tests" not in page
    assert 'href="javascript:' not in page
    assert "&lt;img src=x onerror=alert(1)&gt; &amp; &#34;quoted&#34;" in page


def test_the_counts_are_those_of_the_funnel(make: Make, page: str) -> None:
    counts, text = funnel(make()), _text(page)
    assert f"{counts.kept} clips kept of {counts.windows} windows" in text
    for count, name in [(counts.sources, "sources"), (counts.scenes, "scenes"), (counts.windows, "windows")]:
        assert f"{count} {name}" in text
    assert f"duplicate {counts.duplicates}" in text
    assert f"empty-file {counts.source_reasons['empty-file']}" in text
    assert f"train {counts.splits['train']}" in text
    rows = re.findall(r'<tr>\s*<th scope="row">.*?</tr>', page, re.DOTALL)
    told = {
        words[0]: int(words[1])
        for row in rows
        if len(words := _cells(row)) == 5 and words[0] in counts.reasons
    }
    assert told == dict(counts.reasons)


def _cells(row: str) -> list[str]:
    cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]*>", "", cell)).strip() for cell in cells]


def test_every_reason_can_be_chosen_and_is_seen(page: str) -> None:
    for name in ("static", "hail", "source-cap"):
        assert f'<option value="{name}">' in page
        shown = [json.loads(html.unescape(text)) for text in re.findall(r'data-reasons="([^"]*)"', page)]
        assert any(name in reasons for reasons in shown)
    assert "static said no & <i>why</i>" in _text(page)


def test_every_window_is_a_card_where_there_is_room(page: str) -> None:
    assert page.count('data-verdict="kept"') == 12
    assert page.count('data-verdict="rejected"') == 18
    assert "Showing all 30 windows" in _text(page)


def test_limits_are_kept_and_said(make: Make) -> None:
    page = _page(make(), kept=5, rejected=2, films=1, rows=3)
    text = _text(page)
    assert page.count('data-verdict="kept"') == 5
    assert 3 <= page.count('data-verdict="rejected"') <= 6
    assert "kept: showing 5 of 12" in text
    assert "static: showing" in text and "of 12;" in text
    assert "Showing 1 of 3 sources with frames" in text
    assert "Showing the first 3 of 5" in text


def test_the_same_folder_gives_the_same_bytes_wherever_it_lies(make: Make, tmp_path: Path) -> None:
    folder = make()
    first = write_report(folder.root).read_bytes()
    moved = folder.root.rename(tmp_path / "moved")
    assert write_report(moved).read_bytes() == first
    assert str(tmp_path).encode() not in first


def test_clips_are_linked_only_from_inside_the_folder(make: Make, tmp_path: Path) -> None:
    folder = make()
    deeper = compose(folder, folder.root / "pages" / "one.html")
    assert 'href="../clips/' in deeper
    outside = compose(folder, tmp_path / "report.html")
    assert "data-video>" not in outside
    assert 'href="../' not in outside


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "javascript:alert(1)"])
def test_a_clips_path_cannot_lead_astray(make: Make, path: str) -> None:
    folder = make()
    rows = [_clip(f"{0:016x}", 0, [], path=path)]
    write_rows(folder.clips, rows, schema("clips", ["static", "hail"]))
    page = _page(folder)
    assert f'href="{path}"' not in page
    assert 'href="javascript:' not in page


def test_thresholds_are_those_the_windows_were_held_against(page: str) -> None:
    text = _text(page)
    assert "Lets through at least 4 ." in text
    assert "Lets through at most 0.5 ." in text
    assert "Rejects what does not move. " in text
    assert "More than the page shows" not in text
    assert "A filter of your own: nowhere.at_all:Hail." in text


def test_sources_without_clips_say_why(page: str) -> None:
    text = _text(page)
    assert "empty-file: it has no bytes" in text
    assert "same bytes as film 0.mp4" in text


def test_packed_frames_are_shown_where_there_are_any(make: Make) -> None:
    folder = make()
    key = f"{0:016x}"
    rows = [_clip(key, 0, [], cache_row=0), _clip(key, 1, [], cache_row=7)]
    write_rows(folder.clips, rows, schema("clips", ["static", "hail"]))
    folder.cache(key).parent.mkdir()
    np.save(folder.cache(key), np.zeros((1, 32, 64, 64, 3), np.uint8))
    page = _page(folder)
    assert page.count('class="reel n6"') + page.count('class="reel wide n6"') > 0
    assert page.count('class="reel wide n2"') > 0


@pytest.mark.parametrize("missing", ["thumbs", "columns"])
def test_a_folder_without_pictures_or_columns_works(make: Make, missing: str) -> None:
    folder = make(**{missing: False})
    page = _page(folder)
    assert f"{funnel(folder).kept} clips kept" in _text(page)
    assert ('<span class="none">no picture' in page) == (missing == "thumbs")


def test_a_folder_in_which_nothing_was_kept_works(make: Make) -> None:
    text = _text(_page(make(lambda _: ["static"])))
    assert "0 clips kept of 30 windows" in text
    assert "all windows rejected: static 10" in text


def test_a_folder_without_a_split_says_so(make: Make) -> None:
    folder = make()
    key = f"{0:016x}"
    write_rows(folder.clips, [_clip(key, 0, [], split=None)], schema("clips", ["static", "hail"]))
    page = _page(folder)
    assert "not split yet" in _text(page)
    assert 'name="side"' not in page


def test_a_folder_without_windows_works(make: Make) -> None:
    text = _text(_page(make(None)))
    assert "No windows: no scene was long enough" in text
    assert "no scene found" in text


def test_a_folder_without_sources_works(make: Make) -> None:
    assert "No source could be decoded" in _text(_page(make(sources=[])))


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
    told = json.loads(done.output)
    assert told["report"] == str(folder.root / "report.html")
    assert told["funnel"]["kept"] == 12

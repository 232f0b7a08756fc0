"""The page and the Markdown say what a score says, of any study."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from skyscene.report.page import assets
from skyscene.study.folder import StudyFolder
from skyscene.study.report import write_study_report
from skyscene.study.report.markdown import markdown
from skyscene.study.report.matrix import DEEPEST
from skyscene.study.report.numbers import NONE
from skyscene.study.report.page import page
from skyscene.study.scoring import StudyScore

from .scored import HOSTILE, labelled, lazy, predicted, prefers_one, scored


class Texts(HTMLParser):
    """Elements and the cells of tables."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[str]] = []
        self.inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self.inside = True
        if tag == "small" and self.inside:
            self.rows[-1][-1] += "/"

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.rows[-1][-1] += data.strip()


def rows_of(score: StudyScore) -> list[list[str]]:
    return Texts(page(score)).rows


def test_both_files_are_written_and_the_same_score_gives_the_same_bytes(tmp_path: Path) -> None:
    score = predicted(scored(tmp_path, lazy))
    folder = StudyFolder(tmp_path / "out")
    folder.root.mkdir()
    path = write_study_report(folder, score)
    assert path == tmp_path / "out" / "report.html" and path.read_text("utf-8") == page(score)
    assert (tmp_path / "out" / "report.md").read_text("utf-8") == markdown(score)


def test_a_row_of_the_page_is_a_row_of_the_score(tmp_path: Path) -> None:
    score = scored(tmp_path)
    row = score.rows[0]
    assert row.interval is not None and row.independent is not None and row.left is not None
    (cells,) = [cells for cells in rows_of(score)[:2] if cells[0] == "One over Two"]
    assert cells[1:4] == [
        "75.0",
        f"{row.interval.low:.1f}..{row.interval.high:.1f}",
        f"{row.independent.low:.1f}..{row.independent.high:.1f}",
    ]
    assert cells[5:] == ["60", "6", "20", "1.00", f"{row.left:.1f}"]


def test_another_interval_has_its_name_and_the_reason(tmp_path: Path) -> None:
    score = scored(tmp_path)
    for text in (page(score), markdown(score)):
        assert "0.0..6.0" in text and "Clopper-Pearson" in text
        assert "is not defined (all votes are for one model)" in text
    assert rows_of(score)[2][2] == "0.0..6.0/Clopper-Pearson"
    # Holm corrects for all three comparisons, though two have no p of their own.
    assert "(3 tests)" in page(score).replace("p (Holm,<br>", "(") and "p (Holm, 3)" in markdown(score)


def test_the_matrix_fills_both_triangles(tmp_path: Path) -> None:
    rows = rows_of(scored(tmp_path))
    at = rows.index(["", "One", "Two", "Real"])
    assert rows[at + 1 : at + 4] == [
        ["One", "", "75.0/60", "0.0/60"],
        ["Two", "25.0/60", "", "0.0/60"],
        ["Real", "100.0/60", "100.0/60", ""],
    ]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("colour", ["kept", "rejected"])
def test_a_number_can_be_read_on_the_deepest_cell(scheme: int, colour: str) -> None:
    parts = assets("study")["style"].split("prefers-color-scheme: dark", 1)
    inks = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", parts[scheme]))
    ground = [
        DEEPEST / 100 * int(inks[colour][at : at + 2], 16)
        + (1 - DEEPEST / 100) * int(inks["sheet"][at : at + 2], 16)
        for at in (1, 3, 5)
    ]
    text = [float(int(inks["ink"][at : at + 2], 16)) for at in (1, 3, 5)]
    low, high = sorted(_luminance(each) for each in (ground, text))
    assert (high + 0.05) / (low + 0.05) >= 4.5


def _luminance(rgb: list[float]) -> float:
    linear = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_breaches_stand_above_everything(tmp_path: Path) -> None:
    score = replace(scored(tmp_path), breaches=["pair feed is not in the key"])
    for text, table in ((page(score), "<table"), (markdown(score), "| pair")):
        assert text.index("pair feed is not in the key") < text.index(table)
        assert "break the protocol" in text
    assert "break the protocol" not in page(scored(tmp_path / "kept"))


def test_who_is_left_out_is_named_with_reasons_beside_all_votes(tmp_path: Path) -> None:
    score = scored(tmp_path, lazy)
    (out,) = score.excluded
    for text in (page(score), markdown(score)):
        assert out.rater in text.replace("\\_", "_")
        assert all(reason in text for reason in out.reasons)
    assert f"<li><code>{out.rater}</code>" in page(score)
    both = [cells for cells in rows_of(score) if cells[:2] == ["One over Two", "72.0"] and len(cells) == 8]
    assert len(both) == 1 and both[0][3:5] == ["50", "68.3"] and both[0][7] == "60"


def test_ties_and_invalid_trials_have_columns_where_there_are_any(tmp_path: Path) -> None:
    def answer(slot: int, pair):
        if pair.kind == "test" and slot < 3:
            return ("tie", "invalid", "tie")[slot]
        return prefers_one(slot, pair)

    score = scored(tmp_path, answer, answers=("left", "right", "tie", "invalid"), exclude={"invalid_over": 1})
    heads, cells = rows_of(score)[:2]
    found = dict(zip(heads, cells, strict=True))
    assert (found["votes"], found["ties"], found["invalid"]) == ("50", "20", "10")
    assert "| ties | invalid |" in markdown(score)
    assert "ties" not in rows_of(scored(tmp_path / "other"))[0]


def test_which_metrics_point_the_wrong_way_is_said_in_words_pooled_first(tmp_path: Path) -> None:
    score = predicted(scored(tmp_path))
    for text in (page(score), markdown(score)):
        assert "psnr points the wrong way" in text and "ssim says nothing here" in text
        assert "tied cannot be judged" in text and "lpips goes with" not in text  # one model everywhere
        assert "this is that model" in text
        assert text.lower().index("all pairs together") < text.index("One and Two")
    cells = next(cells for cells in rows_of(score) if cells[0] == "psnr")
    assert cells == ["psnr", "0.61", "0.45..0.83", "37.9", "0.002", "812", "points the wrong way"]


def test_a_contestant_without_a_strength_is_told_as_it_is(tmp_path: Path) -> None:
    score = scored(tmp_path)
    assert all(rung.why for rung in score.scales[0].ladder.rungs if rung.model != "real")
    rows = rows_of(score)
    assert ["Real/the anchor, 0 by definition", "0", NONE, NONE] in rows
    assert any(cells[0].startswith("One/not estimable: ") and cells[1:] == [NONE] * 3 for cells in rows)
    assert "not estimable: " in markdown(score)


def test_scenes_have_a_table_only_where_there_are_any(tmp_path: Path) -> None:
    score = scored(tmp_path)
    assert ["One over Two", "scene0", "50.0"] in [cells[:3] for cells in rows_of(score)]
    none = replace(score, rows=score.rows[::3], all_rows=score.all_rows[::3])
    assert "By scene" in page(score) and "By scene" not in page(none) + markdown(none)


def test_frame_and_video_are_told_apart(tmp_path: Path) -> None:
    score = scored(tmp_path, shows=("frame", "video"))
    names = [cells[0] for cells in rows_of(score)[1:7]]
    assert names[0] == "frame: One over Two" and names[3] == "video: One over Two"
    assert "frame 16 for 2 s" in page(score) and page(score).count('class="wins"') == 2


@pytest.mark.parametrize("names", [("one", "real"), ("a", "b", "c", "d", "e", "real")])
def test_two_contestants_and_six(tmp_path: Path, names: tuple[str, ...]) -> None:
    score = scored(tmp_path, prefers_real, names)
    assert (
        len(next(cells for cells in rows_of(score) if cells[0] == "" and cells[-1] == "Real"))
        == len(names) + 1
    )
    assert ('id="scale"' in page(score)) == (len(names) > 2)


def prefers_real(slot: int, pair):
    if pair.gold_side:
        return pair.gold_side
    return "left" if pair.left == "real" or (pair.right != "real" and slot % 2) else "right"


def test_a_study_without_votes_has_its_plan(tmp_path: Path) -> None:
    score = scored(tmp_path, None)
    for text in (page(score), markdown(score)):
        assert "0 votes of 180 planned" in text and "None yet." in text
    assert "Nobody was excluded" not in page(score) + markdown(score)
    assert "No votes yet" in page(score) and "<svg" not in page(score)


def test_it_says_that_a_score_belongs_to_its_protocol(tmp_path: Path) -> None:
    score = scored(tmp_path)
    for text in (page(score), markdown(score)):
        assert "does not carry over to another study" in text and score.study.sha in text
        assert "planned/1" in text and "180 of 180 planned" in text and "cluster-robust/1" in text


def test_what_labels_say_is_text_and_a_folder_is_only_named(tmp_path: Path) -> None:
    plain = predicted(scored(tmp_path, lazy))
    names = dict.fromkeys(plain.study.sides, HOSTILE)
    hostile = replace(labelled(plain, names, "/home/somebody/runs"), breaches=[HOSTILE], notes=[HOSTILE])
    html, text = page(hostile), markdown(hostile)
    same = labelled(plain, {}, "/home/somebody/runs")
    known = [tag for tag, _ in Texts(page(replace(same, breaches=["x"], notes=["x"]))).tags]
    assert [tag for tag, _ in Texts(html).tags] == known
    assert not any(name.startswith("on") for _, given in Texts(html).tags for name in given)
    assert "<script>" not in text and "\x1b" not in html + text and "\u202e" not in html + text
    assert "somebody" not in html + text and "(one)" in html  # the same label three times
    widths = [len(re.findall(r"(?<!\\)\|", line)) for line in text.splitlines()]
    assert widths == [
        len(re.findall(r"(?<!\\)\|", line))
        for line in markdown(replace(same, breaches=["x"], notes=["x"])).splitlines()
    ]


def test_the_page_needs_nothing_from_elsewhere(tmp_path: Path) -> None:
    text = page(predicted(scored(tmp_path, lazy)))
    bare = re.sub(r'xmlns(:xlink)?="[^"]*"', "", text)
    assert not re.search(r"https?:|@import|url\((?!#)", bare)
    assert not {"src", "srcset", "data"} & {name for _, given in Texts(text).tags for name in given}
    identifiers = re.findall(r' id="([^"]*)"', text)
    assert len(identifiers) == len(set(identifiers))

"""The lines of a terminal."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from skyscene.study.report import summary

from .scored import HOSTILE, lazy, prefers_one, scored


def test_the_first_lines_say_who_is_preferred_and_how_sure_that_is(tmp_path: Path) -> None:
    score = scored(tmp_path)
    first, heads, row, real, _, mark, everybody, quality, *rest = summary(score)
    asked = "Which one is more realistic?"
    assert (
        first
        == f"{asked}   20 clips, 6 raters, 180 votes of 180 planned, 0 raters excluded (rules in study.toml)"
    )
    assert heads.split("  ")[0] == "model A over B" and heads.endswith("alpha   p (Holm)")
    found = score.rows[0]
    assert found.interval is not None and found.independent is not None and found.p_holm is not None
    ends = f"{found.interval.low:.1f}..{found.interval.high:.1f}"
    wilson = f"{found.independent.low:.1f}..{found.independent.high:.1f}"
    assert row.split() == ["one", "over", "two", "75.0", ends, wilson, "60", "1.00", f"{found.p_holm:.2f}"]
    assert real.split()[3:6] == ["0.0", "0.0..6.0", "*"] and real.split()[-2:] == ["-", "-"]
    assert mark.startswith("* Clopper-Pearson") and mark.endswith("all votes are for one model")
    assert everybody == "nobody was excluded: these are all votes"
    assert quality.startswith("left chosen") and quality.endswith("median answer 4.0 s")
    assert rest == []


def test_all_votes_stand_beside_the_filtered_ones(tmp_path: Path) -> None:
    lines = summary(scored(tmp_path, lazy))
    assert "1 rater excluded" in lines[0]
    assert any(line.startswith("one over two") and " 72.0 " in line for line in lines)
    (told,) = [line for line in lines if line.startswith("all votes, nobody excluded: one over two")]
    assert told.split(": ")[1].startswith("one over two 68.3 (") and told.endswith("60 votes")


def test_breaches_and_notes_come_last_and_move_no_cursor(tmp_path: Path) -> None:
    score = replace(scored(tmp_path), breaches=[HOSTILE], notes=["Unpaired."])
    *_, breach, note = summary(score)
    assert breach.startswith("BREACH of the protocol: <script>") and note == "note: Unpaired."
    assert all(line.isprintable() for line in summary(score))


def test_without_votes_it_says_so(tmp_path: Path) -> None:
    lines = summary(scored(tmp_path, None))
    assert "0 votes of 180 planned" in lines[0]
    assert "no votes that count yet" in lines and lines[2].split()[3:] == ["-", "-", "-", "0", "-", "-"]


def test_frame_and_video_are_told_apart(tmp_path: Path) -> None:
    lines = summary(scored(tmp_path, prefers_one, shows=("frame", "video")))
    assert lines[0].startswith("Frame: Which one is better? / Video: Which one is more realistic?")
    assert [line.split(":")[0] for line in lines[2:8]] == ["frame"] * 3 + ["video"] * 3


def test_columns_stand_under_their_heads(tmp_path: Path) -> None:
    heads, *rows = summary(scored(tmp_path))[1:5]
    assert {len(row) for row in rows} == {len(heads)}
    ends = [re.search(r"\.\.\d+\.\d", row) for row in rows]
    assert len({found.end() for found in ends if found}) == 1


def test_the_p_is_the_corrected_one(tmp_path: Path) -> None:
    score = scored(tmp_path)
    row = replace(score.rows[0], p=0.0123, p_holm=0.0369)
    assert summary(replace(score, rows=[row], all_rows=[row]))[2].endswith("0.037")

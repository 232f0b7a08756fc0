"""Plots of intervals take the page's colours, and leave out nothing."""

from __future__ import annotations

import re
from pathlib import Path

from skyscene.report.intervals import Group, Mark, intervals
from skyscene.study.report.charts import scale_plot, score_plot
from skyscene.study.report.labels import Labels

from .scored import HOSTILE, labelled, lazy, scored

PLAIN = Mark(70.0, (50.0, 85.0), (60.0, 80.0), "70.0")


def drawn(*marks: Mark, label: str = "A over B") -> str:
    return intervals("x", [Group(label, marks)], "POS", 50, (0, 100))


def test_a_plot_has_the_colours_of_the_page_and_no_others() -> None:
    svg = drawn(PLAIN, Mark(30.0, (20.0, 40.0), (25.0, 35.0), "30.0", quiet=True))
    assert not re.search(r"#[0-9a-f]{3,6}\b", svg)
    assert {"var(--kept)", "var(--muted)", "var(--ink)"} <= set(re.findall(r"var\(--\w+\)", svg))
    assert svg.startswith("<svg") and svg.endswith("</svg>")


def test_an_interval_is_as_long_as_it_is() -> None:
    (low, high), (centre,) = _band(drawn(PLAIN)), _places(drawn(PLAIN))
    none, whole = _band(drawn(Mark(50.0, (0.0, 100.0), said="50.0")))
    scale = (whole - none) / 100
    assert round((low - none) / scale) == 50 and round((high - none) / scale) == 85
    assert round((centre - none) / scale) == 70


def _band(svg: str) -> tuple[float, float]:
    """Ends of the thick interval: the one shape that is see-through."""
    (path,) = re.findall(r'<path d="([^"]*)"[^>]*opacity: 0.35', svg)
    places = [float(x) for x in re.findall(r"[ML] ([\d.]+) [\d.]+", path)]
    return min(places), max(places)


def _places(svg: str) -> list[float]:
    return [float(x) for x in re.findall(r'<use [^>]*x="([\d.]+)"[^>]*fill: var\(--kept\)', svg)]


def test_a_stand_in_looks_unlike_the_headline() -> None:
    plain, hollow = drawn(PLAIN), drawn(Mark(70.0, (50.0, 85.0), (60.0, 80.0), "70.0", hollow=True))
    assert "opacity: 0.35" in plain and "opacity: 0.35" not in hollow


def test_what_has_no_value_is_said() -> None:
    assert "no votes" in drawn(Mark(None, said="no votes"))


def test_labels_are_text_in_any_script() -> None:
    svg = drawn(PLAIN, label=HOSTILE.replace("\x1b", "").replace("\n", " "))
    assert "<script" not in svg and "&lt;script&gt;" in svg and "$x$" in svg


def test_every_pair_is_drawn_and_all_votes_only_where_somebody_is_left_out(tmp_path: Path) -> None:
    kept, left = scored(tmp_path / "kept"), scored(tmp_path / "left", lazy)
    plots = [score_plot(score, Labels(score.study), "video") for score in (kept, left)]
    assert all(plot is not None and plot.count(" over ") == 3 for plot in plots)
    # Against real all votes are for one: a stand-in, and not the see-through band of a headline.
    assert str(plots[0]).count("opacity: 0.35") == 1
    # Pairs, and the axis with its ticks: all votes double the values at the ends of the lines.
    assert [len(re.findall(r">\d+\.\d<", str(plot))) for plot in plots] == [3, 6]


def test_a_scale_of_the_anchor_alone_is_not_drawn(tmp_path: Path) -> None:
    score = scored(tmp_path)
    assert scale_plot(score.scales[0], Labels(score.study)) is None


def test_labels_stay_apart_where_they_are_cut(tmp_path: Path) -> None:
    score = labelled(scored(tmp_path), {"one": "long " * 20 + "a", "two": "long " * 20 + "b"})
    labels = Labels(score.study)
    found = [labels.short(name, 20) for name in score.study.sides]
    assert len(set(found)) == 3 and all(len(each) < 30 for each in found)
    assert labels.of("one").endswith("long a")

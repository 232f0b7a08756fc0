"""Plots take the page's colours, and hide no value."""

from __future__ import annotations

import re
import subprocess
import sys

import numpy as np
import pytest

from skyscene.report import Line, histogram, lines
from skyscene.report.plots import INKS, _edges


def test_a_plot_has_the_colours_of_the_page_and_no_others() -> None:
    svg = histogram("dark", [4.0, 5.0, 6.0], [1.0, 2.0], threshold=3.0).svg
    for ink in INKS:
        assert f"var(--{ink})" in svg, ink
    assert not re.search(r"#[0-9a-f]{3,6}\b", svg)
    assert svg.startswith("<svg")
    assert svg.endswith("</svg>")


def test_two_plots_on_a_page_share_no_identifier() -> None:
    first, second = (histogram(name, [1.0, 2.0], [0.0], 0.5).svg for name in ("dark", "static"))
    identifiers = [set(re.findall(r'id="([^"]*)"', svg)) for svg in (first, second)]
    assert identifiers[0] and not identifiers[0] & identifiers[1]


def test_the_same_scores_give_the_same_bytes() -> None:
    assert histogram("a", [1.0, 2.0], [0.0], 0.5) == histogram("a", [1.0, 2.0], [0.0], 0.5)


def test_far_and_missing_values_are_counted_aloud() -> None:
    scores = [*np.linspace(0, 1, 200), 1e6, -1e6, float("nan"), float("inf")]
    drawn = histogram("a", scores, [])
    assert (drawn.below, drawn.above, drawn.unmeasured) == (1, 1, 2)


@pytest.mark.parametrize(
    ("passed", "rejected", "threshold"),
    [([], [], 3.0), ([], [], None), ([2.0], [], 2.0), ([0.0] * 9, [0.0], None), ([1.0], [], float("nan"))],
)
def test_hardly_any_scores_are_drawn_too(
    passed: list[float], rejected: list[float], threshold: float | None
) -> None:
    assert "<svg" in histogram("a", passed, rejected, threshold).svg


def test_no_bar_stands_on_both_sides_of_the_threshold() -> None:
    edges = _edges(0.0, 10.0, 3.3)
    assert np.isclose(edges, 3.3).any()
    assert edges[0] <= 0.0
    assert edges[-1] >= 10.0


def test_matplotlib_is_imported_by_a_plot_and_not_before() -> None:
    code = "import sys, skyscene.report; sys.exit('matplotlib' in sys.modules or 'jinja2' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_numbers_at_an_axis_keep_their_digits() -> None:
    svg = lines("fine", {"loss": Line([0, 1], [0.06125, 0.06175])}, "step", "")
    told = [float(text) for text in re.findall(r">\s*(0\.06\d*)\s*</text>", svg)]
    assert len(told) > 2 and len(set(told)) == len(told)
    assert not re.search(r'd="[^"]*\.\d{3}', svg), "coordinates are short"

"""Plots as SVG inside the page, all in one style.

A plot has no colours of its own: its inks are CSS variables of the page, so it follows light and dark.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INKS: Mapping[str, str] = {
    "ink": "#010101",
    "muted": "#020202",
    "line": "#030303",
    "kept": "#040404",
    "rejected": "#050505",
}
"""CSS variable to the colour that stands for it while a plot is drawn."""

_CLEANING: Sequence[tuple[re.Pattern[str], str]] = [
    (re.compile(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", re.DOTALL), ""),
    (re.compile(r'<g id="[^"]*"/>'), ""),
    (re.compile(r'<g id="[^"]*">'), "<g>"),
    (re.compile(r"; font-family: [^;\"]*|font-family: [^;\"]*; "), ""),
    (re.compile(r' transform="rotate\(-0 [^"]*"'), ""),
    (re.compile(r"(<svg\b[^>]*?) (?:width|height)=\"[^\"]*\"([^>]*?) (?:width|height)=\"[^\"]*\""), r"\1\2"),
    (re.compile(r"\s*\n\s*"), "\n"),
    (re.compile(r"<g>\n</g>\n|<defs>\n</defs>\n"), ""),
]
"""Takes out what a page gives itself (fonts, sizes, global styles) and identifiers that would clash."""

_TAG = re.compile(r"<[^>]*>")
_TOO_FINE = re.compile(r"(\.\d{2})\d+")
"""Of a coordinate; what is written for people keeps its digits."""

_FAR = 3.0
_BINS = 48
_LOW = 0.03


@dataclass(frozen=True, slots=True)
class Histogram:
    """A drawn histogram.

    Attributes:
        svg: The drawing.
        below: Values left of the drawn range, counted in the first bar.
        above: Values right of it, counted in the last bar.
        unmeasured: Values that are not finite, not drawn.
    """

    svg: str
    below: int
    above: int
    unmeasured: int


def histogram(
    name: str,
    passed: Sequence[float],
    rejected: Sequence[float],
    threshold: float | None = None,
    label: str = "score",
    keeps: str = "",
) -> Histogram:
    """A histogram of scores in two colours, with a line at the threshold.

    Few far values do not squeeze the rest: they are counted in the outermost bar.

    Args:
        name: Of the plot, unique on the page.
        passed: Scores of what was let through.
        rejected: Scores of what was not.
        threshold: Where the line stands; none for no line.
        label: What is on the horizontal axis.
        keeps: "at least" or "at most" the threshold is let through; "" where that is not known.
    """
    from matplotlib.ticker import MaxNLocator

    good, bad = (_finite(values) for values in (passed, rejected))
    both = np.concatenate([good, bad])
    unmeasured = len(passed) + len(rejected) - len(both)
    low, high = _range(both, good, threshold)
    edges = _edges(low, high, threshold)
    figure, axes = plot(width=4.4, height=1.75)
    counts_good, _ = np.histogram(np.clip(good, low, high), edges)
    counts_bad, _ = np.histogram(np.clip(bad, low, high), edges)
    step, left = np.diff(edges) * 0.92, edges[:-1]
    for counts, bottom, ink in ((counts_bad, 0 * counts_bad, "rejected"), (counts_good, counts_bad, "kept")):
        drawn = counts > 0
        axes.bar(
            left[drawn],
            counts[drawn],
            step[drawn],
            bottom[drawn],
            align="edge",
            color=INKS[ink],
            linewidth=0,
        )
        # A bar of one beside bars of hundreds is too low to be seen: a foot under the axis shows it.
        drawn &= counts < _LOW * (counts_good + counts_bad).max()
        axes.bar(
            left[drawn],
            0.025,
            step[drawn],
            -0.025,
            align="edge",
            color=INKS[ink],
            linewidth=0,
            clip_on=False,
            transform=axes.get_xaxis_transform(),
        )
    if threshold is not None:
        _line(axes, threshold, keeps)
    axes.set_xlim(edges[0], edges[-1])
    axes.set_xlabel(label)
    axes.set_ylabel("windows")
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    return Histogram(
        svg=to_svg(figure, name),
        below=int((both < low).sum()),
        above=int((both > high).sum()),
        unmeasured=unmeasured,
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a plot.

    Attributes:
        places: Along the horizontal axis.
        values: Along the vertical one.
        ends: Lower and upper ends of a band around it, if it has one.
    """

    places: Sequence[float]
    values: Sequence[float]
    ends: tuple[Sequence[float], Sequence[float]] | None = None


def lines(name: str, series: Mapping[str, Line], across: str, up: str) -> str:
    """Lines over a common axis, each with its name at its end.

    Args:
        name: Of the plot, unique on the page.
        series: Label to line.
        across: What is on the horizontal axis.
        up: What is on the vertical one.
    """
    figure, axes = plot(width=5.6, height=2.6)
    inks = ["kept", "rejected", "ink", "muted"]
    for number, (label, line) in enumerate(series.items()):
        ink = INKS[inks[number % len(inks)]]
        style = "-" if number < len(inks) else "--"
        axes.plot(line.places, line.values, style, color=ink, linewidth=1.4, label=label)
        if line.ends:
            axes.fill_between(line.places, *line.ends, color=ink, alpha=0.12, linewidth=0)
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    legend = axes.legend(fontsize=8, frameon=False, ncols=2, loc="upper center", bbox_to_anchor=(0.5, 1.28))
    for text in legend.get_texts():
        text.set_color(INKS["muted"])
        text.set_parse_math(False)
    return to_svg(figure, name)


def _line(axes: Axes, threshold: float, keeps: str) -> None:
    """A dashed line, with what passes it written over its good side."""
    axes.axvline(threshold, color=INKS["ink"], linewidth=1.2, dashes=(4, 2))
    said = f"{keeps} {threshold:.4g}"
    words = {
        "at least": (f"{said} \N{RIGHTWARDS ARROW}", -4, "left"),
        "at most": (f"\N{LEFTWARDS ARROW} {said}", 4, "right"),
    }
    if keeps in words:
        text, offset, side = words[keeps]
        axes.annotate(
            text,
            (threshold, 1),
            (offset, 2),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha=side,
            va="bottom",
            fontsize=8,
            color=INKS["ink"],
        )


def _finite(values: Sequence[float]) -> npt.NDArray[np.float64]:
    numbers = np.asarray(values, dtype=np.float64)
    return numbers[np.isfinite(numbers)]


def _range(
    values: npt.NDArray[np.float64], passed: npt.NDArray[np.float64], threshold: float | None
) -> tuple[float, float]:
    """The drawn range: the bulk of the values and the threshold, with some room around it.

    What is rejected by a mile does not count: the threshold and those that pass it fill a good part.
    """
    marks = [threshold] if threshold is not None and math.isfinite(threshold) else []
    if not len(values):
        low, high = min(marks, default=0.0) - 1, max(marks, default=0.0) + 1
        return low, high
    q1, q9 = np.percentile(values, [10, 90])
    reach = _FAR * max(float(q9 - q1), 1e-9)
    inside = values[(values >= q1 - reach) & (values <= q9 + reach)]
    low, high = min(float(inside.min()), *marks, math.inf), max(float(inside.max()), *marks, -math.inf)
    for mark in marks:
        ways = np.abs(passed - mark)
        far = _FAR * float(np.percentile(ways, 90)) if len(ways) else 0.0
        if far > 0:
            low, high = max(low, mark - far), min(high, mark + far)
    room = 0.04 * (high - low) or 0.5
    return (low - room if low in marks else low), (high + room if high in marks or high == low else high)


def _edges(low: float, high: float, threshold: float | None) -> npt.NDArray[np.float64]:
    """Edges of the bars; the threshold is one of them, so that no bar stands on both sides of it."""
    step = (high - low) / _BINS
    origin = low if threshold is None or not math.isfinite(threshold) else threshold
    before, after = math.ceil((origin - low) / step), math.ceil((high - origin) / step)
    return np.asarray(origin + step * np.arange(-before, after + 1), dtype=np.float64)


def plot(width: float, height: float) -> tuple[Figure, Axes]:
    """An empty figure in the house style, in inches of 96 pixels."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    figure.patch.set_alpha(0)
    axes = figure.add_subplot()
    axes.patch.set_alpha(0)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(INKS["line"])
    axes.tick_params(length=0, labelsize=8, labelcolor=INKS["muted"])
    axes.grid(axis="y", color=INKS["line"], linewidth=0.6)
    axes.set_axisbelow(True)
    for axis in (axes.xaxis, axes.yaxis):
        axis.label.set_color(INKS["muted"])
        axis.label.set_fontsize(8)
    return figure, axes


def to_svg(figure: Figure, name: str) -> str:
    """A figure as an inline SVG element: the same figure gives the same text.

    Args:
        figure: A matplotlib figure drawn in `INKS`.
        name: Unique on the page; the drawing's identifiers are derived from it.
    """
    from matplotlib import rc_context

    text = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": name}):
        figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    svg = text.getvalue()
    svg = svg[svg.index("<svg") :]
    for pattern, replacement in _CLEANING:
        svg = pattern.sub(replacement, svg)
    svg = _TAG.sub(lambda tag: _TOO_FINE.sub(r"\1", tag[0]), svg)
    for variable, colour in INKS.items():
        svg = svg.replace(colour, f"var(--{variable})")
    return svg.strip()

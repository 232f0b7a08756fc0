"""A plot of values with two intervals each, one above the other."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from skyscene.report.plots import INKS, plot, to_svg

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDTH, _HEAD, _ROW, _GAP, _AXIS = 4.7, 0.2, 0.19, 0.11, 0.5
"""Inches."""
_LONGEST = 60
Ends = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Mark:
    """A value with its intervals.

    Attributes:
        value: Where the dot is; none for no dot.
        thick: The interval that counts.
        thin: Another one, to compare with.
        said: The value in words, at the end of the line.
        hollow: Whether the thick one is only a stand-in.
        quiet: Whether it is there for comparison alone.
    """

    value: float | None
    thick: Ends | None = None
    thin: Ends | None = None
    said: str = ""
    hollow: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Values under one heading.

    Attributes:
        label: The heading.
        marks: From top to bottom.
    """

    label: str
    marks: Sequence[Mark]


def intervals(
    name: str, groups: Sequence[Group], across: str, centre: float, between: Ends | None = None
) -> str:
    """Values and their intervals, group below group, with a line where there is no difference.

    Headings stand above their lines, so that a long one takes nothing from the plot's width.

    Args:
        name: Of the plot, unique on the page.
        groups: One at least.
        across: What is on the horizontal axis.
        centre: Where the line stands.
        between: Ends of the axis; none for those of the values.
    """
    height = sum(_HEAD + _ROW * len(group.marks) + _GAP for group in groups)
    figure, axes = plot(width=_WIDTH, height=height + _AXIS)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x", color=INKS["line"], linewidth=0.6)
    low, high = between or _between(groups, centre)
    axes.set_xlim(low, high)
    axes.set_ylim(height, 0)
    axes.set_yticks([])
    axes.set_xlabel(across)
    top = 0.0
    for group in groups:
        _write(axes, 0, top + 0.7 * _HEAD, _shortened(group.label), "ink", "left")
        top += _HEAD
        # Not through the headings, which may be as long as the plot.
        ends = [top, top + _ROW * len(group.marks)]
        axes.plot([centre, centre], ends, color=INKS["ink"], linewidth=1, dashes=(3, 1.5), zorder=1)
        for mark in group.marks:
            _draw(axes, mark, top + _ROW / 2)
            top += _ROW
        top += _GAP
    with warnings.catch_warnings():
        # Only widths are measured: the page's own font draws a letter that matplotlib's lacks.
        warnings.filterwarnings("ignore", message=r"Glyph \d+ .* missing from")
        return to_svg(figure, name)


def _between(groups: Sequence[Group], centre: float) -> Ends:
    """Everything drawn, with some room."""
    places = [centre]
    for mark in (mark for group in groups for mark in group.marks):
        places += [mark.value] if mark.value is not None else []
        places += [*(mark.thick or ()), *(mark.thin or ())]
    room = 0.06 * (max(places) - min(places)) or 1.0
    return min(places) - room, max(places) + room


def _draw(axes: Axes, mark: Mark, at: float) -> None:
    ink = INKS["muted" if mark.quiet else "kept"]
    if mark.thick:
        low, high = mark.thick
        look = {"facecolor": "none", "linestyle": (0, (2, 1.5))} if mark.hollow else {"facecolor": ink}
        axes.barh(
            at,
            high - low,
            0.5 * _ROW,
            low,
            **look,
            edgecolor=ink,
            linewidth=0.8 if mark.hollow else 0,
            alpha=None if mark.hollow else 0.35,
            clip_on=False,
        )
    if mark.thin:
        axes.plot(mark.thin, [at, at], color=ink, linewidth=1.1, clip_on=False, solid_capstyle="butt")
        for end in mark.thin:
            axes.plot([end, end], [at - 0.03, at + 0.03], color=ink, linewidth=1.1, clip_on=False)
    if mark.value is not None:
        axes.plot([mark.value], [at], "o", markersize=4.2, color=ink, markeredgewidth=0, clip_on=False)
        _write(axes, 1.02, at, mark.said, "muted" if mark.quiet else "ink", "left")
    else:
        _write(axes, 0, at, mark.said, "muted", "left")


def _write(axes: Axes, x: float, y: float, text: str, ink: str, side: str) -> None:
    axes.text(
        x,
        y,
        text,
        transform=axes.get_yaxis_transform(),
        ha=side,
        va="center",
        fontsize=8,
        color=INKS[ink],
        parse_math=False,
        clip_on=False,
    )


def _shortened(label: str) -> str:
    return label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1]}\N{HORIZONTAL ELLIPSIS}"

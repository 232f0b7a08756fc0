"""A table for a paper: LaTeX with booktabs, every number with its interval, every gap with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor, isfinite, log10
from typing import Literal

_ARROWS = {"up": r"\,$\uparrow$", "down": r"\,$\downarrow$", "to-one": r"\,$\to 1$", "": ""}
# Brackets and stars too: after the end of a row, LaTeX takes them for an option of it.
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    **{sign: f"\\{sign}" for sign in "&%_#${}"},
    **{sign: f"{{{sign}}}" for sign in "[]*"},
}
_LABEL = re.compile(r"[A-Za-z0-9:._-]+")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of numbers.

    Attributes:
        label: Its head.
        arrow: Which way is good: up, down, or towards one; empty for neither.
        digits: Significant digits of a mean; its interval has as many decimals.
    """

    label: str
    arrow: Literal["up", "down", "to-one", ""] = ""
    digits: int = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """A number, or why there is none.

    Attributes:
        mean: The number; none if absent.
        low: Lower end of its interval; none for no interval.
        high: Upper end.
        absent: Why there is no number; empty if there is one.

    Raises:
        ValueError: Both a number and a reason, neither, half an interval, or what is not finite.
    """

    mean: float | None = None
    low: float | None = None
    high: float | None = None
    absent: str = ""

    def __post_init__(self) -> None:
        if (self.mean is None) != bool(self.absent):
            raise ValueError(f"{self}: a mean, or the reason for its absence")
        if (self.low is None) != (self.high is None) or (self.mean is None and self.low is not None):
            raise ValueError(f"{self}: an interval has two ends and a mean")
        if not all(isfinite(value) for value in (self.mean, self.low, self.high) if value is not None):
            raise ValueError(f"{self}: not finite; give the reason for its absence")


@dataclass(frozen=True, slots=True)
class Row:
    """A row.

    Attributes:
        label: Its head.
        entries: One a column.
    """

    label: str
    entries: tuple[Entry, ...]


def latex_table(
    columns: Sequence[Column], rows: Sequence[Row], caption: str, label: str, *, bold_best: bool = False
) -> str:
    r"""A ``table`` environment that needs ``\usepackage{booktabs}``.

    Args:
        columns: Of numbers; the rows' heads come before them.
        rows: From top to bottom.
        caption: Above the table; plain text, as all labels are.
        label: For ``\ref``.
        bold_best: Whether the best mean of a column with an arrow is bold; intervals say more.

    Raises:
        ValueError: A row has another number of entries than there are columns, or the label is none.
    """
    if not _LABEL.fullmatch(label):
        raise ValueError(f"label {label!r}: letters, digits, and : . _ - only")
    for row in rows:
        if len(row.entries) != len(columns):
            raise ValueError(f"row {row.label!r}: {len(row.entries)} entries for {len(columns)} columns")
    reasons = list(dict.fromkeys(entry.absent for row in rows for entry in row.entries if entry.absent))
    best = [_best(column, [row.entries[at] for row in rows]) for at, column in enumerate(columns)]
    lines = [
        "% Needs \\usepackage{booktabs}.",
        r"\begin{table}",
        r"\centering",
        f"\\caption{{{escape(caption)}}}",
        f"\\label{{{label}}}",
        f"\\begin{{tabular}}{{@{{}}l{'r' * len(columns)}@{{}}}}",
        r"\toprule",
        _line("", *(escape(column.label) + _ARROWS[column.arrow] for column in columns)),
        r"\midrule",
    ]
    for row in rows:
        cells = (
            _cell(entry, column.digits, reasons, bold_best and entry.mean is not None and entry.mean == top)
            for entry, column, top in zip(row.entries, columns, best, strict=True)
        )
        lines.append(_line(escape(row.label), *cells))
    lines += [r"\bottomrule", r"\end{tabular}", *_notes(reasons), r"\end{table}"]
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    r"""A plain text as LaTeX shows it, on one line.

    >>> escape("50 % of A&B_1")
    '50 \\% of A\\&B\\_1'
    """
    return "".join(_SPECIAL.get(sign, sign) for sign in " ".join(text.split()))


def _best(column: Column, entries: Sequence[Entry]) -> float | None:
    """The best mean of a column, none where no way is good."""
    means = [entry.mean for entry in entries if entry.mean is not None]
    if not means or not column.arrow:
        return None
    if column.arrow == "to-one":
        return min(means, key=lambda mean: abs(mean - 1))
    return max(means) if column.arrow == "up" else min(means)


def _cell(entry: Entry, digits: int, reasons: Sequence[str], bold: bool) -> str:
    if entry.mean is None:
        return f"--{_mark(reasons.index(entry.absent))}"
    places = _places(entry.mean, digits)
    mean = _number(entry.mean, places)
    cell = f"\\textbf{{{mean}}}" if bold else mean
    if entry.low is None or entry.high is None:
        return cell
    return f"{cell}\\,{{\\scriptsize[{_number(entry.low, places)}, {_number(entry.high, places)}]}}"


def _places(value: float, digits: int) -> int:
    """Decimals that show so many significant digits; those before the point are never cut.

    >>> _places(0.0123, 3), _places(9.996, 3), _places(1234.5, 3), _places(0.0, 3)
    (4, 1, 0, 2)
    """
    rounded = float(f"{value:.{digits - 1}e}")  # 9.996 is 10.0 in three digits, not 10.00
    return max(0, digits - 1 - (floor(log10(abs(rounded))) if rounded else 0))


def _number(value: float, places: int) -> str:
    text = f"{value:.{places}f}"
    negative = text.startswith("-") and float(text) != 0
    return f"$-${text[1:]}" if negative else text.lstrip("-")


def _mark(at: int) -> str:
    return f"\\textsuperscript{{{at + 1}}}"


def _notes(reasons: Sequence[str]) -> Iterator[str]:
    if reasons:
        notes = r" \quad ".join(f"{_mark(at)}\\,{escape(reason)}" for at, reason in enumerate(reasons))
        yield f"\\par\\smallskip{{\\footnotesize {notes}\\par}}"


def _line(*cells: str) -> str:
    return " & ".join(cells) + r" \\"

"""`skyscene report`: one page that shows what was kept, rejected, and why."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from skyscene.builder.funnel import funnel
from skyscene.builder.report_clips import Limits, sheet
from skyscene.builder.report_filters import filter_views
from skyscene.builder.report_funnel import SIDES, steps
from skyscene.builder.report_pictures import Pictures
from skyscene.builder.report_reasons import reasons
from skyscene.builder.report_sources import filmed_sources, films, source_rows
from skyscene.builder.report_tables import read_tables
from skyscene.builder.report_thresholds import thresholds
from skyscene.report import render
from skyscene.store import BuildFolder, existing, write_bytes

LIMITS = Limits()


def write_report(folder: str | Path, to: Path | None = None, *, limits: Limits = LIMITS) -> Path:
    """The path of the page on a build folder; the same folder gives the same bytes.

    Args:
        folder: A build folder.
        to: Where the page is written; ``report.html`` in the folder by default. Only there, or elsewhere
            inside the folder, do its pictures lead to the clips.
        limits: How much is shown.

    Raises:
        StoreError: Not a build folder, a table is broken, or the page cannot be written.
    """
    place = existing(Path(folder))
    path = place.root / "report.html" if to is None else Path(to)
    write_bytes(path, compose(place, path, limits).encode("utf-8", "replace"))
    return path


def compose(place: BuildFolder, path: Path, limits: Limits = LIMITS) -> str:
    """The page's text.

    Args:
        place: The build folder.
        path: Where the page will lie.
        limits: How much is shown.
    """
    tables = read_tables(place)
    counts = funnel(place)
    pictures = Pictures(place)
    why = reasons(tables)
    cards = sheet(tables, why, pictures, _Links(place, path), limits)
    chosen = filmed_sources(tables, limits)
    rows = source_rows(tables, set(chosen))
    return render(
        "curation",
        title="Curation report",
        about=str(tables.recipe.get("description", "")),
        counts=counts,
        steps=steps(counts, tables, why),
        reasons=why,
        styles={reason.name: reason.style for reason in why},
        sides=[side for side in SIDES if side in counts.splits],
        sheet=cards,
        rows=rows,
        most_rows=limits.rows,
        films=films(tables, chosen, rows, why, pictures, cards.anchors),
        with_frames=sum(bool(row["frames"]) for row in tables.owners.values()),
        filters=filter_views(tables, why, thresholds(tables), pictures, cards.anchors, limits),
    )


class _Links:
    """Addresses of clips relative to the page, if it lies in the folder."""

    def __init__(self, place: BuildFolder, page: Path) -> None:
        root, beside = place.root.resolve(), page.resolve().parent
        inside = beside == root or root in beside.parents
        self._up = os.path.relpath(root, beside).replace(os.sep, "/") if inside else None

    def __call__(self, path: str | None) -> str | None:
        """The address of a clip; none for a path that leads out of the folder."""
        if path is None or self._up is None:
            return None
        parts = PurePosixPath(path)
        if parts.is_absolute() or ".." in parts.parts:
            return None
        return quote(str(PurePosixPath(self._up) / parts), safe="/.-_~")

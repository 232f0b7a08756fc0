"""`skyscene report`: one page that shows what was kept, rejected, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

from skyscene.builder.funnel import funnel
from skyscene.builder.report.album import Album
from skyscene.builder.report.fates import Fates
from skyscene.builder.report.filters import FilterView, filter_views
from skyscene.builder.report.lanes import Lane, LaneTable, lanes_of
from skyscene.builder.report.left import left_out
from skyscene.builder.report.limits import Limits
from skyscene.builder.report.links import Links
from skyscene.builder.report.pictures import Pictures
from skyscene.builder.report.reasons import Reason, reasons
from skyscene.builder.report.sources import Parts, all_parts, source_data
from skyscene.builder.report.steps import SIDES, steps
from skyscene.builder.report.tables import Tables, read_tables
from skyscene.builder.report.texts import Texts
from skyscene.builder.report.windows import WindowColumns
from skyscene.report import Strip, embed, render
from skyscene.store import BuildFolder, existing, read_frames, write_bytes

LIMITS = Limits()


def write_report(folder: str | Path, to: Path | None = None, *, limits: Limits = LIMITS) -> Path:
    """The path of the page on a build folder; the same folder gives the same bytes.

    Args:
        folder: A build folder.
        to: Where the page is written; ``report.html`` in the folder by default. Only there, or elsewhere
            inside the folder, do its pictures lead to the clips. Of a large folder most pictures lie in a
            folder beside the page, ``report_files``.
        limits: How much the page itself holds.

    Raises:
        StoreError: Not a build folder, a table is broken, or the page cannot be written.
    """
    place = existing(Path(folder))
    path = place.root / "report.html" if to is None else Path(to)
    album = Album(path)
    try:
        text = compose(place, path, album, limits)
        album.settle()
    finally:
        album.drop()
    write_bytes(path, text.encode("utf-8", "replace"))
    return path


def compose(place: BuildFolder, path: Path, album: Album, limits: Limits = LIMITS) -> str:
    """The page's text; its pictures go into the album.

    Args:
        place: The build folder.
        path: Where the page will lie.
        album: Takes the pictures.
        limits: How much the page itself holds.
    """
    tables = read_tables(place)
    counts = funnel(place)
    why = reasons(tables)
    parts = all_parts(tables)
    fates = reduce(add, (part.fates for part in parts), Fates())
    views = filter_views(tables, why, limits.near)
    data = _Data(tables, why, parts, views, album, Links(place, path), limits).gather()
    windows = tables.recipe.get("windows", {})
    return render(
        "curation",
        title="Curation report",
        about=str(tables.recipe.get("description", "")),
        counts=counts,
        steps=steps(counts, tables, why, fates),
        reasons=why,
        styles={reason.name: reason.style for reason in why},
        sides=[side for side in SIDES if side in counts.splits],
        labelers=tables.labelers,
        views=views,
        left=left_out(parts, fates, int(windows.get("length", 32)), int(windows.get("margin", 0))),
        sources=len(parts),
        beside=album.beside,
        folder=album.name,
        data=embed(data),
        strips=embed(album.inside),
    )


class _Data:
    """Gathers what the page's script draws."""

    def __init__(
        self,
        tables: Tables,
        why: Sequence[Reason],
        parts: Sequence[Parts],
        views: Sequence[FilterView],
        album: Album,
        link: Callable[[str | None], str | None],
        limits: Limits,
    ) -> None:
        self._tables, self._why, self._parts, self._views = tables, why, parts, views
        self._album, self._limits = album, limits
        self._texts, self._lanes = Texts(), LaneTable()
        near = {row["clip_id"] for view in views for row in (*view.near_passed, *view.near_rejected)}
        self._windows = WindowColumns(tables, why, near, self._texts, link)
        pictures = len(tables.clips) + len(tables.transitions) + len(tables.owners)
        self._all_inside = pictures <= limits.inside

    def gather(self) -> Mapping[str, Any]:
        """All data of the page but the pictures inside it."""
        pictures = Pictures(self._tables.folder)
        frames = sum(part.frames for part in self._parts)
        share = min(1.0, self._limits.points / max(1, frames))
        sources = []
        for number, part in enumerate(self._parts):
            curves, start = self._curves(part)
            row = source_data(part, self._tables, self._texts)
            row["curves"] = self._lanes.add(curves, max(200, int(share * part.frames)))
            row["windows"] = [len(self._windows.number), len(self._windows.number) + len(part.clips)]
            row["film"] = self._film(part, pictures, number)
            row["joined"] = [
                self._join(f"{number}/j{at}", item, pictures) for at, item in enumerate(part.transitions)
            ]
            self._windows.add(number, part.clips, curves, start, pictures.of_window, self._put)
            sources.append(row)
        numbers = {view.reason.name: at for at, view in enumerate(self._views)}
        return {
            "folder": self._album.name,
            "texts": self._texts.all,
            "reasons": [{"name": item.name, "style": item.style} for item in self._why],
            "filters": [self._filter(view) for view in self._views],
            "labelers": self._tables.labelers,
            "lanes": self._lanes.rows(numbers),
            "sources": sources,
            "windows": self._windows.as_data(),
        }

    def _curves(self, part: Parts) -> tuple[list[Lane], int]:
        path = self._tables.folder.frames(part.row["source_id"] or "")
        if not part.frames or not path.is_file():
            return [], 0
        frames = read_frames(path)
        return lanes_of(frames, self._why), frames.start

    def _filter(self, view: FilterView) -> Mapping[str, Any]:
        number, scale = self._windows.number, view.reason.scale
        return {
            "name": view.reason.name,
            "style": view.reason.style,
            "measures": view.measures,
            "unit": view.unit,
            "passes": view.keeps,
            "threshold": view.threshold,
            "high": scale.high if scale else None,
            "near": [
                [number[row["clip_id"]] for row in rows] for rows in (view.near_passed, view.near_rejected)
            ],
        }

    def _put(self, key: str, strip: Strip | None, first: bool = False) -> int:
        return self._album.put(key, strip, first or self._all_inside) if strip else 0

    def _film(self, part: Parts, pictures: Pictures, number: int) -> list[Any]:
        """Where the film is, its number of pictures and their shape."""
        if not part.frames:
            return [0, 0, 0]
        strip = pictures.of_source(part.row["source_id"], part.frames)
        return _described(self._put(f"{number}/film", strip, number < self._limits.films), strip)

    def _join(self, key: str, item: Mapping[str, Any], pictures: Pictures) -> list[Any]:
        strip = pictures.of_join(item["source_id"], item["frame_start"], item["frame_stop"])
        return _described(self._put(key, strip), strip)


def _described(place: int, strip: Strip | None) -> list[Any]:
    return [place, strip.count, round(strip.width / strip.height, 3)] if strip else [0, 0, 0]

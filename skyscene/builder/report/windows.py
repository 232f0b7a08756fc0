"""Every window, kept or rejected, as compact columns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from skyscene.builder.report.explain import explain_window
from skyscene.builder.report.lanes import Lane
from skyscene.builder.report.reasons import CAP, Reason
from skyscene.builder.report.tables import Row, Tables, score
from skyscene.builder.report.texts import Texts, rounded
from skyscene.report import Strip
from skyscene.store import LABEL

Link = Callable[[str | None], str | None]
"""From a clip's path in the tables to an address that the page can use; none where it cannot."""
Put = Callable[[str, Strip | None, bool], int]
"""Takes a picture in under a key, to be inside the page or not, and says where it is; 0 for no picture."""


class WindowColumns:
    """The windows of all sources, a list a column, in the order they come.

    Args:
        tables: The tables.
        reasons: Every reason.
        near: clip_ids of those that are seen first.
        texts: Takes the sentences.
        link: Makes addresses.
    """

    def __init__(
        self, tables: Tables, reasons: Sequence[Reason], near: Collection[str], texts: Texts, link: Link
    ) -> None:
        self._tables, self._near, self._texts, self._link = tables, near, texts, link
        self._reasons = {reason.name: reason for reason in reasons}
        self._numbers = {reason.name: at for at, reason in enumerate(reasons)}
        self._filters = [reason for reason in reasons if reason.name in tables.filters]
        plain = ("id", "source", "start", "stop", "reasons", "why", "side", "state", "video")
        self.columns: dict[str, list[Any]] = {name: [] for name in (*plain, "picture", "count", "aspect")}
        self.scores: list[list[float | None]] = [[] for _ in self._filters]
        self.labels: list[list[int | None]] = [[] for _ in tables.labelers]
        self.number: dict[str, int] = {}

    def add(
        self,
        source: int,
        clips: Sequence[Row],
        lanes: Sequence[Lane],
        start: int,
        picture: Callable[[Row], Strip | None],
        put: Put,
    ) -> None:
        """Adds the windows of one source.

        Args:
            source: Its number.
            clips: Its windows.
            lanes: Its curves.
            start: Frame of the curves' first number.
            picture: Makes a window's picture.
            put: Takes it in.
        """
        passed = sum(clip["kept"] or CAP in clip["reasons"] for clip in clips)
        cap = (passed, int(self._tables.recipe.get("windows", {}).get("max_clips_per_source", 0)))
        by_filter = {name: [lane for lane in lanes if lane.filter == name] for name in self._numbers}
        for clip in clips:
            number = self.number[clip["clip_id"]] = len(self.columns["id"])
            self._add(source, clip, explain_window(clip, self._reasons, by_filter, start, cap))
            strip = picture(clip)
            self._append(
                picture=put(f"{source}/w{number}", strip, clip["clip_id"] in self._near),
                count=strip.count if strip else 0,
                aspect=round(strip.width / strip.height, 3) if strip else 0,
            )

    def _add(self, source: int, clip: Row, why: list[list[str]]) -> None:
        self._append(
            id=clip["clip_id"],
            source=source,
            start=clip["frame_start"],
            stop=clip["frame_stop"],
            reasons=[self._numbers[name] for name in clip["reasons"]],
            why=[[self._texts(line) for line in lines] for lines in why],
            side=clip["split"] or "",
            state=clip["state"] or "",
            video=self._link(clip["path"]) if clip["kept"] else None,
        )
        for column, reason in zip(self.scores, self._filters, strict=True):
            factor = reason.scale.factor if reason.scale else 1.0
            column.append(rounded(factor * score(clip, reason.name)))
        for labels, name in zip(self.labels, self._tables.labelers, strict=True):
            value = clip[LABEL + name]
            labels.append(None if value is None else self._texts(str(value)))

    def _append(self, **values: Any) -> None:
        for name, value in values.items():
            self.columns[name].append(value)

    def as_data(self) -> Mapping[str, Any]:
        """The columns as plain values."""
        return {**self.columns, "scores": self.scores, "labels": self.labels}

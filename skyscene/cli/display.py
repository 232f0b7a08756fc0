"""What a person sees while sources are worked on: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from skyscene.builder import Event, frames_ticked
from skyscene.cli.lines import shown

_SECONDS_BETWEEN_LINES = 5.0


class Display:
    """Shows the events of `build` and `verify` on standard error.

    Args:
        work: Where workers tick, to show frames a second; none to leave it out.
        quiet: Show nothing (with ``--json``).
    """

    def __init__(self, work: Path | None = None, quiet: bool = False) -> None:
        self._verb, self._work, self._quiet = "working", work, quiet
        self._console = Console(stderr=True, highlight=False)
        self._live = self._console.is_terminal and not quiet
        self._bar: Progress | None = None
        self._task: object = None
        self._began = time.monotonic()
        self._spoke = 0.0
        self._sources = self._done = self._kept = self._rejected = 0

    def __enter__(self) -> Display:
        if self._live:
            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[counts]}"),
                TimeRemainingColumn(),
                console=self._console,
            )
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def __call__(self, event: Event) -> None:
        """Takes an event in."""
        if event.kind == "start":
            self._start(event)
        elif event.kind in ("built", "skip", "failed"):
            self._done += 1
            self._kept += event.kept
            self._rejected += event.rejected
        if self._quiet:
            return
        if event.kind in ("note", "failed"):
            self._say(f"{event.kind}: {event.text}")
        self._refresh(event)

    def _start(self, event: Event) -> None:
        self._verb, self._sources = event.text, event.count
        self._began = time.monotonic()
        self._done = self._kept = self._rejected = 0
        if self._bar:
            self._task = self._bar.add_task(event.text, total=event.count, counts="")

    def _say(self, text: str) -> None:
        text = shown(text)
        if self._bar:
            self._bar.console.print(text, markup=False)
        else:
            print(text, file=sys.stderr, flush=True)

    def _counts(self) -> str:
        parts = []
        if self._work is not None and self._work.is_dir():
            rate = frames_ticked(self._work) / max(1e-6, time.monotonic() - self._began)
            parts.append(f"{rate:.0f} frames/s")
        if self._kept or self._rejected:
            parts.append(f"{self._kept} kept")
        if self._rejected:
            parts.append(f"{self._rejected} rejected")
        return ", ".join(parts)

    def _refresh(self, event: Event) -> None:
        if self._bar and self._task is not None:
            self._bar.update(self._task, completed=self._done, counts=self._counts())  # type: ignore[arg-type]
        elif not self._live and event.kind in ("built", "skip", "failed", "merge"):
            now = time.monotonic()
            if now - self._spoke >= _SECONDS_BETWEEN_LINES or event.kind == "merge":
                self._spoke = now
                left = (now - self._began) / max(1, self._done) * (self._sources - self._done)
                parts = [f"{self._done} of {self._sources} sources", self._counts(), f"{left:.0f} s left"]
                self._say(f"{self._verb}: {', '.join(part for part in parts if part)}")

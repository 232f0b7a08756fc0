"""What a person sees while a model is trained: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import os
import sys
import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from skyscene.bench.watch import Event
from skyscene.cli.lines import shown

_SECONDS_BETWEEN_LINES = 10.0


class BenchDisplay:
    """Shows the events of a run on standard error.

    Args:
        quiet: Show nothing but what there is to know (with ``--json``).
    """

    def __init__(self, quiet: bool = False) -> None:
        self._quiet = quiet
        self._mute = os.environ.get("RANK", "0") != "0"  # of several processes, one speaks
        self._console = Console(stderr=True, highlight=False)
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._name = ""
        self._began = time.monotonic()
        self._first = 0
        self._spoke = 0.0
        self._losses: dict[str, float] = {}

    def __enter__(self) -> BenchDisplay:
        if self._console.is_terminal and not self._quiet and not self._mute:
            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
            more = (TextColumn("{task.fields[told]}"), TimeRemainingColumn())
            self._bar = Progress(*columns, *more, console=self._console)
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def __call__(self, event: Event) -> None:
        """Takes an event in."""
        if self._mute:
            return
        if event.kind == "note":
            self._say(f"note: {event.text}")
            return
        if self._quiet:
            return
        if event.kind == "look":
            values = ", ".join(f"{name} {value:.5g}" for name, value in event.values.items())
            self._say(f"{event.text}: val after {event.done} clips: {values}")
            return
        if event.text != self._name:
            self._name, self._began, self._first = event.text, time.monotonic(), event.done
            self._losses = {}
            if self._bar:
                self._task = self._bar.add_task(event.text, total=event.total, told="")
        self._refresh(event)

    def _told(self, event: Event) -> str:
        parts = []
        seconds = time.monotonic() - self._began
        if event.done > self._first and seconds > 0.5:
            rate = f"{(event.done - self._first) / seconds:.3g}"
            parts.append(f"{rate} clips/s" if event.kind == "step" else f"{rate}/s")
        self._losses |= {k: v for k, v in event.values.items() if "/" in k and "says" not in k}
        parts += [f"{name.replace('generator/', '')} {value:.3g}" for name, value in self._losses.items()]
        return ", ".join(parts)

    def _refresh(self, event: Event) -> None:
        if self._bar and self._task is not None:
            self._bar.update(self._task, completed=event.done, total=event.total, told=self._told(event))
            return
        now = time.monotonic()
        if now - self._spoke >= _SECONDS_BETWEEN_LINES or event.done >= event.total > 0:
            self._spoke = now
            rate = (event.done - self._first) / max(1e-6, now - self._began)
            left = f", {(event.total - event.done) / rate:.0f} s left" if rate > 0 else ""
            told = self._told(event)
            self._say(f"{event.text}: {event.done} of {event.total}{', ' + told if told else ''}{left}")

    def _say(self, text: str) -> None:
        if self._bar:
            self._bar.console.print(shown(text), markup=False)
        else:
            print(shown(text), file=sys.stderr, flush=True)

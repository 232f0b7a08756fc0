"""Peak memory of a build, of a short film and of a long one."""

from __future__ import annotations

import dataclasses
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import TracebackType

import psutil

from benchmarks.speed import programs
from benchmarks.speed.footage import Film
from benchmarks.speed.process import run
from benchmarks.speed.result import Goal, Result
from benchmarks.speed.setting import Setting

GOAL = Goal(1.2, at_most=True)
_SECONDS = 0.02
_MIB = 2**20


@dataclass(slots=True)
class Peaks:
    """Most memory seen at once, in bytes.

    Attributes:
        worker: Of the largest of the processes that were started, with files that it has mapped.
        private: Of the largest, without mapped files: what it cannot give back.
        tree: Of all together, with mapped files; what they share counts for each.
    """

    worker: int = 0
    private: int = 0
    tree: int = 0

    def __str__(self) -> str:
        sizes = [f"{size / _MIB:.0f}" for size in (self.worker, self.private, self.tree)]
        return f"worker {sizes[0]} MiB ({sizes[1]} without mapped files), all processes {sizes[2]} MiB"


@dataclass(slots=True)
class Watcher:
    """Looks at a process and all that it started, fifty times a second."""

    pid: int
    peaks: Peaks = field(default_factory=Peaks)
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Watcher:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(_SECONDS):
            self.look()

    def look(self) -> None:
        """Looks once."""
        tree = 0
        for number, process in enumerate(_family(self.pid)):
            try:
                memory = process.memory_info()
            except psutil.Error:
                continue
            tree += memory.rss
            if number:
                self.peaks.worker = max(self.peaks.worker, memory.rss)
                self.peaks.private = max(self.peaks.private, memory.rss - getattr(memory, "shared", 0))
        self.peaks.tree = max(self.peaks.tree, tree)


def memory(setting: Setting) -> Iterator[Result]:
    """How much more memory the build of a long film takes than that of a short one; one run of each."""
    scope, goal = setting.scope, setting.goal(GOAL)
    short = setting.footage.joined(scope.memory_height, scope.short)
    long = setting.footage.joined(scope.memory_height, scope.long)
    few, many = _peaks(setting, short), _peaks(setting, long)
    case = f"{long.frames} frames beside {short.frames}, {short.height}p, 1 worker"
    yield _result(f"worker, {case}", few.worker, many.worker, goal)
    yield _result(f"worker without mapped files, {case}", few.private, many.private, None)
    yield _result(f"all processes, {case}", few.tree, many.tree, goal, f"short: {few}; long: {many}")


def _result(case: str, few: int, many: int, goal: Goal | None, note: str = "") -> Result:
    result = Result("memory", case, many / few, "x", None, goal, note=note)
    grown = f"grown by {(many - few) / _MIB:.0f} MiB"
    return dataclasses.replace(result, profile=(grown,)) if result.missed else result


def _peaks(setting: Setting, film: Film) -> Peaks:
    out = setting.fresh()
    watchers: list[Watcher] = []

    def started(pid: int) -> None:
        watchers.append(Watcher(pid).__enter__())

    try:
        run(programs.build([film.path], out, 1), started=started)
    finally:
        for watcher in watchers:
            watcher.__exit__(None, None, None)
    shutil.rmtree(out)
    return watchers[0].peaks


def _family(pid: int) -> list[psutil.Process]:
    """A process and all that descend from it; empty once it has ended."""
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.Error:
        return []

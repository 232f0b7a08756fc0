"""Programs run to their end, and what they cost with all that they started."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
Command = Sequence[str | Path]


@dataclass(frozen=True, slots=True)
class Usage:
    """What a side cost once: seconds on the clock, and of processor time."""

    wall: float
    cpu: float

    def __add__(self, other: Usage) -> Usage:
        return Usage(self.wall + other.wall, self.cpu + other.cpu)


def run(command: Command, *, path: Path | None = None, started: Callable[[int], None] | None = None) -> Usage:
    """Runs a program; its processor time includes every process that it, or one of its own, waited for.

    Args:
        command: The program and its arguments.
        path: A folder that is looked through for programs before all others.
        started: Told the number of the process.

    Raises:
        RuntimeError: It failed; with the end of what it wrote.
    """
    with tempfile.TemporaryFile() as written:
        began = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=ROOT,
            env=_environment(path),
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
        )
        if started is not None:
            started(process.pid)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            written.seek(0)
            tail = written.read()[-2000:].decode(errors="replace")
            raise RuntimeError(f"{Path(command[0]).name} ended with {process.returncode}: {tail}")
    return Usage(wall, used.ru_utime + used.ru_stime)


def run_all(commands: Sequence[Command], processes: int, *, path: Path | None = None) -> Usage:
    """Runs programs, so many at a time."""
    began = time.perf_counter()
    with ThreadPoolExecutor(processes) as pool:
        used = list(pool.map(lambda command: run(command, path=path), commands))
    return Usage(time.perf_counter() - began, sum(usage.cpu for usage in used))


def output(command: Command) -> str:
    """What a program writes to standard output; nothing if it fails."""
    done = subprocess.run(
        [str(part) for part in command], cwd=ROOT, env=_environment(None), capture_output=True, text=True
    )
    return done.stdout if done.returncode == 0 else ""


@contextmanager
def on_cores(count: int) -> Iterator[None]:
    """Lets this process, and all it starts meanwhile, use so many cores and no more, where the system can.

    ffmpeg reads, decodes, scales and encodes in threads of their own even when each is told to use one.
    With a core a process on either side, neither gets more of the machine than the other.
    """
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(before)[:count])
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _environment(path: Path | None) -> Mapping[str, str]:
    """The environment of every side: this checkout's code first."""
    env = dict(os.environ)
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), env.get("PYTHONPATH", "")]))
    if path is not None:
        env["PATH"] = os.pathsep.join([str(path), env.get("PATH", "")])
    return env

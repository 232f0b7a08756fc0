"""The machine and the versions, as a reader of a table needs them."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

import psutil

from benchmarks.speed import programs
from benchmarks.speed.process import output

_PACKAGES = ("av", "numpy", "opencv-python-headless", "scenedetect-headless")


def machine() -> str:
    """Processor, cores, memory, system and versions in one line; no names of hosts or people, no paths."""
    memory = psutil.virtual_memory().total / 2**30
    words = output([programs.ffmpeg(), "-version"]).split()
    versions = [f"{name} {version(name)}" for name in _PACKAGES]
    return (
        f"{_processor()}, {_cores()} cores, {memory:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}, ffmpeg {words[2] if len(words) > 2 else 'unknown'}, "
        f"{', '.join(versions)}"
    )


def load() -> float:
    """How many programs wanted to run in the last minute: near 0 on a quiet machine."""
    return os.getloadavg()[0]


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    if facts.is_file():
        for line in facts.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()

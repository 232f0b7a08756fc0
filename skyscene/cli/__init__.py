"""The command line: one click application, a file a command, imported only when it is called."""

from __future__ import annotations

import sys

STOPPED = "stopped; what is finished is kept, and the same command goes on from there"


def main() -> None:
    """Console script ``skyscene``."""
    _run("skyscene")


def bench_main() -> None:
    """Console script ``bench``: the same as ``skyscene bench``."""
    _run("bench")


def _run(name: str) -> None:
    try:
        from skyscene.cli import app

        app.run(getattr(app, name), name)
    except KeyboardInterrupt:  # while the program itself was still being read
        sys.stderr.write(f"\nerror: {STOPPED}\n")
        sys.exit(130)

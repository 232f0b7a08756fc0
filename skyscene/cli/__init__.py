"""The command line: one click application, a file a command, imported only when it is called."""

from __future__ import annotations


def main() -> None:
    """Console script ``skyscene``."""
    from skyscene.cli.app import run, skyscene

    run(skyscene, "skyscene")


def bench_main() -> None:
    """Console script ``bench``: the same as ``skyscene bench``."""
    from skyscene.cli.app import bench, run

    run(bench, "bench")

"""The tables of README.md, written from results and never by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.speed.result import Result, show

README = Path(__file__).with_name("README.md")
_HEAD = ("benchmark", "what", "result", "by CPU time", "goal", "")


def write_tables(page: str, footage: str, command: str, about: str, results: Sequence[Result]) -> str:
    """The page with the part about this footage written anew.

    Args:
        page: The page.
        footage: Which part: the name of the footage.
        command: What made the results.
        about: The machine.
        results: The lines of the table.

    Raises:
        ValueError: The page has no such part.
    """
    begin, end = f"<!-- results: {footage} -->", "<!-- end of results -->"
    before, there, after = page.partition(begin)
    _, closed, rest = after.partition(end)
    if not (there and closed):
        raise ValueError(f"the page has no part between {begin} and {end}")
    lines = "\n".join(part(command, about, results))
    return f"{before}{begin}\n\n{lines}\n\n{end}{rest}"


def part(command: str, about: str, results: Sequence[Result]) -> Iterator[str]:
    """The command, the machine, the table, and what lies behind every line of it."""
    yield f"`{command}`\n"
    yield f"{about}\n"
    yield _row(_HEAD)
    yield _row(("---",) * len(_HEAD))
    for result in results:
        yield _row(_cells(result))
    yield "\n<details><summary>Every side, and the profiles of what was missed</summary>\n\n```text"
    for result in results:
        yield from result.lines()
    yield "```\n\n</details>"


def _cells(result: Result) -> tuple[str, ...]:
    verdict = f"**{result.verdict}**" if result.missed else result.verdict
    cpu = show(result.cpu, result.unit) if result.cpu is not None else ""
    goal = f"{result.goal}" if result.goal else ""
    return result.bench, result.case, show(result.value, result.unit), cpu, goal, verdict


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"

"""Options that several commands share, and how results are printed."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


class NewFolder(click.Path):
    """A folder to write to; an empty name, as an unset variable leaves it, is not the one we are in."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path."""
        if value == "":
            self.fail("the name is empty", param, ctx)
        return super().convert(value, param, ctx)


def folder_argument(command: Command) -> Command:
    """``DIR``: an existing folder, of a build or of a study."""
    return click.argument(
        "folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path)
    )(command)


def json_option(command: Command) -> Command:
    """``--json``: the result as JSON on standard output."""
    return click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")(command)


def set_option(command: Command) -> Command:
    """``--set section.name.key=value``, as often as needed."""
    return click.option(
        "--set", "overrides", metavar="KEY=VALUE", multiple=True, help="Override a value of the recipe."
    )(command)


def workers_option(command: Command) -> Command:
    """``--workers N``."""
    return click.option(
        "--workers", type=click.IntRange(min=1), help="Worker processes; as many as processors by default."
    )(command)


def print_json(result: Any) -> None:
    """A result record as one JSON document."""
    value = dataclasses.asdict(result) if dataclasses.is_dataclass(result) else result  # type: ignore[arg-type]
    click.echo(json.dumps(value, default=str, indent=1, sort_keys=True))

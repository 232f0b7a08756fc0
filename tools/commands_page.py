"""Writes docs/commands.md from the commands' own help, or prints it with --print."""

import sys
from pathlib import Path
from typing import Any

import click

from skyscene.cli.app import skyscene

HEAD = """# Commands

Written from the commands' own `--help` by `make docs`; a test fails when it is out of date.

Exit codes: 0 done, 1 an error of ours in one line, 2 bad usage, 130 stopped by Ctrl-C, 143 by SIGTERM.
"""


def page() -> str:
    parts = [HEAD]
    settings: dict[str, Any] = {**skyscene.context_settings, "terminal_width": 100, "max_content_width": 100}
    root = click.Context(skyscene, info_name="skyscene", **settings)
    parts.append(f"```text\n{skyscene.get_help(root)}\n```\n")
    for name in skyscene.list_commands(root):
        command = skyscene.get_command(root, name)
        assert command is not None
        context = click.Context(
            command, info_name=name, parent=root, terminal_width=100, max_content_width=100
        )
        parts.append(f"## skyscene {name}\n\n```text\n{command.get_help(context)}\n```\n")
        if isinstance(command, click.Group):
            parts += _subcommands(command, context, "bench")
    return "\n".join(parts)


def _subcommands(group: click.Group, context: click.Context, path: str) -> list[str]:
    parts = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        settings: dict[str, Any] = {"terminal_width": 100, "max_content_width": 100}
        own = click.Context(command, info_name=name, parent=context, **settings)
        parts.append(f"## {path} {name}\n\n```text\n{command.get_help(own)}\n```\n")
        if isinstance(command, click.Group):
            parts += _subcommands(command, own, f"{path} {name}")
    return parts


if __name__ == "__main__":
    if "--print" in sys.argv:
        print(page(), end="")
    else:
        Path(__file__).parents[1].joinpath("docs", "commands.md").write_text(page(), encoding="utf-8")

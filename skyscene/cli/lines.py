"""Lines on standard error, safe to print whatever a file is called."""

from __future__ import annotations

import os

import click


def shown(text: str) -> str:
    r"""A text in one line: what a name may hold and a terminal would obey is spelt out.

    >>> shown("a\nb \x1b[2J \udcff é.mp4")
    'a\\nb \\x1b[2J \\xff é.mp4'
    """
    return "".join(map(_shown, text))


def _shown(character: str) -> str:
    if character.isprintable():
        return character
    if "\udc80" <= character <= "\udcff":  # a byte that is no text
        return repr(os.fsencode(character))[2:-1]
    return character.encode("unicode_escape").decode("ascii")


def complain(message: str) -> None:
    """Prints an error; what is on lines of its own stays so, below the first."""
    lines = [shown(line) for line in message.split("\n")]
    click.echo(f"error: {lines[0] or 'failed'}", err=True)
    for line in lines[1:]:
        click.echo(f"       {line}", err=True)

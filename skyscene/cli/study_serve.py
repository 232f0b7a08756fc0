"""`bench study serve`."""

from __future__ import annotations

from pathlib import Path

import click

from skyscene.cli.options import folder_argument
from skyscene.cli.study_extra import needs_study


@click.command(short_help="Show the pairs to raters in their browsers and take their votes.")
@folder_argument
@click.option("--raters", type=click.IntRange(min=0), default=0, help="Make and print so many new links.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 for a free one."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Another than loopback needs --public.")
@click.option("--public", is_flag=True, help="Let others than this machine in.")
@click.option("--origin", default="", help="What raters open, where a proxy stands before it: https://...")
def serve(folder: Path, raters: int, port: int, host: str, public: bool, origin: str) -> None:
    """Serve the study in DIR until Ctrl-C. A vote is on the disk before it is answered.

    Each rater needs a link of their own: --raters 10 prints ten. They are shown once; only hashes are kept.
    """
    needs_study()
    from skyscene.study.folder import StudyFolder
    from skyscene.study.serving import serve as run

    run(StudyFolder(folder), host, port, public, origin, raters, say=click.echo)

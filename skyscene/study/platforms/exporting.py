"""All platforms' files at once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from skyscene.study.folder import StudyFolder
from skyscene.study.frozen import read_study
from skyscene.study.platforms.plan import plan
from skyscene.study.platforms.register import PLATFORMS, platform_named
from skyscene.study.tasks import read_blocks, read_tasks


def export_platforms(folder: StudyFolder, base_url: str = "", names: Iterable[str] = ()) -> list[Path]:
    """Writes the files of some platforms, or of all, into the folder's ``exports`` and says which.

    Args:
        folder: A study that was exported: key, tasks and blocks are there.
        base_url: Address under which the ``public`` folder can be reached; without it, addresses are relative
            to it, and neither MTurk nor Label Studio can show them.
        names: Which platforms; none for all.

    Raises:
        StudyError: The folder is none of a study, or a name or the address is wrong.
    """
    study = read_study(folder)
    chosen = [platform_named(name) for name in (names or PLATFORMS)]
    slots = plan(folder, study, read_tasks(folder), read_blocks(folder), base_url)
    return [path for platform in chosen for path in platform.write(folder, study, slots)]

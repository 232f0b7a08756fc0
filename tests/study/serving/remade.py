"""A made study under another protocol, its films as they are."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

from skyscene.study.folder import StudyFolder
from skyscene.study.frozen import read_study
from skyscene.study.key import Key, read_key
from skyscene.study.tasks import read_blocks, write_blocks, write_tasks


def remade(folder: StudyFolder, to: Path, **protocol: object) -> StudyFolder:
    """A copy of a study with other settings; its pairs, files and order stay."""
    shutil.copytree(folder.root, to)
    copy = StudyFolder(to)
    study, key, slots = read_study(copy), read_key(copy.key), read_blocks(copy)
    study = dataclasses.replace(study, protocol=study.protocol.model_copy(update=protocol))
    study.write(copy)
    Key(key.secret, study.sha, key.pairs).write(copy.key)
    write_tasks(copy, study, key.pairs)
    write_blocks(copy, study, slots)
    return copy

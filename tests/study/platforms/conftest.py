from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from skyscene.study.folder import StudyFolder
from tests.study.made import made_study


@pytest.fixture(scope="session")
def _made(tmp_path_factory: pytest.TempPathFactory) -> StudyFolder:
    return made_study(tmp_path_factory.mktemp("made") / "study", clips=4, slots=3)


@pytest.fixture
def study(_made: StudyFolder, tmp_path: Path) -> StudyFolder:
    """A study of its own for every test; the clips are made once."""
    return StudyFolder(Path(shutil.copytree(_made.root, tmp_path / "study")))

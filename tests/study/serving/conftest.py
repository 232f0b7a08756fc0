"""A study, made once, and a copy of it for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from skyscene.study.folder import StudyFolder
from tests.study.made import made_study
from tests.study.serving.asking import Site
from tests.study.serving.asking import site as site_on


@pytest.fixture(scope="session")
def one_study(tmp_path_factory: pytest.TempPathFactory) -> StudyFolder:
    return made_study(tmp_path_factory.mktemp("served") / "study", clips=3, slots=2)


@pytest.fixture
def folder(one_study: StudyFolder, tmp_path: Path) -> StudyFolder:
    return StudyFolder(Path(shutil.copytree(one_study.root, tmp_path / "study")))


@pytest.fixture
def site(folder: StudyFolder) -> Iterator[Site]:
    with site_on(folder) as made:
        yield made

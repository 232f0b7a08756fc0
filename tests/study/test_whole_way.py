"""Two trained models and the real clips, from training to a score, with every vote clicked in a browser."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from skyscene.study.folder import StudyFolder
from skyscene.study.frozen import read_study
from skyscene.study.key import read_key
from skyscene.study.scoring import score_study
from skyscene.study.tasks import read_blocks
from tests.study.serving.running import Server
from tests.study.serving.test_browser import CHROMIUM, DRIVER, Page

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="needs chromium and chromedriver"),
]


def bench(folder: Path, *command: str) -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "bench"), *command],
        cwd=folder,
        capture_output=True,
        text=True,
        env={"SKYSCENE_CACHE": str(folder / "cache"), **os.environ},
    )
    assert done.returncode == 0, done.stderr


_LIKED = {"mdgan-refine": 1, "real": 2}
"""Whoever clicks has a taste of their own: a pair that comes again, mirrored, is answered alike."""


def test_runs_become_a_study_that_raters_click_through(tmp_path: Path) -> None:
    for model in ("mdgan", "rnngan"):
        bench(
            tmp_path, "run", model, "--budget", "8", "--metric", "mse01", "--out", "runs", "--device", "cpu"
        )
    runs = [f"runs/{model}-synthsky64-seed0" for model in ("mdgan", "rnngan")]
    settings = [part for each in ("votes=1", "raters=2", "fps=32") for part in ("--set", each)]
    bench(tmp_path, "study", "export", *runs, *settings, "--out", "s1", "--device", "cpu")
    folder = StudyFolder(tmp_path / "s1")
    clips = len(read_study(folder).clips)
    assert clips >= 20
    pairs = {pair.pair_id: pair for pair in read_key(folder.key).pairs}
    with Server(folder, 2) as server:
        for link, slot in zip(server.links, read_blocks(folder), strict=True):
            page = Page()
            try:
                page.open(link)
                page.on("welcome")
                page.click("agree")
                for position, pair_id in enumerate(slot):
                    page.ready(position)
                    pair = pairs[pair_id]
                    left, right = (_LIKED.get(name, 0) for name in (pair.left, pair.right))
                    page.press("2" if right > left else "1")
                    if pair.kind == "practice":
                        page.on("feedback")
                        page.driver.switch_to.active_element.send_keys("\n")
                page.on("end")
            finally:
                page.driver.quit()
    score = score_study(folder)
    assert score.votes == score.planned == 3 * clips and not score.breaches
    found = {(row.first, row.second): row for row in score.all_rows}
    assert set(found) == {("mdgan-refine", "rnngan"), ("mdgan-refine", "real"), ("rnngan", "real")}
    assert found["mdgan-refine", "real"].pos == found["rnngan", "real"].pos == 0
    assert found["mdgan-refine", "rnngan"].pos == 100
    assert score.quality.gold == 100 and score.quality.repeats == 100
    bench(tmp_path, "study", "score", "s1")
    assert (folder.root / "report.html").is_file()

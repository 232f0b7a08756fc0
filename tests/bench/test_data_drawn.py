"""The drawn sets: as many skies on each side as is promised, and folders whose names tell the sets apart."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest

from skyscene.bench import load_benchmark
from skyscene.bench.data import open_data
from skyscene.bench.embedded import drawn_set
from skyscene.bench.recipe import DataSettings
from skyscene.bench.watch import Event, nobody
from skyscene.dataset import open_clips
from skyscene.errors import BenchError

PROMISED = {"train": 150, "val": 20, "test": 30}


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_as_many_skies_as_are_promised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some skies that are drawn yield no clip, because the filters reject them: those do not count."""
    monkeypatch.setenv("SKYSCENE_CACHE", str(tmp_path))
    clips = open_clips(drawn_set(load_benchmark("synthsky64").data, nobody))
    found = {side: len(set(clips.split(side).source_ids)) for side in PROMISED}
    assert all(found[side] >= least for side, least in PROMISED.items()), found


class Told(Exception):
    """Stands for the drawing, which takes minutes."""


def folder_of(settings: DataSettings) -> str:
    """Name of the folder into which a set would be drawn."""

    def stop(event: Event) -> None:
        raise Told(event.text)

    with pytest.raises(Told) as told:
        drawn_set(settings, stop)
    return Path(str(told.value).removesuffix(": once, some minutes")).name


def test_a_set_of_other_shares_has_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKYSCENE_CACHE", str(tmp_path))
    wind = load_benchmark("wind64").data
    assert folder_of(wind) == "drawn-v1-64px-200-seed0-wind6,0", "the sets that are there stay good"
    others = [
        wind,
        wind.model_copy(update={"val": 0.2}),
        wind.model_copy(update={"test": 0.2}),
        wind.model_copy(update={"val": 0.15, "test": 0.1}),
        wind.model_copy(update={"wind": None}),
    ]
    assert len({folder_of(settings) for settings in others}) == len(others)


def test_a_set_that_is_too_small_says_what_to_raise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKYSCENE_CACHE", str(tmp_path))
    small = DataSettings(kind="drawn", size=64, sources=2, val=0.2, test=0.25, seed=5)
    for _ in range(2):
        with pytest.raises(BenchError, match=r"raise data\.sources of the benchmark's recipe"):
            open_data(drawn_set(small, nobody, workers=1), load_benchmark("synthsky64"), "drawn")


def test_what_another_command_draws_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKYSCENE_CACHE", str(tmp_path))
    small = DataSettings(kind="drawn", size=64, sources=12, val=0.2, test=0.25, seed=5)
    told: list[str] = []
    found: list[Path] = []
    second = Thread(
        target=lambda: found.append(drawn_set(small, lambda event: told.append(event.text), workers=1))
    )

    def first(event: Event) -> None:
        if event.kind == "note":
            second.start()
            while second.is_alive() and not told:
                second.join(0.05)

    drawn = drawn_set(small, first, workers=1)
    second.join()
    assert found == [drawn]
    assert told == [f"waiting for another command that draws skies into {drawn.parent}"]


def test_a_script_without_a_main_guard_is_told_so_and_waits_for_nothing(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from skyscene.bench.embedded import drawn_set\n"
        "from skyscene.bench.recipe import DataSettings\n"
        "from skyscene.bench.watch import nobody\n"
        "drawn_set(DataSettings(kind='drawn', size=64, sources=2, val=0.2, test=0.25, seed=5), nobody)\n"
    )
    told = subprocess.run(
        [sys.executable, str(script)],
        env={**os.environ, "SKYSCENE_CACHE": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert told.returncode == 1 and '`if __name__ == "__main__":`' in told.stderr.splitlines()[-1]

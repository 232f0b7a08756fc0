"""A retune that is killed leaves a folder that nobody reads by mistake and that the next one finishes."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from skyscene.builder import build, retune, split, verify, write_report
from skyscene.curate.measures.luma import Luma
from skyscene.dataset import open_clips
from skyscene.errors import StoreError
from skyscene.media import write_film
from skyscene.store import BuildFolder, Change, begin_change
from tests.builder.conftest import Here
from tests.builder.retune_material import SUNSET, barred, copy, eclipse, fresh, rows, states

Tree = Callable[[Path], dict[str, bytes]]
TARGET = ["filters.dark.max_p99=40", "bars.inset=3"]
"""Two clips of the eclipse stay two, but become others: no cache shows by its shape that it is another."""
PROGRAM = str(Path(sys.executable).parent / "skyscene")


_replace = os.replace


class Killed(BaseException):
    pass


class Killer:
    """Ends the process, as it were, at the n-th time that a file is moved or deleted; then nothing works."""

    def __init__(self, patch: pytest.MonkeyPatch, moment: int) -> None:
        self._left, self.dead = moment, False
        for owner, name in ((os, "replace"), (os, "unlink"), (Path, "unlink"), (shutil, "rmtree")):
            patch.setattr(owner, name, self._deadly(getattr(owner, name)))

    def _deadly(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            # Whether a temporary file is left lying makes no other state.
            self._left -= not str(args[0]).endswith(".part") or real is _replace
            self.dead = self.dead or self._left < 0
            if self.dead:
                raise Killed
            return real(*args, **kwargs)

        return call


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("recipe") / "sunset.toml"
    path.write_text(SUNSET + "\n[windows]\nmax_clips_per_source = 2\n")
    return str(path)


@pytest.fixture(scope="module")
def skies(
    tmp_path_factory: pytest.TempPathFactory, frames_of_sky: Callable[..., Iterator[np.ndarray]]
) -> Path:
    folder = tmp_path_factory.mktemp("skies")
    write_film(folder / "eclipse.mp4", eclipse(frames_of_sky(200, seed=1), 200), fps=30)
    write_film(folder / "bars.mp4", barred(frames_of_sky(70, seed=5)), fps=25)
    return folder


@pytest.fixture(scope="module")
def base(skies: Path, recipe: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fresh(skies, tmp_path_factory.mktemp("base") / "set", recipe, Here(), [])


@pytest.fixture
def before(base: Path, tmp_path: Path) -> Path:
    return copy(base, tmp_path / "before")


@pytest.fixture(scope="module")
def wanted(skies: Path, recipe: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fresh(skies, tmp_path_factory.mktemp("wanted") / "set", recipe, Here(), TARGET)


def test_the_material_changes_rows_and_not_their_number(base: Path, wanted: Path) -> None:
    kept = [[(c["frame_start"], c["cache_row"]) for c in rows(f) if c["kept"]] for f in (base, wanted)]
    assert len(kept[0]) == len(kept[1]) and kept[0] != kept[1]


def sound(tree: dict[str, bytes]) -> dict[str, bytes]:
    """A folder without what a killed writer left half done."""
    return {name: data for name, data in tree.items() if not name.endswith(".part")}


def refused(folder: Path, skies: Path, recipe: str, here: Any, tmp_path: Path) -> None:
    """Everybody but the one who finishes it says what to do."""
    cure = rf"a retune of .* cut off.*`skyscene retune {folder} --apply`"
    for use in (
        lambda: open_clips(folder),
        lambda: split(folder),
        lambda: verify(folder, executor=here),
        lambda: retune(folder, executor=here),
        lambda: write_report(folder),
        lambda: build(skies, folder, recipe=recipe, executor=here),
        lambda: build(skies, folder, recipe=recipe, set=TARGET, executor=here),
    ):
        with pytest.raises(StoreError, match=cure):
            use()


def test_a_kill_at_any_move_is_mended_by_the_next_retune(
    before: Path, wanted: Path, skies: Path, recipe: str, here: Any, tmp_path: Path, files_of: Tree
) -> None:
    old, new = files_of(before), files_of(wanted)
    marked = moment = 0
    while True:
        folder = copy(before, tmp_path / "set")
        with pytest.MonkeyPatch.context() as patch:
            killer = Killer(patch, moment)
            with contextlib.suppress(Killed):
                retune(folder, set=TARGET, apply=True, executor=here)
            assert killer.dead or files_of(folder) == new
        if not killer.dead:
            break
        if (folder / "changing" / "change.json").exists():
            marked += 1
            if moment % 7 == 3:
                refused(folder, skies, recipe, here, tmp_path)
            # The folder knows where it was going; another turn on the way is one, too.
            values: dict[str, Any] = {} if moment % 3 else {"recipe": recipe}
            retune(folder, apply=True, executor=here, **values)
            assert files_of(folder) == (new if moment % 3 else old), moment
        else:
            assert sound(files_of(folder)) in (old, new), moment
            retune(folder, set=TARGET, apply=True, executor=here)
            assert files_of(folder) == new, moment
        shutil.rmtree(folder)
        moment += 1
    assert moment > 15 and marked > 10


def test_a_real_kill_too(before: Path, wanted: Path, files_of: Tree) -> None:
    command = [PROGRAM, "retune", "--apply", "--workers", "1", *[f"--set={value}" for value in TARGET]]
    process = subprocess.Popen([*command, before], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None and not (before / "changing").exists():
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    done = subprocess.run([*command, before], capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    assert files_of(before) == files_of(wanted)


def test_a_worker_that_dies_costs_its_source_no_clip(
    before: Path, skies: Path, here: Any, monkeypatch: Any, files_of: Tree, wanted: Path
) -> None:
    import skyscene.builder.retune_run as room
    from skyscene.records import Outcome

    class Deadly:
        """Workers die of files, as long as there are any."""

        def run(self, fn: Any, items: Any, limits: Any) -> Iterator[Any]:
            for item in items:
                dies = isinstance(item, room.Turn) and item.path  # type: ignore[attr-defined]
                yield (
                    Outcome(item, code="crash", error="its worker died") if dies else Outcome(item, fn(item))
                )

    kept = states(before)["encoded"]
    change = ["windows.max_clips_per_source=0", "filters.dark.max_p99=40"]
    report = retune(before, set=change, apply=True, executor=Deadly())
    assert states(before)["encoded"] == report.total.kept == kept
    assert report.total.pending == states(before)["pending"] > 0 == report.total.encoded
    assert any("eclipse.mp4: crash: its worker died" in note for note in report.notices)
    assert verify(before, executor=here).faults == ()
    retune(before, set=[*TARGET, "windows.max_clips_per_source=2"], apply=True, executor=here)
    assert files_of(before) == files_of(wanted)


def test_a_build_that_finishes_pending_clips_may_be_killed_too(
    before: Path, skies: Path, recipe: str, here: Any, tmp_path: Path, files_of: Tree
) -> None:
    """Rows of a cache change by that, and nobody may see the one without the other."""
    change = ["windows.max_clips_per_source=0", "filters.dark.max_p99=40"]
    new = files_of(fresh(skies, tmp_path / "new", recipe, here, change))
    retune(before, set=change, apply=True, clips=False, executor=here)
    assert {"encoded", "pending"} <= states(before).keys()
    marked = moment = 0
    while True:
        folder = copy(before, tmp_path / "set")
        with pytest.MonkeyPatch.context() as patch:
            killer = Killer(patch, moment)
            with contextlib.suppress(Killed):
                build(skies, folder, recipe=recipe, set=change, executor=here)
        if not killer.dead:
            break
        if (folder / "changing" / "change.json").exists():
            marked += 1
            with pytest.raises(StoreError, match=r"a build of .* the same `skyscene build` into"):
                open_clips(folder)
            # A build of something else goes on with it, as far as it leads.
            if moment % 2 == 0:
                build(skies / "bars.mp4", folder, recipe=recipe, set=change, executor=here)
                assert verify(folder, executor=here).faults == ()
        build(skies, folder, recipe=recipe, set=change, executor=here)
        assert files_of(folder) == new, moment
        shutil.rmtree(folder)
        moment += 1
    assert marked > 5


def test_what_is_measured_anew_has_no_commit_meanwhile(
    before: Path, skies: Path, recipe: str, here: Any, monkeypatch: Any
) -> None:
    """Another version of a measure may keep other clips, and so give the cache other rows."""
    import skyscene.builder.worker as room

    change = ["windows.max_clips_per_source=0", "filters.dark.max_p99=40"]
    retune(before, set=change, apply=True, clips=False, executor=here)
    monkeypatch.setattr(Luma, "version", "2")
    real, seen = room.build_source, []  # type: ignore[attr-defined]

    def watched(job: Any, folder: BuildFolder, *rest: Any) -> Any:
        seen.append(folder.content(job.named.source_id).exists())
        return real(job, folder, *rest)

    monkeypatch.setattr(room, "build_source", watched)
    build(skies, before, recipe=recipe, set=change, executor=here)
    assert seen == [False] and "pending" not in states(before)
    assert verify(before, executor=here).faults == ()


def test_a_retune_takes_over_from_a_build(before: Path, wanted: Path, here: Any, files_of: Tree) -> None:
    begin_change(BuildFolder(before), Change("build", "the same build"))
    retune(before, set=TARGET, apply=True, executor=here)
    assert files_of(before) == files_of(wanted)

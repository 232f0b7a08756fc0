"""Clips whose source is not at hand are pending, and nothing uses a pending clip."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from skyscene.builder import build, funnel, retune, split, verify, write_report
from skyscene.dataset import export, open_clips
from skyscene.errors import StoreError
from skyscene.media import write_film
from skyscene.store import BuildFolder
from tests.builder.retune_material import SUNSET, eclipse, fresh, rows, states, sunset

Tree = Callable[[Path], dict[str, bytes]]
LOOSER = ["filters.dark.max_p99=40"]
QUICK = "\n[download]\nsleep_requests=0\nsleep_min=0\nsleep_max=0\nretries=0\nretry_sleep=0\n"


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("recipe") / "sunset.toml"
    path.write_text(SUNSET + QUICK)
    return str(path)


@pytest.fixture(scope="module")
def masters(
    tmp_path_factory: pytest.TempPathFactory, frames_of_sky: Callable[..., Iterator[np.ndarray]]
) -> Path:
    folder = tmp_path_factory.mktemp("masters")
    write_film(folder / "one.mp4", sunset(frames_of_sky(150, seed=1), 150), fps=30)
    write_film(folder / "two.mp4", eclipse(frames_of_sky(200, seed=2), 200), fps=30)
    write_film(folder / "day.mp4", frames_of_sky(70, seed=3), fps=30)
    return folder


@pytest.fixture
def skies(masters: Path, tmp_path: Path) -> Path:
    """one loses its light, two does so in the middle, day never; to be moved away at will."""
    shutil.copytree(masters, tmp_path / "skies")
    return tmp_path / "skies"


@pytest.fixture
def out(skies: Path, recipe: str, here: Any, tmp_path: Path) -> Path:
    return fresh(skies, tmp_path / "set", recipe, here, [])


def of(folder: Path, name: str) -> list[dict[str, Any]]:
    """The clips of a file."""
    ids = {row["source_id"] for row in rows(folder, "sources") if Path(row["path"]).name == name}
    return [clip for clip in rows(folder) if clip["source_id"] in ids]


@pytest.fixture
def waiting(out: Path, skies: Path, here: Any) -> Path:
    """two.mp4 is away, and clips of it have become kept."""
    (skies / "two.mp4").rename(skies / "away")
    plan = retune(out, set=LOOSER, executor=here)
    report = retune(out, set=LOOSER, apply=True, executor=here)
    assert plan.total == report.total and report.total.pending == 2
    (note,) = report.notices
    assert note.startswith("two.mp4: 2 kept clips have no file yet: ") and "bring it back" in note
    return out


def test_what_is_not_at_hand_is_pending_and_what_was_written_stays(
    waiting: Path, skies: Path, recipe: str, here: Any, tmp_path: Path, files_of: Tree
) -> None:
    states_of_two = [clip["state"] for clip in of(waiting, "two.mp4")]
    assert states_of_two == ["encoded", "pending", None, None, "pending", "encoded"]
    assert all(clip["state"] != "pending" for clip in of(waiting, "one.mp4"))
    for clip in rows(waiting):
        if clip["state"] == "pending":
            assert clip["kept"] and (clip["path"], clip["cache_row"], clip["sha256"]) == (None, None, None)
    assert verify(waiting, executor=here).faults == ()
    (skies / "away").rename(skies / "two.mp4")
    retune(waiting, apply=True, executor=here)
    assert files_of(waiting) == files_of(fresh(skies, tmp_path / "fresh", recipe, here, LOOSER))


def test_no_count_has_a_pending_clip_in_it(waiting: Path) -> None:
    found = states(waiting)
    counts = funnel(BuildFolder(waiting))
    assert counts.kept == found["encoded"] and counts.pending == found["pending"] == 2
    assert counts.windows == counts.kept + counts.pending + found.get(None, 0)
    assert counts.lines()[-2:] == [
        f"{counts.kept} clips kept",
        "2 more are pending: they have no file yet",
    ]


def test_no_split_has_a_pending_clip_in_it(waiting: Path) -> None:
    report = split(waiting, val=0.3, test=0.3)
    found = states(waiting)
    assert sum(report.clips.values()) == found["encoded"] and report.pending == 2
    assert {clip["split"] for clip in rows(waiting) if clip["state"] == "pending"} == {None}
    assert all(clip["split"] for clip in rows(waiting) if clip["state"] == "encoded")
    assert sum(funnel(BuildFolder(waiting)).splits.values()) == found["encoded"]


def test_a_source_with_nothing_but_pending_clips_has_no_side(
    out: Path, skies: Path, here: Any, recipe: str
) -> None:
    retune(out, set=["filters.dark.max_p99=235"], apply=True, executor=here)
    (skies / "two.mp4").unlink()
    retune(out, recipe=recipe, apply=True, executor=here)
    split(out, val=0.3, test=0.3)
    mine = {clip["source_id"] for clip in of(out, "two.mp4")}
    assert mine and not mine & {row["source_id"] for row in rows(out, "assignments")}
    assert not (out / "clips" / min(mine)).exists() and not (out / "cache" / f"{min(mine)}.npy").exists()


def test_no_loader_and_no_export_has_a_pending_clip_in_it(waiting: Path, tmp_path: Path) -> None:
    split(waiting, val=0.3, test=0.3)
    number = states(waiting)["encoded"]
    clips = open_clips(waiting)
    everything = open_clips(waiting, rejected=True)
    assert len(clips) == len(everything.kept()) == number
    assert sum(len(everything.split(side)) for side in ("train", "val", "test")) == number
    for name, pending in (("one.mp4", 0), ("two.mp4", 2)):
        ids = [clip["clip_id"] for clip in of(waiting, name) if clip["kept"]]
        assert sum(clip_id not in clips for clip_id in ids) == pending
    lost = next(clip["clip_id"] for clip in rows(waiting) if clip["state"] == "pending")
    for read in (everything.frames, everything.video, everything.file, everything.file_bytes, clips.frames):
        with pytest.raises(
            StoreError, match=r"kept but not encoded yet: .*skyscene retune .* --apply --fetch"
        ):
            read(lost)
    # The pixels of those that are there are their own, whatever row the others left free.
    for name in ("one.mp4", "two.mp4"):
        for clip in of(waiting, name):
            if clip["state"] == "encoded":
                small = clips.video(clip["clip_id"])[:, ::3, ::4].mean(axis=(1, 2))
                assert np.abs(clips.frames(clip["clip_id"]).mean(axis=(1, 2)) - small).max() < 6
    with pytest.raises(StoreError, match=r"2 kept clips .* not encoded yet"):
        export(waiting, "npz", tmp_path / "npz")
    done = export(clips, "npz", tmp_path / "npz")
    assert sum(done.clips.values()) == number
    assert write_report(waiting).is_file()


def test_a_build_that_cannot_have_the_file_takes_nothing_away(
    waiting: Path, skies: Path, recipe: str, here: Any, tmp_path: Path, files_of: Tree
) -> None:
    before = files_of(waiting)
    listed = tmp_path / "list.txt"
    listed.write_text("".join(f"{skies}/{name}.mp4\n" for name in ("one", "two", "day")))
    report = build(listed, waiting, recipe=recipe, set=LOOSER, executor=here)
    assert report.built == 0 and report.funnel.pending == 2 and files_of(waiting) == before
    (skies / "away").rename(skies / "two.mp4")
    report = build(listed, waiting, recipe=recipe, set=LOOSER, executor=here)
    assert report.built == 1 and report.funnel.pending == 0
    assert files_of(waiting) == files_of(fresh(skies, tmp_path / "fresh", recipe, here, LOOSER))


def test_a_file_with_other_bytes_is_not_that_source(
    out: Path, skies: Path, masters: Path, here: Any, files_of: Tree, tmp_path: Path
) -> None:
    (skies / "two.mp4").write_bytes((masters / "day.mp4").read_bytes())
    report = retune(out, set=LOOSER, apply=True, executor=here)
    assert report.total.pending == 2 and "has other bytes than when it was built" in report.notices[0]
    assert [clip["state"] for clip in of(out, "two.mp4")].count("encoded") >= 1
    # The same bytes with another time are read to be sure, and will do.
    (skies / "two.mp4").write_bytes((masters / "two.mp4").read_bytes())
    assert retune(out, apply=True, executor=here).total.pending == 0


def test_a_file_that_decodes_to_something_else_is_told_and_loses_nothing(
    out: Path, skies: Path, here: Any, monkeypatch: Any
) -> None:
    from skyscene.media.decode import Decoded

    before = states(out)["encoded"]
    real = Decoded.luma_hash
    monkeypatch.setattr(Decoded, "luma_hash", lambda self: real(self) ^ (self.index in (120, 140)))
    report = retune(out, set=LOOSER, apply=True, executor=here)
    assert report.total.pending == 4 and states(out)["encoded"] == report.total.kept == before
    assert any("does not give the frames it gave before" in note for note in report.notices)
    monkeypatch.undo()
    assert verify(out, executor=here).faults == ()


def test_another_file_with_the_same_bytes_will_do(out: Path, skies: Path, recipe: str, here: Any) -> None:
    shutil.copy(skies / "two.mp4", skies / "twin.mp4")
    build(skies, out, recipe=recipe, executor=here)
    (skies / "two.mp4").unlink()
    report = retune(out, set=LOOSER, apply=True, executor=here)
    assert report.total.pending == 0 and report.notices == ()


def test_a_lost_cache_without_its_source_is_refused(
    out: Path, skies: Path, here: Any, files_of: Tree
) -> None:
    source = of(out, "two.mp4")[0]["source_id"]
    (out / "cache" / f"{source}.npy").unlink()
    (skies / "two.mp4").rename(skies / "away")
    before = files_of(out)
    with pytest.raises(StoreError, match=r"the caches of 1 sources are missing or broken"):
        retune(out, set=LOOSER, apply=True, executor=here)
    assert files_of(out) == before
    (skies / "away").rename(skies / "two.mp4")
    retune(out, apply=True, executor=here)
    assert verify(out, executor=here).faults == () and states(out).get("pending") is None


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def address(skies: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(skies))) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}/two.mp4"
        running.shutdown()
        thread.join()


def test_a_download_is_fetched_again_only_when_it_is_asked_for(
    address: str, recipe: str, here: Any, tmp_path: Path, files_of: Tree
) -> None:
    out = build(address, tmp_path / "set", recipe=recipe, executor=here).folder
    wanted = files_of(build(address, tmp_path / "set2", recipe=recipe, set=LOOSER, executor=here).folder)
    (film,) = (out / "media").glob("*.mp4")
    lines = (out / "ledger.jsonl").read_text().splitlines()
    film.unlink()
    report = retune(out, set=LOOSER, apply=True, executor=here)
    assert report.total.pending == 2 and "give --fetch" in report.notices[0]
    assert (out / "ledger.jsonl").read_text().splitlines() == lines and not film.exists()
    assert retune(out, fetch=True, executor=here).total.pending == 2 and not film.exists()
    report = retune(out, apply=True, fetch=True, executor=here)
    assert report.total.pending == 0 and film.exists()
    assert len((out / "ledger.jsonl").read_text().splitlines()) == len(lines) + 1
    found = files_of(out)
    for name in found:
        # The rest tells where the download lies and when it came.
        if name.partition("/")[0] in ("clips", "cache", "frames", "clips.parquet", "scenes.parquet") or (
            name.startswith("commits/sources")
        ):
            assert found[name] == wanted[name]
    assert verify(out, executor=here).faults == ()


def test_a_download_that_comes_back_as_something_else_stays_out(
    address: str, skies: Path, masters: Path, recipe: str, here: Any, tmp_path: Path
) -> None:
    out = build(address, tmp_path / "set", recipe=recipe, executor=here).folder
    before = rows(out, "sources")
    (film,) = (out / "media").glob("*.mp4")
    film.unlink()
    (skies / "two.mp4").write_bytes((masters / "day.mp4").read_bytes())
    report = retune(out, set=LOOSER, apply=True, fetch=True, executor=here)
    assert report.total.pending == 2 and "now has other bytes" in report.notices[0]
    assert not list((out / "media").glob("*.mp4")) and rows(out, "sources") == before
    (skies / "two.mp4").unlink()
    report = retune(out, apply=True, fetch=True, executor=here)
    assert report.total.pending == 2 and "gone: " in report.notices[0]
    assert verify(out, executor=here).faults == () and states(out)["encoded"] >= 1

"""What all formats share: which clips are written, and where."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from skyscene.dataset import FORMATS, export, open_clips
from skyscene.errors import BusyError, MediaError, StoreError


class Names:
    """An exporter of one's own."""

    def write(self, clips, path, tick):
        (path / "deep").mkdir()
        (path / "deep" / "names.txt").write_text("\n".join(clip.clip_id for clip in clips))
        tick(len(clips))


def tree(root):
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_clips_give_the_same_bytes(sky, tmp_path, format):
    ticks = []
    first = export(sky, format, tmp_path / "one", tick=ticks.append)
    for path in sky.rglob("*"):
        os.utime(path, (1, 1))
    second = export(str(sky), format, str(tmp_path / "two"))
    assert tree(tmp_path / "one") == tree(tmp_path / "two") != {}
    assert first.clips == {"train": 4, "val": 2, "test": 2} and ticks == list(range(1, 9))
    assert (first.files, first.bytes) == (second.files, second.bytes)
    sizes = [len(data) for data in tree(first.folder).values()]
    assert (first.files, first.bytes) == (len(sizes), sum(sizes))


@pytest.mark.parametrize("format", FORMATS)
def test_nothing_is_left_beside_the_target(sky, tmp_path, format):
    export(sky, format, tmp_path / "deep" / "out")
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["out"]


def test_rejected_and_gone_clips_are_left_out(sky, edit, tmp_path, id_of):
    edit(sky, "clips", lambda row: row["clip_id"] == id_of(0, 0), state="gone")
    export(sky, Names(), tmp_path / "out")
    names = (tmp_path / "out/deep/names.txt").read_text().split()
    assert len(names) == 7 and not {id_of(0, 0), id_of(1, 2)} & set(names)


def test_some_clips_only(sky, tmp_path):
    report = export(open_clips(sky).split("val"), "webdataset", tmp_path / "out")
    assert report.clips == {"val": 2}
    assert [path.name for path in report.folder.iterdir()] == ["val-000000.tar"]


def test_kept_clips_that_are_not_encoded_are_not_passed_over(sky, edit, tmp_path, id_of):
    edit(sky, "clips", lambda row: row["clip_id"] == id_of(0, 0), state="pending", split=None)
    with pytest.raises(StoreError, match=r"^1 kept clips .*run the same `skyscene build` without --no-clips"):
        export(sky, "npz", tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("some", "message"), [(False, "8 of 8"), (True, "2 of 8")])
def test_a_split_comes_first(sky, edit, tmp_path, name_of, some, message):
    cure = r"run `skyscene split .*sky --by-source` first"
    edit(sky, "clips", lambda row: not some or row["source_id"] == name_of(0), split=None)
    with pytest.raises(StoreError, match=f"{message} clips .*: {cure}"):
        export(sky, "npz", tmp_path / "out")


def test_nothing_to_export(sky, edit, tmp_path):
    edit(sky, "clips", lambda row: True, kept=False)
    with pytest.raises(StoreError, match="no kept clips to export"):
        export(sky, "npz", tmp_path / "out")


@pytest.mark.parametrize(
    ("name", "hint"), [("oficial", "did you mean official"), ("zip", "known|did you mean")]
)
def test_unknown_formats(sky, tmp_path, name, hint):
    with pytest.raises(StoreError, match=f"no export format '{name}'; {hint}"):
        export(sky, name, tmp_path / "out")


def test_the_target_must_be_new_or_empty(sky, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    export(sky, Names(), tmp_path / "link")
    assert (tmp_path / "empty" / "deep").is_dir() and (tmp_path / "link").is_symlink()
    with pytest.raises(StoreError, match="full is not empty: give a new folder"):
        export(sky, Names(), tmp_path / "full")
    with pytest.raises(StoreError, match="file is a file: give a new folder"):
        export(sky, Names(), tmp_path / "file")
    assert list((tmp_path / "full").iterdir()) == [tmp_path / "full" / "mine.txt"]


@pytest.mark.parametrize("inside", ["", "clips", "new/deep"])
def test_the_build_folder_is_not_written_to(sky, inside):
    with pytest.raises(StoreError, match="is inside the build folder"):
        export(sky, Names(), sky / inside)


@pytest.mark.parametrize("error", [KeyboardInterrupt, MediaError("undecodable", "x"), OSError(28, "full")])
def test_an_export_that_fails_leaves_nothing(sky, tmp_path, error):
    (tmp_path / "out").mkdir()

    def tick(count):
        if count == 3:
            raise error

    wanted = StoreError if isinstance(error, OSError) else error if isinstance(error, type) else type(error)
    with pytest.raises(wanted):
        export(sky, "official", tmp_path / "out", tick=tick)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "sky"]
    assert not list((tmp_path / "out").iterdir())


def test_a_full_disk_is_named(sky, tmp_path):
    class Full:
        def write(self, clips, path, tick):
            raise OSError(28, "No space left on device")

    with pytest.raises(StoreError, match=r"no space left for .*out: make room"):
        export(sky, Full(), tmp_path / "out")


def test_a_killed_export_is_swept_away_by_the_next(sky, tmp_path):
    program = (
        "import sys, time; from skyscene.dataset import export\n"
        "export(sys.argv[1], 'webdataset', sys.argv[2], tick=lambda n: n == 2 and time.sleep(60))"
    )
    out = tmp_path / "out"
    with subprocess.Popen([sys.executable, "-c", program, sky, out]) as process:
        part = tmp_path / ".out.part"
        for _ in range(300):
            if part.is_dir() and list(part.iterdir()):
                break
            time.sleep(0.05)
        assert part.is_dir() and not out.exists()
        with pytest.raises(BusyError, match="another export is writing to"):
            export(sky, "webdataset", out)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert part.is_dir() and not out.exists()
    export(sky, Names(), out)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "sky"]
    assert list(tree(out)) == ["deep/names.txt"]


def test_two_exports_at_once(sky, tmp_path):
    def tick(count):
        with pytest.raises(BusyError):
            export(sky, Names(), tmp_path / "out")

    assert export(sky, "npz", tmp_path / "out", tick=tick).files == 3
    assert not (tmp_path / ".out.lock").exists()


@pytest.mark.parametrize("column", ["clip_id", "source_id"])
@pytest.mark.parametrize("name", ["../x", "/x", "x\n", "-x", "CON", "", "é", "x" * 101, ".", "a.b"])
def test_hostile_ids_in_the_index_are_refused(sky, edit, tmp_path, id_of, column, name):
    edit(sky, "clips", lambda row: row["clip_id"] == id_of(0, 0), **{column: name})
    with pytest.raises(StoreError, match=f"is not a {column.replace('_', ' ')}"):
        export(sky, "hf", tmp_path / "out")
    assert [path.name for path in Path(tmp_path).iterdir()] == ["sky"]


def test_a_damaged_clip_stops_the_export(sky, tmp_path):
    path = open_clips(sky).file(0)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    for format in ("webdataset", "hf"):
        with pytest.raises(StoreError, match="is not the file that was written"):
            export(sky, format, tmp_path / "out")

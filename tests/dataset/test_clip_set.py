"""A build folder as a set of clips."""

import builtins
import pickle
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

from skyscene.dataset import ClipEntry, ClipSet, open_clips
from skyscene.errors import MissingExtraError, StoreError
from skyscene.media import Size, second_decode, to_rgb
from skyscene.records import Interval
from skyscene.store import BuildFolder, Change, begin_change


def test_only_kept_clips_with_files_count(sky, edit, id_of):
    edit(sky, "clips", lambda row: row["clip_id"] == id_of(0, 0), state="pending", path=None)
    edit(sky, "clips", lambda row: row["clip_id"] == id_of(1, 0), state="gone", path=None)
    clips = open_clips(sky)
    assert len(clips) == 6 and {clip.state for clip in clips} == {"encoded"}
    assert len(open_clips(sky, rejected=True)) == 12
    assert len(open_clips(sky, rejected=True).kept()) == 6


def test_rows_are_entries_with_columns_as_attributes(sky, id_of, name_of):
    clip = open_clips(sky)[id_of(1, 1)]
    assert isinstance(clip, ClipEntry)
    assert (clip.source_id, clip.split, clip.width, clip.kept) == (name_of(1), "train", 96, True)
    assert clip.interval == Interval(32, 64)
    assert clip.scores["dark"] == clip.score_dark == pytest.approx(0.11)
    assert clip.labels == {"sky": None}
    with pytest.raises(AttributeError, match="did you mean split"):
        clip.spilt
    again = pickle.loads(pickle.dumps(clip))
    assert again == clip and len({again, clip}) == 1 and clip.score_static != clip.score_static
    assert clip != open_clips(sky)[id_of(1, 0)] and clip != ClipEntry({**clip.row, "split": "test"})


def test_it_is_a_sequence(sky, id_of):
    clips = open_clips(sky)
    listed = list(clips)
    assert [clips[place] for place in range(8)] == listed and clips[-1] == listed[-1]
    assert [clip.clip_id for clip in listed] == clips.table["clip_id"].to_pylist()
    assert listed[3] in clips and id_of(0, 0) in clips and id_of(0, 2) not in clips
    assert clips.index(listed[3]) == clips.index(listed[3].clip_id) == 3
    assert list(clips[2:4]) == listed[2:4] and isinstance(clips[2:4], ClipSet)
    assert list(clips[::-1]) == listed[::-1] == list(reversed(clips))
    for outside in (8, -9):
        with pytest.raises(IndexError):
            clips[outside]


def test_selections(sky, name_of, id_of):
    clips = open_clips(sky)
    assert [len(clips.split(side)) for side in ("train", "val", "test")] == [4, 2, 2]
    assert {clip.source_id for clip in clips.source(name_of(2))} == {name_of(2)}
    assert [clip.clip_id for clip in clips.where(min_score_dark=0.3, max_score_dark=0.305)] == [id_of(3, 0)]
    assert len(clips.where(min_score_static=0.0)) == 0, "NaN is over no bound"
    assert (len(clips.where(label_sky=None)), len(clips.where(label_sky="clear"))) == (6, 2)
    assert len(clips.where(lambda clip: clip.width > 64, split="train")) == 2
    assert len(clips.where(width=np.int64(96))) == 2
    assert len(clips) == 8, "the set itself does not change"


def test_rejects_and_their_reasons(sky):
    whole = open_clips(sky, rejected=True)
    assert len(whole.rejected()) == len(whole.rejected("static")) == 4
    assert len(whole.rejected("zoom")) == len(open_clips(sky).rejected()) == 0


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda clips: clips.where(sorce_id="x"), "did you mean source_id"),
        (lambda clips: clips.where(min_dark=1), "did you mean score_dark"),
        (lambda clips: clips.where(width="wide"), "column width holds int32"),
        (lambda clips: clips.where(reasons="dark"), "column reasons holds list"),
        (lambda clips: clips.split("trian"), "did you mean train"),
        (lambda clips: clips["nothing"], "no clip 'nothing'"),
        (lambda clips: clips.split("val")[clips.split("train")[0].clip_id], "not in this selection"),
    ],
)
def test_wrong_questions_are_answered_with_the_cure(sky, ask, message):
    with pytest.raises(StoreError, match=message):
        ask(open_clips(sky))


def test_a_folder_without_a_split_is_not_a_set_without_clips(sky, edit):
    edit(sky, "clips", lambda row: row["kept"], split=None)
    with pytest.raises(StoreError, match=r"no split yet: run `skyscene split .*sky --by-source` first"):
        open_clips(sky).split("train")
    assert len(open_clips(sky).where(width=1).split("train")) == 0


def test_not_a_build_folder(tmp_path):
    with pytest.raises(StoreError, match="not a build folder"):
        open_clips(tmp_path)


def test_frames_come_from_the_cache(sky, id_of, cached_of):
    clips = open_clips(sky)
    for source in range(4):
        for clip in range(2):
            frames = clips.frames(id_of(source, clip))
            assert frames.dtype == np.uint8 and np.array_equal(frames, cached_of(source, clip))
    frames[:] = 0
    assert clips.frames(id_of(3, 1)).any(), "a caller's changes stay with the caller"


def test_batches_and_first_frames_follow_the_order_of_the_set(sky):
    clips = open_clips(sky).sorted_by_id()
    assert [clip.clip_id for clip in clips] == sorted(clip.clip_id for clip in clips)
    wanted = np.stack([clips.frames(place) for place in range(8)])
    batches = list(clips.arrays(3))
    assert [len(batch) for batch in batches] == [3, 3, 2]
    assert np.array_equal(np.concatenate(batches), wanted)
    assert np.array_equal(clips.first_frames(), wanted[:, 0])
    assert clips[:0].first_frames().shape[0] == 0 and list(clips[:0].arrays(2)) == []
    with pytest.raises(ValueError, match="at least 1"):
        next(clips.arrays(0))


def test_video_is_the_clips_file_decoded(sky, id_of):
    clips = open_clips(sky)
    for source, matrix in ((0, "bt709"), (1, "smpte170m")):
        clip = clips[id_of(source, 1)]
        size = Size(clip.width, clip.height)
        other = [to_rgb(p, size, matrix) for p in second_decode(clips.file(clip.clip_id), size)]
        video = clips.video(clip.clip_id)
        assert video.shape == (32, clip.height, clip.width, 3)
        assert np.array_equal(video, np.stack(other)), "another decoder sees the same"


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"state": "pending"}, "run the same `skyscene build` without --no-clips"),
        ({"state": "gone"}, "give its source to `skyscene build` again"),
        ({"kept": False, "reasons": ["dark"]}, r"was rejected \(dark\)"),
    ],
)
def test_clips_without_pixels_say_why(sky, edit, id_of, cells, message):
    edit(sky, "clips", lambda row: row["clip_id"] == id_of(0, 0), **cells)
    for clips in (open_clips(sky), open_clips(sky, rejected=True)):
        for read in (clips.frames, clips.video, clips.file, clips.file_bytes):
            with pytest.raises(StoreError, match=message):
                read(id_of(0, 0))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda path: path.unlink(), "no cache file"),
        (lambda path: path.write_bytes(b""), "cannot be read"),
        (lambda path: path.write_bytes(path.read_bytes()[:1000]), "cannot be read"),
        (lambda path: np.save(path, np.zeros((1, 32, 16, 16, 3), np.uint8)), "has 1 rows and so no row 1"),
        (lambda path: np.save(path, np.zeros((2, 31, 16, 16, 3), np.uint8)), "and not uint8"),
        (lambda path: np.save(path, np.zeros((2, 32, 16, 16, 3), np.float32)), "and not uint8"),
        (lambda path: np.save(path, np.zeros((2, 32, 16, 16), np.uint8)), "and not uint8"),
    ],
)
def test_a_damaged_cache_is_named_with_the_cure(sky, name_of, id_of, damage, message):
    damage(sky / "cache" / f"{name_of(2)}.npy")
    with pytest.raises(StoreError, match=f"{message}.*: delete .*{name_of(2)}.json and run the same"):
        open_clips(sky).frames(id_of(2, 1))


def test_negative_and_empty_cache_rows_are_refused(sky, edit, id_of):
    for row, message in ((-1, "no row -1"), (None, "is not in the cache")):
        edit(sky, "clips", lambda clip: clip["clip_id"] == id_of(2, 1), cache_row=row)
        with pytest.raises(StoreError, match=message):
            open_clips(sky).frames(id_of(2, 1))


def test_clips_of_two_shapes_do_not_stack(sky, name_of):
    np.save(sky / "cache" / f"{name_of(2)}.npy", np.zeros((2, 32, 8, 8, 3), np.uint8))
    with pytest.raises(StoreError, match="different shapes"):
        open_clips(sky).first_frames()


def test_damaged_clip_files_are_named(sky, edit, id_of):
    clips = open_clips(sky)
    path = clips.file(id_of(0, 0))
    data = path.read_bytes()
    path.write_bytes(clips.file(id_of(1, 0)).read_bytes())
    with pytest.raises(StoreError, match="is not the file that was written"):
        clips.file_bytes(id_of(0, 0))
    with pytest.raises(StoreError, match="and not \\(32, 36, 64, 3\\)"):
        clips.video(id_of(0, 0))
    path.write_bytes(data)
    assert clips.file_bytes(id_of(0, 0)) == data
    path.unlink()
    with pytest.raises(StoreError, match="no clip file"):
        clips.video(id_of(0, 0))


@pytest.mark.parametrize("path", ["../outside.mp4", "/etc/passwd", "", None, "clips/../../outside.mp4"])
def test_the_index_cannot_point_out_of_the_folder(sky, edit, id_of, path):
    (sky.parent / "outside.mp4").write_bytes(b"secret")
    edit(sky, "clips", lambda row: row["clip_id"] == id_of(0, 0), path=path)
    with pytest.raises(StoreError, match="not a path inside the folder"):
        open_clips(sky).file(id_of(0, 0))


def test_a_source_id_cannot_point_out_of_the_folder(sky, edit, id_of):
    np.save(sky.parent / "outside.npy", np.zeros((2, 32, 16, 16, 3), np.uint8))
    edit(sky, "clips", lambda row: row["clip_id"] == id_of(0, 0), source_id="../../outside")
    with pytest.raises(StoreError, match="is not a source id"):
        open_clips(sky).frames(id_of(0, 0))


def test_pickled_it_is_small_and_the_same(sky, monkeypatch, tmp_path):
    monkeypatch.chdir(sky.parent)
    clips = open_clips("sky").split("train").sorted_by_id()
    clips.frames(0)
    data = pickle.dumps(clips)
    monkeypatch.chdir(tmp_path)
    again = pickle.loads(data)
    assert len(data) < 1000 and list(again) == list(clips)
    assert np.array_equal(again.frames(1), clips.frames(1))


def test_pickled_before_the_index_changed_it_does_not_show_other_clips(sky, edit):
    data = pickle.dumps(open_clips(sky))
    edit(sky, "clips", lambda row: True, split="train")
    with pytest.raises(StoreError, match="changed since the set was opened"):
        pickle.loads(data)


def test_a_set_that_is_open_while_clips_get_other_rows_does_not_mix_them_up(
    sky, edit, id_of, name_of, cached_of
):
    clips = open_clips(sky)
    assert np.array_equal(clips.frames(id_of(0, 0)), cached_of(0, 0))
    for clip in (0, 1):
        edit(sky, "clips", lambda row, clip=clip: row["clip_id"] == id_of(1, clip), cache_row=1 - clip)
    np.save(sky / "cache" / f"{name_of(1)}.npy", np.stack([cached_of(1, 1), cached_of(1, 0)]))
    with pytest.raises(StoreError, match="changed since the set was opened: open it again"):
        clips.frames(id_of(1, 0))
    assert np.array_equal(open_clips(sky).frames(id_of(1, 0)), cached_of(1, 0))
    # What did not change is still read: a build that adds sources disturbs nobody.
    assert np.array_equal(clips.frames(id_of(0, 1)), cached_of(0, 1))
    assert np.array_equal(clips.frames(id_of(2, 1)), cached_of(2, 1))
    begin_change(BuildFolder(sky), Change("retune", "the cure"))
    with pytest.raises(StoreError, match="finish it with the cure"):
        clips.frames(id_of(3, 0))
    with pytest.raises(StoreError, match="finish it with the cure"):
        open_clips(sky)


@pytest.mark.parametrize("method", ["spawn", "fork"])
def test_other_processes_read_the_same(sky, method):
    clips = open_clips(sky)
    clips.frames(0)
    with ProcessPoolExecutor(2, mp_context=get_context(method)) as pool:
        seen = list(pool.map(clips.frames, range(8)))
    assert np.array_equal(np.stack(seen), np.stack([clips.frames(place) for place in range(8)]))


def test_pandas(sky, monkeypatch):
    clips = open_clips(sky)
    assert list(clips.to_pandas().clip_id) == [clip.clip_id for clip in clips]
    load = builtins.__import__

    def without_pandas(name, *rest):
        if name == "pandas":
            raise ImportError(name)
        return load(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without_pandas)
    with pytest.raises(MissingExtraError, match="pandas is needed to make a data frame"):
        clips.to_pandas()


def test_reading_the_cache_imports_nothing_heavy(sky):
    program = (
        "import sys; from skyscene.dataset import open_clips; open_clips(sys.argv[1]).frames(0); "
        "print([name for name in ('av', 'cv2', 'torch') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", program, sky], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"

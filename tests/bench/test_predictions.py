"""Clips made elsewhere: every form reads back, and whatever else a folder holds is told in a few lines."""

from __future__ import annotations

import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from skyscene.bench.elsewhere import PredictionFolder, open_predictions, open_truth
from skyscene.bench.elsewhere.film_file import look
from skyscene.errors import BenchError
from tests.bench.odd_predictions import CASES, PICKLED, Exploding
from tests.bench.written_clips import Clip, as_ffv1, as_jpeg, as_mp4, as_npy, as_pictures, clip_of

IDS = ("0a1b", "5f0c", "77aa")


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A folder of arrays with which all is well."""
    for seed, clip_id in enumerate(IDS):
        as_npy(tmp_path / clip_id, clip_of(seed))
    return tmp_path


def refusal(folder: Path, ids: tuple[str, ...] = IDS, **limits: int) -> str:
    with pytest.raises(BenchError) as caught:
        open_predictions(folder, ids, **limits)
    return str(caught.value)


# What is read


@pytest.mark.parametrize(
    ("write", "form", "lossy"),
    [
        (as_npy, "npy", False),
        (as_pictures, "png", False),
        (as_jpeg, "jpeg", True),
        (as_ffv1, "video", False),
        (as_mp4, "video", True),
    ],
)
@pytest.mark.parametrize("samples", [None, 2])
def test_every_form_reads_back(
    tmp_path: Path, write: Callable[[Path, Clip], None], form: str, lossy: bool, samples: int | None
) -> None:
    for seed, clip_id in enumerate(IDS):
        for sample in range(samples or 1):
            base = tmp_path / clip_id if samples is None else tmp_path / clip_id / str(sample)
            write(base, clip_of(10 * seed + sample))
    found = open_predictions(tmp_path, IDS)
    assert (found.form, found.lossy, found.samples, found.size) == (form, lossy, samples or 1, 64)
    for seed, clip_id in enumerate(IDS):
        for sample in range(samples or 1):
            clip_thwc, wanted = found.clip(clip_id, sample), clip_of(10 * seed + sample)
            assert clip_thwc.shape == wanted.shape and clip_thwc.dtype == np.uint8
            assert lossy or np.array_equal(clip_thwc, wanted)


def test_pictures_come_in_the_order_in_which_people_count(tmp_path: Path) -> None:
    clip = np.stack([np.full((64, 64, 3), k, np.uint8) for k in range(32)])
    as_pictures(tmp_path / "0a1b", clip)  # 0.png, 1.png, ... 10.png
    assert open_predictions(tmp_path, ("0a1b",)).clip("0a1b")[:, 0, 0, 0].tolist() == list(range(32))


def test_an_array_in_fortran_order_is_the_same_clip(tmp_path: Path) -> None:
    np.save(tmp_path / "0a1b.npy", np.asfortranarray(clip_of(0)))
    assert np.array_equal(open_predictions(tmp_path, ("0a1b",)).clip("0a1b"), clip_of(0))


def test_notes_and_litter_are_passed_over(good: Path) -> None:
    for name in (".DS_Store", "Thumbs.db", "README.md", "how.json", "._0a1b.npy", "desktop.ini"):
        (good / name).write_bytes(b"x")
    (good / ".ipynb_checkpoints").mkdir()
    assert open_predictions(good, IDS).samples == 1


def test_ids_keep_the_order_in_which_they_were_asked_for(good: Path) -> None:
    assert open_predictions(good, IDS[::-1]).clip_ids == IDS[::-1]


def test_a_single_file_beside_a_folder_of_sample_0_is_one_sample(good: Path) -> None:
    (good / "0a1b.npy").unlink()
    as_npy(good / "0a1b" / "0", clip_of(0))
    assert open_predictions(good, IDS).samples == 1


# What is said


def test_a_whole_message(good: Path) -> None:
    (good / "0a1b.npy").rename(good / "0a1c.npy")
    np.save(good / "5f0c.npy", clip_of(1).astype(np.float32) / 255)
    np.save(good / "77aa.npy", clip_of(1, frames=31))
    assert refusal(good) == (
        f"{good} cannot be used for 3 clips; nothing was scored:\n"
        "- missing (1): 0a1b\n"
        "- no name of a clip or sample (1): 0a1c.npy, did you mean 0a1b?\n"
        "- of another length than 32 frames (1): 77aa.npy has 31\n"
        "- no uint8 array (32, H, W, 3) (1): 5f0c.npy: float32: bring it to [0, 1], multiply by 255, round, "
        ".astype(np.uint8)"
    )


def test_five_of_a_kind_are_named_and_all_are_counted(good: Path) -> None:
    ids = tuple(f"x{k}" for k in range(40))
    assert "- missing (40): x0; x1; x2; x3; x4; ... 35 more" in refusal(good, IDS + ids)


@pytest.mark.parametrize("case", CASES)
def test_what_is_wrong_is_named(good: Path, case: str) -> None:
    spoil, says = CASES[case]
    spoil(good)
    said = refusal(good)
    assert says in said and len(said) < 1500
    assert case in ("missing", "another case") or "missing" not in said, "there, but wrong, is not missing"
    assert not PICKLED.exists()


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: None, "no such folder"),
        (lambda path: path.write_bytes(b"x"), "not a folder"),
        (lambda path: path.mkdir(), "holds no clip"),
        (lambda path: path.symlink_to(path), "not a folder"),
    ],
)
def test_what_is_no_folder_of_clips(tmp_path: Path, make: Callable[[Path], object], says: str) -> None:
    make(tmp_path / "given")
    assert says in refusal(tmp_path / "given")


def test_names_that_are_no_text_can_be_printed(good: Path) -> None:
    try:
        (good / os.fsdecode(b"\xff\xfe.npy")).write_bytes(b"x")
    except OSError:
        pytest.skip("this file system takes text only")
    assert refusal(good).encode("utf-8")


def test_pictures_smaller_than_the_benchmark_are_too_small(good: Path) -> None:
    assert "64x64 is under 128x128" in refusal(good, least=128)


# What the folder does


def test_a_film_is_given_up_one_frame_after_its_end(tmp_path: Path) -> None:
    as_mp4(tmp_path / "0a1b", clip_of(0))
    assert look(tmp_path / "0a1b.mp4", 8).frames == 9


def test_the_check_reads_headers_and_not_pixels(tmp_path: Path) -> None:
    ids = tuple(f"clip{k}" for k in range(12))
    for clip_id in ids:
        as_npy(tmp_path / clip_id, np.zeros((32, 128, 128, 3), np.uint8))
    tracemalloc.start()
    found = open_predictions(tmp_path, ids)
    for clip_id in ids:
        found.clip(clip_id)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * 32 * 128 * 128 * 3, "a clip or two at a time"


@pytest.mark.parametrize(
    "change",
    [
        lambda path: path.unlink(),
        lambda path: os.truncate(path, 500),
        lambda path: np.save(path, clip_of(0, size=80)),
        lambda path: np.save(path, np.array([Exploding()], object), allow_pickle=True),
    ],
)
def test_a_clip_that_changes_after_the_check_is_refused(good: Path, change: Callable[[Path], None]) -> None:
    found = open_predictions(good, IDS)
    change(good / "5f0c.npy")
    with pytest.raises(BenchError, match=r"5f0c\.npy: .*looked right when it was checked"):
        found.clip("5f0c")


@pytest.mark.parametrize(
    ("clip_id", "sample", "says"), [("5f0d", 0, "did you mean 5f0c?"), ("5f0c", 1, "samples 0 to 0, not 1")]
)
def test_a_clip_that_is_not_there_is_an_error(good: Path, clip_id: str, sample: int, says: str) -> None:
    with pytest.raises(BenchError, match=says):
        open_predictions(good, IDS).clip(clip_id, sample)


def test_the_digest_names_what_is_scored(good: Path) -> None:
    def digest() -> str:
        return open_predictions(good, IDS).digest()

    before = digest()
    assert len(before) == 16 and before == open_predictions(good, IDS[::-1]).digest()
    (good / "README").write_text("a note changes nothing")
    assert digest() == before
    one, other = (good / "0a1b.npy").read_bytes(), (good / "5f0c.npy").read_bytes()
    (good / "0a1b.npy").write_bytes(other)
    (good / "5f0c.npy").write_bytes(one)
    swapped = digest()
    assert swapped != before, "two clips that changed places"
    (good / "0a1b.npy").rename(good / "0a1a.npy")
    assert open_predictions(good, ("0a1a", *IDS[1:])).digest() != swapped, "the same clips by other names"


def test_a_digest_of_a_file_that_has_gone_is_an_error(good: Path) -> None:
    found = open_predictions(good, IDS)
    (good / "77aa.npy").unlink()
    with pytest.raises(BenchError, match="looked right when"):
        found.digest()


def test_a_truth_holds_whatever_ids_it_holds(good: Path) -> None:
    truth = open_truth(good)
    assert isinstance(truth, PredictionFolder) and truth.clip_ids == IDS
    assert np.array_equal(truth.clip("77aa"), clip_of(2))


def test_a_truth_has_one_clip_an_id(tmp_path: Path) -> None:
    for sample in "01":
        as_npy(tmp_path / "0a1b" / sample, clip_of(0))
    with pytest.raises(BenchError, match="0a1b: 2, of a truth there is one"):
        open_truth(tmp_path)

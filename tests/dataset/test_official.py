"""The published layout, read back by a loader that knows nothing else."""

import csv
import io
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, JpegImagePlugin

from skyscene.dataset import export, open_clips
from skyscene.dataset.exporters.names import safe_name, unique_names, video_names
from skyscene.store import BuildFolder, schema, write_rows


def read_published(root: Path):
    """As the loaders of the published data do: root/<video>/<shot>/, sorted by name, the first 32 images.

    Yields:
        Video, shot and uint8 frames (32, height, width, 3).
    """
    for video in sorted(root.iterdir()):
        for shot in sorted(video.iterdir()):
            assert re.fullmatch(re.escape(video.name) + r"_[1-9]\d*", shot.name)
            names = sorted(path.name for path in shot.iterdir())
            assert names == [f"{video.name}_frames_{number:08d}.jpg" for number in range(1, 33)]
            pictures = [Image.open(io.BytesIO((shot / name).read_bytes())) for name in names[:32]]
            assert all(picture.format == "JPEG" and picture.mode == "RGB" for picture in pictures)
            yield video.name, shot.name, np.stack([np.asarray(picture) for picture in pictures])


def psnr(a, b):
    return 10 * np.log10(255**2 / np.mean((a.astype(float) - b) ** 2))


def test_it_reads_back_as_the_published_data_does(sky, tmp_path, name_of):
    out = export(sky, "official", tmp_path / "out").folder
    assert sorted(path.name for path in out.iterdir()) == ["manifest.csv", "sky_test", "sky_train", "sky_val"]
    with (out / "manifest.csv").open(encoding="utf-8", newline="") as file:
        manifest = {row["folder"]: row for row in csv.DictReader(file)}
    clips = open_clips(sky)
    seen = []
    for side in ("train", "val", "test"):
        for video, shot, frames in read_published(out / f"sky_{side}"):
            row = manifest[f"sky_{side}/{video}/{shot}"]
            clip = clips[row["clip_id"]]
            seen.append(clip.clip_id)
            assert clip.split == row["split"] == side and row["source_id"] == clip.source_id
            assert frames.shape == (32, clip.height, clip.width, 3)
            decoded = clips.video(clip.clip_id)
            assert min(map(psnr, frames, decoded)) > 35
            assert shot == f"{video}_{clip.frame_start // 32 + 1}", "numbered in order of time"
    assert sorted(seen) == sorted(clip.clip_id for clip in clips) and len(manifest) == 8
    videos = {row["source_id"]: row["folder"].split("/")[1] for row in manifest.values()}
    assert videos == {
        name_of(0): "-0_eqVxGOju",
        name_of(1): f"morning_sky-{name_of(1)[:8]}",
        name_of(2): f"morning_sky-{name_of(2)[:8]}",
        name_of(3): "evening",
    }


def test_the_pictures_keep_their_colour(sky, tmp_path):
    out = export(open_clips(sky)[:1], "official", tmp_path / "out").folder
    picture = Image.open(io.BytesIO(next(out.rglob("*.jpg")).read_bytes()))
    assert isinstance(picture, JpegImagePlugin.JpegImageFile)
    assert JpegImagePlugin.get_sampling(picture) == 0, "4:4:4"
    assert max(picture.quantization[0]) < 20, "quality 95"
    assert "progressive" not in picture.info


def test_names_do_not_depend_on_what_is_exported(sky, tmp_path, name_of):
    clips = open_clips(sky).source(name_of(1))
    out = export(clips, "official", tmp_path / "out").folder
    assert [path.name for path in (out / "sky_train").iterdir()] == [f"morning_sky-{name_of(1)[:8]}"]


HOSTILE = ["../../x", "/etc/passwd", "a\nb\x00c", "-rf", "CON", "x" * 5000, "été ☁", "..", "日本", "C:\\x"]


def hostile_sources(column):
    """Rows of sources that want to be called something they must not be."""
    empty = {"duplicate_of": None, "video_id": None, "path": None, "url": None}
    return [{**empty, "source_id": f"{number:016d}", column: name} for number, name in enumerate(HOSTILE)]


@pytest.mark.parametrize("column", ["video_id", "path", "url"])
def test_hostile_names_are_made_safe(tmp_path, column):
    folder = BuildFolder(tmp_path)
    write_rows(folder.sources, hostile_sources(column), schema("sources"))
    names = video_names(folder)
    assert len(set(names.values())) == len(names) == len(HOSTILE)
    assert all(re.fullmatch(r"[0-9A-Za-z_][0-9A-Za-z_-]{0,99}", name) for name in names.values())


def test_hostile_names_stay_inside(sky, edit, tmp_path, name_of):
    for source in range(4):
        mine = name_of(source)
        edit(sky, "sources", lambda row, mine=mine: row["source_id"] == mine, video_id=HOSTILE[source])
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    out = export(open_clips(sky).where(frame_start=0), "official", tmp_path / "out").folder
    assert len(list(read_published(out / "sky_train"))) == 2
    after = {path for path in tmp_path.rglob("*") if path.is_file()}
    assert len(after - before) == 4 * 32 + 1 and all(path.is_relative_to(out) for path in after - before)


@settings(max_examples=50)
@example("CON")
@example("lpt9")
@given(st.text(max_size=80))
def test_every_name_is_safe(text):
    name = safe_name(text)
    assert re.fullmatch(r"[0-9A-Za-z_-]{1,65}", name)
    assert not name.startswith("-") or name == text
    assert name.casefold() not in {"con", "nul", "aux", "prn", "com1", "lpt9"}


@settings(max_examples=50)
@given(st.lists(st.sampled_from(["a", "A", "a-11111111", "é", "e", "", "..", "日", "con"]), max_size=9))
def test_no_two_names_are_the_same(names):
    ids = [f"11111111{number:08d}" for number in range(len(names))]
    made = unique_names(dict(zip(ids, names, strict=True)))
    assert list(made) == ids and len({name.casefold() for name in made.values()}) == len(ids)
    assert made == unique_names(dict(reversed(list(zip(ids, names, strict=True)))))

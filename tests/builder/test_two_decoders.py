"""Where two decoders read a damaged source differently, `verify` says so, and blames what shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import pytest

from skyscene.builder import build, inspect_source, verify
from skyscene.errors import MediaError
from skyscene.media import Decoded, SecondDecoder

Sets = tuple[Path, list[str]]


@pytest.fixture
def one(films: Path, plain: str, here: Any, tmp_path: Path) -> Sets:
    """A set of a.mp4 alone, and its three clips."""
    import pyarrow.parquet as pq

    folder = build(films / "a.mp4", tmp_path / "set", recipe=plain, executor=here).folder
    return folder, [row["clip_id"] for row in pq.read_table(folder / "clips.parquet").to_pylist()]


class Other(SecondDecoder):
    """A second decoder that shows some frames black, adds one, leaves some out, or gives up."""

    black: tuple[int, ...] = ()
    added: int | None = None
    left_out: tuple[int, ...] = ()
    until: int | None = None

    def __iter__(self) -> Iterator[Decoded]:
        count = 0
        for decoded in super().__iter__():
            if decoded.index == self.until:
                raise MediaError("undecodable", "gave up", self.path)
            if decoded.index in self.left_out:
                continue
            if decoded.index == self.added:
                yield replace(decoded, index=count, picture=_black(decoded.picture))
                count += 1
            shown = _black(decoded.picture) if decoded.index in self.black else decoded.picture
            yield replace(decoded, index=count, picture=shown)
            count += 1


def _black(like: av.VideoFrame) -> av.VideoFrame:
    picture = av.VideoFrame(like.width, like.height, like.format.name)
    for plane in picture.planes:
        plane.update(bytes(plane.buffer_size))
    return picture


def found(
    one: Sets, here: Any, monkeypatch: pytest.MonkeyPatch, **how: Any
) -> tuple[Any, list[tuple[str, str]]]:
    monkeypatch.setattr(inspect_source, "SecondDecoder", type("Odd", (Other,), how))
    report = verify(one[0], executor=here)
    return report, [(fault.promise, fault.where) for fault in report.faults]


def test_a_difference_outside_all_clips_is_a_notice(
    one: Sets, here: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    report, faults = found(one, here, monkeypatch, black=(0, 99))
    assert faults == [] and report.decoded == 3
    (notice,) = report.notices
    assert notice.endswith("is read differently by two decoders: they differ in 2 frames from 0 to 99")


def test_a_difference_inside_a_clip_is_that_clips_fault(
    one: Sets, here: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    report, faults = found(one, here, monkeypatch, black=(40, 41))
    assert faults == [("frames", one[1][1])]
    assert "two decoders show different pictures of its source: 2 frames from 40 to 41" in str(
        report.faults[0]
    )
    assert report.decoded == 3 and len(report.notices) == 1


def test_one_frame_more_moves_no_clip(one: Sets, here: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    report, faults = found(one, here, monkeypatch, added=1)
    assert faults == [] and report.decoded == 3
    assert report.notices[0].endswith("by two decoders: 101 frames, and 100")


def test_frames_that_one_of_them_leaves_out(one: Sets, here: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    report, faults = found(one, here, monkeypatch, left_out=(33, 34))
    assert faults == sorted([("frames", one[1][0]), ("frames", one[1][1])])
    assert report.notices[0].endswith("they differ in 2 frames from 33 to 34")


@pytest.mark.parametrize("until", [0, 50])
def test_a_second_decoder_that_gives_up(
    one: Sets, here: Any, monkeypatch: pytest.MonkeyPatch, until: int
) -> None:
    report, faults = found(one, here, monkeypatch, until=until)
    assert faults == [] and report.decoded == 3
    assert report.notices[0].endswith("only the build's own decoder could check it: gave up")


def test_an_index_with_wrong_hashes_is_no_matter_of_decoders(
    one: Sets, here: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Both decoders agree with each other, and not with the index.
    class Wrong(Decoded):
        def luma_hash(self) -> int:
            return super().luma_hash() ^ (self.index == 50)

    def wrong(frames: Iterator[Decoded]) -> Iterator[Decoded]:
        for decoded in frames:
            yield Wrong(decoded.index, decoded.pts, decoded.gap, decoded.picture)

    first, second = inspect_source.Decoder.__iter__, SecondDecoder.__iter__  # type: ignore[attr-defined]
    monkeypatch.setattr(inspect_source.Decoder, "__iter__", lambda self: wrong(first(self)))  # type: ignore[attr-defined]
    monkeypatch.setattr(SecondDecoder, "__iter__", lambda self: wrong(second(self)))
    report = verify(one[0], executor=here)
    assert [fault.promise for fault in report.faults] == ["source"]
    assert "has the bytes that were built from, but decodes to 100 frames" in report.faults[0].what
    assert report.notices == ()

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from skyscene.media import ClipSettings, Decoder, MediaLimits, Scaler, Size, encode_clip, second_decode


@pytest.fixture
def settings() -> ClipSettings:
    return ClipSettings(long_side=640, crf=18, preset="veryfast")


@pytest.fixture
def planes(film: Path, limits: MediaLimits) -> list[np.ndarray]:
    scale = Scaler(Size(128, 72), 0, "bicubic")
    with Decoder(film, limits) as decoder:
        return [scale(frame.picture) for frame in decoder][:32]


def test_a_clip_decodes_to_exactly_its_frames(
    tmp_path: Path, planes: list[np.ndarray], settings: ClipSettings
) -> None:
    encode_clip(tmp_path / "c.mp4", planes, Size(128, 72), 29.97, "bt709", settings)
    back = list(second_decode(tmp_path / "c.mp4", Size(128, 72)))
    assert len(back) == 32
    error = [[np.mean((np.float64(b) - p) ** 2) for p in planes] for b in back]
    assert np.argmin(error, axis=1).tolist() == list(range(32))


def test_the_same_frames_give_the_same_bytes(
    tmp_path: Path, planes: list[np.ndarray], settings: ClipSettings
) -> None:
    for name in ("a.mp4", "b.mp4"):
        encode_clip(tmp_path / name, planes, Size(128, 72), 25.0, "bt709", settings)
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


@pytest.mark.parametrize(("matrix", "number"), [("bt709", 1), ("smpte170m", 6), ("bt2020nc", 9)])
def test_colours_rate_and_shape_are_written_down(
    tmp_path: Path, planes: list[np.ndarray], settings: ClipSettings, matrix: str, number: int
) -> None:
    path = tmp_path / "c.mp4"
    encode_clip(path, planes, Size(128, 72), 29.97003, matrix, settings)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frame = next(container.decode(stream))
        assert stream.codec_context.name == "h264" and stream.codec_context.pix_fmt == "yuv420p"
        assert int(frame.colorspace) == number and int(frame.color_range) == 1
        assert (stream.sample_aspect_ratio or 1) == 1
        assert float(stream.average_rate or 0) == pytest.approx(29.97, abs=0.01)
        assert stream.frames == 32
        assert not any("x264" in str(value) or "Lavf" in str(value) for value in container.metadata.values())

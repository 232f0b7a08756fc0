from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from skyscene.errors import MediaError
from skyscene.media import Decoder, MediaLimits, write_film

ODD_FRAMES = {
    "decord_corrupted.mp4": 49,
    "decord_unordered.mov": 4,
    "decord_video_90.mov": 3,
    "imageio_newtonscradle.gif": 36,
    "made_interlaced_te_clouds.mpg": 100,
    "made_truncated_mo_clouds.mp4": 228,
    "mediabunny_cursed-vfr.mp4": 63,
    "mediabunny_frames.webm": 100,
    "torchcodec_av1_video.mkv": 125,
    "torchcodec_h264_10bits.mp4": 30,
}


def frames_of(path: Path, limits: MediaLimits) -> int:
    with Decoder(path, limits) as decoder:
        return sum(1 for _ in decoder)


def test_every_frame_comes_in_order_with_its_number(film: Path, limits: MediaLimits) -> None:
    with Decoder(film, limits) as decoder:
        frames = list(decoder)
        facts = decoder.facts()
    assert [frame.index for frame in frames] == list(range(100))
    assert [frame.pts for frame in frames] == sorted({frame.pts for frame in frames})
    assert facts.frames == 100 and facts.bad_packets == 0 and facts.fps == 30.0
    assert (facts.width, facts.height, facts.colorspace, facts.full_range) == (128, 72, "bt709", False)
    assert len({frame.luma_hash() for frame in frames}) == 100


def test_equal_pictures_have_equal_hashes(
    tmp_path: Path, limits: MediaLimits, frames_of_sky: Callable[..., Iterator[np.ndarray]]
) -> None:
    frame = next(frames_of_sky(1))
    write_film(tmp_path / "still.mp4", [frame] * 3, crf=0)
    with Decoder(tmp_path / "still.mp4", limits) as decoder:
        assert len({decoded.luma_hash() for decoded in decoder}) == 1


def test_damage_in_the_middle_is_counted_and_passed_over(
    film: Path, tmp_path: Path, limits: MediaLimits
) -> None:
    data = bytearray(film.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 400] = bytes(np.random.default_rng(1).integers(0, 256, 400, dtype=np.uint8))
    (tmp_path / "hurt.mp4").write_bytes(data)
    with Decoder(tmp_path / "hurt.mp4", limits) as decoder:
        gaps = [frame.index for frame in decoder if frame.gap]
        facts = decoder.facts()
    assert facts.frames > 50
    assert facts.bad_packets or gaps or facts.frames == 100


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.mp4", b"", "empty-file"),
        ("text.mp4", b"this is no video at all\n" * 50, "not-a-video"),
        ("list.mp4", b"ffconcat version 1.0\nfile 'other.mp4'\n", "not-a-video"),
        (
            "hls.mp4",
            b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:5,\nother.mp4\n#EXT-X-ENDLIST\n",
            "not-a-video",
        ),
        ("sdp.mp4", b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nm=video 9 RTP/AVP 96\n", "not-a-video"),
    ],
)
def test_what_is_no_plain_video_is_refused_with_a_code(
    tmp_path: Path, limits: MediaLimits, film: Path, name: str, content: bytes, code: str
) -> None:
    (tmp_path / "other.mp4").write_bytes(film.read_bytes())
    (tmp_path / name).write_bytes(content)
    with pytest.raises(MediaError) as caught:
        frames_of(tmp_path / name, limits)
    assert caught.value.code == code
    assert name in str(caught.value)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path, limits: MediaLimits) -> None:
    with pytest.raises(MediaError) as caught:
        frames_of(tmp_path / "none.mp4", limits)
    assert caught.value.code == "missing-file"


@pytest.mark.parametrize(
    "name", ["a:b.mp4", "%03d.mp4", "-dash.mp4", "with 'quotes' \"both\".mp4", "ñ 空.mp4"]
)
def test_a_name_is_only_a_name(film: Path, tmp_path: Path, limits: MediaLimits, name: str) -> None:
    (tmp_path / name).write_bytes(film.read_bytes())
    assert frames_of(tmp_path / name, limits) == 100


def test_limits_on_pixels_and_frames_are_kept(film: Path, limits: MediaLimits) -> None:
    small = limits.model_copy(update={"max_megapixels": 0.005})
    with pytest.raises(MediaError, match="max_megapixels"):
        frames_of(film, small)
    short = limits.model_copy(update={"max_frames": 50})
    with pytest.raises(MediaError, match="max_frames"):
        frames_of(film, short)


def test_sound_alone_is_no_picture(tmp_path: Path, limits: MediaLimits) -> None:
    path = tmp_path / "tone.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=48000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.rate, frame.pts, frame.time_base = 48000, 0, Fraction(1, 48000)
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with pytest.raises(MediaError) as caught:
        frames_of(path, limits)
    assert caught.value.code == "no-picture"


@pytest.mark.parametrize(("name", "count"), ODD_FRAMES.items())
def test_odd_files_decode_to_the_counts_checked_by_hand(
    footage: Path, limits: MediaLimits, name: str, count: int
) -> None:
    assert frames_of(footage / "odd" / name, limits) == count


def test_variable_rate_files_keep_every_decoded_frame(footage: Path, limits: MediaLimits) -> None:
    assert frames_of(footage / "cuts" / "psd_goldeneye-vfr-drop3.mp4", limits) == 160

"""What was lost, concealed, or predicted from it is a gap; what comes after the next key frame is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from skyscene.media.lost_reference import FrameNumbers
from tests.media.material import Packet, decode, ffmpeg, first_hashes, mux, second_hashes, x264

KINDS = {
    "plain": "",
    "no-b": "bframes=0",
    "open": "open-gop=1",
    "pyramid": "b-pyramid=normal:ref=6:bframes=5",
    "slices": "slices=4",
}


def drop(packet: Packet) -> Packet | None:
    return None


def cut_off(packet: Packet) -> Packet:
    return replace(packet, data=packet.data[: len(packet.data) // 2])


def refuse(packet: Packet) -> Packet:
    """Nothing is left that could be decoded."""
    return replace(packet, data=packet.data[:6])


def noise(packet: Packet) -> Packet:
    data, third = bytearray(packet.data), len(packet.data) // 3
    rng = np.random.default_rng(len(data))
    data[third : 2 * third] = bytes(rng.integers(0, 256, third, dtype=np.uint8))
    return replace(packet, data=bytes(data))


def lose_a_slice(packet: Packet) -> Packet:
    """Without its second slice: the decoder conceals a quarter of the picture."""
    units = packet.data.split(b"\0\0\1")
    kinds = [unit[0] & 31 if unit else 0 for unit in units]
    at = [k for k, kind in enumerate(kinds) if kind in (1, 5)][1]
    return replace(packet, data=b"\0\0\1".join(units[:at] + units[at + 1 :]))


Harm = Callable[[Packet], Packet | None]


@pytest.fixture(scope="module")
def films() -> dict[str, list[Packet]]:
    return {name: x264(params) for name, params in KINDS.items()}


def harmed(packets: list[Packet], at: int, harm: Harm) -> list[Packet]:
    hurt = harm(packets[at])
    return [*packets[:at], *([hurt] if hurt else []), *packets[at + 1 :]]


def reference(packets: list[Packet], shown: int) -> int:
    """Where the picture that others are predicted from and that is shown near a number is stored."""
    inside = [at for at, p in enumerate(packets) if _is_reference(p) and not p.key]
    return min(inside, key=lambda at: abs(packets[at].pts - shown))


def _is_reference(packet: Packet) -> bool:
    units = [unit for unit in packet.data.split(b"\0\0\1") if unit and unit[0] & 31 in (1, 5)]
    return bool(units[0][0] & 0x60)


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts"])
@pytest.mark.parametrize("harm", [drop, cut_off, noise], ids=lambda harm: harm.__name__)
@pytest.mark.parametrize("kind", KINDS)
def test_every_wrong_frame_is_a_gap_and_the_next_group_is_none(
    films: dict[str, list[Packet]], tmp_path: Path, kind: str, harm: Harm, suffix: str
) -> None:
    packets = films[kind]
    whole, facts = decode(mux(tmp_path / f"whole.{suffix}", packets))
    assert facts.bad_packets == 0 and not any(gap for *_, gap in whole)
    known = {pts: hash_ for pts, hash_, _ in whole}
    path = mux(tmp_path / f"hurt.{suffix}", harmed(packets, reference(packets, 32), harm))
    frames, facts = decode(path)
    wrong = [pts for pts, hash_, _ in frames if known[pts] != hash_]
    gaps = [pts for pts, _, gap in frames if gap]
    assert gaps and facts.bad_packets, "the damage must be seen"
    assert wrong, "the damage must show"
    assert set(wrong) <= set(gaps)
    # Frames 0-23 and those from the key frame at 48 on owe nothing to it.
    assert sorted(known)[20] < min(gaps) and max(gaps) < sorted(known)[48]
    assert second_hashes(path) == [hash_ for _, hash_, _ in frames], "frame k stays the k-th decoded one"


def test_a_lost_slice_is_concealed_and_said(films: dict[str, list[Packet]], tmp_path: Path) -> None:
    packets = films["slices"]
    at = reference(packets, 32)
    whole, _ = decode(mux(tmp_path / "whole.mp4", packets))
    frames, facts = decode(mux(tmp_path / "hurt.mp4", harmed(packets, at, lose_a_slice)))
    wrong = {k for k, (one, other) in enumerate(zip(whole, frames, strict=True)) if one[1] != other[1]}
    gaps = {k for k, (*_, gap) in enumerate(frames) if gap}
    # Shown before the concealed picture, the B-frames in front of it are predicted from it.
    assert min(wrong) < packets[at].pts
    assert wrong <= gaps and max(gaps) < 48 and facts.bad_packets == 1


def test_a_frame_that_nothing_depends_on_is_a_gap_of_its_own_group(
    films: dict[str, list[Packet]], tmp_path: Path
) -> None:
    packets = films["plain"]
    at = next(k for k, p in enumerate(packets) if not _is_reference(p) and p.pts > 30)
    frames, facts = decode(mux(tmp_path / "hurt.mp4", harmed(packets, at, refuse)))
    assert len(frames) == 95 and facts.bad_packets == 1
    shown = [pts // 512 for pts, _, gap in frames if gap]
    assert packets[at].pts not in [pts // 512 for pts, *_ in frames]
    assert any(abs(k - packets[at].pts) <= 1 for k in shown), "the hole itself lies at a gap"


def test_a_lost_key_frame_and_a_lost_last_group(films: dict[str, list[Packet]], tmp_path: Path) -> None:
    packets = films["plain"]
    whole = first_hashes(mux(tmp_path / "whole.mp4", packets))
    at = next(k for k, p in enumerate(packets) if p.key and p.pts == 48)
    frames, _ = decode(mux(tmp_path / "hurt.mp4", harmed(packets, at, drop)))
    by_time = {pts // 512: (hash_, gap) for pts, hash_, gap in frames}
    assert all(by_time[k] == (whole[k], False) for k in [*range(44), *range(72, 96)])
    assert all(by_time[k][1] for k in range(49, 72))


def test_a_hole_right_before_a_key_frame_is_not_forgotten(
    films: dict[str, list[Packet]], tmp_path: Path
) -> None:
    packets = films["no-b"]
    frames, _ = decode(mux(tmp_path / "hurt.mkv", harmed(packets, 47, refuse)))
    # Nothing is predicted from frame 47; still no window may span the place where it was.
    assert [k for k, (*_, gap) in enumerate(frames) if gap] == [47]


def test_numbers_that_may_be_skipped_are_no_loss(films: dict[str, list[Packet]]) -> None:
    packets = films["no-b"]
    strict = FrameNumbers(b"")
    assert [strict.lost_before(memoryview(p.data)) for p in [*packets[:10], *packets[11:30]]].count(True) == 1
    whole = FrameNumbers(b"")
    assert not any(whole.lost_before(memoryview(p.data)) for p in packets)
    garbage = FrameNumbers(b"\x01\x64\x00\x0a\xff\xe1\x00\x03abc")
    assert not garbage.lost_before(memoryview(b"\0\0\0\x05\x65abcd"))


@pytest.mark.parametrize("codec", ["mpeg4", "mjpeg", "libx265", "mpeg2video"])
def test_other_codecs_flag_what_their_decoder_notices(tmp_path: Path, codec: str) -> None:
    path = mux(tmp_path / "plain.mp4", x264(count=60))
    options = {
        "libx265": (
            "-x265-params",
            "keyint=20:min-keyint=20:scenecut=0:log-level=none:pools=1:frame-threads=1",
        ),
    }.get(codec, ("-g", "20", "-q:v", "4"))
    film = tmp_path / ("film.mkv" if codec == "libx265" else "film.avi")
    ffmpeg("-i", path, "-c:v", codec, *options, film)
    whole, facts = decode(film)
    assert facts.bad_packets == 0
    hurt = tmp_path / f"hurt{film.suffix}"
    _remux_without(film, hurt, at=30)
    frames, facts = decode(hurt)
    known = {hash_ for _, hash_, _ in whole}
    wrong = [k for k, (_, hash_, _) in enumerate(frames) if hash_ not in known]
    gaps = [k for k, (*_, gap) in enumerate(frames) if gap]
    assert facts.bad_packets and gaps
    assert set(wrong) <= set(gaps)
    assert frames[-1][1] == whole[-1][1] and not frames[-1][2]


def _remux_without(film: Path, to: Path, at: int) -> None:
    """The film with the second half of one packet gone."""
    import av

    with av.open(str(film)) as old, av.open(str(to), "w") as new:
        stream = new.add_stream_from_template(old.streams.video[0])
        packet: av.Packet
        for number, packet in enumerate(packet for packet in old.demux(video=0) if packet.size):
            if number == at:
                half = av.Packet(bytes(packet)[: packet.size // 2])
                half.pts, half.dts, half.time_base = packet.pts, packet.dts, packet.time_base
                half.is_keyframe = packet.is_keyframe
                packet = half
            packet.stream = stream
            new.mux(packet)

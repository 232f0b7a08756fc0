"""Films that are hard to count, made here, and their frames as a second program decodes them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import imageio_ffmpeg
import numpy as np
import xxhash

from skyscene.media import Decoder, MediaLimits

LIMITS = MediaLimits(max_megapixels=50, max_frames=0, max_minutes=5, max_memory_mb=0, spool_mb=64)
WIDTH, HEIGHT = 160, 96


@dataclass(frozen=True)
class Packet:
    """An encoded picture."""

    data: bytes
    pts: int
    dts: int
    key: bool


def pictures(count: int, width: int = WIDTH, height: int = HEIGHT) -> list[np.ndarray]:
    """RGB pictures that move, none like another."""
    y, x = np.mgrid[:height, :width]
    frames = []
    for k in range(count):
        wave = 90 * np.sin((x + 3 * k) / 9) + 30 * np.sin((y - 2 * k) / 5)
        frames.append(np.clip(np.stack([128 + wave, 120 + wave / 2, 100 + y / 2 + 0 * x], -1), 0, 255))
    return [frame.astype(np.uint8) for frame in frames]


def x264(params: str = "", count: int = 96, **more: str) -> list[Packet]:
    """Encoded pictures, one a frame; time stamps count frames."""
    context = av.CodecContext.create("libx264", "w")
    context.width, context.height, context.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    context.time_base, context.framerate = Fraction(1, 25), Fraction(25)
    plain = "threads=1:keyint=24:min-keyint=24:scenecut=0:bframes=3:b-adapt=0"
    context.options = {
        "preset": "veryfast",
        "crf": "20",
        "x264-params": f"{plain}:{params}".rstrip(":"),
        **more,
    }
    packets: list[Any] = []
    for k, rgb in enumerate(pictures(count)):
        frame = av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(format="yuv420p")
        frame.pts, frame.time_base = k, Fraction(1, 25)
        packets += context.encode(frame)
    packets += context.encode(None)
    return [Packet(bytes(p), p.pts, p.dts, p.is_keyframe) for p in packets]


def mux(
    path: Path,
    packets: Iterable[Packet],
    stamp: Callable[[int], int] = lambda pts: pts * 512,
    **options: str,
) -> Path:
    """A file of encoded pictures, with time stamps in ticks of 1/12800 s."""
    with av.open(str(path), "w", options=options) as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        # The encoder is opened for its header only; the packets bring their own parameter sets.
        container.start_encoding()
        for packet in packets:
            made = av.Packet(packet.data)
            made.stream, made.time_base = stream, Fraction(1, 12800)
            made.pts, made.dts, made.is_keyframe = stamp(packet.pts), stamp(packet.dts), packet.key
            container.mux(made)
    return path


def ffmpeg(*words: str | Path) -> bytes:
    """Runs the second program."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-y", *map(str, words)]
    done = subprocess.run(command, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def second_hashes(path: Path, width: int = WIDTH, height: int = HEIGHT) -> list[int]:
    """Luma hashes of a YUV 4:2:0 file by the second program: every frame, as it is stored."""
    raw = ffmpeg(
        "-noautorotate", "-threads", "1", "-i", path,
        "-map", "0:v:0", "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-",
    )  # fmt: skip
    luma, size = width * height, width * height + 2 * ((width + 1) // 2) * ((height + 1) // 2)
    assert len(raw) % size == 0
    return [xxhash.xxh3_64_intdigest(raw[at : at + luma]) for at in range(0, len(raw), size)]


def first_hashes(path: Path) -> list[int]:
    """Luma hashes of a file by the decoder that builds."""
    with Decoder(path, LIMITS) as decoder:
        return [decoded.luma_hash() for decoded in decoder]


def decode(path: Path) -> tuple[list[tuple[int, int, bool]], Any]:
    """Time stamp, hash and whether it is a gap, of every frame; and the stream facts."""
    with Decoder(path, LIMITS) as decoder:
        frames = [(decoded.pts, decoded.luma_hash(), decoded.gap) for decoded in decoder]
        return frames, decoder.facts()


def with_edits(path: Path, edits: Sequence[tuple[int, int]]) -> None:
    """Gives an mp4 whose header comes last another edit list: duration in ms, and start in ticks or -1."""
    data = bytearray(path.read_bytes())
    at = data.index(b"elst") - 4
    old = int.from_bytes(data[at : at + 4], "big")
    entries = b"".join(
        duration.to_bytes(4, "big") + start.to_bytes(4, "big", signed=True) + b"\0\1\0\0"
        for duration, start in edits
    )
    box = (
        (16 + len(entries)).to_bytes(4, "big") + b"elst" + bytes(4) + len(edits).to_bytes(4, "big") + entries
    )
    data[at : at + old] = box
    assert data.index(b"mdat") < data.index(b"moov")
    for name in (b"moov", b"trak", b"edts"):
        where = data.index(name) - 4
        size = int.from_bytes(data[where : where + 4], "big") + len(box) - old
        data[where : where + 4] = size.to_bytes(4, "big")
    path.write_bytes(data)

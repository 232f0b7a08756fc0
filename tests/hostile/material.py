"""Files that nobody would want to be given, each made from nothing."""

from __future__ import annotations

import io
import struct
import wave
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

Pictures = Iterable[np.ndarray]
WIDTH, HEIGHT, COUNT = 64, 36, 70


def sky(count: int = COUNT, width: int = WIDTH, height: int = HEIGHT, seed: int = 0) -> Iterator[np.ndarray]:
    """Blots of light that drift over a still ground; RGB."""
    rng = np.random.default_rng(seed)
    blots = np.kron(rng.uniform(60, 220, (height // 4 + 1, (width + count) // 4 + 1)), np.ones((4, 4)))
    ground = rng.uniform(20, 120, (height // 3, width))
    for index in range(count):
        frame = blots[:height, index : index + width].copy()
        frame[-len(ground) :] = ground
        yield np.repeat(frame[..., None], 3, axis=2).astype(np.uint8)


def film(
    path: Path,
    pictures: Pictures | None = None,
    *,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    stamps: Callable[[int], int] | None = None,
    options: Mapping[str, str] | None = None,
    container: Mapping[str, str] | None = None,
) -> Path:
    """A film of 25 frames a second, the same bytes on every machine."""
    how = {"x264-params": "threads=1:lookahead-threads=1:cpu-independent=1"} if codec == "libx264" else {}
    with av.open(str(path), "w", options=dict(container or {})) as out:
        stream: Any = out.add_stream(codec, rate=25, options={**how, **(options or {})})
        for index, rgb in enumerate(sky() if pictures is None else pictures):
            if index == 0:
                stream.height, stream.width, stream.pix_fmt = *rgb.shape[:2], pix_fmt
            frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
            frame.pts, frame.time_base = (stamps or int)(index), Fraction(1, 25)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def packets(
    path: Path, data: Iterable[bytes], codec: str, width: int, height: int, stamps: Iterable[int]
) -> Path:
    """A film of packets that are encoded already, each a whole picture, 25 ticks a second."""
    with av.open(str(path), "w") as out:
        stream: Any = out.add_stream(codec, rate=25)
        stream.width, stream.height = width, height
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "rgb24"
        for index, (content, stamp) in enumerate(zip(data, stamps, strict=False)):
            packet = av.Packet(content)
            packet.stream, packet.time_base = stream, Fraction(1, 25)
            packet.pts, packet.dts = stamp, min(stamp, index)
            packet.duration, packet.is_keyframe = 1, True
            out.mux(packet)
    return path


def png(width: int, height: int) -> bytes:
    """A grey picture of any size in few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress((b"\x00" + b"\xaa" * ((width + 7) // 8)) * height, 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg(width: int = WIDTH, height: int = HEIGHT) -> bytes:
    """One picture as a camera writes it."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="image2pipe") as out:
        stream = out.add_stream("mjpeg", rate=25)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuvj420p"
        out.mux(stream.encode(av.VideoFrame.from_ndarray(next(sky(1, width, height)), format="rgb24")))
        out.mux(stream.encode(None))
    return buffer.getvalue()


def boxes(data: bytes, start: int = 0, stop: int | None = None) -> Iterator[tuple[bytes, int, int]]:
    """Kind, start of the content and end of the boxes of an mp4."""
    stop = len(data) if stop is None else stop
    while start + 8 <= stop:
        size = struct.unpack_from(">I", data, start)[0]
        yield data[start + 4 : start + 8], start + 8, start + size
        start += size


def box(data: bytes, *path: bytes) -> tuple[int, int]:
    """Start and end of the content of the first box at a path."""
    start, stop = 0, len(data)
    for kind in path:
        start, stop = next((a, b) for name, a, b in boxes(data, start, stop) if name == kind)
    return start, stop


def claiming(data: bytes, seconds: float) -> bytes:
    """A Matroska film whose header claims another duration (in milliseconds, as a double)."""
    at = data.index(b"\x44\x89\x88") + 3
    return data[:at] + struct.pack(">d", seconds * 1000) + data[at + 8 :]


def turned(data: bytes) -> bytes:
    """An mp4 that a player turns by a quarter."""
    out = bytearray(data)
    start, _ = box(data, b"moov", b"trak", b"tkhd")
    one, height = 1 << 16, struct.unpack_from(">I", data, start + 80)[0]
    struct.pack_into(">9i", out, start + 40, 0, one, 0, -one, 0, 0, height, 0, 1 << 30)
    return bytes(out)


def hurt(data: bytes, start: int, length: int, seed: int = 1) -> bytes:
    """The bytes with noise in a place."""
    noise = np.random.default_rng(seed).integers(0, 256, length, dtype=np.uint8).tobytes()
    return data[:start] + noise + data[start + length :]


def sound(path: Path) -> Path:
    """A tone and no film."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("aac", rate=8000)
        for index in range(12):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
            frame.rate, frame.pts, frame.time_base = 8000, index * 1024, Fraction(1, 8000)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def wav() -> bytes:
    """A tone as a plain wave file."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(bytes(4000))
    return buffer.getvalue()


def archive() -> bytes:
    """A ZIP archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as out:
        out.writestr("a.mp4", b"x" * 100)
    return buffer.getvalue()


def two_streams(path: Path) -> Path:
    """A small film before a large one in one file."""
    with av.open(str(path), "w") as out:
        sizes = [(32, 20), (WIDTH, HEIGHT)]
        streams = []
        for width, height in sizes:
            stream = out.add_stream("libx264", rate=25)
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
            streams.append(stream)
        for index, frames in enumerate(zip(*(sky(COUNT, *size) for size in sizes), strict=True)):
            for stream, rgb in zip(streams, frames, strict=True):
                frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
                frame.pts, frame.time_base = index, Fraction(1, 25)
                out.mux(stream.encode(frame))
        for stream in streams:
            out.mux(stream.encode(None))
    return path


def elsewhere(data: bytes, target: Path) -> bytes:
    """An MP4 (its index last) that says, by an alias record, that its pictures lie in another file."""
    path = bytes(target)
    record = (
        bytes(10) + b"\x00" * 28 + bytes(12) + b"\x00" * 64 + bytes(16) + struct.pack(">hh", 1, 1) + bytes(16)
    )
    record += (
        struct.pack(">HH", 2, len(path)) + path + b"\x00" * (len(path) % 2) + struct.pack(">HH", 0xFFFF, 0)
    )
    entry = struct.pack(">I4sI", 12 + len(record), b"alis", 0) + record
    way = [b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref"]
    out = bytearray(data)
    start, stop = box(data, *way)
    out[start + 8 : stop] = entry
    for depth in range(1, len(way) + 1):
        at = box(data, *way[:depth])[0] - 8
        struct.pack_into(
            ">I", out, at, struct.unpack_from(">I", data, at)[0] + len(entry) - (stop - start - 8)
        )
    return bytes(out)

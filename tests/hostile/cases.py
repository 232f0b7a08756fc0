"""One folder of odd sources, each under the name that it has in the first column of docs/bad-input.md."""

from __future__ import annotations

import os
import random
import struct
from collections.abc import Callable
from pathlib import Path

import av

from tests.hostile import material as made

Maker = Callable[[Path], object]


def _bytes(make: Callable[[], bytes]) -> Maker:
    return lambda path: path.write_bytes(make())


def _film(path: Path, **how: object) -> bytes:
    return made.film(path, **how).read_bytes()  # type: ignore[arg-type]


def _cut(share: float, index_first: bool) -> Maker:
    def make(path: Path) -> None:
        flags = {"movflags": "faststart"} if index_first else {}
        data = _film(path, container=flags)
        path.write_bytes(data[: int(len(data) * share)])

    return make


def _hurt(where: float, length: int, *box: bytes) -> Maker:
    def make(path: Path) -> None:
        data = _film(path, container={"movflags": "faststart"})
        start, stop = made.box(data, *box)
        path.write_bytes(made.hurt(data, start + int((stop - start) * where), length))

    return make


def _claiming(seconds: float) -> Maker:
    return lambda path: path.write_bytes(made.claiming(_film(path), seconds))


def _turned(path: Path) -> None:
    path.write_bytes(made.turned(_film(path)))


def _two_sizes(path: Path) -> None:
    first = _film(path, pictures=made.sky(40))
    path.write_bytes(first + _film(path, pictures=made.sky(40, 96, 64)))


def _shuffled(path: Path) -> None:
    order = random.Random(1).sample(range(70), 70)
    made.packets(path, [made.jpeg()] * 70, "mjpeg", 64, 36, [70 + stamp for stamp in order])


def _av1(path: Path) -> None:
    os.environ["SVT_LOG"] = "1"  # errors only
    made.film(path, codec="libsvtav1", options={"preset": "12"})


FILES: dict[str, tuple[str, Maker]] = {
    "a good film": ("good.mp4", made.film),
    "an empty file": ("empty.mp4", _bytes(bytes)),
    "a text file": ("text.mp4", _bytes(lambda: b"no video here\n" * 30)),
    "a web page": ("page.mp4", _bytes(lambda: b"<!DOCTYPE html>\n<html><body>404 Not Found</body></html>\n")),
    "a JPEG picture": ("picture.mp4", _bytes(made.jpeg)),
    "a PNG picture": ("drawing.mp4", _bytes(lambda: made.png(64, 36))),
    "a PDF document": ("paper.mp4", _bytes(lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n")),
    "a ZIP archive": ("archive.mp4", _bytes(made.archive)),
    "a WAV file": ("wave.mp4", _bytes(made.wav)),
    "sound in an MP4": ("sound.mp4", made.sound),
    "noise": ("noise.mp4", _bytes(lambda: made.hurt(b"", 0, 20_000))),
    "zeros": ("zeros.mp4", _bytes(lambda: bytes(20_000))),
    "damaged in its index": ("index.mp4", _hurt(0.02, 200, b"moov")),
    "damaged in the middle": ("middle.mp4", _hurt(0.5, 200, b"mdat")),
    "three frames": ("three.mp4", lambda path: made.film(path, made.sky(3))),
    "time stamps out of order": ("shuffled.mkv", _shuffled),
    "negative time stamps": ("negative.mkv", lambda path: made.film(path, stamps=lambda index: index - 30)),
    "to be turned by a quarter": ("turned.mp4", _turned),
    "interlaced": (
        "interlaced.mpg",
        lambda path: made.film(path, codec="mpeg2video", options={"flags": "+ildct+ilme"}),
    ),
    "10 bits a sample": ("ten.mp4", lambda path: made.film(path, pix_fmt="yuv420p10le")),
    "AV1": ("av1.mkv", _av1),
    "VP9": ("vp9.webm", lambda path: made.film(path, codec="libvpx-vp9", options={"cpu-used": "8"})),
    "GIF": ("moving.gif", lambda path: made.film(path, codec="gif", pix_fmt="rgb8")),
    "two video streams": ("two.mp4", made.two_streams),
    "another size from frame 40 on": ("sizes.ts", _two_sizes),
    "100 megapixels": (
        "large.mov",
        lambda path: made.packets(path, [made.png(10_000, 10_000)], "png", 10_000, 10_000, [0]),
    ),
    "100 megapixels, 64x36 by the header": (
        "liar.avi",
        lambda path: made.packets(path, [made.png(10_000, 10_000)], "png", 64, 36, [0]),
    ),
    "one picture for 12 hours": (
        "still.mkv",
        lambda path: made.packets(path, [made.jpeg()] * 2, "mjpeg", 64, 36, [0, 12 * 3600 * 25]),
    ),
    "more frames than allowed": (
        "many.mkv",
        lambda path: made.packets(path, [made.jpeg(32, 32)] * 400, "mjpeg", 32, 32, range(400)),
    ),
    "12 hours by the header": ("long.mkv", _claiming(12 * 3600)),
    "half a second by the header": ("short.mkv", _claiming(0.5)),
}
"""Named in the table: file name, and what makes it."""

CUTS: dict[str, tuple[str, str, Maker]] = {
    f"{name} at {share:.0%}": (name, f"cut{share:.0%}-{first:d}.mp4", _cut(share, first))
    for first, share, name in (
        (True, 0.03, "cut off in its index"),
        (True, 0.2, "cut off in its index"),
        (True, 0.33, "cut off in its index"),
        (True, 0.37, "cut off before its first frame"),
        (True, 0.9, "cut off in its pictures"),
        (False, 0.05, "cut off, its index at the end"),
        (False, 0.3, "cut off, its index at the end"),
        (False, 0.6, "cut off, its index at the end"),
        (False, 0.9, "cut off, its index at the end"),
        (False, 0.99, "cut off in its last bytes"),
    )
}
"""Ten places: the table's name, file name, and what makes it."""


def unlike(film: bytes, mark: str) -> bytes:
    """The same film, and other bytes."""
    note = mark.encode("utf-8", "surrogateescape")
    return film + struct.pack(">I4s", 8 + len(note), b"free") + note


NAMES: dict[str, str] = {
    "a colon in its name": "a:b.mp4",
    "a pattern as its name": "%03d.mp4",
    "blanks in its name": " two  blanks .mp4",
    "quotes in its name": "both ' and \".mp4",
    "a line break in its name": "new\nline.mp4",
    "other letters in its name": "wölkchen ☁ 空.mp4",
    "a leading dash in its name": "-dash.mp4",
    "a protocol in its name": "pipe:0.mp4",
    "a very long name": "n" * 251 + ".mp4",
    "bytes that are no text in its name": os.fsdecode(b"no\xfftext.mp4"),
    "a terminal's command in its name": "\x1b[2Jclear.mp4",
    "HTML in its name": "<img src=x onerror=alert(1)>.mp4",
    "a folder called x.mp4": "folder.mp4/inside.mp4",
    "one name, two films": "another/good.mp4",
}


def has_encoder(name: str) -> bool:
    """Whether this build of the library can make the case at all."""
    return name != "AV1" or "libsvtav1" in av.codec.codecs_available


def write_all(folder: Path) -> None:
    """Every file, every name, and what is no file."""
    for name, (file, make) in FILES.items():
        if has_encoder(name):
            make(folder / file)
    for _, file, make in CUTS.values():
        make(folder / file)
    film = (folder / "good.mp4").read_bytes()
    for file in NAMES.values():
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_bytes(unlike(film, file))
    kinds = folder / "kinds"
    kinds.mkdir()
    os.mkfifo(kinds / "pipe.mp4")
    (kinds / "device.mp4").symlink_to("/dev/zero")
    (kinds / "nowhere.mp4").symlink_to("gone.mp4")
    (kinds / "loop.mp4").symlink_to("loop.mp4")
    (kinds / "up").symlink_to("..")
    os.link(folder / "-dash.mp4", kinds / "hard.mp4")
    (kinds / "copy.mp4").write_bytes((folder / "%03d.mp4").read_bytes())

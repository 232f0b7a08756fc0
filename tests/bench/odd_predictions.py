"""What a folder of predictions may hold instead of the clip 5f0c, and what is said of it."""

from __future__ import annotations

import os
import pickle
import struct
import tempfile
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from tests.bench.written_clips import as_mp4, as_npy, as_pictures, clip_of

PICKLED = Path(tempfile.gettempdir()) / f"pickled-{os.getpid()}"
"""Is there once a pickle has been loaded."""


def npy_bytes(header: str, body: bytes = b"", version: bytes = b"\x01\x00") -> bytes:
    text = header.encode("latin1") + b"\n"
    return b"\x93NUMPY" + version + struct.pack("<H", len(text)) + text + body


def header_of(shape: str, kind: str = "'|u1'") -> str:
    return f"{{'descr': {kind}, 'fortran_order': False, 'shape': {shape}, }}"


class Exploding:
    """What a pickle may run when it is loaded."""

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, (f"touch {PICKLED}",)


def save(name: str, value: npt.NDArray[np.generic]) -> Callable[[Path], object]:
    return lambda folder: np.save(folder / name, value)


def put(name: str, data: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(data)


def drop(*names: str) -> Callable[[Path], object]:
    return lambda folder: [(folder / name).unlink() for name in names]


def both(*steps: Callable[[Path], object]) -> Callable[[Path], object]:
    return lambda folder: [step(folder) for step in steps]


def instead(step: Callable[[Path], object]) -> Callable[[Path], object]:
    """In place of the clip 5f0c."""
    return both(drop("5f0c.npy"), step)


CASES: dict[str, tuple[Callable[[Path], object], str]] = {
    # names
    "missing": (drop("5f0c.npy"), "missing (1): 5f0c"),
    "another case": (
        lambda folder: (folder / "5f0c.npy").rename(folder / "5F0C.npy"),
        "sample (1): 5F0C.npy",
    ),
    "two files": (lambda folder: as_mp4(folder / "5f0c", clip_of(1)), "twice (1): 5f0c.mp4 and 5f0c.npy"),
    "file and folder": (lambda folder: as_npy(folder / "5f0c/0", clip_of(1)), "twice (1): 5f0c and 5f0c.npy"),
    "one picture": (instead(put("5f0c.png", b"x")), "5f0c.png: one picture; a clip is a folder"),
    "archive": (instead(lambda folder: np.savez(folder / "5f0c.npz", clip_of(1))), "5f0c.npz: an archive"),
    "no ending": (instead(put("5f0c", b"x")), "5f0c: no form of a clip: .npy, .mp4"),
    "two forms": (instead(lambda folder: as_mp4(folder / "5f0c", clip_of(1))), "5f0c.mp4 is video, most are"),
    "extra log": (put("log.txt", b"x"), "sample (1): log.txt"),
    "a name to fool terminals": (put("\x1b[2J\nok.npy", b"x"), r"(1): \x1b[2J\nok.npy"),
    # samples
    "a sample less": (
        instead(lambda folder: [as_npy(folder / "5f0c" / name, clip_of(1)) for name in "01"]),
        "5f0c: 0, 1, not 0 to 0",
    ),
    "samples from 1": (instead(lambda folder: as_npy(folder / "5f0c/1", clip_of(1))), "5f0c: 1, not 0 to 0"),
    "a sample twice": (
        instead(lambda folder: [as_npy(folder / "5f0c" / name, clip_of(1)) for name in ("0", "00")]),
        "twice (1): 5f0c/0.npy and 00.npy",
    ),
    "a sample by name": (
        instead(lambda folder: as_npy(folder / "5f0c/best", clip_of(1))),
        "5f0c/best.npy, a sample is 0.npy",
    ),
    # arrays
    "float": (save("5f0c.npy", np.zeros((32, 64, 64, 3))), "float64: bring it to [0, 1], multiply by 255"),
    "int64": (save("5f0c.npy", np.zeros((32, 64, 64, 3), np.int64)), "int64: must be uint8"),
    "channels second": (save("5f0c.npy", np.zeros((32, 3, 64, 64), np.uint8)), "np.moveaxis(clip, 1, -1)"),
    "channels first": (save("5f0c.npy", np.zeros((3, 32, 64, 64), np.uint8)), "np.moveaxis(clip, 0, -1)"),
    "a batch": (save("5f0c.npy", np.zeros((1, 32, 64, 64, 3), np.uint8)), "one clip a file"),
    "grey": (save("5f0c.npy", np.zeros((32, 64, 64), np.uint8)), "(32, 64, 64): one clip a file"),
    "short": (save("5f0c.npy", clip_of(1, 31)), "than 32 frames (1): 5f0c.npy has 31"),
    "long": (save("5f0c.npy", clip_of(1, 33)), "5f0c.npy has 33"),
    "no frame": (save("5f0c.npy", np.zeros((0, 64, 64, 3), np.uint8)), "5f0c.npy has 0"),
    "small": (save("5f0c.npy", clip_of(1, size=32)), "5f0c.npy: 32x32 is under 64x64"),
    "another size": (save("5f0c.npy", clip_of(1, size=80)), "5f0c.npy: 80x80, most are 64x64"),
    "not square": (save("5f0c.npy", clip_of(1)[:, :, :60]), "5f0c.npy: 60x64 is not square"),
    "structured": (
        save("5f0c.npy", np.zeros((32, 64, 64, 3), [("a", "u1")])),
        "must be uint8",
    ),
    # hostile arrays
    "objects": (
        lambda folder: np.save(folder / "5f0c.npy", np.array([Exploding()], object), allow_pickle=True),
        "5f0c.npy: Python objects, which are never loaded",
    ),
    "a bare pickle": (put("5f0c.npy", pickle.dumps(Exploding())), "5f0c.npy: no .npy file"),
    "empty file": (put("5f0c.npy", b""), "5f0c.npy: no .npy file"),
    "only zeros": (put("5f0c.npy", bytes(5000)), "5f0c.npy: no .npy file"),
    "cut off": (
        lambda folder: os.truncate(folder / "5f0c.npy", 1000),
        "5f0c.npy: cut off: 872 bytes of pixels where (32, 64, 64, 3) has 393216",
    ),
    "two arrays in one": (
        lambda folder: (folder / "5f0c.npy").write_bytes((folder / "5f0c.npy").read_bytes() + b"more"),
        "5f0c.npy: too long",
    ),
    "huge": (put("5f0c.npy", npy_bytes(header_of("(32, 1000000000, 1000000000, 3)"))), "5f0c.npy: cut off"),
    "beyond huge": (put("5f0c.npy", npy_bytes(header_of(f"(32, 0x{'f' * 5000}, 4, 3)"))), "no file has"),
    "beyond decimal": (put("5f0c.npy", npy_bytes(header_of(f"(32, {'9' * 5000}, 4, 3)"))), "no .npy file"),
    "less than nothing": (put("5f0c.npy", npy_bytes(header_of("(32, -64, -64, 3)"))), "no file has"),
    "over the limit": (
        lambda folder: (
            (folder / "5f0c.npy").write_bytes(npy_bytes(header_of("(32, 4096, 4096, 3)"))),
            os.truncate(folder / "5f0c.npy", os.path.getsize(folder / "5f0c.npy") + 32 * 4096 * 4096 * 3),
        ),
        "4096x4096 is over 2048",
    ),
    "of Python 2": (put("5f0c.npy", npy_bytes(header_of("(32L, 64L, 64L, 3L)"))), "cut off"),
    "nested": (put("5f0c.npy", npy_bytes("(" * 9000)), "no .npy file"),
    "unclosed": (put("5f0c.npy", npy_bytes("{'descr': '''")), "no .npy file"),
    "a call": (put("5f0c.npy", npy_bytes("__import__('os').getcwd()")), "no .npy file"),
    "an odd type": (put("5f0c.npy", npy_bytes(header_of("(1,)", "[('a', 'b', 'c', 'd')]"))), "no .npy file"),
    "a new version": (put("5f0c.npy", npy_bytes(header_of("(1,)"), b"", b"\x09\x00")), "no .npy file"),
    # odd places
    "a folder called X.npy": (
        instead(lambda folder: (folder / "5f0c.npy").mkdir()),
        "5f0c.npy: a folder with the name of a file",
    ),
    "a ring of links": (
        instead(lambda folder: (folder / "5f0c.npy").symlink_to(folder / "5f0c.npy")),
        "5f0c.npy: neither a file nor a folder",
    ),
    "a link to nothing": (
        instead(lambda folder: (folder / "5f0c.npy").symlink_to("nowhere")),
        "5f0c.npy: neither a file nor a folder",
    ),
    "a pipe": (instead(lambda folder: os.mkfifo(folder / "5f0c.npy")), "neither a file nor a folder"),
    "a pipe as sample": (
        instead(lambda folder: ((folder / "5f0c").mkdir(), os.mkfifo(folder / "5f0c/0.npy"))),
        "5f0c/0.npy: not a file",
    ),
    "a link to the folder itself": (
        instead(lambda folder: (folder / "5f0c").symlink_to(folder)),
        "5f0c/0a1b.npy, a sample is 0.npy",
    ),
    "an empty clip": (instead(lambda folder: (folder / "5f0c").mkdir()), "5f0c: an empty folder"),
    # films and pictures
    "a text called X.mp4": (instead(put("5f0c.mp4", b"hello")), "5f0c.mp4: a text file, not a video"),
    "an empty film": (instead(put("5f0c.mp4", b"")), "5f0c.mp4: the file is empty"),
    "a playlist": (instead(put("5f0c.mkv", b"ffconcat version 1.0\nfile a.mp4\n")), "5f0c.mkv: a list of"),
    "a short film": (instead(lambda folder: as_mp4(folder / "5f0c", clip_of(1, 7))), "5f0c.mp4 has 7"),
    "a long film": (instead(lambda folder: as_mp4(folder / "5f0c", clip_of(1, 40))), "5f0c.mp4 has more"),
    "a wide film": (
        instead(lambda folder: as_mp4(folder / "5f0c", clip_of(1)[:, :48])),
        "5f0c.mp4: 64x48 is not square",
    ),
    "pictures of two kinds": (
        instead(lambda folder: (as_pictures(folder / "5f0c", clip_of(1)), put("5f0c/32.jpg", b"x")(folder))),
        "5f0c holds jpeg and png",
    ),
    "a note among pictures": (
        instead(lambda folder: (as_pictures(folder / "5f0c", clip_of(1)), put("5f0c/a.txt", b"x")(folder))),
        "5f0c/a.txt, beside 32 pictures",
    ),
    "a picture less": (
        instead(lambda folder: as_pictures(folder / "5f0c", clip_of(1, 31))),
        "5f0c has 31",
    ),
    "a broken picture": (
        instead(
            lambda folder: (as_pictures(folder / "5f0c", clip_of(1)), os.truncate(folder / "5f0c/9.png", 99))
        ),
        "5f0c: 9.png: the picture is damaged or cut off",
    ),
    "a picture of another size": (
        instead(
            lambda folder: (
                as_pictures(folder / "5f0c", clip_of(1)),
                cv2.imwrite(str(folder / "5f0c/9.png"), clip_of(1, size=80)[0]),
            )
        ),
        "5f0c: 9.png has 80x80, 0.png 64x64",
    ),
    "pictures of 16 bits": (
        instead(
            lambda folder: (
                as_pictures(folder / "5f0c", clip_of(1)),
                cv2.imwrite(str(folder / "5f0c/0.png"), clip_of(1)[0].astype(np.uint16)),
            )
        ),
        "5f0c: 0.png: 16 bits a channel",
    ),
}

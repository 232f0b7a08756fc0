"""Pickled NumPy arrays in Flax's layout, read without running anything, as tensors in torch's."""

from __future__ import annotations

import io
import pickle
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from skyscene.errors import StoreError

Array = npt.NDArray[Any]
_LEAVES = {
    "Conv_0/kernel": "conv.weight",
    "Conv_0/bias": "conv.bias",
    "BatchNorm_0/bias": "norm.bias",
    "BatchNorm_0/mean": "norm.running_mean",
    "BatchNorm_0/var": "norm.running_var",
}


class _ArraysOnly(pickle.Unpickler):
    """Knows three names, all of them NumPy's; a pickle that asks for another is refused."""

    _KNOWN: Mapping[tuple[str, str], Any] = {
        ("numpy.core.multiarray", "_reconstruct"): np._core.multiarray._reconstruct,  # type: ignore[attr-defined]
        ("numpy", "ndarray"): np.ndarray,
        ("numpy", "dtype"): np.dtype,
    }

    def find_class(self, module: str, name: str) -> Any:
        known = self._KNOWN.get((module, name))
        if known is None:
            raise StoreError(f"the file asks for {module}.{name}, which is no NumPy array: it is not read")
        return known


def read_arrays(data: bytes) -> dict[str, Array]:
    """Every array of a pickle by its path, ``params/Conv_0/kernel``.

    Raises:
        StoreError: It holds anything but nested dictionaries of NumPy arrays.
    """
    try:
        table = _ArraysOnly(io.BytesIO(data)).load()
    except (pickle.UnpicklingError, EOFError, ValueError, TypeError, AttributeError, IndexError) as error:
        raise StoreError(f"not a pickle of NumPy arrays: {error}") from None
    return dict(_leaves(table, ""))


def _leaves(table: Any, where: str) -> Iterator[tuple[str, Array]]:
    if isinstance(table, dict):
        for key, value in table.items():
            yield from _leaves(value, f"{where}{key}/")
    elif isinstance(table, np.ndarray) and table.dtype.kind == "f":
        yield where.removesuffix("/"), table
    else:
        raise StoreError(f"{where.removesuffix('/')} is no array of numbers")


def i3d_state(arrays: Mapping[str, Array]) -> dict[str, Tensor]:
    """I3D's arrays under the names of `skyscene.nets.i3d.I3D`; its batch norms have no scale: one."""
    state: dict[str, Tensor] = {}
    for path, array in arrays.items():
        place, layer, leaf = path.split("/", 1)[1].rsplit("/", 2)
        name = f"{place.replace('/', '.')}.{_LEAVES[f'{layer}/{leaf}']}"
        state[name] = _kernel(array) if leaf == "kernel" else torch.from_numpy(array.reshape(-1).copy())
        if leaf == "mean":
            prefix = name.removesuffix("running_mean")
            state[f"{prefix}weight"] = torch.ones_like(state[name])
            state[f"{prefix}num_batches_tracked"] = torch.zeros((), dtype=torch.int64)
    return state


def lpips_state(arrays: Mapping[str, Array]) -> dict[str, Tensor]:
    """LPIPS's arrays under the names of `skyscene.nets.perceptual.PerceptualDistance`."""
    state: dict[str, Tensor] = {}
    for path, array in arrays.items():
        owner, layer, leaf = path.split("/")
        head = owner.startswith("NetLinLayer")
        number = (owner if head else layer).rpartition("_")[2]
        name = f"{'heads' if head else 'convs'}.{number}.{'weight' if leaf == 'kernel' else 'bias'}"
        state[name] = _kernel(array) if leaf == "kernel" else torch.from_numpy(array.copy())
    return state


def _kernel(array: Array) -> Tensor:
    """Places first and channels last, to channels out, channels in, places."""
    order = (array.ndim - 1, array.ndim - 2, *range(array.ndim - 2))
    return torch.from_numpy(np.ascontiguousarray(array.transpose(order)))

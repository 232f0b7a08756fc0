"""Conditions on whole columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from skyscene.errors import StoreError
from skyscene.recipes import nearest

_BOUNDS = {"min_": pc.greater_equal, "max_": pc.less_equal}


def mask(table: pa.Table, conditions: Mapping[str, Any]) -> npt.NDArray[np.bool_]:
    """Which rows meet every condition; an empty cell meets none but ``column=None``.

    Args:
        table: Any table.
        conditions: ``column``, ``min_column`` or ``max_column`` to a value.

    Raises:
        StoreError: There is no such column, or the value does not fit it.

    >>> table = pa.table({"side": ["a", "b", None], "score": [0.1, 0.9, 0.5]})
    >>> mask(table, {"min_score": 0.5}), mask(table, {"side": None, "max_score": 0.5})
    (array([False,  True,  True]), array([False, False,  True]))
    """
    out = np.ones(table.num_rows, np.bool_)
    for name, value in conditions.items():
        out &= _meets(table, name, value)
    return out


def _meets(table: pa.Table, name: str, value: Any) -> npt.NDArray[np.bool_]:
    compare, column = pc.equal, name
    if name not in table.column_names and name[:4] in _BOUNDS:
        compare, column = _BOUNDS[name[:4]], name[4:]
    if column not in table.column_names:
        raise StoreError(f"clips have no column {column!r}; {nearest(column, table.column_names)}")
    cells = table[column]
    if value is None:
        return np.asarray(pc.is_null(cells).to_numpy(), np.bool_)
    try:
        met = compare(cells, pa.scalar(_plain(value), cells.type))
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, TypeError):
        raise StoreError(f"{name} = {value!r}: column {column} holds {cells.type}") from None
    return np.asarray(pc.fill_null(met, False).to_numpy(), np.bool_)


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value

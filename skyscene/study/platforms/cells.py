"""Values of a file of results, each understood or refused with a sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from skyscene.study.platforms.upload import shown

_LARGEST = 10**9
"""Eleven days in milliseconds; what is larger is no time that a person took, and SQLite ends at 2**63."""
_YES = frozenset({"true", "1", "yes"})
_NO = frozenset({"false", "0", "no"})
_NONE = frozenset({"", "null"})
"""jsPsych writes ``null`` into its CSV where there is no answer."""


def text(row: Mapping[str, Any], name: str) -> str:
    """A short text or a whole number as text; empty where there is none.

    Raises:
        ValueError: It is something else.
    """
    value = row.get(name)
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        if abs(value) >= 1 << 63:
            raise ValueError(f"{name}: not a number that anyone would use")
        return str(value)
    if not isinstance(value, str):
        raise ValueError(f"{name}: a text is expected, not {shown(value)}")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{name}: {shown(value)} is no text") from None
    value = value.strip()
    return "" if value in _NONE else value


def number(row: Mapping[str, Any], name: str, largest: float = _LARGEST) -> float | None:
    """A number that is not negative; none where there is none.

    Raises:
        ValueError: It is something else, or too large.
    """
    value = row.get(name)
    if value is None or (isinstance(value, str) and value.strip() in _NONE):
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"{name}: a number is expected, not {shown(value)}")
    try:
        found = float(value)
    except (ValueError, OverflowError):
        raise ValueError(f"{name}: a number is expected, not {shown(value)}") from None
    if not math.isfinite(found) or not 0 <= found <= largest:
        raise ValueError(f"{name}: {shown(value)} is not between 0 and {largest:g}")
    return found


def whole(row: Mapping[str, Any], name: str, *, rounded: bool = False) -> int | None:
    """A whole number that is not negative; none where there is none.

    Args:
        row: The row.
        name: The column.
        rounded: Whether a fraction is rounded, as befits a time, and not refused.

    Raises:
        ValueError: It is something else, or too large.
    """
    found = number(row, name)
    if found is None:
        return None
    if not rounded and found != int(found):
        raise ValueError(f"{name}: a whole number is expected, not {shown(row[name])}")
    return round(found)


def truth(row: Mapping[str, Any], name: str) -> bool | None:
    """Yes or no; none where there is none.

    Raises:
        ValueError: It is neither.
    """
    value = row.get(name)
    if isinstance(value, bool):
        return value
    found = text(row, name).lower()
    if found not in _YES | _NO | _NONE:
        raise ValueError(f"{name}: true or false is expected, not {shown(value)}")
    return found in _YES if found else None


def moment(row: Mapping[str, Any], name: str) -> str | None:
    """A time in UTC as ISO 8601; none where there is none. One without a zone is taken for UTC.

    Raises:
        ValueError: It is something else.

    >>> moment({"at": "2026-11-21T11:02:11+01:00"}, "at")
    '2026-11-21T10:02:11Z'
    """
    found = text(row, name)
    if not found:
        return None
    try:
        when = datetime.fromisoformat(found)
        when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(
            f"{name}: a time such as 2026-11-21T10:02:11Z is expected, not {shown(found)}"
        ) from None
    return when.isoformat().replace("+00:00", "Z")

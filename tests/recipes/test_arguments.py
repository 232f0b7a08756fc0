"""Arguments of a class, held against its signature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import pytest
from pydantic import NonNegativeFloat, PositiveInt

from skyscene.recipes import unfit

if TYPE_CHECKING:
    from nowhere import Nothing


class Cloud:
    def __init__(
        self,
        size: int,
        *,
        width: PositiveInt,
        weight: NonNegativeFloat,
        wet: bool,
        kind: Literal["cirrus", "cumulus"] = "cirrus",
        layers: Sequence[int] = (),
        pair: tuple[int, int] = (1, 2),
    ) -> None: ...


class Opaque:
    """Nothing here can be checked, but for the last."""

    def __init__(self, size: int, bare, cloud: Cloud, seen: Nothing, any: Any, wet: bool) -> None: ...


class Open:
    def __init__(self, size: int, width: int = 3, *more: int, **rest: int) -> None: ...


class Heir(Cloud):
    """Takes what its parent takes."""


FIT = {"width": 3, "weight": 1, "wet": True}


def told(arguments: Mapping[str, Any], target: Any = Cloud) -> list[str]:
    return unfit(target, arguments, "model", given=("size",))


def test_what_fits() -> None:
    assert told(FIT) == []
    assert told({**FIT, "weight": 0.5, "kind": "cumulus", "layers": [1, 2], "pair": [3, 4]}) == []


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("wet", "no", "model.wet = 'no': input should be a valid boolean, true or false"),
        ("wet", 1, "model.wet = 1: input should be a valid boolean, true or false"),
        ("weight", "abc", "model.weight = 'abc': input should be a valid number"),
        ("weight", True, "model.weight = True: input should be a valid number"),
        ("weight", -1, "model.weight = -1: input should be greater than or equal to 0"),
        ("weight", float("nan"), "model.weight = nan: input should be a finite number"),
        ("width", "wide", "model.width = 'wide': input should be a valid integer"),
        ("width", "3", "model.width = '3': input should be a valid integer"),
        ("width", 3.0, "model.width = 3.0: input should be a valid integer"),
        ("width", 0, "model.width = 0: input should be greater than 0"),
        ("kind", "stratus", "model.kind = 'stratus': input should be 'cirrus' or 'cumulus'"),
        ("layers", 3, "model.layers = 3: input should be a valid array"),
        ("layers", "12", "model.layers = '12': input should be a valid array"),
        ("layers", [1, "x"], "model.layers.1 = 'x': input should be a valid integer"),
        ("pair", [1], "model.pair.1: missing"),
    ],
)
def test_a_value_of_another_kind_is_one_line(key: str, value: Any, said: str) -> None:
    assert told({**FIT, key: value}) == [said]


def test_all_faults_are_told_at_once() -> None:
    assert told({"wdith": 3, "weight": "abc", "size": 64, "wet": "yes"}) == [
        "model.wdith: unknown key; did you mean width?",
        "model.size: unknown key; known: kind, layers, pair, weight, wet, width",
        "model.width: missing",
        "model.weight = 'abc': input should be a valid number",
        "model.wet = 'yes': input should be a valid boolean, true or false",
    ]


def test_what_an_annotation_does_not_tell_is_let_through() -> None:
    arguments = dict.fromkeys(("bare", "cloud", "seen", "any", "wet"), "x")
    assert told(arguments, Opaque) == ["model.wet = 'x': input should be a valid boolean, true or false"]


def test_a_class_without_a_signature_of_its_own_has_its_parents() -> None:
    assert told(FIT, Heir) == []
    assert told({**FIT, "width": 0}, Heir) == ["model.width = 0: input should be greater than 0"]


def test_a_class_that_takes_anything_is_checked_for_what_it_names() -> None:
    assert told({"depth": "x", "width": 4}, Open) == []
    assert told({"depth": "x", "width": "x"}, Open) == ["model.width = 'x': input should be a valid integer"]


@pytest.mark.parametrize("target", [3, dict])
def test_what_has_no_signature(target: Any) -> None:
    assert told({}, target) == ["model.use: not a class whose arguments can be read"]

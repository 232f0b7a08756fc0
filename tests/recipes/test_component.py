import pydantic
import pytest

from skyscene.errors import RecipeError
from skyscene.recipes import Component, Settings, build, resolve


class Hail(Component):
    max_size: float = pydantic.Field(gt=0)
    window: int


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Test modules are not on the path; the component's module is put where an import finds it."""
    import sys
    import types

    module = types.ModuleType("hail_module")
    module.Hail = Hail  # type: ignore[attr-defined]
    module.other = 3  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "hail_module", module)


def test_a_component_is_found_by_import_path_and_carries_its_name() -> None:
    made = resolve("filters", {"mine": {"use": "hail_module:Hail", "max_size": 2, "window": 3}}, {})
    assert made["mine"] == Hail(name="mine", max_size=2, window=3)


def test_a_component_is_found_by_its_own_name() -> None:
    made = resolve("filters", {"hail": {"max_size": 2, "window": 3}}, {"hail": "hail_module:Hail"})
    assert made["hail"].max_size == 2


def test_all_faults_are_told_at_once_with_key_and_nearest_name() -> None:
    tables = {
        "hail": {"max_sise": 2, "window": "x"},
        "hial": {},
        "late": {"use": "hail_module:Hial"},
        "odd": 3,
        "number": {"use": "hail_module:other"},
        "nowhere": {"use": "no_such_module:X"},
    }
    with pytest.raises(RecipeError) as caught:
        resolve("filters", tables, {"hail": "hail_module:Hail"})
    text = str(caught.value)
    assert "filters.hail.max_sise: unknown key; did you mean max_size?" in text
    assert "filters.hail.max_size: missing" in text
    assert "filters.hail.window = 'x'" in text
    assert "filters.hial: no such component 'hial'; did you mean hail?" in text
    assert "hail_module has no Hial; did you mean Hail?" in text
    assert "filters.odd = 3: must be a table" in text
    assert "must be a subclass" in text
    assert "No module named 'no_such_module'" in text


def test_a_component_cannot_be_changed() -> None:
    made = Hail(name="x", max_size=1, window=1)
    with pytest.raises(pydantic.ValidationError):
        made.window = 2  # type: ignore[misc]


class Drop(Settings):
    radius: float
    name: str = ""


class Storm(Settings):
    drop: Drop | None = None
    drops: tuple[Drop, ...] | None = None
    named: dict[str, Drop] | None = None
    whole: Drop = Drop(radius=1)


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ({"whole": {"radius": 1, "raduis": 2}}, "whole.raduis"),
        ({"drop": {"radius": 1, "raduis": 2}}, "drop.raduis"),
        ({"drops": [{"radius": 1}, {"radius": 1, "raduis": 2}]}, "drops.1.raduis"),
        ({"named": {"drops": {"radius": 1, "raduis": 2}}}, "named.drops.raduis"),
    ],
)
def test_an_unknown_key_of_an_inner_table_gets_the_nearest_name(table: dict[str, object], key: str) -> None:
    with pytest.raises(RecipeError) as caught:
        build(Storm, table, "storm")
    assert caught.value.problems == [f"storm.{key}: unknown key; did you mean radius?"]

from pathlib import Path

import pytest

from skyscene.errors import RecipeError
from skyscene.recipes import load, parse_override, resolve_overridden
from skyscene.recipes.table import Table


def write(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_base_lies_below_and_overrides_lie_on_top(tmp_path: Path) -> None:
    write(tmp_path, "low.toml", "[filters.dark]\nmax_p99 = 30\n[filters.static]\nlevel = 1\n")
    high = write(tmp_path, "high.toml", 'base = "low.toml"\n[filters.dark]\nmax_p99 = 35\n')
    table = resolve_overridden(load("pipelines", high), ["filters.static.level=2"], dict)
    assert table == {"filters": {"dark": {"max_p99": 35}, "static": {"level": 2}}}


def test_false_in_place_of_a_table_takes_it_out(tmp_path: Path) -> None:
    write(tmp_path, "low.toml", "[filters.dark]\nmax_p99 = 30\n[filters.static]\nlevel = 1\n")
    high = write(tmp_path, "high.toml", 'base = "low.toml"\n[filters]\ndark = false\n')
    assert load("pipelines", high) == {"filters": {"static": {"level": 1}}}


def test_a_base_of_a_base_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "a.toml", 'base = "b.toml"\n')
    write(tmp_path, "b.toml", 'base = "sky"\n')
    with pytest.raises(RecipeError, match="one level is the limit"):
        load("pipelines", str(tmp_path / "a.toml"))


@pytest.mark.parametrize(
    ("text", "message"),
    [("nonsense", "write it as"), ("=4", "write it as"), ("filters..x=1", "write it as")],
)
def test_a_malformed_override_says_how_to_write_it(text: str, message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        parse_override(text)


@pytest.mark.parametrize(
    ("text", "value"), [("a.b=4", 4), ("a.b=4.5", 4.5), ("a.b=crop", "crop"), ("a.b=[64, 64]", [64, 64])]
)
def test_an_override_has_the_type_it_is_written_in(text: str, value: object) -> None:
    assert parse_override(text) == {"a": {"b": value}}


def test_an_unknown_section_in_an_override_gets_the_nearest_name() -> None:
    with pytest.raises(RecipeError, match="did you mean filters"):
        resolve_overridden(load("pipelines", "sky"), ["filter.dark.max_p99=3"], dict)


def test_every_override_that_is_wrong_is_told_at_once() -> None:
    wrong = ["filter.dark.x=3", "nonsense", "windows.length=3", "bras.x=1"]
    with pytest.raises(RecipeError) as caught:
        resolve_overridden({"filters": {}, "windows": {}, "bars": {}}, wrong, dict)
    assert caught.value.problems == [
        "--set filter.dark.x=3: no section 'filter': did you mean filters?",
        "--set nonsense: write it as section.name.key=value",
        "--set bras.x=1: no section 'bras': did you mean bars?",
    ]


def test_what_is_wrong_beneath_the_overrides_is_told_with_them() -> None:
    def resolver(table: Table) -> int:
        if table["windows"]["length"] != 3:
            raise RecipeError("windows.length: must be 3")
        return 3

    table = {"windows": {"length": 4}}
    assert resolve_overridden(table, ["windows.length=3"], resolver) == 3
    assert table == {"windows": {"length": 4}}
    with pytest.raises(RecipeError) as caught:
        resolve_overridden(
            table, ["nonsense", "windows.length=5"], resolver, ["presets = 3: must be a table"]
        )
    assert caught.value.problems == [
        "presets = 3: must be a table",
        "--set nonsense: write it as section.name.key=value",
        "windows.length: must be 3",
    ]


def test_an_unknown_recipe_gets_the_nearest_name() -> None:
    with pytest.raises(RecipeError, match="did you mean sky"):
        load("pipelines", "skyy")


def test_broken_toml_names_the_file_and_line(tmp_path: Path) -> None:
    path = write(tmp_path, "x.toml", "[filters\n")
    with pytest.raises(RecipeError, match=r"x\.toml.*line 1"):
        load("pipelines", path)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = write(tmp_path, "x.toml", "\ufeff[filters.dark]\nmax_p99 = 1\n")
    assert load("pipelines", path)["filters"]["dark"]["max_p99"] == 1

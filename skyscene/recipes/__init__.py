"""Recipes: TOML tables turned into frozen, checked components."""

from skyscene.recipes.arguments import unfit
from skyscene.recipes.component import Component, Settings, build, import_target, resolve
from skyscene.recipes.lookup import find, names, nearest, shipped
from skyscene.recipes.table import load, parse_override, read_toml, resolve_overridden

__all__ = [
    "Component",
    "Settings",
    "build",
    "find",
    "import_target",
    "load",
    "names",
    "nearest",
    "parse_override",
    "read_toml",
    "resolve",
    "resolve_overridden",
    "shipped",
    "unfit",
]

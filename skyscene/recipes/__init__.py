"""Recipes: TOML tables turned into frozen, checked components."""

from skyscene.recipes.component import Component, Settings, build, import_target, resolve
from skyscene.recipes.lookup import find, names, nearest, shipped
from skyscene.recipes.table import load, override, parse_override, read_toml

__all__ = [
    "Component",
    "Settings",
    "build",
    "find",
    "import_target",
    "load",
    "names",
    "nearest",
    "override",
    "parse_override",
    "read_toml",
    "resolve",
    "shipped",
]

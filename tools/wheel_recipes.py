"""Build hook: the TOML and CSV files of the recipe folders travel in the wheel as skyscene/_recipes."""

from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDERS = ("pipelines", "models", "benchmarks", "manifests", "studies")


class WheelRecipes(BuildHookInterface):
    def initialize(self, version, build_data):
        if version == "editable":
            return
        for folder in FOLDERS:
            for path in sorted(Path(self.root, folder).rglob("*")):
                if path.suffix in {".toml", ".csv"}:
                    inside = path.relative_to(self.root).as_posix()
                    build_data["force_include"][str(path)] = f"skyscene/_recipes/{inside}"

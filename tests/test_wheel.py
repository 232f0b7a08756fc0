"""What a wheel holds: the package, its templates, and the recipes; no scripts, results or READMEs."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_recipes_and_templates_travel_in_the_wheel_and_nothing_else_does(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    recipes = {name for name in names if name.startswith("skyscene/_recipes/")}
    assert {Path(name).suffix for name in recipes} == {".toml", ".csv"}
    assert "skyscene/_recipes/pipelines/sky.toml" in recipes
    assert "skyscene/_recipes/manifests/sky-timelapse.csv" in recipes
    assert "skyscene/_recipes/studies/dtvnet.toml" in recipes
    assert "skyscene/report/templates/base.html.j2" in names
    assert "skyscene/study/serving/assets/study.html" in names
    assert {name.split("/")[0] for name in names} == {"skyscene", "skyscene-0.1.0.dist-info"}


def test_recipes_are_found_in_a_wheel(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    code = (
        "import skyscene.recipes as r;"
        "print(r.shipped('pipelines')); print(r.load('pipelines', 'sky')['windows'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "site"), "PATH": ""},
        capture_output=True,
        text=True,
    )
    assert str(tmp_path / "site" / "skyscene" / "_recipes") in done.stdout, done.stderr
    assert "'length': 32" in done.stdout

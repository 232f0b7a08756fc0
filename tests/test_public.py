"""The public surface, and the promise that importing it costs nothing."""

import subprocess
import sys

import skyscene


def test_exported_names() -> None:
    assert skyscene.__all__ == [
        "ClipDataset",
        "__version__",
        "build",
        "open_clips",
        "retune",
        "score",
        "split",
        "verify",
    ]
    for name in skyscene.__all__:
        assert getattr(skyscene, name) is not None
    assert callable(skyscene.build) and callable(skyscene.open_clips)


def test_an_unknown_name_is_an_attribute_error() -> None:
    try:
        skyscene.biuld
    except AttributeError as error:
        assert "biuld" in str(error)
    else:
        raise AssertionError


def test_build_stays_the_function_after_its_room_is_imported() -> None:
    code = "import skyscene.builder, skyscene; print(callable(skyscene.build))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "True"


def test_importing_has_no_side_effects() -> None:
    code = (
        "import logging, warnings; before = list(warnings.filters), logging.root.handlers[:];"
        "import skyscene, skyscene.cli;"
        "print(before == (list(warnings.filters), logging.root.handlers[:]))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "True"

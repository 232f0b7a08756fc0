"""A training on the CPU keeps the memory that it frees; counted in pages that the system had to hand out."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner

from skyscene.bench.heap import keep_memory
from skyscene.cli.app import bench
from tests.bench.conftest import FADING

RUN = "fading-sky64-seed0"

needs_glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the C library is not glibc")

LAYERS = """
import resource, sys, torch
from skyscene.bench.heap import keep_memory
if sys.argv[1] == "kept":
    assert keep_memory(torch.device("cpu"))
def pages():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for layer in range(40):
    if layer == 20:
        before = pages()
    torch.ones(48 << 20, dtype=torch.uint8)
print(pages() - before)
"""


def pages(memory: str) -> int:
    """Pages handed out over twenty layers of 48 MB, one after the other, once twenty have been."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("MALLOC_", "GLIBC_"))}
    told = subprocess.run(
        [sys.executable, "-c", LAYERS, memory], env=plain, capture_output=True, text=True, check=True
    )
    return int(told.stdout)


@needs_glibc
def test_what_is_freed_is_not_asked_for_again() -> None:
    assert pages("kept") * 5 < pages("handed back")


def test_another_device_is_left_alone() -> None:
    assert not keep_memory(torch.device("meta"))


def test_the_commands_that_train_keep_memory(
    skies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[torch.device] = []
    monkeypatch.setattr("skyscene.bench.keep_memory", asked.append, raising=False)
    (tmp_path / "fading.toml").write_text(FADING)
    words = [str(tmp_path / "fading.toml"), "--benchmark", "sky64", "--data", str(skies), "--budget", "8"]
    words += ["--out", str(tmp_path), "--device", "cpu"]
    for command in (["train", *words], ["run", *words, "--metric", "mse01"], ["resume", str(tmp_path / RUN)]):
        done = CliRunner().invoke(bench, command, catch_exceptions=False)
        assert done.exit_code == 0, done.output
    assert [device.type for device in asked] == ["cpu"] * 3

"""Several processes, started by torchrun, learn what one learns from the same clips."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from tests.bench.conftest import FADING

ROOT = Path(__file__).parents[2]


def run(folder: Path, skies: Path, processes: int, batch: int) -> dict[str, torch.Tensor]:
    """The weights after eight steps of four clips."""
    folder.mkdir()
    (folder / "fading.toml").write_text(FADING)
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node"]
    program = str(Path(sys.executable).with_name("bench"))
    bench = [program, "run", "fading.toml", "--benchmark", "sky64", "--data", str(skies)]
    options = ["--budget", "32", "--set", f"stages.train.batch={batch}", "--device", "cpu", "--out", "runs"]
    options += ["--metric", "mse01"]
    done = subprocess.run(
        [*torchrun, str(processes), "--no-python", *bench, *options],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.count("look at it:") == 1, "one process speaks"
    last = folder / "runs" / "fading-sky64-seed0" / "checkpoints" / "train-000000032" / "weights.safetensors"
    return load_file(last)


@pytest.mark.timeout(600)
def test_two_processes_learn_what_one_learns(skies: Path, tmp_path: Path) -> None:
    one, two = run(tmp_path / "one", skies, 1, 4), run(tmp_path / "two", skies, 2, 2)
    assert one.keys() == two.keys()
    for key in one:
        assert torch.allclose(one[key], two[key], atol=1e-5), key

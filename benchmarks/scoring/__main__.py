"""`python -m benchmarks.scoring`: ratios of two things in one run, median of several."""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch

from skyscene.bench.contestant import Block, Contestant
from skyscene.bench.facts import device_name, versions
from skyscene.bench.scoring import score_contestants
from skyscene.metrics import METRICS, FrameMetric, ssim

SSIM_GOALS = (10.0, 20.0)
MEMORY_GOAL = 1.1
FRAMES = 32
PIXEL = tuple(name for name, found in METRICS.items() if isinstance(found, FrameMetric) and not found.needs)


class DrawnTruth:
    """So many clips of noise that drifts, made when they are asked for."""

    def __init__(self, count: int, size: int) -> None:
        self.ids = [f"{number:06d}" for number in range(count)]
        self.groups = self.ids
        self.labels: Mapping[str, Sequence[str | None]] = {}
        self._size = size

    def stored(self, places: Sequence[int]) -> torch.Tensor:
        """Some of them: uint8, (b, t, h, w, 3)."""
        clips = []
        for place in places:
            wide = np.random.default_rng(place).integers(
                0, 256, (self._size, self._size + FRAMES, 3), np.uint8
            )
            clips.append(np.stack([wide[:, step : step + self._size] for step in range(FRAMES)]))
        return torch.from_numpy(np.stack(clips))


def still(block: Block) -> list[torch.Tensor]:
    """The first frame again and again."""
    first = block.stored_bthwc[:, :1].permute(0, 4, 1, 2, 3).float() / 255
    return [first.expand(-1, -1, FRAMES, -1, -1)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints a line a measurement."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scoring", description=__doc__)
    parser.add_argument("--clips", type=int, default=2815, help="the test clips of the published set")
    parser.add_argument("--part", type=int, default=8, help="memory is compared with so many times fewer")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--size", type=int, default=64, help="of the clips whose memory is measured")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only-score", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.only_score:
        print(json.dumps(_score(options.only_score, options.size)))
        return 0
    rows = [_ssim(size, options.runs) for size in (64, 128)]
    rows.append(_memory(options.clips, options.part, options.size))
    if options.json:
        print(json.dumps({"versions": versions(), "rows": rows}, indent=1))
        return 0
    for row in rows:
        print(", ".join(f"{key} {v:.4g}" if isinstance(v, float) else f"{key} {v}" for key, v in row.items()))
    return 0


def _ssim(size: int, runs: int) -> dict[str, object]:
    """Our SSIM beside a loop of scikit-image's over the same frames."""
    from skimage.metrics import structural_similarity

    one, other = (
        torch.rand(4, 3, FRAMES, size, size, generator=torch.Generator().manual_seed(k)) for k in (0, 1)
    )
    pictures = [
        clip.permute(0, 2, 3, 4, 1).reshape(-1, size, size, 3).double().numpy() for clip in (one, other)
    ]

    def loop() -> list[float]:
        return [
            structural_similarity(
                a,
                b,
                channel_axis=2,
                data_range=1.0,
                gaussian_weights=True,
                sigma=1.5,
                use_sample_covariance=False,
            )
            for a, b in zip(*pictures, strict=True)
        ]

    ours, theirs = ssim(one, other).flatten().numpy(), np.array(loop())
    assert np.abs(ours - theirs).max() < 1e-6
    ratios = [_seconds(loop) / _seconds(lambda: ssim(one, other)) for _ in range(runs)]
    times = statistics.median(ratios)
    told = ", ".join(f"{goal:g}x {'met' if times >= goal else 'MISSED'}" for goal in SSIM_GOALS)
    return {
        "what": f"SSIM at {size} px, {device_name(torch.device('cpu'))}",
        "times scikit-image": times,
        "goals": told,
    }


def _memory(clips: int, part: int, size: int) -> dict[str, object]:
    """Most memory of a process that scores all clips by all pixel metrics, over that of a part."""
    found = {}
    for count in (clips // part, clips):
        command = [
            sys.executable,
            "-m",
            "benchmarks.scoring",
            "--only-score",
            str(count),
            "--size",
            str(size),
        ]
        found[count] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    few, many = found[clips // part], found[clips]
    ratio = many["bytes"] / few["bytes"]
    return {
        "what": f"{clips} clips at {size} px by {len(PIXEL)} metrics beside {clips // part} of them",
        "GiB": many["bytes"] / 2**30,
        "times the memory": ratio,
        "goal": f"{MEMORY_GOAL:g} {'met' if ratio <= MEMORY_GOAL else 'MISSED'}",
        "clips a second": clips / many["seconds"],
    }


def _score(count: int, size: int) -> dict[str, float]:
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        score_contestants(
            DrawnTruth(count, size),
            [Contestant("still", "still", "baseline", still)],
            size,
            [METRICS[name] for name in PIXEL],
            {},
            Path(folder),
            device=torch.device("cpu"),
        )
    return {
        "seconds": time.perf_counter() - began,
        "bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024.0,
    }


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())

"""`python -m benchmarks.training`: ratios of two things in one run, median of several."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Sequence
from typing import Any

import torch

from benchmarks.training.plain import PLAIN
from benchmarks.training.side import open_drawn, seconds, side
from skyscene.bench import load_model
from skyscene.bench.batches import Batches
from skyscene.bench.facts import device_name, versions
from skyscene.bench.trained import make_fabric

LOADER_GOAL = 5.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints a line a model, and one for the loader."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training", description=__doc__)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--precision", choices=["32", "bf16"], default="32", help="of our side")
    parser.add_argument("--compile", action="store_true", help="of our side")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--steps", type=int, default=3, help="steps a run")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    device = make_fabric(options.device, "32").device
    rows = [_beside(name, device, options) for name in PLAIN]
    rows.append(_loader(device, options, max(row["clips_a_second"] for row in rows)))
    if options.json:
        print(json.dumps({"versions": versions(), "rows": rows}, indent=1))
        return 0
    for row in rows:
        print(
            ", ".join(
                f"{key} {value:.4g}" if isinstance(value, float) else str(value) for key, value in row.items()
            )
        )
    return 0


def _beside(name: str, device: torch.device, options: argparse.Namespace) -> dict[str, Any]:
    """Seconds a step of our loop, loader and all, beside the plain step on clips that are there."""
    recipe = load_model(name)
    who = f"{recipe.facts.label}, {next(iter(recipe.stages))}"
    with side(name, True, options) as ours, side(name, False, options) as plain:
        pairs = [(ours.seconds(options.steps), plain.seconds(options.steps)) for _ in range(options.runs + 1)]
        mine, other = (
            statistics.median(times) for times in zip(*pairs[1:], strict=True)
        )  # the first warms up
        memory = ours.peak_bytes() / plain.peak_bytes()
        flops, clips = ours.flops, ours.clips
    at_most = _peak(device, torch.bfloat16 if options.precision == "bf16" else torch.float32)
    return {
        "what": f"{who}, batch {options.batch}, {device_name(device)}",
        "seconds a step": mine,
        "plain": other,
        "ratio": mine / other,
        "memory": memory,
        "clips_a_second": clips / mine,
        "gigaflops a clip": flops / clips / 1e9,
        "share of peak": flops / mine / at_most,
    }


def _loader(device: torch.device, options: argparse.Namespace, fastest: float) -> dict[str, Any]:
    """Clips a second that the loader alone gives, beside the fastest model's step."""
    with Batches(open_drawn(), seed=0, seen=0, batch=options.batch, size=64, device=device) as batches:
        rates = [options.batch / seconds(lambda: next(batches), 50) for _ in range(options.runs)]
    rate = statistics.median(rates)
    verdict = "met" if rate >= LOADER_GOAL * fastest else "MISSED"
    return {
        "what": "loader alone",
        "clips_a_second": rate,
        "times the fastest model": rate / fastest,
        "goal": verdict,
    }


def _peak(device: torch.device, kind: torch.dtype) -> float:
    """Operations a second of a large product of matrices: what the device gives in practice, not on paper.

    TF32 is left as the user has it, so that float32 is compared with itself.
    """
    side_length = 8192 if device.type == "cuda" else 2048
    one = torch.randn(side_length, side_length, device=device).to(kind)

    def multiply() -> None:
        torch.mm(one, one)

    multiply()
    return 2 * side_length**3 / min(seconds(multiply, 3) for _ in range(5))


if __name__ == "__main__":
    sys.exit(main())

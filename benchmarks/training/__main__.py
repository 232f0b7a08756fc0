"""`python -m benchmarks.training`: ratios of two things in one run, median of several."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence

import torch
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.training.plain import PLAIN
from skyscene.bench.batches import Batches
from skyscene.bench.data import BenchData, open_data
from skyscene.bench.embedded import drawn_set
from skyscene.bench.facts import device_name, versions
from skyscene.bench.recipe import load_benchmark, load_model
from skyscene.bench.running import make_fabric
from skyscene.bench.step import make_optimisers, take_step
from skyscene.bench.watch import nobody
from skyscene.recipes import import_target

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
    benchmark = load_benchmark("synthsky64")
    data = open_data(drawn_set(benchmark.data, nobody), benchmark)
    rows = [_beside(name, data, options) for name in PLAIN]
    rows.append(_loader(data, options, max(row["clips_a_second"] for row in rows)))
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


def _beside(name: str, data: BenchData, options: argparse.Namespace) -> dict[str, object]:
    """Seconds a step of our loop, loader and all, beside the plain step on clips that are there."""
    fabric = make_fabric(options.device, options.precision)
    recipe = load_model(name)
    stage, settings = next(iter(recipe.stages.items()))
    kind = import_target(recipe.target, "model")
    ours_model = kind(size=64, **recipe.parameters).to(fabric.device)
    plain_model = kind(size=64, **recipe.parameters).to(fabric.device)
    ours_model.begin(stage)
    optimisers = make_optimisers(ours_model, stage, settings.rate, settings.betas, 0.0)
    plain = PLAIN[name](plain_model)
    with Batches(data, seed=0, seen=0, batch=options.batch, size=64, device=fabric.device) as batches:
        clips = next(batches)
        with FlopCounterMode(display=False) as counter:  # it sees into nothing that is compiled
            take_step(fabric, ours_model, stage, optimisers, batches, 1)
        flops = counter.get_total_flops()
        if options.compile:
            for network in ours_model.children():
                network.compile()
        ours, theirs = [], []
        for run in range(options.runs + 1):
            one = _seconds(
                lambda: take_step(fabric, ours_model, stage, optimisers, batches, 1), options.steps
            )
            other = _seconds(lambda: plain(clips), options.steps)
            if run:  # the first warms up
                ours.append(one)
                theirs.append(other)
    mine, other = statistics.median(ours), statistics.median(theirs)
    at_most = _peak(fabric.device, torch.bfloat16 if options.precision == "bf16" else torch.float32)
    return {
        "what": f"{recipe.facts.label}, {stage}, batch {options.batch}, {device_name(fabric.device)}",
        "seconds a step": mine,
        "plain": other,
        "ratio": mine / other,
        "clips_a_second": options.batch / mine,
        "gigaflops a clip": flops / options.batch / 1e9,
        "share of peak": flops / mine / at_most,
    }


def _loader(data: BenchData, options: argparse.Namespace, fastest: float) -> dict[str, object]:
    """Clips a second that the loader alone gives, beside the fastest model's step."""
    fabric = make_fabric(options.device, "32")
    rates = []
    with Batches(data, seed=0, seen=0, batch=options.batch, size=64, device=fabric.device) as batches:
        for _ in range(options.runs):
            rates.append(options.batch / _seconds(lambda: next(batches), 50))
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
    side = 8192 if device.type == "cuda" else 2048
    one = torch.randn(side, side, device=device).to(kind)

    def multiply() -> None:
        torch.mm(one, one)

    multiply()
    return 2 * side**3 / min(_seconds(multiply, 3) for _ in range(5))


def _seconds(work: Callable[[], object], times: int) -> float:
    began = time.perf_counter()
    for _ in range(times):
        work()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return (time.perf_counter() - began) / times


if __name__ == "__main__":
    sys.exit(main())

"""One side of a comparison, in a process of its own: how memory is kept is a process's, not a step's."""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection

import torch
from lightning_fabric import Fabric
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.training.plain import PLAIN
from skyscene.bench import Model, keep_memory, load_benchmark, load_model, nobody
from skyscene.bench.batches import Batches
from skyscene.bench.data import BenchData, open_data
from skyscene.bench.embedded import drawn_set
from skyscene.bench.facts import peak_memory
from skyscene.bench.speedups import compile_networks
from skyscene.bench.step import make_optimisers, take_step
from skyscene.bench.trained import make_fabric
from skyscene.recipes import import_target

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Side:
    """Takes steps when it is asked to.

    Attributes:
        flops: Operations of one step.
        clips: What the first step took of the loader: a player's batch of MD-GAN is its own.
    """

    flops: int
    clips: int
    _pipe: Connection

    def seconds(self, steps: int) -> float:
        """Seconds a step, mean of several."""
        self._pipe.send(steps)
        taken: float = self._pipe.recv()
        return taken

    def peak_bytes(self) -> int:
        """Most memory taken so far: of the device, on a CPU of the process."""
        self._pipe.send(0)
        taken: int = self._pipe.recv()
        return taken


@contextlib.contextmanager
def side(name: str, ours: bool, options: argparse.Namespace) -> Iterator[Side]:
    """A process that trains a model by our loop as its command does, or by the plain step."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, name, ours, options), daemon=True)
    process.start()
    there.close()
    try:
        flops, clips = here.recv()
        yield Side(flops, clips, here)
    finally:
        process.terminate()
        process.join()


def open_drawn() -> BenchData:
    """The drawn skies of synthsky64."""
    benchmark = load_benchmark("synthsky64")
    return open_data(drawn_set(benchmark.data, nobody), benchmark)


def seconds(work: Work, times: int) -> float:
    """Seconds a call, mean of several."""
    began = time.perf_counter()
    for _ in range(times):
        work()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return (time.perf_counter() - began) / times


def _serve(pipe: Connection, name: str, ours: bool, options: argparse.Namespace) -> None:
    fabric = make_fabric(options.device, options.precision if ours else "32")
    if ours:
        keep_memory(fabric.device)
    with Batches(open_drawn(), seed=0, seen=0, batch=options.batch, size=64, device=fabric.device) as batches:
        make = _our_step if ours else _plain_step
        flops, step = make(name, fabric, batches, options)
        pipe.send((flops, batches.seen))
        while True:
            steps = pipe.recv()
            pipe.send(seconds(step, steps) if steps else _taken(fabric))


def _model(name: str, fabric: Fabric) -> Model:
    recipe = load_model(name)
    model: Model = import_target(recipe.target, "model")(size=64, **recipe.parameters)
    return model.to(fabric.device)


def _our_step(name: str, fabric: Fabric, batches: Batches, options: argparse.Namespace) -> tuple[int, Work]:
    stage, settings = next(iter(load_model(name).stages.items()))
    model = _model(name, fabric)
    model.begin(stage)
    optimisers = make_optimisers(model, stage, settings.rate, settings.betas, 0.0)

    def step() -> object:
        return take_step(fabric, model, stage, optimisers, batches, 1)

    flops = _flops(step)
    if options.compile:
        compile_networks(model)
    return flops, step


def _plain_step(name: str, fabric: Fabric, batches: Batches, options: argparse.Namespace) -> tuple[int, Work]:
    plain, clips = PLAIN[name](_model(name, fabric)), next(batches)

    def step() -> object:
        return plain(clips)

    return _flops(step), step


def _taken(fabric: Fabric) -> int:
    memory = peak_memory(fabric.device)
    return memory.get("device", memory["process"])


def _flops(step: Work) -> int:
    """Operations of one step; the counter sees into nothing that is compiled."""
    with FlopCounterMode(display=False) as counter:
        step()
    return int(counter.get_total_flops())

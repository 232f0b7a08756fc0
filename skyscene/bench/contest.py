"""A contest: clips, all who draw from their first frames, and the table that comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch

from skyscene.bench import facts
from skyscene.bench.backbones import load_networks
from skyscene.bench.caveats import DRAWN
from skyscene.bench.contestant import Contestant, Truth, spread
from skyscene.bench.i3d_file import I3DFile
from skyscene.bench.recipe import BenchmarkRecipe
from skyscene.bench.results import FILE, Results
from skyscene.bench.score_tables import ScoredClips
from skyscene.bench.scoring import score_contestants
from skyscene.bench.table import columns, result_rows
from skyscene.bench.watch import Event, Watch, nobody
from skyscene.errors import RecipeError
from skyscene.metrics import Metric, SetMetric, metric

_UNBIASED = 2048
"""Clips from which on FVD is usually given; below, it is said to be biased."""


def resolve_metrics(names: Sequence[str]) -> list[Metric]:
    """The metrics of some names, each once.

    Raises:
        RecipeError: One is not known, or two have one spec id.
    """
    found = [metric(name) for name in dict.fromkeys(names)]
    specs = [one.spec_id for one in found]
    twice = [one.name for one in found if specs.count(one.spec_id) > 1]
    if twice:
        raise RecipeError(f"{' and '.join(twice)} have one spec id: nothing could tell their numbers apart")
    return found


@dataclass(frozen=True)
class Contest:
    """Who is scored, on what, and where the scores go.

    Attributes:
        folder: Gets ``scores/``, ``features/`` and ``results.json``.
        model: Name of the model's recipe, or of the folder of clips.
        protocol: Name of the benchmark.
        benchmark: The benchmark.
        truth: The real clips.
        manifest_hash: Of the data.
        contestants: Baselines first.
        device: Where it is computed.
        set_clips: Of how many clips sets are compared; 0 for all.
        seed: Of the run; none for clips from elsewhere.
        budget: Clips seen in each stage; 0 for clips from elsewhere.
        notes: What a reader has to know.
        before_codec: Row of clips that went through a codec, and row of the same clips before.
        watch: Told what happens.
    """

    folder: Path
    model: str
    protocol: str
    benchmark: BenchmarkRecipe
    truth: Truth
    manifest_hash: str
    contestants: Sequence[Contestant]
    device: torch.device
    set_clips: int = 0
    seed: int | None = None
    budget: int = 0
    notes: Sequence[str] = ()
    before_codec: Mapping[str, str] = field(default_factory=dict)
    watch: Watch = nobody

    def score(self, names: Sequence[str] = (), i3d: I3DFile | None = None) -> Results:
        """Scores everybody and writes the table.

        Args:
            names: Metrics; the benchmark's by default.
            i3d: A network in the place of the known I3D.

        Raises:
            RecipeError: A metric is not known.
            MetricError: Clips cannot be scored.
        """
        metrics = resolve_metrics(names or self.benchmark.metrics)
        if i3d:
            metrics = i3d.instead(metrics)
        networks, absent = load_networks(metrics, self.device)
        measured = [one for one in metrics if one.name not in absent]
        count, done = len(self.truth.ids), 0

        def tick(clips: int) -> None:
            nonlocal done
            done += clips
            self.watch(Event("score", "scoring", done, count))

        (self.folder / FILE).unlink(missing_ok=True)  # no table over scores that are not its own
        speed = score_contestants(
            self.truth,
            self.contestants,
            self.benchmark.size,
            measured,
            networks,
            self.folder,
            device=self.device,
            most=self.set_clips,
            tick=tick,
        )
        results = self._results(metrics, absent, speed, (i3d.note,) if i3d else ())
        results.write(self.folder)
        return results

    def _results(
        self,
        metrics: Sequence[Metric],
        absent: Mapping[str, str],
        speed: Mapping[str, float],
        more: Sequence[str],
    ) -> Results:
        scored = ScoredClips(self.folder)
        frames = self.benchmark.frames
        sets = [one.name for one in metrics if isinstance(one, SetMetric) and one.name not in absent]
        set_clips = len(spread(len(self.truth.ids), self.set_clips)) if sets else 0
        return Results(
            model=self.model,
            benchmark=f"{self.protocol}/{self.benchmark.version}",
            size=self.benchmark.size,
            frames=frames,
            manifest_hash=self.manifest_hash,
            clips=len(self.truth.ids),
            groups=len(set(self.truth.groups)),
            set_clips=set_clips,
            seed=self.seed,
            budget=self.budget,
            device=facts.device_name(self.device),
            resampler=self.benchmark.resampler,
            columns=columns(metrics, absent),
            rows=result_rows(scored, self.contestants, metrics, absent, frames, speed, self.before_codec),
            notes=(*self._drawn(), *self.notes, *self._of_sets(sets, set_clips), *more, *self._lossy()),
        )

    def _drawn(self) -> list[str]:
        return [DRAWN] if self.benchmark.data.kind == "drawn" else []

    def _of_sets(self, names: Sequence[str], count: int) -> list[str]:
        if not names:
            return []
        text = (
            f"{' and '.join(names)}: {count} of the {len(self.truth.ids)} real test clips against as many "
            "drawn from their first frames, all 32 frames"
        )
        logits = ", logits of I3D" if {"fvd", "kvd"} & set(names) else ""
        few = f"; under {_UNBIASED:,} clips FVD is biased upwards, by more the fewer, and KVD is not"
        return [text + logits + (few if count < _UNBIASED and "fvd" in names else "") + "."]

    def _lossy(self) -> list[str]:
        lossy = [one.label for one in self.contestants if one.lossy and one.name not in self.before_codec]
        if not lossy:
            return []
        return [
            f"{', '.join(lossy)}: the clips went through a codec that loses, which moves every number. "
            "--original DIR with the frames as they were says by how much."
        ]

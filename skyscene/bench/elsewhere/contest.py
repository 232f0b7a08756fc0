"""Clips that a model elsewhere has drawn, as a contest of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tomli_w
import torch
from torch import Tensor

from skyscene.bench.baselines import baselines
from skyscene.bench.contest import Contest
from skyscene.bench.contestant import Block, Contestant, Kind, SideTruth, Truth
from skyscene.bench.elsewhere.prediction_folder import PredictionFolder, open_predictions, open_truth
from skyscene.bench.find_data import check_wanted, find_data
from skyscene.bench.pictures import to_unit_clips
from skyscene.bench.recipe import BenchmarkRecipe, load_benchmark, resolve_benchmark
from skyscene.bench.results import FILE
from skyscene.bench.running import RUN
from skyscene.bench.trained import make_fabric
from skyscene.bench.watch import Watch, nobody
from skyscene.errors import BenchError
from skyscene.nets.mdgan_generator import FRAMES
from skyscene.recipes import read_toml
from skyscene.store import read_json, write_bytes, write_json

KIND = "predictions"
_BENCHMARK = "benchmark.toml"
_DRAWN, _BEFORE = "predictions", "original"


@dataclass(frozen=True)
class FolderTruth:
    """Real clips in a folder of their own, each a group by itself.

    Attributes:
        folder: The folder.
    """

    folder: PredictionFolder

    @property
    def ids(self) -> Sequence[str]:
        """Their ids."""
        return self.folder.clip_ids

    @property
    def groups(self) -> Sequence[str]:
        """Each its own."""
        return self.folder.clip_ids

    @property
    def labels(self) -> Mapping[str, Sequence[str | None]]:
        """None."""
        return {}

    def stored(self, places: Sequence[int]) -> Tensor:
        """Some of them: uint8, (b, t, h, w, 3)."""
        return torch.from_numpy(np.stack([self.folder.clip(self.ids[place]) for place in places]))


def make_elsewhere(
    clips: Path,
    out: Path,
    *,
    benchmark: str = "sky64",
    data: Path | None = None,
    truth: Path | None = None,
    original: Path | None = None,
    label: str | None = None,
    policy: str = "nonoverlap32",
    spatial: str = "squash",
    set_clips: int = 0,
    device: str = "auto",
    watch: Watch = nobody,
) -> Contest:
    """A contest of clips from elsewhere; what it is made of is written into its folder.

    Args:
        clips: A folder with ``CLIP_ID[/SAMPLE].npy``, PNG folders, or 32-frame videos.
        out: The contest's folder; made if it is not there.
        benchmark: The benchmark's recipe.
        data: The benchmark's data; none where it draws its own, or with a truth.
        truth: Real clips in a folder of the same forms, in the place of data.
        original: The same clips before a codec, to say by how much it moved each number.
        label: What a table calls them; the folder's name by default.
        policy: Of the published layout: which frames become clips.
        spatial: Of the published layout: how a picture becomes a square.
        set_clips: Of how many clips sets are compared, as the budget of a run says it; 0 for all.
        device: auto, cpu, cuda, ...
        watch: Told what happens.

    Raises:
        RecipeError: No such benchmark.
        BenchError: Clips are missing, too many or unfit (all named at once), the folder holds another
            contest, or data are given where none are wanted.
    """
    recipe = load_benchmark(benchmark)
    if truth is not None and data is not None:
        raise BenchError("--data and --truth are two ways to give the real clips: give one of them")
    if truth is None:
        check_wanted(benchmark, recipe, data)
    if not any(clips.iterdir()):
        raise BenchError(f"{clips} is not a run, which has a {RUN}, and holds no clips")
    given = [folder.absolute() for folder in (clips, truth, original, data) if folder]
    inside = [folder for folder in given if folder == out.absolute() or folder in out.absolute().parents]
    if inside:
        raise BenchError(f"--out {out} lies in {inside[0]}, which is only read: give another")
    about: dict[str, str | int | None] = {
        "schema_version": 1,
        "kind": KIND,
        "clips": str(clips.absolute()),
        "label": " ".join((label or clips.absolute().name).split()),
        "benchmark": benchmark,
        "data": str(data.absolute()) if data else None,
        "truth": str(truth.absolute()) if truth else None,
        "original": str(original.absolute()) if original else None,
        "policy": policy,
        "spatial": spatial,
        "set_clips": set_clips,
    }
    contest, digests = _contest(out, about, recipe, device, watch)
    if (out / RUN).is_file() and {**read_json(out / RUN), "digest": None} != {
        **about,
        **digests,
        "digest": None,
    }:
        raise BenchError(f"{out} holds another contest: give another --out")
    (out / FILE).unlink(missing_ok=True)  # no old table over new clips
    write_bytes(out / _BENCHMARK, tomli_w.dumps(recipe.model_dump(mode="json", exclude_none=True)).encode())
    write_json(out / RUN, {**about, **digests})
    return contest


def open_elsewhere(out: Path, device: str = "auto", watch: Watch = nobody) -> Contest:
    """A contest of clips from elsewhere again, from its folder.

    Raises:
        BenchError: Its clips or its data changed since.
    """
    about = read_json(out / RUN)
    recipe = resolve_benchmark(read_toml(out / _BENCHMARK))
    contest, digests = _contest(out, about, recipe, device, watch)
    changed = [key for key, value in digests.items() if about.get(key) != value]
    if changed:
        raise BenchError(
            f"{out}: {' and '.join(changed)} changed since: `bench score {about['clips']} ...` anew"
        )
    return contest


def _contest(
    out: Path, about: Mapping[str, str | int | None], recipe: BenchmarkRecipe, device: str, watch: Watch
) -> tuple[Contest, dict[str, str]]:
    fabric = make_fabric(device, "32")
    real, first, manifest = _real(about, recipe, fabric.device, watch)
    label = str(about["label"])
    drawn = open_predictions(Path(str(about["clips"])), real.ids, FRAMES, recipe.size)
    contestants = [*first, _contestant(_DRAWN, label, drawn)]
    digests = {"digest": drawn.digest(), "manifest_hash": manifest}
    before = {}
    if about["original"]:
        kept = open_predictions(Path(str(about["original"])), real.ids, FRAMES, recipe.size)
        if kept.samples != drawn.samples:
            raise BenchError(
                f"{about['original']} has {kept.samples} samples a clip, {about['clips']} {drawn.samples}"
            )
        contestants.append(_contestant(_BEFORE, f"{label}, before the codec", kept, "reference"))
        digests["original_digest"] = kept.digest()
        before = {_DRAWN: _BEFORE}
    notes = (
        []
        if about["truth"] is None
        else [
            "The real clips came without a training set (no mean of it among the baselines) and without "
            "groups: intervals take every clip for independent, which clips of one source are not."
        ]
    )
    return (
        Contest(
            folder=out,
            model=label,
            protocol=Path(str(about["benchmark"])).name.removesuffix(".toml"),
            benchmark=recipe,
            truth=real,
            manifest_hash=manifest,
            contestants=contestants,
            device=fabric.device,
            set_clips=int(about.get("set_clips") or 0),
            notes=notes,
            before_codec=before,
            watch=watch,
        ),
        digests,
    )


def _real(
    about: Mapping[str, str | int | None], recipe: BenchmarkRecipe, device: torch.device, watch: Watch
) -> tuple[Truth, list[Contestant], str]:
    """The real clips, the baselines, and the hash of the data."""
    if about["truth"] is not None:
        folder = open_truth(Path(str(about["truth"])), FRAMES, recipe.size)
        return FolderTruth(folder), baselines(None, recipe.size, device), folder.digest()
    given = str(about["data"]) if about["data"] else None
    data = find_data(recipe, given, str(about["policy"]), str(about["spatial"]), watch)
    return SideTruth(data), baselines(data, recipe.size, device), data.manifest_hash


def _contestant(name: str, label: str, folder: PredictionFolder, kind: Kind = "model") -> Contestant:
    def draw(block: Block) -> list[Tensor]:
        device = block.stored_bthwc.device
        return [
            to_unit_clips(
                torch.from_numpy(np.stack([folder.clip(clip, sample) for clip in block.ids])).to(device),
                folder.size,
            )
            for sample in range(folder.samples)
        ]

    return Contestant(name, label, kind, draw, samples=folder.samples, lossy=folder.lossy, timed=False)

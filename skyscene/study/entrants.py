"""Who takes part in a study: the models of runs, baselines of theirs, and the real clips."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import numpy as np
import numpy.typing as npt

from skyscene.bench.contest import Contest
from skyscene.bench.contestant import Block, Contestant
from skyscene.bench.opening import is_contest, open_contest
from skyscene.bench.pictures import resample, to_unit_clips, unit_to_bytes
from skyscene.bench.watch import Watch, nobody
from skyscene.errors import StudyError
from skyscene.study.comparison import REAL
from skyscene.study.frozen import Side
from skyscene.study.recipe import StudyRecipe
from skyscene.study.trials import NOISE, SHUFFLED

RESERVED = frozenset((REAL, NOISE, SHUFFLED))
Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Entrant:
    """Somebody who takes part.

    Attributes:
        side: Name, label and kind.
        draw: Places among the real clips to uint8 clips, (b, t, size, size, 3).
    """

    side: Side
    draw: Callable[[Sequence[int]], Pixels]


@dataclass(frozen=True)
class Cast:
    """All who take part, and the real clips that they start from.

    Attributes:
        contest: One of the contests; all have the same real clips.
        entrants: Models first, then baselines, then the real clips.
        size: Side of their pictures.
    """

    contest: Contest
    entrants: Sequence[Entrant]
    size: int

    @property
    def names(self) -> list[str]:
        """Names of all who take part."""
        return [entrant.side.name for entrant in self.entrants]


def open_cast(
    runs: Sequence[Path], protocol: StudyRecipe, device: str = "auto", watch: Watch = nobody
) -> Cast:
    """Opens runs and says who takes part.

    Args:
        runs: Folders of `bench run`, or of `bench score` of clips from elsewhere.
        protocol: Says which stages and baselines take part, and at which size.
        device: Where models draw.
        watch: Told what happens.

    Raises:
        StudyError: A folder is no run or is given twice, or two runs do not draw from the same first frames.
        BenchError: A run cannot be opened.
    """
    strange = [str(run) for run in runs if not is_contest(run)]
    if strange:
        raise StudyError(
            f"{', '.join(strange)}: no run. A folder of clips becomes one by `bench score FOLDER --data DIR`"
        )
    if not runs:
        raise StudyError("give the folder of a run at least, as `bench run` or `bench score` makes one")
    places = [run.resolve() for run in runs]
    twice = [str(run) for at, run in enumerate(runs) if places[at] in places[:at]]
    if twice:
        raise StudyError(f"{', '.join(twice)}: given twice; a run meets itself in no pair")
    contests = [open_contest(run, device, watch) for run in runs]
    first = contests[0]
    for run, contest in zip(runs, contests, strict=True):
        if (contest.manifest_hash, *contest.truth.ids) != (first.manifest_hash, *first.truth.ids):
            raise StudyError(
                f"{run} draws from other first frames than {runs[0]}: both sides of a pair have one input; "
                "score both on the same data"
            )
    size = protocol.size or min(contest.benchmark.size for contest in contests)
    entrants = [
        _entrant(contest, one, name, run, size)
        for run, contest in zip(runs, contests, strict=True)
        for one, name in _models(contest, protocol)
    ]
    entrants += [_entrant(first, _baseline(first, name), name, runs[0], size) for name in protocol.baselines]
    if protocol.real:
        entrants.append(Entrant(Side(REAL, "Real", "real"), real_clips(first, size)))
    return Cast(first, _told_apart(entrants), size)


def real_clips(contest: Contest, size: int) -> Callable[[Sequence[int]], Pixels]:
    """Reads the real clips at some places: uint8, (b, t, size, size, 3)."""

    def read(places: Sequence[int]) -> Pixels:
        clips: Pixels = unit_to_bytes(to_unit_clips(contest.truth.stored(places), size)).numpy()
        return clips

    return read


def _models(contest: Contest, protocol: StudyRecipe) -> list[tuple[Contestant, str]]:
    """The models of a contest with their names."""
    found = [one for one in contest.contestants if one.kind == "model"]
    name = contest.model
    if len(found) == 1:
        return [(found[0], name)]
    return [(one, f"{name}-{one.name}") for one in (found if protocol.stages == "all" else found[-1:])]


def _baseline(contest: Contest, name: str) -> Contestant:
    known = {one.name: one for one in contest.contestants if one.kind != "model"}
    if name not in known:
        raise StudyError(f"baselines: no '{name}'; this contest has {', '.join(known)}")
    return known[name]


def _entrant(contest: Contest, one: Contestant, name: str, run: Path, size: int) -> Entrant:
    def draw(places: Sequence[int]) -> Pixels:
        ids = [contest.truth.ids[place] for place in places]
        block = Block(ids, contest.truth.stored(places).to(contest.device))
        clip_bcthw = resample(one.draw(block)[0].float(), size)
        clips: Pixels = unit_to_bytes(clip_bcthw).cpu().numpy()
        return clips

    kind = "model" if one.kind == "model" else "baseline"
    return Entrant(Side(name, one.label, kind, str(run.absolute()), one.name, one.lossy), draw)


def _told_apart(entrants: Sequence[Entrant]) -> list[Entrant]:
    """Names that are the same, or that mean something else, get a number."""
    names = [entrant.side.name for entrant in entrants]
    taken = set(names) | RESERVED
    told = []
    for entrant in entrants:
        side = entrant.side
        if side.kind != "real" and (names.count(side.name) > 1 or side.name in RESERVED):
            turn = next(turn for turn in count(1) if f"{side.name}-{turn}" not in taken)
            side = replace(side, name=f"{side.name}-{turn}", label=f"{side.label} ({turn})")
            taken.add(side.name)
        told.append(Entrant(side, entrant.draw))
    return told

"""Made-up votes: raters with known tastes answer the very trials that people would get."""

from __future__ import annotations

import csv
import io
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from skyscene.errors import StudyError
from skyscene.records import Choice, Pair
from skyscene.store import write_bytes
from skyscene.study.comparison import REAL
from skyscene.study.folder import StudyFolder
from skyscene.study.frozen import read_study
from skyscene.study.key import read_key
from skyscene.study.tasks import read_blocks

_STEP = 1.0
"""Between neighbours of the default order, on the logit scale: 73 of 100 votes."""
MADE_UP = "made-up"
"""What raters' names begin with, and the platform of their votes: a result says how many there are."""
_COLUMNS = ("pair_id", "rater", "choice", "rt_ms", "watched", "slot", "position", "study_sha")


@dataclass(frozen=True, slots=True)
class Tastes:
    """How made-up raters choose; all on the logit scale.

    Attributes:
        strengths: Of the contestants: the difference of two is the log odds of a vote.
        rater_sd: Of a rater's own leaning in each pair of contestants.
        clip_sd: Of a clip's.
        laziness: Share of raters who answer everything by a coin.
        left_bias: Towards the left side.
    """

    strengths: Mapping[str, float]
    rater_sd: float = 0.5
    clip_sd: float = 1.0
    laziness: float = 0.0
    left_bias: float = 0.0


def pretend(folder: StudyFolder, to: Path, tastes: Tastes | None = None, seed: int = 0) -> int:
    """Writes made-up votes as a CSV file that ``bench study import`` takes; how many.

    Nothing is added to the study: made-up votes beside real ones would be a lie. Every rater's name begins
    with ``made-up``.

    Args:
        folder: The study.
        to: The file.
        tastes: By default contestants are the better the later they stand in the study, and real is best.
        seed: Of everything that is drawn.

    Raises:
        StudyError: The folder is no study, or a contestant has no strength.
    """
    study, key = read_study(folder), read_key(folder.key)
    if tastes is None:
        order = sorted(study.sides, key=lambda name: name == REAL)
        tastes = Tastes({name: _STEP * place for place, name in enumerate(order)})
    missing = sorted(set(study.sides) - set(tastes.strengths))
    if missing:
        raise StudyError(f"no strength is given for {', '.join(missing)}")
    pairs = {pair.pair_id: pair for pair in key.pairs}
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(_COLUMNS)
    count = 0
    for slot, order_of_slot in enumerate(read_blocks(folder)):
        rater = _Rater(tastes, seed, slot)
        for position, pair_id in enumerate(order_of_slot):
            if pairs[pair_id].kind != "practice":
                choice, rt_ms = rater.answer(pairs[pair_id], study.seconds)
                rows.writerow(
                    [pair_id, f"{MADE_UP}-{slot}", choice, rt_ms, "true", slot, position, study.sha[:12]]
                )
                count += 1
    write_bytes(to, text.getvalue().encode())
    return count


class _Rater:
    def __init__(self, tastes: Tastes, seed: int, slot: int) -> None:
        self._tastes = tastes
        self._seed = seed
        self._slot = slot
        self._rng = np.random.default_rng([seed, slot])
        self._lazy = bool(self._rng.random() < tastes.laziness)

    def answer(self, pair: Pair, seconds: float) -> tuple[Choice, int]:
        """A side, and how long it took."""
        rt_ms = round(1000 * (seconds + float(self._rng.lognormal(0.3, 0.4))))
        left = self._tastes.left_bias
        if pair.gold_side and not self._lazy:
            left += 4.0 if pair.gold_side == "left" else -4.0
        elif not self._lazy:
            left += self._leaning(pair)
        return ("left" if self._rng.random() < 1 / (1 + np.exp(-left)) else "right"), rt_ms

    def _leaning(self, pair: Pair) -> float:
        """Log odds for the left side: a leaning of the rater and the comparison, whichever order is shown."""
        first, second = sorted((pair.left, pair.right))
        clip = pair.left_clip if pair.left == first else pair.right_clip
        own = self._effect(self._tastes.rater_sd, f"rater {self._slot}", first, second)
        own += self._effect(self._tastes.clip_sd, f"clip {clip}", first, second)
        towards_first = self._tastes.strengths[first] - self._tastes.strengths[second] + own
        return towards_first if pair.left == first else -towards_first

    def _effect(self, sd: float, *name: str) -> float:
        rng = np.random.default_rng([self._seed, zlib.crc32("/".join(name).encode())])
        return sd * float(rng.standard_normal())

"""A study's result: votes checked, counted, and written down with how sure they make us."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import numpy as np

from skyscene.records import Vote
from skyscene.store import write_json
from skyscene.study.ballots import Ballot, join
from skyscene.study.comparison import REAL
from skyscene.study.folder import StudyFolder
from skyscene.study.frozen import Study, read_study
from skyscene.study.key import Key, read_key
from skyscene.study.prediction import MetricPrediction, metric_predictions
from skyscene.study.pretend import MADE_UP
from skyscene.study.raters import RaterFacts, rater_facts, write_exclusions
from skyscene.study.statistics.bias import left_bias
from skyscene.study.statistics.ladder import Comparisons, Ladder, Span, ladder, ladder_intervals
from skyscene.study.tally import Row, cluster_codes, rows_of
from skyscene.study.votes import read_votes, write_jsonl

_VERSION = 1
SPEC = "pos/two-way-cluster-robust/1"
"""Spec id of the headline: raters and sources as clusters, on the logit scale, t."""
_DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Quality:
    """How the raters worked, all of them.

    Attributes:
        left: Share of left answers in percent, and the exact p of a half; none without one.
        left_p: The p.
        gold: Share of gold trials answered right, in percent; none without one.
        repeats: Share of mirrored repeats answered as before, in percent; none without one.
        median_seconds: Of the answers; none where no times are known.
        unwatched: Votes given before both clips were seen to their end, as far as that is known.
    """

    left: float | None
    left_p: float | None
    gold: float | None
    repeats: float | None
    median_seconds: float | None
    unwatched: int


@dataclass(frozen=True, slots=True)
class Scale:
    """Contestants on one scale by Bradley and Terry.

    Attributes:
        show: video or frame.
        ladder: Strengths.
        spans: Their intervals.
    """

    show: str
    ladder: Ladder
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class StudyScore:
    """Everything that a study says.

    Attributes:
        study: The frozen protocol.
        planned: Votes that the plan has.
        votes: Votes that came and count; practice, gold, repeats and invalid trials are not among them.
        rows: Of the raters that the rules leave in.
        all_rows: Of everybody.
        quality: Of everybody.
        raters: Everybody.
        scales: Bradley-Terry, of those left in; none of two contestants.
        predictions: Whether metrics predict the votes of those left in.
        given: The votes that it was made of, all of them.
        breaches: How the votes break the protocol; empty where they do not.
        notes: What a reader has to know.
    """

    study: Study
    planned: int
    votes: int
    rows: Sequence[Row]
    all_rows: Sequence[Row]
    quality: Quality
    raters: Sequence[RaterFacts]
    scales: Sequence[Scale]
    predictions: Sequence[MetricPrediction]
    given: Sequence[Vote]
    breaches: Sequence[str]
    notes: Sequence[str]

    @property
    def excluded(self) -> list[RaterFacts]:
        """Raters that the rules leave out."""
        return [each for each in self.raters if each.reasons]


def score_study(folder: StudyFolder, votes: Sequence[Vote] | None = None) -> StudyScore:
    """Scores a study from its folder; nothing is written.

    Args:
        folder: The study.
        votes: Votes in the place of those in the folder.

    Raises:
        StudyError: The folder is none, or was changed.
    """
    study, key = read_study(folder), read_key(folder.key)
    given = read_votes(folder.votes) if votes is None else votes
    ballots, breaches = join(study, key, given)
    if key.study_sha != study.sha:
        breaches = [f"{folder.key} belongs to another study", *breaches]
    return _score(study, key, given, ballots, breaches)


def _score(
    study: Study, key: Key, given: Sequence[Vote], ballots: Sequence[Ballot], breaches: Sequence[str]
) -> StudyScore:
    raters = rater_facts(study, ballots)
    out = {each.rater for each in raters if each.reasons}
    tests = [one for one in ballots if one.pair.kind == "test"]
    kept = [one for one in tests if one.vote.rater not in out]
    wanted = _wanted(study, key)
    scenes = sorted({pair.scene for pair in key.pairs if pair.kind == "test" and pair.scene})
    return StudyScore(
        study=study,
        planned=len({pair.comparison for pair in key.pairs if pair.kind == "test"}) * study.protocol.votes,
        votes=sum(one.is_valid for one in tests),
        rows=rows_of(kept, wanted, scenes),
        all_rows=rows_of(tests, wanted, scenes),
        quality=_quality(ballots, raters),
        raters=raters,
        scales=[_scale(study, show, kept) for show in study.protocol.shows] if len(study.sides) > 2 else [],
        predictions=metric_predictions(study, kept),
        given=given,
        breaches=breaches,
        notes=_notes(study, tests),
    )


def _wanted(study: Study, key: Key) -> list[tuple[str, str, str]]:
    """Pairs of contestants in the order of the contestants, the first one's score being told."""
    order = {name: at for at, name in enumerate(study.sides)}
    shows = {show: at for at, show in enumerate(study.protocol.shows)}
    found = set()
    for pair in key.pairs:
        if pair.kind == "test":
            first, second = sorted((pair.left, pair.right), key=order.__getitem__)
            found.add((shows[pair.show], order[first], order[second]))
    names = list(order)
    return [(study.protocol.shows[show], names[one], names[other]) for show, one, other in sorted(found)]


def _quality(ballots: Sequence[Ballot], raters: Sequence[RaterFacts]) -> Quality:
    shown = [one for one in ballots if one.pair.kind != "practice"]
    sided = [one for one in shown if one.prefers is not None]
    lefts = sum(one.vote.choice == "left" for one in sided)
    left, p = left_bias(lefts, len(sided)) if sided else (None, None)
    gold, repeats = sum(each.gold for each in raters), sum(each.repeats for each in raters)
    times = [one.vote.rt_ms for one in shown if one.vote.rt_ms is not None]
    return Quality(
        left=left,
        left_p=p,
        gold=100 * sum(each.gold_right for each in raters) / gold if gold else None,
        repeats=100 * sum(each.repeats_same for each in raters) / repeats if repeats else None,
        median_seconds=median(times) / 1000 if times else None,
        unwatched=sum(one.vote.watched is False for one in shown),
    )


def _scale(study: Study, show: str, ballots: Sequence[Ballot]) -> Scale:
    names = list(study.sides)
    anchor = REAL if REAL in study.sides else names[0]
    places = {name: at for at, name in enumerate(names)}
    own = [one for one in ballots if one.pair.show == show and one.is_valid]
    raters, clips = cluster_codes(own)
    votes = Comparisons(
        first=np.array([places[one.pair.left] for one in own], np.int64),
        second=np.array([places[one.pair.right] for one in own], np.int64),
        wins=np.array([one.win_of(one.pair.left) for one in own], float),
        raters=raters,
        clips=clips,
    )
    found = ladder(names, votes.table(len(names)), anchor)
    return Scale(show, found, ladder_intervals(names, votes, anchor, _DRAWS) if own else ())


def _notes(study: Study, tests: Sequence[Ballot]) -> list[str]:
    notes = list(study.notes)
    if not study.protocol.paired:
        notes.append("Unpaired: the two videos of a trial start from different first frames.")
    made_up = sum(one.vote.platform == MADE_UP for one in tests)
    if made_up:
        notes.append(
            f"{made_up:,} of the {len(tests):,} votes are MADE UP by `bench study simulate`, not people's."
        )
    lost = [side.label for side in study.sides.values() if side.folder and not Path(side.folder).is_dir()]
    if lost:
        notes.append(
            f"The scores of {', '.join(lost)} are no longer where they were: no metric is held against votes."
        )
    most = max(Counter(one.vote.rater for one in tests).values(), default=0)
    if 2 * most > len(tests):
        notes.append("More than half of the votes are one rater's.")
    return notes


def write_score(folder: StudyFolder, score: StudyScore) -> None:
    """Writes ``score.json``, ``exclusions.csv``, and the votes as ``votes.jsonl``."""
    write_jsonl(score.given, folder.lines)
    write_exclusions(score.raters, folder.exclusions)
    write_json(folder.score, to_table(score))


def to_table(score: StudyScore) -> dict[str, object]:
    """A result as JSON."""
    study = score.study
    return {
        "schema_version": _VERSION,
        "spec_id": SPEC,
        "study": study.study,
        "study_sha": study.sha,
        "protocol": {"about": study.protocol.about, "version": study.protocol.version},
        "benchmark": study.benchmark,
        "manifest_hash": study.manifest_hash,
        "question": study.protocol.question,
        "contestants": {side.name: side.label for side in study.sides.values()},
        "planned_votes": score.planned,
        "votes": score.votes,
        "raters": len(score.raters),
        "excluded_raters": len(score.excluded),
        "rows": [asdict(row) for row in score.rows],
        "all_rows": [asdict(row) for row in score.all_rows],
        "quality": asdict(score.quality),
        "scales": [asdict(scale) for scale in score.scales],
        "predictions": [asdict(each) for each in score.predictions],
        "breaches": list(score.breaches),
        "notes": list(score.notes),
    }

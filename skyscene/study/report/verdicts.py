"""What a metric's prediction of votes comes to, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from skyscene.study.prediction import MetricPrediction
from skyscene.study.report.labels import Labels
from skyscene.study.report.numbers import listed, odds, p_value, points
from skyscene.study.scoring import StudyScore
from skyscene.study.statistics.prediction import ONE_SIGNED, Prediction

WITH, AGAINST, CHANCE, UNKNOWN = (
    "goes with the votes",
    "points the wrong way",
    "no better than chance",
    "not known",
)


@dataclass(frozen=True, slots=True)
class Told:
    """A metric's row.

    Attributes:
        metric: Its name.
        spec_id: What exactly it is.
        odds: Ratio.
        interval: Of the ratio.
        agreement: Share of votes that go with it.
        p: Of odds of 1.
        n: Votes where it has a preference.
        verdict: In a few words.
        why: What to beware of, else empty.
    """

    metric: str
    spec_id: str
    odds: str
    interval: str
    agreement: str
    p: str
    n: int
    verdict: str
    why: str


@dataclass(frozen=True, slots=True)
class Family:
    """All metrics on the same votes.

    Attributes:
        over: Which votes.
        rows: A metric each.
        sentences: What they come to.
    """

    over: str
    rows: Sequence[Told]
    sentences: Sequence[str]


def families(score: StudyScore, labels: Labels) -> list[Family]:
    """All pairs together first, then each pair."""
    groups: dict[tuple[str, str, str], list[MetricPrediction]] = {}
    for each in score.predictions:
        groups.setdefault((each.show, each.first, each.second), []).append(each)
    order = {place: at for at, place in enumerate(groups)}
    found = []
    for show, first, second in sorted(groups, key=lambda place: (bool(place[1]), order[place])):
        own = groups[show, first, second]
        pair = f"{labels.of(first)} and {labels.of(second)}" if first else "all pairs together"
        rows = [_told(each) for each in own]
        found.append(Family(labels.shown(show, pair), rows, list(_sentences(rows))))
    return found


def verdict(found: Prediction) -> str:
    """Whether votes go with a metric, as far as its interval can tell.

    >>> verdict(Prediction(None, None, None, 100.0, 12, "all votes go with the metric: no finite odds"))
    'goes with the votes'
    """
    if found.agreement is None:
        return UNKNOWN
    if found.odds_ratio is None:  # all with it or all against it
        return WITH if found.agreement > 50 else AGAINST
    if found.interval is None:
        return UNKNOWN
    if found.interval.low > 1:
        return WITH
    return AGAINST if found.interval.high < 1 else CHANCE


def absent(score: StudyScore) -> str:
    """Why no metric stands beside the votes."""
    if sum(bool(side.folder) for side in score.study.sides.values()) < 2:
        return "Fewer than two contestants were drawn by a model; the real clips have no metric of their own."
    if not score.votes:
        return "No votes yet."
    return "No scores by clip were found in the folders that the clips came from, or no vote is between two."


def _told(each: MetricPrediction) -> Told:
    found = each.found
    return Told(
        metric=each.metric,
        spec_id=each.spec_id,
        odds=odds(found.odds_ratio),
        interval=f"{odds(found.interval.low)}..{odds(found.interval.high)}" if found.interval else odds(None),
        agreement=points(found.agreement),
        p=p_value(found.p),
        n=found.n,
        verdict=verdict(found),
        why=found.why,
    )


def _sentences(rows: Sequence[Told]) -> Iterator[str]:
    """Plain words, the trouble first."""
    said = {
        AGAINST: ("{} points the wrong way: people prefer the clip that it scores worse.",
                  "{} point the wrong way: people prefer the clips that they score worse."),
        CHANCE: ("{} says nothing here: its preference cannot be told from chance.",
                 "{} say nothing here: their preference cannot be told from chance."),
        WITH: ("{} goes with what people prefer.", "{} go with what people prefer."),
        UNKNOWN: ("{} cannot be judged by these votes.", "{} cannot be judged by these votes."),
    }  # fmt: skip
    for kind, (one, many) in said.items():
        names = [row.metric for row in rows if row.verdict == kind and ONE_SIGNED not in row.why]
        if names:
            yield (one if len(names) == 1 else many).format(listed(names))

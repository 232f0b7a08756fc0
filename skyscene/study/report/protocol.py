"""A study's protocol in words: a score belongs to it, and is nothing without it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from skyscene.report import plural
from skyscene.study.report.labels import Labels, plain, question, showing
from skyscene.study.report.numbers import listed
from skyscene.study.scoring import SPEC, StudyScore

HOW_TO_READ = (
    (
        "POS",
        "Of 100 votes, how many prefer the first of two contestants; a tie is half a vote for each. 50 is no "
        "preference. The score of the second over the first is 100 less it.",
    ),
    (
        "95% interval",
        "The headline. People have their tastes and clips their favourites, so votes of one rater, and votes "
        "on one clip, are alike. This interval allows for both (two-way cluster-robust, by rater and by "
        "source, on the logit scale with Student's t). Where 50 lies inside it, the study has not shown "
        "which of the two people prefer. Where it is not defined, another one stands there with its name.",
    ),
    (
        "If independent",
        "Wilson's interval: what the bare percentage could say if every vote were another person's on "
        "another clip. It is too narrow otherwise, and is here for comparison with papers that tell only a "
        "percentage and a number of votes.",
    ),
    (
        "p (Holm)",
        "Of a POS of 50, by the headline interval, raised by Holm's method as several pairs were tested.",
    ),
    (
        "alpha",
        "Krippendorff's: how far raters agree on single clips, 1 fully and 0 no more than by chance. Near 0 "
        "it is no fault where the POS is near 50.",
    ),
    (
        "Other studies",
        "A POS belongs to its protocol and does not carry over to another study: MD-GAN against real videos "
        "is 16 in its own study, and in DTVNet's 2 by one frame and 1 by the video. The question, the size, "
        "the way of viewing and the raters differed. Compare scores within this study.",
    ),
)
"""Terms and what they mean."""


def in_short(score: StudyScore) -> str:
    """The protocol on one line, to stand beside any score."""
    study = score.study
    shown = listed([f"{showing(study, show)}" for show in study.protocol.shows])
    return f"{plain(study.protocol.about)}; {plain(study.benchmark)} at {study.size} px; shown: {shown}."


def protocol_facts(score: StudyScore) -> Iterator[tuple[str, str]]:
    """What was asked and shown, and how many votes came of those planned."""
    study, protocol = score.study, score.study.protocol
    for show in protocol.shows:
        yield f"asked of the {show}", question(study, show)
        yield "shown", showing(study, show)
    yield "protocol", f"{plain(protocol.about)} (version {protocol.version})"
    yield "benchmark", plain(study.benchmark)
    scaled = "" if protocol.display == study.size else f", shown at {protocol.display} CSS px"
    yield (
        "pictures",
        f"{study.size} x {study.size} px{scaled}, {study.frames} frames at {protocol.fps:g} a second",
    )
    both = (
        "both sides from one first frame"
        if protocol.paired
        else "unpaired: each side from its own first frame"
    )
    yield "clips", f"{len(study.clips)}, {both}"
    yield "answers", ", ".join(protocol.answers)
    per_pair = f"{plural(protocol.votes, 'vote')} a clip and pair of contestants"
    yield (
        "votes",
        f"{score.votes:,} of {score.planned:,} planned ({per_pair}, {plural(protocol.raters, 'rater')})",
    )
    yield "excluded are raters with", listed(list(_rules(score)), "or") or "no rule"


def _rules(score: StudyScore) -> Iterator[str]:
    rules = score.study.protocol.exclude
    if rules.gold_below:
        yield f"less than {rules.gold_below:.0%} of {rules.gold_least} or more gold trials right"
    if rules.left_over < 1:
        yield f"more than {rules.left_over:.0%} of {rules.left_least} or more answers on one side"
    if rules.fast_over < 1:
        after = f"{rules.fast_margin:g} s after the clip could have ended"
        yield f"more than {rules.fast_over:.0%} of the answers sooner than {after}"
    if rules.invalid_over < 1:
        yield f"more than {rules.invalid_over:.0%} of {rules.invalid_least} or more trials reported as broken"
    if rules.repeat_below:
        yield f"less than {rules.repeat_below:.0%} of {rules.repeat_least} or more repeats answered as before"


def identity(score: StudyScore) -> list[tuple[str, str]]:
    """What a number can be traced by."""
    study = score.study
    return [
        ("study", plain(study.study)),
        ("SHA-256 of study.toml", study.sha),
        ("headline interval", SPEC),
        ("data", f"manifest {plain(study.manifest_hash)}"),
    ]


def contestants(score: StudyScore) -> list[tuple[str, str, str, str]]:
    """Label, name, kind and where its clips come from; a folder's name only, not where it lies."""
    labels = Labels(score.study)
    found = []
    for name, side in score.study.sides.items():
        source = " / ".join(plain(part) for part in (Path(side.folder).name, side.row) if part)
        kind = side.kind + (", through a codec before" if side.lossy else "")
        found.append(
            (
                labels.of(name),
                plain(name),
                kind,
                source or "the real clips" if side.kind == "real" else source,
            )
        )
    return found

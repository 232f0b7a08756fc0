"""The report of a study: ``report.html``, which needs nothing else, and ``report.md``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from skyscene.report import render
from skyscene.store import write_bytes
from skyscene.study.folder import StudyFolder
from skyscene.study.report.charts import scale_plot, score_plot
from skyscene.study.report.entries import cautions, entries, instead, tested
from skyscene.study.report.labels import Labels, asked, plain
from skyscene.study.report.markdown import markdown
from skyscene.study.report.matrix import win_matrix
from skyscene.study.report.people import people
from skyscene.study.report.protocol import HOW_TO_READ, contestants, identity, in_short, protocol_facts
from skyscene.study.report.ranking import ranking
from skyscene.study.report.standing import counts, quality_line
from skyscene.study.report.verdicts import absent, families
from skyscene.study.scoring import StudyScore


def write_study_report(folder: StudyFolder, score: StudyScore) -> Path:
    """Writes ``report.html`` and ``report.md`` into a study's folder; the page's path.

    Args:
        folder: The study.
        score: Of it.
    """
    path = folder.root / "report.html"
    write_bytes(path, page(score).encode())
    write_bytes(folder.root / "report.md", markdown(score).encode())
    return path


def page(score: StudyScore) -> str:
    """A page that needs nothing from elsewhere."""
    labels = Labels(score.study)
    protocol = score.study.protocol
    rows, scenes = entries(score.rows, labels), entries(score.rows, labels, scenes=True)
    return render(
        "study",
        study=score.study,
        questions=asked(score.study),
        about=in_short(score),
        counts=counts(score),
        quality=quality_line(score.quality),
        breaches=[plain(each) for each in score.breaches],
        notes=[plain(each) for each in score.notes],
        votes=score.votes,
        rows=rows,
        scenes=scenes,
        both=list(zip(rows, entries(score.all_rows, labels), strict=True)),
        told=[*instead(rows), *cautions(rows)],
        told_scenes=[*instead(scenes), *cautions(scenes)],
        tested=tested(score.rows),
        tested_scenes=tested(score.rows, scenes=True),
        shows=[_of_show(score, labels, show) for show in protocol.shows],
        scales=[
            {
                "show": scale.show,
                "plot": scale_plot(scale, labels),
                "missing": [labels.of(rung.model) for rung in scale.ladder.rungs if rung.strength is None],
                "anchor": labels.of(scale.ladder.anchor),
                "ranks": ranking(scale, labels),
            }
            for scale in score.scales
        ],
        families=families(score, labels),
        absent=absent(score),
        people=people(score.raters),
        excluded=people(score.excluded),
        protocol=list(protocol_facts(score)),
        how=HOW_TO_READ,
        identity=identity(score),
        contestants=contestants(score),
    )


def _of_show(score: StudyScore, labels: Labels, show: str) -> dict[str, Any]:
    return {
        "show": show,
        "plot": score_plot(score, labels, show),
        "matrix": win_matrix(score.rows, labels, show),
    }

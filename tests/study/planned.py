"""A study's plan, key and votes without any media: all that a score needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from skyscene.records import Choice, Pair, Vote
from skyscene.study.clips import Shown
from skyscene.study.design import make_design
from skyscene.study.folder import StudyFolder
from skyscene.study.frozen import Side, Study, read_study
from skyscene.study.key import Key, Secret, read_key
from skyscene.study.recipe import StudyRecipe
from skyscene.study.tasks import read_blocks, write_blocks, write_tasks

SECRET = Secret(b"\7" * 32)
Answer = Callable[[int, Pair], Choice | None]


def planned_study(root: Path, names: Sequence[str], clips: int, **given: object) -> StudyFolder:
    """The folder of a study of these contestants."""
    folder = StudyFolder(root)
    folder.public.mkdir(parents=True)
    protocol = StudyRecipe(
        version=1,
        about="planned",
        question="Which one is more realistic?",
        instructions=(),
        consent="I take part of my own will.",
        **given,
    )
    shown = [Shown(f"clip{k}", k, f"source{k}", f"scene{k % 2}") for k in range(clips)]
    design = make_design(protocol, names, shown, SECRET)
    sides = {name: Side(name, name.title(), "real" if name == "real" else "model") for name in names}
    study = Study("s1", protocol, sides, "planned/1", "0", 64, 32, tuple(clip.clip_id for clip in shown))
    study.write(folder)
    write_tasks(folder, study, design.pairs)
    write_blocks(folder, study, design.slots)
    Key(SECRET, study.sha, design.pairs).write(folder.key)
    return folder


def answered(folder: StudyFolder, answer: Answer, rt_ms: int | None = 4000) -> list[Vote]:
    """A vote on every trial of every slot; none where the answer is none."""
    study = read_study(folder)
    pairs = {pair.pair_id: pair for pair in read_key(folder.key).pairs}
    votes = []
    for slot, order in enumerate(read_blocks(folder)):
        for position, pair_id in enumerate(order):
            choice = answer(slot, pairs[pair_id])
            if choice is not None:
                votes.append(
                    Vote(
                        study=study.study,
                        study_sha=study.sha,
                        pair_id=pair_id,
                        rater=f"r_{slot:02d}",
                        choice=choice,
                        rt_ms=rt_ms,
                        watched=True,
                        block=slot,
                        position=position,
                    )
                )
    return votes


def choosing(pair: Pair, name: str) -> Choice:
    """The answer that prefers a contestant of a pair."""
    return "left" if pair.left == name else "right"

"""A study without a model: drawn squares that move, in the folder that an export makes."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from skyscene.media import write_film
from skyscene.records import Pair
from skyscene.study.folder import StudyFolder
from skyscene.study.frozen import Side, Study
from skyscene.study.key import Key, Secret
from skyscene.study.recipe import StudyRecipe
from skyscene.study.tasks import write_blocks, write_tasks

SECRET = Secret(bytes(range(32)))


def made_study(root: Path, clips: int = 4, slots: int = 3, **protocol: object) -> StudyFolder:
    """Two models, "one" and "two", on so many clips; every slot sees every clip, a gold trial and a repeat.

    Slots differ in the side of "one". Practice comes first.
    """
    folder = StudyFolder(root)
    folder.media.mkdir(parents=True)
    settings = StudyRecipe(
        version=1,
        about="a made study",
        question="Which video is more realistic?",
        instructions=("Two videos play side by side.",),
        consent="I am of age and take part of my own will.",
        votes=slots,
        raters=slots,
        fps=32,
        **protocol,
    )
    names = [f"clip{k}" for k in range(clips)]
    study = Study(
        study="s0123456789",
        protocol=settings,
        sides={
            "one": Side("one", "Model One", "model", "runs/one"),
            "two": Side("two", "Model Two", "model", "runs/two"),
            "real": Side("real", "Real", "real"),
        },
        benchmark="made/1",
        manifest_hash="0" * 64,
        size=32,
        frames=32,
        clips=tuple(names),
    )
    study.write(folder)
    files = {
        (who, name): _film(folder, who, name)
        for name in names
        for who in ("one", "two", "real", "gold-noise")
    }
    pairs: dict[tuple[object, ...], Pair] = {}
    for k, name in enumerate(names):
        for who, other in (("one", "two"), ("two", "one")):
            pairs["test", name, who] = _pair(files, f"c{k}", "test", name, who, other)
            pairs["repeat", name, who] = _pair(
                files, f"c{k}", "repeat", name, who, other, repeat_of=SECRET.name("test", name, other)
            )
    for kind in ("gold", "practice"):
        for left in ("real", "gold-noise"):
            right = "gold-noise" if left == "real" else "real"
            side = "left" if left == "real" else "right"
            pairs[kind, left] = _pair(files, kind, kind, names[0], left, right, gold_side=side)
    Key(SECRET, study.sha, list(pairs.values())).write(folder.key)
    write_tasks(folder, study, list(pairs.values()))
    order = []
    for slot in range(slots):
        sides = [("one" if (slot + k) % 2 else "two") for k in range(clips)]
        mirrored = "two" if sides[0] == "one" else "one"
        order.append(
            [
                pairs["practice", "real"].pair_id,
                *(pairs["test", name, side].pair_id for name, side in zip(names, sides, strict=True)),
                pairs["gold", "real" if slot % 2 else "gold-noise"].pair_id,
                pairs["repeat", names[0], mirrored].pair_id,
            ]
        )
    write_blocks(folder, study, order)
    return folder


def _film(folder: StudyFolder, who: str, clip: str) -> str:
    name = f"{SECRET.name('media', who, clip)}.mp4"
    shade = SECRET.digest(who, clip)[0]
    frames = np.full((32, 32, 32, 3), shade, np.uint8)
    for t in range(32):
        frames[t, 8:16, t % 24 : t % 24 + 8] = 255 - shade
    write_film(folder.media / name, iter(frames), 32.0)
    return name


def _pair(
    files: dict[tuple[str, str], str],
    comparison: str,
    kind: str,
    clip: str,
    left: str,
    right: str,
    **more: object,
) -> Pair:
    return Pair(
        pair_id=SECRET.name(kind, clip, left),
        comparison=comparison,
        kind=kind,  # type: ignore[arg-type]
        show="video",
        left=left,
        right=right,
        left_clip=clip,
        right_clip=clip,
        group=clip,
        scene=None,
        left_file=files[left, clip],
        right_file=files[right, clip],
        **more,  # type: ignore[arg-type]
    )

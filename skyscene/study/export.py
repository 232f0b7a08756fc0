"""A study from runs and a protocol: pairs, media, the key, the public list and files for platforms."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from skyscene.bench import Event
from skyscene.bench.watch import Watch, nobody
from skyscene.errors import StudyError
from skyscene.study.clips import Shown, choose_clips
from skyscene.study.comparison import REAL
from skyscene.study.design import Design, make_design
from skyscene.study.entrants import Cast, Pixels, open_cast, real_clips
from skyscene.study.folder import StudyFolder
from skyscene.study.frozen import Study
from skyscene.study.key import Key, Secret
from skyscene.study.media import level_sizes, settle_times, spoiled, write_clip, write_frame
from skyscene.study.platforms import check_address, export_platforms
from skyscene.study.recipe import StudyRecipe
from skyscene.study.tasks import write_blocks, write_tasks
from skyscene.study.trials import NOISE, SHUFFLED

_AT_ONCE = 8


@dataclass(frozen=True)
class Draft:
    """A study that is planned, but not drawn.

    Attributes:
        study: What will be frozen.
        design: Who sees what.
        shown: The clips.
        cast: Who takes part.
        secret: Where names come from.
    """

    study: Study
    design: Design
    shown: Sequence[Shown]
    cast: Cast
    secret: Secret

    @property
    def trials(self) -> int:
        """Trials of all raters, with gold, repeats and practice."""
        return sum(map(len, self.design.slots))


def plan_study(
    runs: Sequence[Path],
    protocol: StudyRecipe,
    *,
    device: str = "auto",
    secret: Secret | None = None,
    watch: Watch = nobody,
) -> Draft:
    """Plans a study; nothing is drawn or written.

    Args:
        runs: Whose clips are shown: folders of `bench run` or `bench score`.
        protocol: The protocol.
        device: Where models draw.
        secret: Where names, order and sides come from; 256 random bits by default.
        watch: Told what happens.

    Raises:
        StudyError: The runs do not fit each other or the protocol.
        BenchError: A run cannot be opened.
    """
    secret = secret or Secret(secrets.token_bytes(32))
    cast = open_cast(runs, protocol, device, watch)
    truth = cast.contest.truth
    if protocol.by and protocol.by not in truth.labels:
        known = ", ".join(truth.labels) or "none"
        raise StudyError(f"by: the clips have no labels '{protocol.by}'; they have: {known}")
    scenes = truth.labels[protocol.by] if protocol.by else None
    shown = choose_clips(truth.ids, truth.groups, scenes, protocol.clips, protocol.seed)
    design = make_design(protocol, cast.names, shown, secret)
    study = Study(
        study=f"s{secret.name('study')[:10]}",
        protocol=protocol,
        sides={entrant.side.name: entrant.side for entrant in cast.entrants},
        benchmark=f"{cast.contest.protocol}/{cast.contest.benchmark.version}",
        manifest_hash=cast.contest.manifest_hash,
        size=cast.size,
        frames=int(truth.stored([0]).shape[1]),
        clips=tuple(clip.clip_id for clip in shown),
        notes=tuple(_notes(protocol, shown, cast)),
    )
    return Draft(study, design, shown, cast, secret)


def _notes(protocol: StudyRecipe, shown: Sequence[Shown], cast: Cast) -> list[str]:
    notes = []
    if len(shown) < protocol.clips:
        notes.append(
            f"{len(shown)} of the {protocol.clips} clips wished: the test side has no more sources, and two "
            "clips of one source are near-copies."
        )
    lossy = [entrant.side.label for entrant in cast.entrants if entrant.side.lossy]
    if lossy:
        notes.append(
            f"{', '.join(lossy)}: the clips had gone through a codec that loses before the study's own."
        )
    return notes


def export_study(draft: Draft, out: Path, watch: Watch = nobody, base_url: str = "") -> StudyFolder:
    """Draws the clips of a plan and writes the study's folder, all of it or nothing.

    Args:
        draft: The plan.
        out: A new or empty folder.
        watch: Told of every file.
        base_url: Where ``public`` will lie, for the files of platforms.

    Raises:
        StudyError: The folder holds something, or cannot be written; the address is none.
    """
    check_address(base_url)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise StudyError(f"{out} is there already: a study is exported once, into a folder of its own")
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    folder = StudyFolder(part)
    try:
        folder.media.mkdir(parents=True)
        files = {file for pair in draft.design.pairs for _, _, file in pair.sides}
        for file in draft.secret.shuffled(files, "disk"):  # their order on the disk says nothing
            (folder.media / file).touch()
        _draw(draft, folder, watch)
        level_sizes(folder.media)
        draft.study.write(folder)
        write_tasks(folder, draft.study, draft.design.pairs)
        write_blocks(folder, draft.study, draft.design.slots)
        Key(draft.secret, draft.study.sha, draft.design.pairs).write(folder.key)
        export_platforms(folder, base_url)
        settle_times(folder.public)
        if out.exists():
            out.rmdir()
        part.rename(out)
    except OSError as error:
        raise StudyError(f"{out} cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return StudyFolder(out)


def _draw(draft: Draft, folder: StudyFolder, watch: Watch) -> None:
    """Writes every clip and frame that a pair shows."""
    wanted: dict[str, dict[str, set[str]]] = {}
    for pair in draft.design.pairs:
        for who, clip, file in pair.sides:
            wanted.setdefault(who, {}).setdefault(clip, set()).add(file)
    places = {clip.clip_id: clip.place for clip in draft.shown}
    total = sum(len(clips) for clips in wanted.values())
    done = 0
    watch(Event("score", "drawing clips", 0, total))
    real = real_clips(draft.cast.contest, draft.study.size)
    draw = {entrant.side.name: entrant.draw for entrant in draft.cast.entrants}
    draw |= dict.fromkeys((REAL, NOISE, SHUFFLED), real)
    for who, clips in sorted(wanted.items()):
        ids = sorted(clips)
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            for clip, clip_thwc in zip(some, draw[who]([places[clip] for clip in some]), strict=True):
                if who in (NOISE, SHUFFLED):
                    clip_thwc = spoiled(who, clip_thwc, draft.secret, clip)
                _write(folder, draft, clips[clip], clip_thwc)
                done += 1
                watch(Event("score", "drawing clips", done, total))


def _write(folder: StudyFolder, draft: Draft, files: Iterable[str], clip_thwc: Pixels) -> None:
    for file in files:
        if file.endswith(".png"):
            write_frame(folder.media / file, clip_thwc[draft.study.protocol.frame])
        else:
            write_clip(folder.media / file, clip_thwc, draft.study.protocol.fps)

"""`skyscene build`: sources to a split, verified, indexed set of clips."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from skyscene.builder.acquire import Acquirer, stamp_of
from skyscene.builder.beside import check_place, check_recipe, write_build_json
from skyscene.builder.decide import Named
from skyscene.builder.executor import LocalExecutor
from skyscene.builder.funnel import Funnel, funnel
from skyscene.builder.progress import Event, Watch, nobody
from skyscene.builder.recipe import load_recipe
from skyscene.builder.source import Job
from skyscene.builder.worker import Worker
from skyscene.collect import Collector, read_sources
from skyscene.errors import StoreError
from skyscene.media import probe
from skyscene.records import Executor, Limits, Outcome, Source, SourceRef, SourceResult
from skyscene.store import (
    PASSING,
    BuildFolder,
    Change,
    all_refs,
    begin_change,
    end_change,
    is_finished,
    merge,
    read_result,
    read_rows,
    refuse_change,
    settle_all,
    sweep,
    sweep_parts,
    write_ref,
    write_result,
    writing,
)


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did.

    Attributes:
        folder: Where it is.
        funnel: Counts over the whole folder.
        built: Sources that were worked on now.
        seconds: Wall-clock time.
        notices: What the user should know, also of sources that are odd and were used all the same.
        faults: References of this call that yielded nothing, each with its reason.
    """

    folder: Path
    funnel: Funnel
    built: int
    seconds: float
    notices: tuple[str, ...]
    faults: tuple[str, ...]


def build(
    sources: Sequence[str | Path] | str | Path,
    out: str | Path,
    *,
    recipe: str = "sky",
    set: Iterable[str] = (),
    workers: int | None = None,
    clips: bool = True,
    retry: bool = False,
    watch: Watch = nobody,
    executor: Executor | None = None,
) -> BuildReport:
    """Builds a clip set, or goes on with one that was interrupted.

    Workers are processes of their own: in a script, call this below ``if __name__ == "__main__":``.

    Args:
        sources: Video files, folders, addresses, or manifests.
        out: The build folder.
        recipe: A recipe's name or path.
        set: Overrides, ``section.name.key=value``.
        workers: Worker processes; as many as processors by default.
        clips: Whether kept clips are encoded; without, they are pending.
        retry: Whether to try again now what failed for good or has to wait.
        watch: Told what happens; nothing is printed by default.
        executor: Where sources are worked on; local processes by default.

    Raises:
        RecipeError: The recipe is wrong.
        ManifestError: A source cannot be read as one.
        StoreError: The folder cannot be used, is in use, or was built by another recipe.
    """
    started = time.monotonic()
    executor = executor or LocalExecutor(workers)
    resolved = load_recipe(recipe, set)
    given = [str(item) for item in ([sources] if isinstance(sources, str | Path) else sources)]
    listed = read_sources(given)
    folder = BuildFolder(Path(out))
    limits = Limits(
        seconds=resolved.media.max_minutes * 60 or None, memory_mb=resolved.media.max_memory_mb or None
    )
    check_place(folder)
    with writing(folder):
        refuse_change(folder, but="build")
        check_recipe(folder, resolved)
        settle_all(folder)
        sweep_parts(folder)
        notices = _Notices(watch)
        for notice in listed.notices:
            notices.add(notice)
        watch(Event("start", "building", len(listed.refs)))
        collector = Collector(resolved.download, folder.root, probe=probe, again=retry)
        jobs = _Jobs(Acquirer(folder, collector), folder, listed.refs, clips, retry, watch)
        built = 0
        for outcome in executor.run(Worker(folder, resolved), jobs, limits):
            built += 1
            _settle(folder, outcome, watch, notices)
        watch(Event("merge"))
        retire(folder, collector)
        sweep(folder)
        shutil.rmtree(folder.work, ignore_errors=True)
        merge(folder, list(resolved.filters), list(resolved.labelers))
        counts = funnel(folder)
        seconds = time.monotonic() - started
        write_build_json(folder, resolved, counts, built, seconds)
        end_change(folder)
        faults = tuple(jobs.faults())
    return BuildReport(folder.root, counts, built, seconds, tuple(notices.told), faults)


class _Notices:
    """What the user is told on the way, and again in the report."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self.told: list[str] = []

    def add(self, notice: str) -> None:
        self.told.append(notice)
        self._watch(Event("note", notice))


class _Jobs:
    """The sources that need work, found out one by one while earlier ones are already worked on."""

    def __init__(
        self,
        acquirer: Acquirer,
        folder: BuildFolder,
        refs: Sequence[SourceRef],
        write_clips: bool,
        retry: bool,
        watch: Watch,
    ) -> None:
        self._acquirer = acquirer
        self._folder = folder
        self._refs = sorted(refs, key=_turn)
        self._write_clips = write_clips
        self._retry = retry
        self._watch = watch

    def __iter__(self) -> Iterator[Job]:
        seen: set[str] = set()
        for ref in self._refs:
            self._watch(Event("acquire", ref.target))
            source = self._acquirer.acquire(ref)
            if source.source_id is None:
                self._watch(Event("failed", f"{ref.target}: {source.reason or source.status}"))
            elif source.source_id in seen:
                self._watch(Event("skip", f"{ref.target}: same bytes as another"))
            elif is_finished(self._folder, source.source_id, self._write_clips, self._retry):
                seen.add(source.source_id)
                self._watch(Event("skip", f"{ref.target}: already done"))
            elif self._waits(source):
                seen.add(source.source_id)
                self._watch(Event("skip", f"{ref.target}: not at hand, so its pending clips stay so"))
            else:
                seen.add(source.source_id)
                yield self._job(source)

    def _waits(self, source: Source) -> bool:
        """Whether a source was cut before, but its file is not there to finish it: what it has must stay.

        Where it is there, rows of its cache change, and nobody may read the folder until the tables say so.
        """
        assert source.source_id is not None and source.path is not None
        earlier = read_result(self._folder, source.source_id)
        if earlier is None or earlier.reason:
            return False
        if not Path(source.path).is_file():
            return True
        if any(clip.state == "encoded" for clip in earlier.clips):
            cure = f"the same `skyscene build` into {self._folder.root}"
            begin_change(self._folder, Change("build", cure))
        return False

    def _job(self, source: Source) -> Job:
        assert source.source_id is not None and source.path is not None
        named = Named(source.source_id, source.video_id or source.source_id)
        return Job(Path(source.path), named, self._write_clips)

    def faults(self) -> Iterator[str]:
        """A line for every reference of this run that yielded nothing, by the merged table."""
        mine = {ref.ref_id: ref for ref in self._refs}
        for row in read_rows(self._folder.sources, "sources"):
            if row["ref_id"] in mine and row["status"] in ("failed", "missing"):
                yield f"{mine[row['ref_id']].target}: {row['reason']}"


def _turn(ref: SourceRef) -> tuple[bool, int, str]:
    """Files before downloads, the largest first: no worker is left alone with a long one at the end."""
    stamp = stamp_of(Path(ref.target)) if ref.kind == "file" else None
    return ref.kind != "file", -stamp.size if stamp else 0, ref.ref_id


def retire(folder: BuildFolder, collector: Collector) -> None:
    """Marks what is listed in removed.txt, also where it was not named in this run."""
    for source in list(all_refs(folder)):
        if source.status != "removed" and source.ref in collector.removals:
            write_ref(folder, Source(source.ref, "removed", "removed: on the list removed.txt"), None)


def _settle(folder: BuildFolder, outcome: Outcome[SourceResult], watch: Watch, notices: _Notices) -> None:
    """Tells of a finished source; one that broke its worker is committed with that as its reason.

    Raises:
        StoreError: The folder cannot be written any more.
    """
    job = outcome.item
    assert isinstance(job, Job)
    result = outcome.value
    if outcome.code == "StoreError":
        raise StoreError(str(outcome.error))
    if result is None:
        code = outcome.code if outcome.code in PASSING else f"error: {outcome.code}"
        result = SourceResult(job.named.source_id, None, " ".join(f"{code}: {outcome.error}".split()))
        write_result(folder, result)
    if result.remarks:
        notices.add(f"{job.path}: {'; '.join(result.remarks)}")
    if result.reason:
        watch(Event("failed", f"{job.path}: {result.reason}"))
    else:
        kept = sum(clip.kept for clip in result.clips)
        watch(Event("built", job.path.name, kept=kept, rejected=len(result.clips) - kept))

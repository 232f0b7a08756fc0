"""The log of a training: what was written after the point it goes on from is gone, for every reader."""

from __future__ import annotations

from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from skyscene.bench.log import Log, read_log


def steps(folder: Path, stage: str) -> list[int]:
    events = EventAccumulator(str(folder / "tensorboard" / stage))
    events.Reload()
    return [event.step for event in events.Scalars(f"{stage}/loss")]


def write(folder: Path, stage: str, seen: int, at: tuple[int, ...]) -> None:
    log = Log(folder)
    log.begin(stage, seen)
    for clips in at:
        log.values(stage, clips, {"loss": 1.0})
    log.close()


def test_a_stage_that_goes_on_drops_what_came_after_its_point(tmp_path: Path) -> None:
    write(tmp_path, "base", 0, (2, 4, 6, 8))
    write(tmp_path, "refine", 0, (2, 4, 6))
    write(tmp_path, "refine", 4, (5,))
    assert steps(tmp_path, "refine") == [2, 4, 5]
    assert steps(tmp_path, "base") == [2, 4, 6, 8], "another stage keeps its own"
    assert [(r["stage"], r["seen"]) for r in read_log(tmp_path / "log.jsonl")] == [
        *(("base", clips) for clips in (2, 4, 6, 8)),
        *(("refine", clips) for clips in (2, 4, 5)),
    ]


def test_a_stage_that_starts_again_drops_everything(tmp_path: Path) -> None:
    write(tmp_path, "base", 0, (2, 4))
    write(tmp_path, "base", 0, (3,))
    assert steps(tmp_path, "base") == [3]

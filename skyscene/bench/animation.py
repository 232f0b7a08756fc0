"""Any photo to the clip that a run draws from it."""

from __future__ import annotations

from pathlib import Path

import torch

from skyscene.bench.pictures import to_bytes, to_clips
from skyscene.bench.running import Run
from skyscene.errors import BenchError
from skyscene.media import read_picture, write_film

_FPS = 25


def animate(run: Run, photo: Path, to: Path, stage: str | None = None) -> Path:
    """Writes the clip that follows from a photo.

    The photo is squashed to the model's square, as the training clips were.

    Args:
        run: A trained run.
        photo: A picture of any size.
        to: The video file that is written.
        stage: The stage that draws; the last by default.

    Raises:
        BenchError: The stage was not trained, or there is none of that name.
        MediaError: The photo cannot be read.
    """
    stages = list(run.plan.model.stages)
    chosen = stage or stages[-1]
    if chosen not in stages:
        raise BenchError(f"{run.plan.model.name} has no stage '{chosen}': {', '.join(stages)}")
    run.load(chosen)
    run.model.eval()
    stored = torch.from_numpy(read_picture(photo))[None, None].to(run.fabric.device)
    with torch.no_grad(), run.fabric.autocast():
        clip_bcthw = run.model.predict(chosen, to_clips(stored, run.model.size)[:, :, 0])
    to.parent.mkdir(parents=True, exist_ok=True)
    write_film(to, iter(to_bytes(clip_bcthw)[0].cpu().numpy()), _FPS)
    return to

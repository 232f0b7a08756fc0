"""Any photo to the clip that a run draws from it."""

from __future__ import annotations

from pathlib import Path

import torch

from skyscene.bench.pictures import to_bytes, to_clips
from skyscene.bench.trained import Trained
from skyscene.dataset.importers import SPATIAL
from skyscene.errors import BenchError
from skyscene.media import read_picture, write_film

_FPS = 25


def animate(run: Trained, photo: Path, to: Path, stage: str | None = None) -> Path:
    """Writes the clip that follows from a photo.

    The photo becomes a square as the run's ``--spatial`` has it, as the training clips of the published set
    did; a build folder's clips are squashed.

    Args:
        run: What was trained.
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
    picture_hwc = SPATIAL[run.plan.settings.spatial](read_picture(photo), run.model.size)
    stored = torch.from_numpy(picture_hwc)[None, None].to(run.fabric.device)
    with torch.no_grad(), run.fabric.autocast():
        clip_bcthw = run.model.predict(chosen, to_clips(stored, run.model.size)[:, :, 0])
    to.parent.mkdir(parents=True, exist_ok=True)
    write_film(to, iter(to_bytes(clip_bcthw)[0].cpu().numpy()), _FPS)
    return to

"""A clip as a video file."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from skyscene.bench.elsewhere.clip_form import MOST_SIDE, ClipForm, Kind, Pixels, Seen, Unfit
from skyscene.errors import MediaError
from skyscene.media import RgbFilm

_MEGAPIXELS = MOST_SIDE**2 / 1e6


def look(path: Path, frames: int) -> Seen:
    """What decoding it shows; headers claim frames that are not there.

    Raises:
        Unfit: No video, or a damaged or too large one.
    """
    count, height, width = 0, 0, 0
    try:
        with RgbFilm(path, _MEGAPIXELS) as film:
            for rgb in film:
                height, width = rgb.shape[:2]
                count += 1
                if count > frames:  # it may go on for hours
                    break
            return Seen(count, height, width, lossy=not film.lossless)
    except (MediaError, OSError) as error:
        raise _unfit(error) from None


def read(path: Path) -> Pixels:
    """The clip, uint8 (t, h, w, 3).

    Raises:
        Unfit: As `look`.
    """
    try:
        with RgbFilm(path, _MEGAPIXELS) as film:
            return np.stack(list(film))
    except (MediaError, OSError) as error:
        raise _unfit(error) from None


def _unfit(error: MediaError | OSError) -> Unfit:
    if isinstance(error, MediaError) and error.code == "too-large":
        return Unfit(Kind.SIZE, f"a picture of more than {MOST_SIDE}x{MOST_SIDE} pixels")
    return Unfit(Kind.UNREADABLE, error.message if isinstance(error, MediaError) else error.strerror or "")


FILM_FILE = ClipForm(look, read, lambda path: [path])

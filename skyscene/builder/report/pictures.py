"""Film strips for a report: of clips from the packed frames, of all else from the thumbnails."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from skyscene.builder.report.tables import Row
from skyscene.errors import StoreError
from skyscene.report import Strip
from skyscene.store import BuildFolder, read_thumbs

Picture = npt.NDArray[np.uint8]

_WINDOW_MOST = 8
_SIDE = 160
_FILM_HEIGHT = 64
_FILM_MOST = 20
_QUALITY = 70
_HELD = 4


class Pictures:
    """The pictures of one build folder; of the last few sources they stay at hand."""

    def __init__(self, folder: BuildFolder) -> None:
        self._folder = folder
        self._thumbs = lru_cache(_HELD)(self._read_thumbs)
        self._cache = lru_cache(_HELD)(self._open_cache)

    def of_window(self, clip: Row) -> Strip | None:
        """Up to eight frames of a window, from the cache or the thumbnails; none if it has neither."""
        packed = self._packed(clip)
        if packed is not None:
            return _strip(packed, *_within(clip["width"], clip["height"]))
        return self.of_frames(clip["source_id"], clip["frame_start"], clip["frame_stop"])

    def of_frames(self, source_id: str, start: int, stop: int) -> Strip | None:
        """Up to eight frames of an interval, at least the one nearest to its middle."""
        thumbs = self._thumbs(source_id)
        inside = [jpeg for _, jpeg in thumbs[_first(thumbs, start) : _first(thumbs, stop)]]
        if not inside and thumbs:
            inside = [_nearest(thumbs, (start + stop) // 2)]
        step = max(1, -(-len(inside) // _WINDOW_MOST))
        return _strip(_decode(inside[::step]))

    def of_join(self, source_id: str, start: int, stop: int) -> Strip | None:
        """What is seen before, in and after a transition."""
        thumbs = self._thumbs(source_id)
        if not thumbs:
            return None
        after = _first(thumbs, stop)
        sides = [thumbs[max(0, _first(thumbs, start) - 1)][1]]
        sides += [_nearest(thumbs, (start + stop) // 2)] if stop > start else []
        sides += [thumbs[min(len(thumbs) - 1, after)][1]]
        return _strip(_decode(sides))

    def of_source(self, source_id: str, frames: int) -> Strip | None:
        """The whole source as one film, every picture from the middle of the frames that it covers."""
        thumbs = self._thumbs(source_id)
        first = _decode([jpeg for _, jpeg in thumbs[:1]])
        if not first or frames <= 0:
            return None
        height, width = first[0].shape[:2]
        wide = max(1, round(_FILM_HEIGHT * width / height))
        count = min(_FILM_MOST, len(thumbs))
        middles = [(2 * k + 1) * frames // (2 * count) for k in range(count)]
        return _strip(_decode([_nearest(thumbs, middle) for middle in middles]), wide, _FILM_HEIGHT)

    def _packed(self, clip: Row) -> list[Picture] | None:
        if clip["cache_row"] is None:
            return None
        cache = self._cache(clip["source_id"])
        if cache is None or not 0 <= clip["cache_row"] < len(cache):
            return None
        rows = np.linspace(0, cache.shape[1] - 1, min(_WINDOW_MOST, cache.shape[1])).round().astype(int)
        rgb = cache[clip["cache_row"]][rows]
        return [np.ascontiguousarray(picture[:, :, ::-1]) for picture in rgb]

    def _read_thumbs(self, source_id: str) -> Sequence[tuple[int, bytes]]:
        path = self._folder.thumbs(source_id)
        return read_thumbs(path) if path.is_file() else []

    def _open_cache(self, source_id: str) -> Picture | None:
        path = self._folder.cache(source_id)
        if not path.is_file():
            return None
        try:
            cache: Picture = np.load(path, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError) as error:
            raise StoreError(f"{path} cannot be read: {error}") from None
        return cache if cache.ndim == 5 and cache.dtype == np.uint8 else None


def _first(thumbs: Sequence[tuple[int, bytes]], frame: int) -> int:
    """The place of the first picture at or after a frame."""
    return bisect_left(thumbs, frame, key=lambda item: item[0])


def _nearest(thumbs: Sequence[tuple[int, bytes]], frame: int) -> bytes:
    at = _first(thumbs, frame)
    near = thumbs[max(0, at - 1) : at + 1]
    return min(near, key=lambda item: abs(item[0] - frame))[1]


def _within(width: int, height: int) -> tuple[int, int]:
    """A size of the same shape whose longer side is that of a clip's picture."""
    scale = _SIDE / max(width, height, 1)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _decode(jpegs: Sequence[bytes]) -> list[Picture]:
    """The pictures that can be decoded."""
    decoded = [cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR) for jpeg in jpegs if jpeg]
    return [np.asarray(picture, dtype=np.uint8) for picture in decoded if picture is not None]


def _strip(pictures: Sequence[Picture], width: int = 0, height: int = 0) -> Strip | None:
    """The pictures side by side, at a size or at the first one's; none if there are none."""
    if not pictures:
        return None
    if not width:
        width, height = _within(pictures[0].shape[1], pictures[0].shape[0])
    size = (width, height)
    tiles = [
        picture if picture.shape[1::-1] == size else cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        for picture in pictures
    ]
    _, jpeg = cv2.imencode(".jpg", np.hstack(tiles), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return Strip(jpeg.tobytes(), len(tiles), width, height)

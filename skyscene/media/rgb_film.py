"""The frames of a film that somebody else wrote as RGB, exact where its codec is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import av
import av.codec
import numpy as np
import numpy.typing as npt
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter

from skyscene.errors import MediaError
from skyscene.media.decode import Decoder, is_full_range, matrix_name
from skyscene.media.picture import COLORSPACES, EXACT, stored_matrix
from skyscene.media.probe import MediaLimits

_PALETTES = ("gif",)
"""Codecs that lose nothing but the colours that their palette had no room for."""


class RgbFilm:
    """Iterates over the frames of a film once, in its own size: uint8 RGB, (height, width, 3).

    Unlike a source, a film that is a model's answer has to be whole: one fault in it is an error.

    Args:
        path: A plain video file.
        max_megapixels: Largest picture in millions of pixels.

    Attributes:
        lossless: Whether the frames that came so far are those that were written: a codec that only knows
            how to lose nothing, and 8-bit RGB in it. In doubt they are not.

    Raises:
        MediaError: It cannot be opened, or (in the iteration) a frame of it is damaged.
    """

    def __init__(self, path: Path, max_megapixels: float) -> None:
        limits = MediaLimits(
            max_megapixels=max_megapixels, max_frames=0, max_minutes=0, max_memory_mb=0, spool_mb=0
        )
        self._path = path
        self._decoder = Decoder(path, limits)
        self._reformatter = VideoReformatter()
        self.lossless = True

    def __enter__(self) -> RgbFilm:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._decoder.__exit__(kind, error, trace)

    def __iter__(self) -> Iterator[npt.NDArray[np.uint8]]:
        exact = None
        for decoded in self._decoder:
            if exact is None:
                exact = loses_nothing(self._decoder.facts().codec)
            self.lossless &= exact and _is_rgb8(decoded.picture)
            if decoded.gap:
                raise MediaError("undecodable", f"frame {decoded.index} is damaged", self._path)
            yield self._rgb(decoded.picture)
        if self._decoder.facts().bad_packets:
            raise MediaError("undecodable", "a part of it is damaged", self._path)

    def _rgb(self, picture: av.VideoFrame) -> npt.NDArray[np.uint8]:
        matrix = matrix_name(picture)
        is_yuv = matrix != "rgb"
        converted = self._reformatter.reformat(
            picture,
            format="gbrp",
            src_colorspace=COLORSPACES[stored_matrix(matrix)] if is_yuv else None,
            src_color_range=ColorRange.JPEG if is_full_range(picture) or not is_yuv else ColorRange.MPEG,
            dst_color_range=ColorRange.JPEG,
            interpolation=Interpolation.BILINEAR | EXACT | Interpolation.FULL_CHR_H_INT,
            threads=1,
        )
        rgb = np.asarray(converted.to_ndarray(), np.uint8)
        return np.ascontiguousarray(np.rot90(rgb, round(picture.rotation / 90) % 4))


def loses_nothing(codec: str) -> bool:
    """Whether a codec has no way to lose anything, whatever its settings.

    >>> [name for name in ("ffv1", "utvideo", "png", "h264", "av1", "gif") if loses_nothing(name)]
    ['ffv1', 'utvideo', 'png']
    """
    try:
        known = av.codec.Codec(codec, "r")
    except ValueError:
        return False
    return known.lossless and not known.lossy and codec not in _PALETTES


def _is_rgb8(picture: av.VideoFrame) -> bool:
    """Whether a frame holds red, green and blue at 8 bits: YUV of it has other values, a palette fewer."""
    return picture.format.is_rgb and all(part.bits == 8 for part in picture.format.components)

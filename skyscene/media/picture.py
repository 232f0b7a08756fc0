"""Decoded frames to upright YUV 4:2:0 of a given size, and those to RGB."""

from __future__ import annotations

from typing import Literal

import av
import numpy as np
import numpy.typing as npt
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

from skyscene.media.decode import is_full_range, matrix_name
from skyscene.media.geometry import Size
from skyscene.records import Crop

Planes = npt.NDArray[np.uint8]
"""Planar YUV 4:2:0, limited range, shape (3 * height / 2, width): luma, then blue, then red difference."""

# Without these two, swscale's pixels change with the processor's instruction set.
EXACT = Interpolation.ACCURATE_RND | Interpolation.BITEXACT
COLORSPACES = {
    "bt709": Colorspace.ITU709,
    "fcc": Colorspace.FCC,
    "bt470bg": Colorspace.ITU601,
    "smpte170m": Colorspace.ITU601,
    "smpte240m": Colorspace.SMPTE240M,
    "bt2020nc": getattr(Colorspace, "BT2020", Colorspace.ITU709),
    "bt2020c": getattr(Colorspace, "BT2020", Colorspace.ITU709),
}


def stored_matrix(name: str) -> str:
    """The matrix of what a `Scaler` makes of a source: its own, and BT.709 of RGB."""
    return "bt709" if name == "rgb" else name


class Scaler:
    """Brings frames to one size, upright, limited range; the YUV matrix stays the source's.

    Args:
        size: The upright size that comes out; even sides.
        rotation: Degrees counter-clockwise that a player turns the picture.
        method: "area" to measure on, "bicubic" to look at.
    """

    def __init__(self, size: Size, rotation: int, method: Literal["area", "bicubic"]) -> None:
        self.size = size
        self._turns = round(rotation / 90) % 4
        self._stored = size.turned if self._turns % 2 else size
        base = Interpolation.AREA if method == "area" else Interpolation.BICUBIC
        self._interpolation = base | EXACT
        self._reformatter = VideoReformatter()

    def __call__(self, picture: av.VideoFrame) -> Planes:
        """The frame as planes of ``size``."""
        matrix = matrix_name(picture)
        is_yuv = matrix != "rgb"
        colorspace = COLORSPACES[stored_matrix(matrix)]
        scaled = self._reformatter.reformat(
            picture,
            width=self._stored.width,
            height=self._stored.height,
            format="yuv420p",
            src_colorspace=colorspace if is_yuv else None,
            dst_colorspace=colorspace,
            src_color_range=ColorRange.JPEG if is_full_range(picture) or not is_yuv else ColorRange.MPEG,
            dst_color_range=ColorRange.MPEG,
            interpolation=self._interpolation,
            threads=1,
        )
        planes = np.asarray(scaled.to_ndarray(), np.uint8)
        return turn(planes, self._stored, self._turns) if self._turns else planes


def split_planes(planes: Planes, size: Size) -> tuple[Planes, Planes, Planes]:
    """Luma (h, w) and the two half-size colour differences, as views."""
    height, width = size.height, size.width
    luma = planes[:height]
    chroma = planes[height:].reshape(2, height // 2, width // 2)
    return luma, chroma[0], chroma[1]


def join_planes(luma: Planes, blue: Planes, red: Planes) -> Planes:
    """The opposite of `split_planes`."""
    height, width = luma.shape
    out = np.empty((height * 3 // 2, width), np.uint8)
    out[:height] = luma
    chroma = out[height:].reshape(2, height // 2, width // 2)
    chroma[0], chroma[1] = blue, red
    return out


def turn(planes: Planes, size: Size, quarters: int) -> Planes:
    """Planes turned by quarter turns counter-clockwise."""
    luma, blue, red = (np.rot90(plane, quarters) for plane in split_planes(planes, size))
    return join_planes(luma, blue, red)


def crop_planes(planes: Planes, size: Size, crop: Crop) -> Planes:
    """The part of the planes inside an even rectangle."""
    if (crop.x, crop.y, crop.width, crop.height) == (0, 0, size.width, size.height):
        return planes
    luma, blue, red = split_planes(planes, size)
    full = (slice(crop.y, crop.y + crop.height), slice(crop.x, crop.x + crop.width))
    half = tuple(slice(part.start // 2, part.stop // 2) for part in full)
    return join_planes(luma[full], blue[half], red[half])


def to_frame(planes: Planes) -> av.VideoFrame:
    """A library frame with these planes."""
    return av.VideoFrame.from_ndarray(np.ascontiguousarray(planes), format="yuv420p")


class RgbScaler:
    """Brings planes to RGB pictures of one size; made once for many pictures.

    Args:
        size: Size that comes out; the picture is squashed if the shape differs.
        matrix: The planes' YUV matrix.
    """

    def __init__(self, size: Size, matrix: str) -> None:
        self._size = size
        self._colorspace = COLORSPACES[stored_matrix(matrix)]
        self._reformatter = VideoReformatter()

    def __call__(self, planes: Planes) -> npt.NDArray[np.uint8]:
        """Limited-range planes of any size as uint8, shape (height, width, 3)."""
        scaled = self._reformatter.reformat(
            to_frame(planes),
            width=self._size.width,
            height=self._size.height,
            format="gbrp",  # the values of rgb24, which takes twice as long
            src_colorspace=self._colorspace,
            src_color_range=ColorRange.MPEG,
            dst_color_range=ColorRange.JPEG,
            interpolation=Interpolation.BILINEAR | EXACT | Interpolation.FULL_CHR_H_INT,
            threads=1,
        )
        return np.asarray(scaled.to_ndarray(), np.uint8)


def to_rgb(planes: Planes, size: Size, matrix: str) -> npt.NDArray[np.uint8]:
    """One picture by a `RgbScaler`: uint8, shape (height, width, 3)."""
    return RgbScaler(size, matrix)(planes)

"""Sizes: upright, square-pixel pictures with even sides, and crops inside them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from skyscene.records import Crop


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels.

    >>> str(Size(640, 360))
    '640x360'
    """

    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"

    @property
    def turned(self) -> Size:
        """The size after a quarter turn."""
        return Size(self.height, self.width)


def display_size(stored: Size, sample_aspect: Fraction, rotation: int) -> Size:
    """The size a viewer sees: square pixels, upright.

    >>> display_size(Size(720, 576), Fraction(64, 45), 0)
    Size(width=1024, height=576)
    """
    seen = Size(max(1, round(stored.width * sample_aspect)), stored.height)
    return seen.turned if rotation % 180 else seen


def _even(value: float) -> int:
    return max(2, 2 * round(value / 2))


def clip_size(seen: Size, long_side: int) -> Size:
    """The picture scaled down so that its longer side is at most ``long_side``; sides are even.

    >>> clip_size(Size(1280, 720), 640)
    Size(width=640, height=360)
    >>> clip_size(Size(427, 241), 640)
    Size(width=428, height=240)
    """
    scale = min(1.0, long_side / max(seen.width, seen.height))
    width, height = _even(seen.width * scale), _even(seen.height * scale)
    return Size(width, height)


def analysis_size(seen: Size, width: int) -> Size:
    """The small picture that is measured: at most ``width`` pixels on either side, even sides.

    >>> analysis_size(Size(1280, 720), 256)
    Size(width=256, height=144)
    """
    return clip_size(seen, width)


def crop_within(crop: Crop, seen: Size, scaled: Size) -> Crop:
    """A crop of the upright picture as a rectangle of the scaled one, inwards to even numbers.

    >>> str(crop_within(Crop(0, 91, 1280, 540), Size(1280, 720), Size(640, 360)))
    '640x268+0+46'
    """
    x, right = _inwards(crop.x, crop.width, seen.width, scaled.width)
    y, bottom = _inwards(crop.y, crop.height, seen.height, scaled.height)
    return Crop(x, y, right - x, bottom - y)


def _inwards(start: int, length: int, seen: int, scaled: int) -> tuple[int, int]:
    first = -(-start * scaled // seen)
    last = (start + length) * scaled // seen
    first += first % 2
    last -= last % 2
    return (first, last) if last - first >= 2 else (0, scaled - scaled % 2)

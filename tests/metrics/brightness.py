"""A metric of one's own."""

from torch import Tensor

from skyscene.metrics import FrameMetric, plain


def brightness(predicted_bcthw: Tensor, real_bcthw: Tensor) -> Tensor:
    """How far the mean brightness of each frame is off, (b, t)."""
    return (predicted_bcthw.mean(dim=(1, 3, 4)) - real_bcthw.mean(dim=(1, 3, 4))).abs()


BRIGHTNESS = FrameMetric("brightness", "brightness/1", "lower", "mean brightness", plain(brightness))
AGAIN = BRIGHTNESS

"""Scores of predicted clips: each a pure function of float frames, with a spec id that says exactly which.

Clips are float tensors in [0, 1] of shape (batch, 3, frames, height, width).
"""

from skyscene.metrics.clips import Clips, paired
from skyscene.metrics.frame_metric import FrameMetric, Networks, plain
from skyscene.metrics.measured import Goal, Measured
from skyscene.metrics.meter import Meter, Metric
from skyscene.metrics.mse import mse01
from skyscene.metrics.psnr import psnr
from skyscene.metrics.registry import METRICS, metric
from skyscene.metrics.set_metric import SetMetric
from skyscene.metrics.ssim import ssim

__all__ = [
    "METRICS",
    "Clips",
    "FrameMetric",
    "Goal",
    "Measured",
    "Meter",
    "Metric",
    "Networks",
    "SetMetric",
    "metric",
    "mse01",
    "paired",
    "plain",
    "psnr",
    "ssim",
]

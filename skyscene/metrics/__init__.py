"""Scores of predicted clips: each a pure function of float frames, with a spec id that says exactly which.

Clips are float tensors in [0, 1] of shape (batch, 3, frames, height, width).
"""

from skyscene.metrics.frame_metric import METRICS, FrameMetric, metric
from skyscene.metrics.mse import mse01
from skyscene.metrics.psnr import psnr
from skyscene.metrics.ssim import ssim

__all__ = ["METRICS", "FrameMetric", "metric", "mse01", "psnr", "ssim"]

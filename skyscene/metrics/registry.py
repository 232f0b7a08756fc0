"""Every metric by name, and a user's own by its import path."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from skyscene.errors import RecipeError
from skyscene.metrics.clips import Clips
from skyscene.metrics.ffmpeg_yuv import psnr_ffmpeg_yuv, ssim_ffmpeg_yuv
from skyscene.metrics.flow_error import flow_mse
from skyscene.metrics.frame_metric import FrameMetric, Networks, Ratios, plain
from skyscene.metrics.frechet import frechet_distance, kernel_distance
from skyscene.metrics.lpips import lpips
from skyscene.metrics.measured import Goal, Measured
from skyscene.metrics.meter import Metric
from skyscene.metrics.motion import mean_speed
from skyscene.metrics.mse import mse01, mse_pm1
from skyscene.metrics.psnr import FLOOR, psnr
from skyscene.metrics.set_metric import EXTRACTOR, I3D_WEIGHTS, SetMetric, i3d_logits
from skyscene.metrics.skimage7 import ssim_skimage7
from skyscene.metrics.ssim import ssim, ssim_luma
from skyscene.metrics.static_region import static_change, static_pixels
from skyscene.recipes import import_target, nearest

Flows = npt.NDArray[np.float32]


def _decibels(mse: Ratios) -> Ratios:
    return -10 * np.log10(np.maximum(mse, FLOOR))


def _flow_error(predicted: Clips, real: Clips, networks: Networks, estimator: str) -> Measured:
    pairs = zip(predicted.flows(estimator), real.flows(estimator), strict=True)
    return Measured.even(_stack([flow_mse(one, other) for one, other in pairs]), first=1)


def _motion(predicted: Clips, real: Clips, networks: Networks, estimator: str) -> Measured:
    moved, moves = (
        _stack([mean_speed(flows) for flows in clips.flows(estimator)]) for clips in (predicted, real)
    )
    return Measured(moved, moves, first=1)


def _static(predicted: Clips, real: Clips, networks: Networks, estimator: str) -> Measured:
    found = [
        static_change(one, static_pixels(luma, flows))
        for one, luma, flows in zip(predicted.bcthw, real.luma(), real.flows(estimator), strict=True)
    ]
    return Measured(_stack([change for change, _ in found]), _stack([pixels for _, pixels in found]), first=1)


def _stack(values: Sequence[npt.NDArray[Any]]) -> torch.Tensor:
    return torch.from_numpy(np.stack(values)).double()


def _of_flow(estimator: str, words: str) -> list[FrameMetric]:
    def of(
        name: str, goal: Goal, about: str, measure: Callable[..., Measured], unit: str = ""
    ) -> FrameMetric:
        path = f"{name}/{estimator}"
        return FrameMetric(
            path,
            f"{path}/1",
            goal,
            f"{about}, {words}",
            partial(measure, estimator=estimator),
            unit=unit,
        )

    return [
        of("flowmse", "lower", "squared error of the flow", _flow_error, "px2"),
        of("motion", "one", "mean flow over that of the truth", _motion),
        of("static", "lower", "mean change where the truth stands still", _static),
    ]


_FRAME = (
    FrameMetric("mse01", "mse01/1", "lower", "mean squared error, pictures in [0, 1]", plain(mse01)),
    FrameMetric("mse_pm1", "mse_pm1/1", "lower", "the same in [-1, 1]: four times as much", plain(mse_pm1)),
    FrameMetric("psnr", "psnr/rgb-frame/1", "higher", "a frame's, then the mean", plain(psnr), unit="dB"),
    FrameMetric(
        "psnr/pooled",
        "psnr/rgb-pooled/1",
        "higher",
        "of the error of all frames",
        plain(mse01),
        _decibels,
        "dB",
    ),
    FrameMetric(
        "ssim", "ssim/gauss11-rgb-valid/1", "higher", "Gaussian window, each RGB channel", plain(ssim)
    ),
    FrameMetric(
        "ssim/luma", "ssim/gauss11-luma-valid/1", "higher", "the same of luma alone", plain(ssim_luma)
    ),
    FrameMetric(
        "ssim/skimage7",
        "ssim/skimage7-rgb/1",
        "higher",
        "scikit-image's defaults, range 1",
        plain(ssim_skimage7),
    ),
    FrameMetric(
        "ssim/ffmpeg-yuv",
        "ssim/ffmpeg-yuv420-bicubic/1",
        "higher",
        "ffmpeg's filter, All",
        plain(ssim_ffmpeg_yuv),
    ),
    FrameMetric(
        "psnr/ffmpeg-yuv",
        "psnr/ffmpeg-yuv420-bicubic/1",
        "higher",
        "ffmpeg's filter",
        plain(psnr_ffmpeg_yuv),
        unit="dB",
    ),
    *(
        FrameMetric(
            f"lpips/{net}",
            f"lpips/{net}-0.1/1",
            "lower",
            f"LPIPS 0.1 with {label}",
            partial(lpips, weights=f"lpips-{net}"),
            needs=(f"lpips-{net}",),
        )
        for net, label in (("alex", "AlexNet"), ("vgg", "VGG16"))
    ),
    *_of_flow("dis-medium", "DIS, medium"),
    *_of_flow("farneback", "Farneback"),
)
_SET = (
    SetMetric(
        "fvd",
        f"fvd/{EXTRACTOR}",
        "lower",
        "Frechet distance of I3D's logits",
        EXTRACTOR,
        i3d_logits,
        frechet_distance,
        needs=(I3D_WEIGHTS,),
    ),
    SetMetric(
        "kvd",
        f"kvd/{EXTRACTOR}",
        "lower",
        "unbiased kernel distance of I3D's logits",
        EXTRACTOR,
        i3d_logits,
        kernel_distance,
        needs=(I3D_WEIGHTS,),
    ),
)
_ALL: tuple[Metric, ...] = (*_FRAME, *_SET)
METRICS: Mapping[str, Metric] = {found.name: found for found in _ALL}


def metric(name: str) -> Metric:
    """The metric of a name, or of an import path such as ``my_metrics:SHARPNESS``.

    Raises:
        RecipeError: There is none; the nearest name is given.
    """
    if ":" in name:
        found = import_target(name, "metric")
        if not isinstance(found, FrameMetric | SetMetric):
            raise RecipeError(f"{name} is no FrameMetric or SetMetric of skyscene.metrics")
        return replace(found, name=name)  # by which it is found again
    if name not in METRICS:
        raise RecipeError(f"no metric '{name}': {nearest(name, METRICS)}")
    return METRICS[name]

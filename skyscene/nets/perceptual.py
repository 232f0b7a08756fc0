"""LPIPS 0.1 (Zhang, Isola, Efros, Shechtman, Wang; CVPR 2018): weighted distances between features."""

from __future__ import annotations

from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

Backbone = Literal["alex", "vgg"]
_SHIFT, _SCALE = (-0.030, -0.088, -0.188), (0.458, 0.448, 0.450)
_EPS = 1e-10
# Channels, kernel, stride, padding; "keep" ends a stage whose output is compared, "max" halves the picture.
_ALEX = (
    *((64, 11, 4, 2), "keep", "max3"),
    *((192, 5, 1, 2), "keep", "max3"),
    *((384, 3, 1, 1), "keep"),
    *((256, 3, 1, 1), "keep"),
    *((256, 3, 1, 1), "keep"),
)
_VGG = (
    *((64, 3, 1, 1), (64, 3, 1, 1), "keep", "max2"),
    *((128, 3, 1, 1), (128, 3, 1, 1), "keep", "max2"),
    *((256, 3, 1, 1), (256, 3, 1, 1), (256, 3, 1, 1), "keep", "max2"),
    *((512, 3, 1, 1), (512, 3, 1, 1), (512, 3, 1, 1), "keep", "max2"),
    *((512, 3, 1, 1), (512, 3, 1, 1), (512, 3, 1, 1), "keep"),
)
_LAYERS = {"alex": _ALEX, "vgg": _VGG}


class PerceptualDistance(nn.Module):
    """Pictures in [-1, 1] to their LPIPS distance.

    Args:
        backbone: AlexNet, which the authors recommend for comparisons, or VGG16.
    """

    shift: Tensor
    scale: Tensor

    def __init__(self, backbone: Backbone = "alex") -> None:
        super().__init__()
        self.plan = _LAYERS[backbone]
        self.convs, self.heads = nn.ModuleList(), nn.ModuleList()
        channels = 3
        for step in self.plan:
            if isinstance(step, tuple):
                out, kernel, stride, padding = step
                self.convs.append(nn.Conv2d(channels, out, kernel, stride, padding))
                channels = out
            elif step == "keep":
                self.heads.append(nn.Conv2d(channels, 1, 1, bias=False))
        self.register_buffer("shift", torch.tensor(_SHIFT).view(3, 1, 1), persistent=False)
        self.register_buffer("scale", torch.tensor(_SCALE).view(3, 1, 1), persistent=False)

    def forward(self, one_nchw: Tensor, other_nchw: Tensor) -> Tensor:
        """The distance of each pair, (n,).

        Args:
            one_nchw: (n, 3, h, w) in [-1, 1].
            other_nchw: The same shape.
        """
        both = torch.cat([one_nchw, other_nchw])
        total = both.new_zeros(len(one_nchw))
        for head, features in zip(self.heads, self._features(both), strict=True):
            one, other = F.normalize(features, dim=1, eps=_EPS).chunk(2)
            total = total + head((one - other).square()).mean(dim=(1, 2, 3))
        return total

    def _features(self, picture_nchw: Tensor) -> list[Tensor]:
        x = (picture_nchw - self.shift) / self.scale
        kept: list[Tensor] = []
        convs = iter(self.convs)
        for step in self.plan:
            if isinstance(step, tuple):
                x = F.relu(next(convs)(x))
            elif step == "keep":
                kept.append(x)
            else:
                x = F.max_pool2d(x, int(step[-1]), 2)
        return kept

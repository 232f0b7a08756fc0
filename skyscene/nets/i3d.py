"""I3D (Carreira, Zisserman; CVPR 2017): an Inception network in 3-D; FVD compares its logits."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

CLASSES = 400
SIDE = 224
"""Height and width of the pictures it was trained on."""

_EPS = 1e-3
_MIXED = {
    "Mixed_3b": (192, (64, 96, 128, 16, 32, 32)),
    "Mixed_3c": (256, (128, 128, 192, 32, 96, 64)),
    "Mixed_4b": (480, (192, 96, 208, 16, 48, 64)),
    "Mixed_4c": (512, (160, 112, 224, 24, 64, 64)),
    "Mixed_4d": (512, (128, 128, 256, 24, 64, 64)),
    "Mixed_4e": (512, (112, 144, 288, 32, 64, 64)),
    "Mixed_4f": (528, (256, 160, 320, 32, 128, 128)),
    "Mixed_5b": (832, (256, 160, 320, 32, 128, 128)),
    "Mixed_5c": (832, (384, 192, 384, 48, 128, 128)),
}
"""Channels in; channels of branch 0, of both layers of branches 1 and 2, of branch 3."""


class I3D(nn.Module):
    """Clips to the logits of Kinetics-400, averaged over time; layers are named as in the authors' release.

    Every layer but the last pools or convolves as the release does: padded so that a stride of s leaves one
    place in s, with the odd place behind.
    """

    def __init__(self) -> None:
        super().__init__()
        self.Conv3d_1a_7x7 = _Unit(3, 64, 7, 2)
        self.Conv3d_2b_1x1 = _Unit(64, 64, 1)
        self.Conv3d_2c_3x3 = _Unit(64, 192, 3)
        for name, (into, out) in _MIXED.items():
            self.add_module(name, _Mixed(into, out))
        self.Logits = nn.ModuleDict({"Conv3d_0c_1x1": _Last()})

    def forward(self, clip_bcthw: Tensor) -> Tensor:
        """The logits, (b, 400).

        Args:
            clip_bcthw: (b, 3, t, 224, 224) in [-1, 1], at least nine frames.
        """
        x = _pooled(self.Conv3d_1a_7x7(clip_bcthw), (1, 3, 3), (1, 2, 2))
        x = _pooled(self.Conv3d_2c_3x3(self.Conv3d_2b_1x1(x)), (1, 3, 3), (1, 2, 2))
        for name in _MIXED:
            if name == "Mixed_4b":
                x = _pooled(x, (3, 3, 3), (2, 2, 2))
            if name == "Mixed_5b":
                x = _pooled(x, (2, 2, 2), (2, 2, 2))
            x = self.get_submodule(name)(x)
        logits_bkt: Tensor = self.Logits["Conv3d_0c_1x1"](F.avg_pool3d(x, (2, 7, 7), 1)).flatten(2)
        return logits_bkt.mean(dim=2)


class _Unit(nn.Module):
    """Convolution without bias, batch norm without scale, ReLU."""

    def __init__(self, into: int, out: int, kernel: int, stride: int = 1) -> None:
        super().__init__()
        self.kernel, self.stride = (kernel,) * 3, (stride,) * 3
        self.conv = nn.Conv3d(into, out, kernel, stride, bias=False)
        self.norm = nn.BatchNorm3d(out, eps=_EPS)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.norm(self.conv(_padded(x, self.kernel, self.stride, 0.0))))


class _Last(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv3d(1024, CLASSES, 1)

    def forward(self, x: Tensor) -> Tensor:
        logits: Tensor = self.conv(x)
        return logits


class _Mixed(nn.Module):
    """Four branches side by side; the last begins with a maximum."""

    def __init__(self, into: int, out: tuple[int, ...]) -> None:
        super().__init__()
        one, two_a, two_b, three_a, three_b, four = out
        self.Branch_0 = nn.ModuleDict({"Conv3d_0a_1x1": _Unit(into, one, 1)})
        self.Branch_1 = nn.ModuleDict(
            {"Conv3d_0a_1x1": _Unit(into, two_a, 1), "Conv3d_0b_3x3": _Unit(two_a, two_b, 3)}
        )
        self.Branch_2 = nn.ModuleDict(
            {"Conv3d_0a_1x1": _Unit(into, three_a, 1), "Conv3d_0b_3x3": _Unit(three_a, three_b, 3)}
        )
        self.Branch_3 = nn.ModuleDict({"Conv3d_0b_1x1": _Unit(into, four, 1)})

    def forward(self, x: Tensor) -> Tensor:
        branches = []
        for branch in (self.Branch_0, self.Branch_1, self.Branch_2, self.Branch_3):
            y = _pooled(x, (3, 3, 3), (1, 1, 1)) if branch is self.Branch_3 else x
            for layer in branch.values():
                y = layer(y)
            branches.append(y)
        return torch.cat(branches, dim=1)


def _pooled(x: Tensor, kernel: tuple[int, int, int], stride: tuple[int, int, int]) -> Tensor:
    """The maximum, an axis at a time: the same numbers as `F.max_pool3d`, which is slow on a CPU."""
    x = _padded(x, kernel, stride, float("-inf"))
    for axis, (k, s) in enumerate(zip(kernel, stride, strict=True), start=2):
        if k > 1:
            x = x.unfold(axis, k, s).amax(-1)
    return x


def _padded(x: Tensor, kernel: tuple[int, ...], stride: tuple[int, ...], value: float) -> Tensor:
    """As many places more as leave ceil(size / stride) of them; of an odd number, one more behind."""
    pads: list[int] = []
    for size, k, s in zip(reversed(x.shape[2:]), reversed(kernel), reversed(stride), strict=True):
        more = max((-(-size // s) - 1) * s + k - size, 0)
        pads += [more // 2, more - more // 2]
    return F.pad(x, pads, value=value) if any(pads) else x

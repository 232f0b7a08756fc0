"""Initial weights, where a paper or its code says how they are drawn."""

from __future__ import annotations

from collections.abc import Iterable

from torch import nn

_CONVOLUTIONS = (
    nn.Conv2d,
    nn.Conv3d,
    nn.ConvTranspose2d,
    nn.ConvTranspose3d,
)
_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)


def draw_weights(modules: Iterable[nn.Module], conv_std: float, norm_std: float = 0.02) -> None:
    """Convolutions from N(0, conv_std), batch-norm gains from N(1, norm_std), every bias 0.

    Args:
        modules: ``net.modules()``.
        conv_std: 0.02 for MD-GAN and RNN-GAN (the DCGAN habit), 0.01 for VGAN (its code).
        norm_std: Spread of the gains.
    """
    for module in modules:
        if isinstance(module, _CONVOLUTIONS):
            nn.init.normal_(module.weight, 0.0, conv_std)
        elif isinstance(module, _NORMS) and module.affine:
            nn.init.normal_(module.weight, 1.0, norm_std)
        else:
            continue
        if module.bias is not None:
            nn.init.zeros_(module.bias)

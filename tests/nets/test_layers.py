"""Every layer of every network, in the order in which a picture goes through them, and how it begins."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from torch import Tensor, nn  # noqa: E402

from skyscene.nets import (  # noqa: E402
    frame_discriminator,
    mdgan_discriminator,
    mdgan_generator,
    rnngan_generator,
    vgan_discriminator,
    vgan_generator,
)

# kind, channels, kernel, stride, padding; a bias where there is one; norm with its eps; activation with its
# slope; what comes out, without channels. Three numbers are time, height, width; one stands for all.
MDGAN_G_128 = """
    Conv3d            3->32  k3,4,4 s1,2,2 p1                     -> 32x64x64
    Conv3d           32->64  k4     s2     p1 norm1e-05 leaky0.2  -> 16x32x32
    Conv3d           64->128 k4     s2     p1 norm1e-05 leaky0.2  -> 8x16x16
    Conv3d          128->256 k4     s2     p1 norm1e-05 leaky0.2  -> 4x8x8
    Conv3d          256->512 k4     s2     p1 norm1e-05 leaky0.2  -> 2x4x4
    Conv3d          512->512 k2,4,4 s1     p0                     -> 1x1x1
    ConvTranspose3d 512->512 k2,4,4 s1     p0 norm1e-05 relu      -> 2x4x4
    ConvTranspose3d 512->256 k4     s2     p1 norm1e-05 relu      -> 4x8x8
    ConvTranspose3d 256->128 k4     s2     p1 norm1e-05 relu      -> 8x16x16
    ConvTranspose3d 128->64  k4     s2     p1 norm1e-05 relu      -> 16x32x32
    ConvTranspose3d  64->32  k4     s2     p1 norm1e-05 relu      -> 32x64x64
    ConvTranspose3d  32->3   k3,4,4 s1,2,2 p1                     -> 32x128x128
"""
MDGAN_G_64 = """
    Conv3d            3->64  k4     s2     p1 norm1e-05 leaky0.2  -> 16x32x32
    Conv3d           64->128 k4     s2     p1 norm1e-05 leaky0.2  -> 8x16x16
    Conv3d          128->256 k4     s2     p1 norm1e-05 leaky0.2  -> 4x8x8
    Conv3d          256->512 k4     s2     p1 norm1e-05 leaky0.2  -> 2x4x4
    Conv3d          512->512 k2,4,4 s1     p0                     -> 1x1x1
    ConvTranspose3d 512->512 k2,4,4 s1     p0 norm1e-05 relu      -> 2x4x4
    ConvTranspose3d 512->256 k4     s2     p1 norm1e-05 relu      -> 4x8x8
    ConvTranspose3d 256->128 k4     s2     p1 norm1e-05 relu      -> 8x16x16
    ConvTranspose3d 128->64  k4     s2     p1 norm1e-05 relu      -> 16x32x32
    ConvTranspose3d  64->3   k4     s2     p1                     -> 32x64x64
"""
MDGAN_D_128 = """
    Conv3d   3->32  k3,4,4 s1,2,2 p1           leaky0.2 -> 32x64x64
    Conv3d  32->64  k4     s2     p1 norm1e-05 leaky0.2 -> 16x32x32
    Conv3d  64->128 k4     s2     p1 norm1e-05 leaky0.2 -> 8x16x16
    Conv3d 128->256 k4     s2     p1 norm1e-05 leaky0.2 -> 4x8x8
    Conv3d 256->512 k4     s2     p1 norm1e-05 leaky0.2 -> 2x4x4
    Conv3d 512->1   k2,4,4 s1     p0                    -> 1x1x1
"""
MDGAN_D_64 = """
    Conv3d   3->64  k4     s2     p1 norm1e-05 leaky0.2 -> 16x32x32
    Conv3d  64->128 k4     s2     p1 norm1e-05 leaky0.2 -> 8x16x16
    Conv3d 128->256 k4     s2     p1 norm1e-05 leaky0.2 -> 4x8x8
    Conv3d 256->512 k4     s2     p1 norm1e-05 leaky0.2 -> 2x4x4
    Conv3d 512->1   k2,4,4 s1     p0                    -> 1x1x1
"""
VGAN_G = """
    Conv2d             3->128  k4     s2 p1 bias           relu    -> 32x32
    Conv2d           128->256  k4     s2 p1 bias norm0.001 relu    -> 16x16
    Conv2d           256->512  k4     s2 p1 bias norm0.001 relu    -> 8x8
    Conv2d           512->1024 k4     s2 p1 bias norm0.001 relu    -> 4x4
    ConvTranspose2d 1024->512  k4     s2 p1 bias norm1e-05 relu    -> 8x8
    ConvTranspose2d  512->256  k4     s2 p1 bias norm1e-05 relu    -> 16x16
    ConvTranspose2d  256->128  k4     s2 p1 bias norm1e-05 relu    -> 32x32
    ConvTranspose2d  128->3    k4     s2 p1 bias           tanh    -> 64x64
    ConvTranspose3d 1024->1024 k2,1,1 s1 p0 bias norm1e-05 relu    -> 2x4x4
    ConvTranspose3d 1024->512  k4     s2 p1 bias norm1e-05 relu    -> 4x8x8
    ConvTranspose3d  512->256  k4     s2 p1 bias norm1e-05 relu    -> 8x16x16
    ConvTranspose3d  256->128  k4     s2 p1 bias norm1e-05 relu    -> 16x32x32
    ConvTranspose3d  128->3    k4     s2 p1 bias           tanh    -> 32x64x64
    ConvTranspose3d  128->1    k4     s2 p1 bias           sigmoid -> 32x64x64
"""
VGAN_D = """
    Conv3d    3->128  k4     s2 p1 bias           leaky0.2 -> 16x32x32
    Conv3d  128->256  k4     s2 p1 bias norm0.001 leaky0.2 -> 8x16x16
    Conv3d  256->512  k4     s2 p1 bias norm0.001 leaky0.2 -> 4x8x8
    Conv3d  512->1024 k4     s2 p1 bias norm0.001 leaky0.2 -> 2x4x4
    Conv3d 1024->2    k2,4,4 s1 p0 bias                    -> 1x1x1
"""
RNNGAN_G = """
    Conv2d            3->64  k5 s2 p0 norm1e-05 relu -> 30x30
    Conv2d           64->128 k5 s2 p0 norm1e-05 relu -> 13x13
    Conv2d          128->256 k5 s2 p0 norm1e-05 relu -> 5x5
    Conv2d          256->512 k5 s2 p0           tanh -> 1x1
    LSTM            512->512 x1 bias                 -> 32
    ConvTranspose2d 512->256 k5 s2 p0 norm1e-05 relu -> 5x5
    ConvTranspose2d 256->128 k5 s2 p0 norm1e-05 relu -> 13x13
    ConvTranspose2d 128->64  k5 s2 p0 norm1e-05 relu repeat0,1,0,1      -> 30x30
    ConvTranspose2d  64->3   k5 s2 p0                repeat0,1,0,1 tanh -> 64x64
"""
RNNGAN_D = """
    Conv2d   3->64  k4 s2 p1           leaky0.2 -> 32x32
    Conv2d  64->128 k4 s2 p1 norm1e-05 leaky0.2 -> 16x16
    Conv2d 128->256 k4 s2 p1 norm1e-05 leaky0.2 -> 8x8
    Conv2d 256->512 k4 s2 p1 norm1e-05 leaky0.2 -> 4x4
    Conv2d 512->1   k4 s1 p0                    -> 1x1
"""

NETS: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...], str]] = {
    "mdgan-g-128": (lambda: mdgan_generator.Generator(128), (32, 128, 128), MDGAN_G_128),
    "mdgan-g-64": (lambda: mdgan_generator.Generator(64), (32, 64, 64), MDGAN_G_64),
    "mdgan-d-128": (lambda: mdgan_discriminator.Discriminator(128), (32, 128, 128), MDGAN_D_128),
    "mdgan-d-64": (lambda: mdgan_discriminator.Discriminator(64), (32, 64, 64), MDGAN_D_64),
    "vgan-g": (vgan_generator.Generator, (64, 64), VGAN_G),
    "vgan-d": (vgan_discriminator.Discriminator, (32, 64, 64), VGAN_D),
    "rnngan-g": (rnngan_generator.Generator, (64, 64), RNNGAN_G),
    "rnngan-d": (frame_discriminator.FrameDiscriminator, (64, 64), RNNGAN_D),
}


def numbers(given: Any) -> str:
    """What holds for every axis, once."""
    each = list(given) if isinstance(given, tuple) else [given]
    return ",".join(map(str, each if len(set(each)) > 1 else each[:1]))


def words(layer: nn.Module) -> list[str]:
    """A layer as a row of the tables names it."""
    kind = type(layer).__name__
    match layer:
        case nn.modules.conv._ConvNd():
            shape = f"{layer.in_channels}->{layer.out_channels}"
            sizes = zip("ksp", (layer.kernel_size, layer.stride, layer.padding), strict=True)
            bias = ["bias"] if layer.bias is not None else []
            return [kind, shape, *(letter + numbers(size) for letter, size in sizes), *bias]
        case nn.LSTM():
            bias = ["bias"] if layer.bias else []
            return [kind, f"{layer.input_size}->{layer.hidden_size}", f"x{layer.num_layers}", *bias]
        case nn.modules.batchnorm._BatchNorm():
            assert layer.affine and layer.track_running_stats
            return [f"norm{layer.eps:g}"]
        case nn.LeakyReLU():
            return [f"leaky{layer.negative_slope:g}"]
        case nn.ReplicationPad2d():
            return [f"repeat{numbers(layer.padding)}"]
        case _:
            return [kind.lower()]


def passed(net: nn.Module, shape: tuple[int, ...]) -> list[list[str]]:
    """The layers that one input goes through, as they are called: what is not asked is not there."""
    rows: list[list[str]] = []
    outputs: list[tuple[int, ...]] = []

    def note(layer: nn.Module, _: Any, answer: Any) -> None:
        said = words(layer)
        if "->" in " ".join(said):
            rows.append([])
            outputs.append(())
        rows[-1] += said
        outputs[-1] = tuple(answer[0].shape[1:2]) if isinstance(layer, nn.LSTM) else tuple(answer.shape[2:])

    for layer in net.modules():
        if not list(layer.children()):
            layer.register_forward_hook(note)
    net(torch.empty(1, 3, *shape, device="meta"))
    return [[*row, "->", "x".join(map(str, out))] for row, out in zip(rows, outputs, strict=True)]


@pytest.mark.parametrize("name", NETS)
def test_every_layer_is_the_papers(name: str) -> None:
    make, shape, table = NETS[name]
    with torch.device("meta"):
        net = make()
    assert passed(net, shape) == [line.split() for line in table.strip().splitlines()]


def test_mdgans_picture_is_the_tanh_of_its_last_layer() -> None:
    """It is no module: the table of layers cannot show it."""
    net = mdgan_generator.Generator(64, width=1).eval()
    last: list[Any] = []
    net.to_picture.register_forward_hook(lambda *told: last.append(told[2]))
    nn.init.normal_(net.to_picture.weight, std=10)
    with torch.no_grad():
        clip = net(torch.linspace(-1, 1, 3 * 32 * 64 * 64).reshape(1, 3, 32, 64, 64))
    assert torch.equal(clip, torch.tanh(last[0])) and last[0].abs().max() > 1.0


@pytest.mark.parametrize(
    ("make", "spread"),
    [
        (lambda: mdgan_generator.Generator(128, width=8), 0.02),
        (lambda: mdgan_discriminator.Discriminator(128, width=8), 0.02),
        (lambda: vgan_generator.Generator(16), 0.01),
        (lambda: vgan_discriminator.Discriminator(16), 0.01),
        (lambda: rnngan_generator.Generator(width=16), 0.02),
        (lambda: frame_discriminator.FrameDiscriminator(16), 0.02),
    ],
    ids=["mdgan-g", "mdgan-d", "vgan-g", "vgan-d", "rnngan-g", "rnngan-d"],
)
def test_weights_begin_as_the_papers_draw_them(make: Callable[[], nn.Module], spread: float) -> None:
    torch.manual_seed(0)
    gains, layers = [], 0
    for layer in make().modules():
        if isinstance(layer, nn.modules.batchnorm._BatchNorm):
            gains.append(layer.weight.detach())
        elif isinstance(layer, nn.modules.conv._ConvNd):
            layers += 1
            _is_normal(layer.weight.detach(), 0.0, spread)
        else:
            continue
        assert layer.bias is None or not layer.bias.any()
    assert layers and gains
    _is_normal(torch.cat(gains), 1.0, 0.02)


def _is_normal(drawn: Tensor, mean: float, spread: float) -> None:
    """As far as so many draws can tell: five standard errors, which chance passes once in a million."""
    error = 5 * spread / math.sqrt(drawn.numel())
    assert drawn.mean().item() == pytest.approx(mean, abs=error)
    assert drawn.std().item() == pytest.approx(spread, abs=error)

"""The networks have the papers' layers: parameter counts, shapes and ranges."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

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


def count(net: nn.Module) -> int:
    return sum(parameter.numel() for parameter in net.parameters())


@pytest.mark.parametrize(
    ("make", "parameters"),
    [
        (lambda: mdgan_generator.Generator(128), 39_072_576),
        (lambda: mdgan_generator.Generator(64), 38_825_728),
        (lambda: mdgan_discriminator.Discriminator(128), 11_164_032),
        (vgan_generator.Generator, 68_216_455),
        (lambda: vgan_generator.Generator(64, "paper"), 19_823_019),
        (vgan_discriminator.Discriminator, 44_135_810),
        (lambda: vgan_discriminator.Discriminator(64), 11_057_858),
        (rnngan_generator.Generator, 10_714_240),
        (frame_discriminator.FrameDiscriminator, 2_765_568),
    ],
    ids=[
        "mdgan-128",
        "mdgan-64",
        "mdgan-d",
        "vgan",
        "vgan-text",
        "vgan-d",
        "vgan-d-64",
        "rnngan",
        "rnngan-d",
    ],
)
def test_parameters_are_those_of_the_papers(make: Callable[[], nn.Module], parameters: int) -> None:
    with torch.device("meta"):
        assert count(make()) == parameters


def picture(size: int, batch: int = 1) -> Tensor:
    return torch.rand(batch, 3, size, size, generator=torch.Generator().manual_seed(3)) * 2 - 1


def test_mdgan_shapes_at_128() -> None:
    torch.manual_seed(0)
    clip = mdgan_generator.Generator(128)(mdgan_generator.repeat(picture(128)))
    assert clip.shape == (1, 3, 32, 128, 128) and clip.abs().max() <= 1
    judged = mdgan_discriminator.Discriminator(128)(clip)
    assert judged.logit_b.shape == (1,)
    assert [tuple(f.shape[1:]) for f in judged.features] == [(32, 32, 64, 64), (128, 8, 16, 16)]


def test_mdgan_at_64_shifts_every_layer_by_one() -> None:
    torch.manual_seed(0)
    clip = mdgan_generator.Generator(64)(mdgan_generator.repeat(picture(64)))
    assert clip.shape == (1, 3, 32, 64, 64)
    features = mdgan_discriminator.Discriminator(64)(clip).features
    assert [tuple(f.shape[1:]) for f in features] == [(64, 16, 32, 32), (256, 4, 8, 8)]
    assert {f.shape[1] * f.shape[2] for f in features} == {1024}, "Gram matrices of the size they have at 128"


def test_the_refine_net_drops_the_two_finest_skips_and_nothing_else() -> None:
    torch.manual_seed(0)
    base = mdgan_generator.Generator(64, mdgan_generator.SKIPS[1], width=4)
    refine = mdgan_generator.Generator(64, mdgan_generator.SKIPS[2], width=4)
    refine.load_state_dict(base.state_dict())
    clip = mdgan_generator.repeat(picture(64))
    assert not torch.equal(base(clip), refine(clip))
    assert (base.skips, refine.skips) == ({1, 2, 3, 4}, {3, 4})


@pytest.mark.parametrize("size", [64, 128])
def test_every_skip_reaches_the_picture(size: Literal[64, 128]) -> None:
    """With the bottleneck silenced, only the skips can carry the input."""
    torch.manual_seed(0)
    for skip in mdgan_generator.SKIPS[1][: 5 if size == 128 else 4]:
        net = mdgan_generator.Generator(size, [skip], width=2).eval()
        nn.init.zeros_(net.bottleneck.weight)
        one, other = (net(mdgan_generator.repeat(p)) for p in (picture(size), -picture(size)))
        assert not torch.equal(one, other), skip
    net = mdgan_generator.Generator(size, [], width=2).eval()
    nn.init.zeros_(net.bottleneck.weight)
    assert torch.equal(
        net(mdgan_generator.repeat(picture(size))), net(mdgan_generator.repeat(-picture(size)))
    )


@pytest.mark.parametrize("encoder", ["code", "paper"])
def test_vgan_is_its_two_streams_behind_the_mask(encoder: vgan_generator.Encoder) -> None:
    torch.manual_seed(0)
    streams = vgan_generator.Generator(8, encoder)(picture(64, 2))
    assert streams.clip_bcthw.shape == (2, 3, 32, 64, 64)
    assert streams.mask_bcthw.shape == (2, 1, 32, 64, 64)
    still = streams.background_bchw.unsqueeze(2)
    blended = streams.mask_bcthw * streams.foreground_bcthw + (1 - streams.mask_bcthw) * still
    torch.testing.assert_close(streams.clip_bcthw, blended)
    assert vgan_discriminator.Discriminator(width=8)(streams.clip_bcthw).shape == (2, 2)


@pytest.mark.parametrize("feed_back", [False, True])
def test_rnngan_frames_follow_from_those_before(feed_back: bool) -> None:
    torch.manual_seed(0)
    net = rnngan_generator.Generator(frames=6, feed_back=feed_back).eval()
    short = rnngan_generator.Generator(frames=3, feed_back=feed_back).eval()
    short.load_state_dict(net.state_dict())
    clip = net(picture(64, 2))
    assert clip.shape == (2, 3, 6, 64, 64)
    torch.testing.assert_close(short(picture(64, 2)), clip[:, :, :3])
    assert not torch.equal(clip[:, :, 0], clip[:, :, 5])


def test_one_clip_is_judged_alike_in_any_batch() -> None:
    torch.manual_seed(0)
    for net, given in (
        (mdgan_generator.Generator(64, width=4), mdgan_generator.repeat(picture(64, 3))),
        (rnngan_generator.Generator(frames=2), picture(64, 3)),
    ):
        net.eval()
        torch.testing.assert_close(net(given)[:1], net(given[:1]))

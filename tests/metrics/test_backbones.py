"""I3D and LPIPS against the networks they come from; skipped where their weights are not to be had."""

from __future__ import annotations

import json
import runpy
import sys
import types
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from skyscene.bench.weights import load_weights, weights_path
from skyscene.nets.i3d import I3D
from skyscene.nets.perceptual import Backbone, PerceptualDistance

ROOT = Path(__file__).parents[2]
FIXTURE = Path(__file__).parent / "i3d_logits.json"


@pytest.fixture(scope="module")
def i3d() -> I3D:
    if not weights_path("i3d-kinetics-400").is_file():
        pytest.skip("I3D's weights are not here: `bench weights get`")
    network = I3D()
    network.load_state_dict(load_weights("i3d-kinetics-400"))
    return network.eval()


def test_i3d_gives_the_logits_of_the_network_that_its_weights_come_from(i3d: I3D) -> None:
    waves = runpy.run_path(str(ROOT / "tools" / "i3d_fixture.py"))["waves"]
    for case in json.loads(FIXTURE.read_text()):
        clip_bcthw = torch.from_numpy(waves(case["frames"], case["phase"])).permute(0, 4, 1, 2, 3)
        with torch.no_grad():
            logits = i3d(clip_bcthw)[0].numpy()
        expected = np.array(case["logits"])
        assert np.abs(logits - expected).max() < 1e-3 * np.abs(expected).max()


@pytest.mark.filterwarnings("ignore")  # of packages about themselves
@pytest.mark.parametrize("backbone", ["alex", "vgg"])
@pytest.mark.parametrize("side", [64, 97])
def test_lpips_is_that_of_its_authors_package(
    backbone: Backbone, side: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not weights_path(f"lpips-{backbone}").is_file():
        pytest.skip("LPIPS's weights are not here: `bench weights get`")
    theirs = _theirs(backbone, monkeypatch)
    state = load_weights(f"lpips-{backbone}")
    convs = [layer for layer in theirs.net.modules() if isinstance(layer, nn.Conv2d)]
    for number, layer in enumerate(convs):
        layer.load_state_dict({key: state[f"convs.{number}.{key}"] for key in ("weight", "bias")})
    for number, head in enumerate(theirs.lins):
        assert torch.equal(head.model[-1].weight, state[f"heads.{number}.weight"]), "the wheel's own heads"
    ours = PerceptualDistance(backbone)
    ours.load_state_dict(state)
    one, other = torch.rand(2, 3, 3, side, side, generator=torch.Generator().manual_seed(4)) * 2 - 1
    with torch.no_grad():
        found, expected = ours(one, other), theirs(one, other).flatten()
    assert torch.allclose(found, expected, atol=1e-6) and found.min() > 0.05
    assert ours(one, one).abs().max() == 0


def _theirs(backbone: Backbone, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The package's network without weights; on plain layers where torchvision does not fit this torch."""
    try:
        import torchvision  # noqa: F401
    except (ImportError, RuntimeError):
        for name in [name for name in sys.modules if name.partition(".")[0] in ("torchvision", "lpips")]:
            monkeypatch.delitem(sys.modules, name)
        module = types.ModuleType("torchvision")
        models = types.ModuleType("torchvision.models")
        module.models = models  # type: ignore[attr-defined]
        for name, layers in (("alexnet", _ALEXNET), ("vgg16", _VGG16)):
            setattr(models, name, partial(_layered, layers))
        monkeypatch.setitem(sys.modules, "torchvision", module)
        monkeypatch.setitem(sys.modules, "torchvision.models", models)
    import lpips

    return lpips.LPIPS(net=backbone, pnet_rand=True, verbose=False)


_ALEXNET = ((64, 11, 4, 2), 3, (192, 5, 1, 2), 3, (384, 3, 1, 1), (256, 3, 1, 1), (256, 3, 1, 1), 3)
_VGG16 = tuple(
    step
    for width, count in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))
    for step in [*[(width, 3, 1, 1)] * count, 2]
)
"""Convolutions with their ReLU, and maxima by their side, in torchvision's order."""


def _layered(plan: tuple[Any, ...], **_: object) -> types.SimpleNamespace:
    layers: list[nn.Module] = []
    channels = 3
    for step in plan:
        if isinstance(step, int):
            layers.append(nn.MaxPool2d(step, 2))
            continue
        out, kernel, stride, padding = step
        layers += [nn.Conv2d(channels, out, kernel, stride, padding), nn.ReLU(inplace=True)]
        channels = out
    return types.SimpleNamespace(features=nn.Sequential(*layers))

"""FVD with a network of the user's own: trusted or known, and told apart from every other."""

from __future__ import annotations

import hashlib
import warnings
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from skyscene.bench.contest import resolve_metrics
from skyscene.bench.i3d_file import open_i3d
from skyscene.errors import BenchError
from skyscene.metrics import Clips, SetMetric

CPU = torch.device("cpu")


class Plain(nn.Module):
    def forward(self, clip: Tensor) -> Tensor:
        return clip.mean(dim=[2, 3, 4])


class Styled(nn.Module):
    """As the file that went round: brings frames to their size itself unless it is told not to."""

    def forward(
        self, x: Tensor, rescale: bool = True, resize: bool = True, return_features: bool = False
    ) -> Tensor:
        if rescale or resize or not return_features:
            return x.new_full((1, 2), 9.0)
        return x.mean(dim=[2, 3, 4])


class Square(nn.Module):
    def forward(self, clip: Tensor) -> Tensor:
        return clip[:, :, 0]


def saved(network: nn.Module, path: Path) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.script(network).save(str(path))
    return path


@pytest.mark.parametrize("network", [Plain(), Styled()])
def test_a_trusted_file_takes_the_place_of_the_known_network(network: nn.Module, tmp_path: Path) -> None:
    path = saved(network, tmp_path / "i3d.pt")
    with pytest.raises(BenchError, match=r"is no known file, .* --trust"):
        open_i3d(path, False, CPU)
    found = open_i3d(path, True, CPU)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    metrics = found.instead(resolve_metrics(["mse01", "fvd", "kvd"]))
    assert [one.spec_id for one in metrics[1:]] == [
        f"{name}/i3d-torchscript-{digest[:12]}/224-bilinear/1" for name in ("fvd", "kvd")
    ]
    assert metrics[0] == resolve_metrics(["mse01"])[0] and digest in found.note
    fvd = metrics[1]
    assert isinstance(fvd, SetMetric) and not fvd.needs
    clip_bcthw = torch.rand(2, 3, 16, 8, 8)
    large = nn.functional.interpolate(
        clip_bcthw.transpose(1, 2).flatten(0, 1), (224, 224), mode="bilinear", align_corners=False
    )
    wanted = large.reshape(2, 16, 3, 224, 224).mean(dim=(1, 3, 4)) * 2 - 1
    torch.testing.assert_close(fvd.features(Clips(clip_bcthw), {}), wanted, rtol=1e-4, atol=1e-5)


def test_what_is_no_such_network_is_said_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "text.pt").write_text("hello")
    with pytest.raises(BenchError, match="is no TorchScript file"):
        open_i3d(tmp_path / "text.pt", True, CPU)
    torch.save({"a": torch.ones(2)}, tmp_path / "state.pt")
    with pytest.raises(BenchError, match="is no TorchScript file"):
        open_i3d(tmp_path / "state.pt", True, CPU)
    with pytest.raises(
        BenchError, match=r"takes no clip .* to features \(1, k\): it gives \(1, 3, 224, 224\)"
    ):
        open_i3d(saved(Square(), tmp_path / "square.pt"), True, CPU)

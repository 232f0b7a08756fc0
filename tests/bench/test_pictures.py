"""How pictures are brought to the size that is scored."""

from __future__ import annotations

from typing import get_args

import pytest
import torch

from skyscene.bench.pictures import RESAMPLER, resample, to_clips, to_unit_clips
from skyscene.bench.recipe import BenchmarkRecipe, load_benchmark
from skyscene.recipes import names


def test_lines_that_are_finer_than_the_smaller_picture_become_grey() -> None:
    """Every fourth line is white: of a filter that looks at two lines alone, none would be left."""
    lines = (torch.arange(128) % 4 == 0).float()[:, None].expand(1, 3, 3, 128, 128)
    small = resample(lines, 32)
    assert small.shape == (1, 3, 3, 32, 32)
    assert (small[..., 1:-1, :] - 0.25).abs().max() < 0.01


def test_a_half_is_the_mean_of_its_neighbours_with_weights_that_fall_to_the_sides() -> None:
    """A triangle four pixels wide: 1/8, 3/8, 3/8, 1/8 of what lies under it."""
    row = torch.arange(128).float() ** 2
    small = resample(row.expand(1, 1, 1, 128, 128), 64)[0, 0, 0, 5]
    for x in (1, 20, 62):
        near = row[2 * x - 1 : 2 * x + 3]
        assert small[x].item() == pytest.approx(
            (near * torch.tensor([1, 3, 3, 1]) / 8).sum().item(), rel=1e-5
        )


def test_frames_and_colours_stay_apart() -> None:
    clip = torch.rand(2, 3, 4, 32, 32, generator=torch.Generator().manual_seed(0))
    whole = resample(clip, 16)
    for b, c, t in ((0, 0, 0), (1, 2, 3), (1, 0, 2)):
        one = resample(clip[b : b + 1, c : c + 1, t : t + 1], 16)
        assert torch.equal(whole[b, c, t], one[0, 0, 0])


def test_outputs_and_truth_go_the_same_way() -> None:
    """The truth as bytes, an output as numbers: brought to one size they are as far apart as before."""
    stored = torch.randint(0, 256, (1, 3, 32, 32, 3), generator=torch.Generator().manual_seed(0)).byte()
    drawn = to_clips(stored, 32)
    assert torch.allclose(resample((drawn + 1) / 2, 16), to_unit_clips(stored, 16), atol=1e-6)


@pytest.mark.parametrize("name", names("benchmarks"))
def test_what_a_benchmark_calls_for_is_what_is_there(name: str) -> None:
    assert load_benchmark(name).resampler == RESAMPLER
    assert get_args(BenchmarkRecipe.model_fields["resampler"].annotation) == (RESAMPLER,)

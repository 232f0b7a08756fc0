"""Scores of motion, on flows made by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from skyscene.flow import FLOWS, clip_flows
from skyscene.metrics.bt601 import luma
from skyscene.metrics.flow_error import flow_mse
from skyscene.metrics.motion import mean_speed, speeds
from skyscene.metrics.static_region import static_change, static_pixels

RNG = np.random.default_rng(11)
ONE, OTHER = (RNG.normal(0, 2, (6, 33, 47, 2)).astype(np.float32) for _ in range(2))


def test_the_error_of_no_flow_is_the_mean_squared_component() -> None:
    expected = [np.mean(flow.astype(np.float64) ** 2) for flow in ONE]
    assert flow_mse(np.zeros_like(ONE), ONE).tolist() == pytest.approx(expected, rel=1e-12)
    assert flow_mse(ONE, np.zeros_like(ONE)).tolist() == pytest.approx(expected, rel=1e-12)
    assert flow_mse(ONE, ONE).tolist() == [0] * 6


def test_the_mean_speed_is_that_of_the_lengths() -> None:
    expected = [np.hypot(*flow.astype(np.float64).transpose(2, 0, 1)).mean() for flow in ONE]
    assert mean_speed(ONE).tolist() == pytest.approx(expected, rel=1e-12)
    assert np.array_equal(speeds(ONE).mean(axis=(1, 2)), mean_speed(ONE))


def test_length_and_order_of_a_clip_change_no_bit() -> None:
    assert np.array_equal(flow_mse(ONE, OTHER)[2:4], flow_mse(ONE[2:4], OTHER[2:4]))
    assert np.array_equal(flow_mse(ONE, OTHER)[::-1], flow_mse(ONE[::-1], OTHER[::-1]))
    assert np.array_equal(mean_speed(ONE)[2:4], mean_speed(ONE[2:4]))
    assert np.array_equal(mean_speed(ONE)[::-1], mean_speed(ONE[::-1]))
    clip, still = torch.rand(3, 7, 33, 47), RNG.random((6, 33, 47)) < 0.5
    whole = static_change(clip, still)
    for at in range(6):
        part = static_change(clip[:, at : at + 2], still[at : at + 1])
        assert [x[at] for x in whole] == [x[0] for x in part]


def test_still_is_what_neither_moves_nor_changes() -> None:
    luma_thw = np.full((2, 1, 6), 100, np.uint8)
    luma_thw[1, 0] = [100, 102, 98, 103, 97, 100]
    flows = np.zeros((1, 1, 6, 2), np.float32)
    flows[0, 0, 5] = [0.08, -0.07]
    assert static_pixels(luma_thw, flows).tolist() == [[[True, True, True, False, False, False]]]
    wrap = np.array([[[0, 255]], [[255, 0]]], np.uint8)
    assert not static_pixels(wrap, flows[:, :, :2]).any()
    flows[0, 0, 0] = [0.1, 0]  # in float32 a little more than 0.1
    assert not static_pixels(luma_thw, flows)[0, 0, 0]


def test_the_change_is_the_mean_over_still_pixels_and_there_may_be_none() -> None:
    clip, still = torch.rand(3, 4, 16, 16), RNG.random((3, 16, 16)) < 0.3
    still[1] = False
    total, count = static_change(clip, still)
    assert count.tolist() == [still[0].sum(), 0, still[2].sum()] and total[1] == 0
    changes = np.abs(np.diff(clip.numpy().astype(np.float64), axis=1)).mean(axis=0)
    assert total.sum() / count.sum() == pytest.approx(changes[still].mean(), rel=1e-12)


@pytest.mark.parametrize("name", FLOWS)
def test_a_still_ground_under_a_moving_sky_is_found(name: str) -> None:
    sky = np.kron(RNG.random((8, 16)), np.ones((8, 8)))
    smooth = sum(np.roll(sky, (a, b), (0, 1)) for a in range(-4, 5) for b in range(-4, 5)) / 81
    frames = np.stack([smooth[:, 40 - 2 * k : 104 - 2 * k] for k in range(3)])
    frames[:, 32:] = RNG.random((32, 64))
    clip = torch.from_numpy(frames).float().expand(1, 3, 3, 64, 64)
    levels_thw = luma(clip)[0]
    still = static_pixels(levels_thw, clip_flows(levels_thw, FLOWS[name]))
    assert still[:, 48:].mean() > 0.95 and still[:, :24].mean() < 0.05
    total, count = static_change(clip[0], still)
    assert (count > 64 * 16 * 0.95).all() and (total / count < 0.01).all()


def test_what_does_not_fit_is_refused() -> None:
    luma_thw, flows = np.zeros((3, 8, 8), np.uint8), np.zeros((2, 8, 8, 2), np.float32)
    for call in (
        lambda: flow_mse(flows, flows[1:]),
        lambda: flow_mse(flows[0], flows[0]),
        lambda: mean_speed(flows[..., :1]),
        lambda: static_pixels(luma_thw[1:], flows),
        lambda: static_pixels(luma_thw.astype(np.float64), flows),
        lambda: static_change(torch.zeros(3, 2, 8, 8), np.zeros((2, 8, 8), bool)),
        lambda: static_change(torch.zeros(1, 3, 8, 8), np.zeros((2, 8, 8), bool)),
    ):
        with pytest.raises(ValueError, match=r"beside|needed"):
            call()

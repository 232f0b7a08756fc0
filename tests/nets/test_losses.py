"""Each loss against a small case worked out by hand."""

from __future__ import annotations

import math

import pytest

torch = pytest.importorskip("torch")

from torch import Tensor  # noqa: E402

from skyscene.nets.adversarial import discriminator_loss, generator_loss, two_class_loss  # noqa: E402
from skyscene.nets.gradient_difference import gradient_difference  # noqa: E402
from skyscene.nets.rank_loss import gram, gram_distance, rank_loss  # noqa: E402


def feature(*values: float) -> Tensor:
    """One sample with one channel, one frame, a row of pixels."""
    return torch.tensor(values).reshape(1, 1, 1, 1, -1)


def test_gram_is_over_channels_and_time_and_normalised_by_both_sides() -> None:
    # Two channels, one frame, two pixels: H = [[1, 2], [3, 4]], M = 2, S = 2.
    given = torch.tensor([[1.0, 2.0], [3.0, 4.0]]).reshape(1, 2, 1, 1, 2)
    assert gram(given).tolist() == [[[5 / 4, 11 / 4], [11 / 4, 25 / 4]]]
    in_time = torch.tensor([[1.0, 2.0], [3.0, 4.0]]).reshape(1, 1, 2, 1, 2)
    assert torch.equal(gram(in_time), gram(given))


def test_gram_distance_is_a_sum_for_each_sample() -> None:
    one = torch.zeros(2, 2, 2)
    other = torch.stack([torch.ones(2, 2), -2 * torch.ones(2, 2)])
    assert gram_distance(one, other).tolist() == [4.0, 8.0]


def test_rank_loss_by_hand() -> None:
    # One pixel: Gram is the square. Y2 = 1, Y = 2, Y1 = 3: d(Y2, Y) = 3, d(Y2, Y1) = 8.
    loss = rank_loss([feature(1.0)], [feature(2.0)], [feature(3.0)])
    assert loss.item() == pytest.approx(math.log1p(math.exp(3 - 8)))
    two = rank_loss([feature(1.0)] * 2, [feature(2.0)] * 2, [feature(3.0)] * 2)
    assert two.item() == pytest.approx(2 * loss.item())
    batch = rank_loss(
        [torch.cat([feature(1.0), feature(1.0)])],
        [torch.cat([feature(2.0), feature(1.0)])],
        [torch.cat([feature(3.0), feature(1.0)])],
    )
    assert batch.item() == pytest.approx((loss.item() + math.log(2)) / 2)


def test_rank_loss_is_the_papers_expression_and_finite_where_that_is_not() -> None:
    to_real, to_base = 0.5, 1.5
    paper = -math.log(math.exp(-to_real) / (math.exp(-to_real) + math.exp(-to_base)))
    y2, y, y1 = feature(0.0), feature(math.sqrt(to_real)), feature(math.sqrt(to_base))
    assert rank_loss([y2], [y], [y1]).item() == pytest.approx(paper)
    far = feature(math.sqrt(1e3)).requires_grad_()
    loss = rank_loss([far], [feature(0.0)], [feature(math.sqrt(1e3))])
    loss.backward()
    assert loss.item() == pytest.approx(1e3) and far.grad is not None and far.grad.isfinite().all()


def test_a_refined_clip_at_the_real_one_costs_less_than_log_2() -> None:
    assert rank_loss([feature(1.0)], [feature(1.0)], [feature(2.0)]).item() < math.log(2)


def test_rank_loss_is_worked_out_in_full_precision_under_autocast() -> None:
    given = [feature(1.0, 1e-3)], [feature(2.0, 2e-3)], [feature(3.0, 3e-3)]
    with torch.autocast("cpu", torch.bfloat16):
        assert rank_loss(*given).dtype == torch.float32
        assert rank_loss(*given).item() == rank_loss(*given).item()
        half = rank_loss(*given).item()
    assert half == rank_loss(*given).item()


def test_two_players_by_hand() -> None:
    real, fake = torch.tensor([1.0]), torch.tensor([-2.0])
    sure = 1 / (1 + math.exp(-1))
    fooled = 1 / (1 + math.exp(2))
    assert discriminator_loss(real, fake).item() == pytest.approx(-math.log(sure) - math.log(1 - fooled))
    assert generator_loss(fake, saturating=True).item() == pytest.approx(math.log(1 - fooled))
    assert generator_loss(fake, saturating=False).item() == pytest.approx(-math.log(fooled))


def test_two_classes_by_hand() -> None:
    logits = torch.tensor([[2.0, 0.0]])
    real = math.exp(2) / (math.exp(2) + 1)
    assert two_class_loss(logits, real=True).item() == pytest.approx(-math.log(real))
    assert two_class_loss(logits, real=False).item() == pytest.approx(-math.log(1 - real))


def test_gradient_difference_by_hand() -> None:
    # Rows step by 1 and 3 against 0; columns by 2 and 4 against 0.
    predicted = torch.tensor([[[[0.0, 1.0], [2.0, 5.0]]]])
    real = torch.zeros(1, 1, 2, 2)
    assert gradient_difference(predicted, real).item() == pytest.approx((1 + 9) / 2 + (4 + 16) / 2)
    assert gradient_difference(predicted, -predicted).item() == 0, "the sign of a step does not count"

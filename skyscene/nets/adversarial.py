"""The two-player losses, on logits."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def discriminator_loss(real_logit: Tensor, fake_logit: Tensor) -> Tensor:
    """-log D(real) - log(1 - D(fake)), each a mean: what the discriminator descends.

    >>> round(discriminator_loss(torch.zeros(2), torch.zeros(2)).item(), 4)  # 2 log 2
    1.3863
    """
    return F.softplus(-real_logit).mean() + F.softplus(fake_logit).mean()


def generator_loss(fake_logit: Tensor, saturating: bool) -> Tensor:
    """What the generator descends: log(1 - D(fake)) as the papers print it, or -log D(fake), which learns.

    >>> round(generator_loss(torch.zeros(2), saturating=True).item(), 4)
    -0.6931
    >>> round(generator_loss(torch.zeros(2), saturating=False).item(), 4)
    0.6931
    """
    return -F.softplus(fake_logit).mean() if saturating else F.softplus(-fake_logit).mean()


def two_class_loss(logits_bk: Tensor, real: bool) -> Tensor:
    """Cross-entropy of VGAN's two logits: class 0 is real, class 1 is fake.

    >>> round(two_class_loss(torch.zeros(3, 2), real=True).item(), 4)
    0.6931
    """
    wanted = torch.full((len(logits_bk),), 0 if real else 1, device=logits_bk.device)
    return F.cross_entropy(logits_bk.float(), wanted)

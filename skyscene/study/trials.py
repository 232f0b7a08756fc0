"""What a rater sees beside what counts: practice, gold trials, mirrored repeats; and in which order."""

from __future__ import annotations

import math
from collections.abc import Sequence

from skyscene.records import Hand, Pair, PairKind
from skyscene.study.clips import Shown
from skyscene.study.comparison import REAL, media_name, mirrored
from skyscene.study.key import Secret
from skyscene.study.recipe import StudyRecipe

NOISE, SHUFFLED = "gold-noise", "gold-shuffled"
"""The real clip under noise that changes with every frame; its frames in another order."""


class Trials:
    """Fills up and orders the trials of a slot.

    A gold trial is a real clip beside one that nobody takes for real. A copied frame is no gold: in VGAN's
    study 38 % took it for more realistic.

    Args:
        protocol: The protocol.
        clips: What the study shows.
        secret: Where order comes from.
    """

    def __init__(self, protocol: StudyRecipe, clips: Sequence[Shown], secret: Secret) -> None:
        self._protocol = protocol
        self._secret = secret
        self._clips = secret.shuffled(clips, "gold")

    def of_slot(self, slot: int, tests: Sequence[Pair]) -> list[Pair]:
        """Practice, then tests and gold in an order of the slot's own, repeats in its second half."""
        order = self._secret.shuffled([*tests, *self._gold(slot, len(tests))], "slot", slot)
        again = [pair for pair in order[: len(order) // 2] if pair.kind == "test"]
        every = self._protocol.repeat_every
        count = min(len(tests) // every if every else 0, len(again))
        for turn, pair in enumerate(self._secret.shuffled(again, "repeat", slot)[:count]):
            half = len(order) // 2
            at = half + int.from_bytes(self._secret.digest("repeat", slot, turn)[:4], "big") % (
                len(order) - half + 1
            )
            order.insert(max(at, order.index(pair) + 2), mirrored(pair, self._secret))
        return [*self._practice(), *order]

    def _practice(self) -> list[Pair]:
        """The first trials of every rater; the same for all."""
        return [
            self._with_answer("practice", k, 0, bool(k % 2) ^ self._secret.coin("practice"))
            for k in range(self._protocol.practice)
        ]

    def _gold(self, slot: int, tests: int) -> list[Pair]:
        every = self._protocol.gold_every
        if not every or not tests:
            return []
        count = max(self._protocol.gold_least, math.ceil(tests / every))
        first = self._secret.coin("gold", slot)
        return [self._with_answer("gold", slot * count + k, slot, bool(k % 2) ^ first) for k in range(count)]

    def _with_answer(self, kind: PairKind, turn: int, slot: int, swapped: bool) -> Pair:
        clip = self._clips[turn % len(self._clips)]
        show = self._protocol.shows[turn % len(self._protocol.shows)]
        odd = SHUFFLED if show == "video" and (turn // len(self._clips) + turn) % 2 else NOISE
        left, right = (odd, REAL) if swapped else (REAL, odd)
        side: Hand = "right" if swapped else "left"
        return Pair(
            pair_id=self._secret.name(kind, slot, turn, swapped),
            comparison=self._secret.name("comparison", kind, slot, turn),
            kind=kind,
            show=show,
            left=left,
            right=right,
            left_clip=clip.clip_id,
            right_clip=clip.clip_id,
            group=clip.group,
            scene=clip.scene,
            left_file=media_name(self._secret, show, left, clip.clip_id),
            right_file=media_name(self._secret, show, right, clip.clip_id),
            gold_side=side,
        )

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
        self._clips = clips

    def of_slot(self, slot: int, tests: Sequence[Pair]) -> list[Pair]:
        """Practice, then tests and gold in an order of the slot's own, repeats in its second half."""
        practice, gold = self._with_answers(slot, tests)
        order = self._secret.shuffled([*tests, *gold], "slot", slot)
        again = [pair for pair in order[: len(order) // 2] if pair.kind == "test"]
        every = self._protocol.repeat_every
        count = min(len(tests) // every if every else 0, len(again))
        for turn, pair in enumerate(self._secret.shuffled(again, "repeat", slot)[:count]):
            half = len(order) // 2
            at = half + int.from_bytes(self._secret.digest("repeat", slot, turn)[:4], "big") % (
                len(order) - half + 1
            )
            order.insert(max(at, order.index(pair) + 2), mirrored(pair, self._secret))
        return [*practice, *order]

    def _with_answers(self, slot: int, tests: Sequence[Pair]) -> tuple[list[Pair], list[Pair]]:
        """Practice and gold trials of a slot, on clips that are not practised twice.

        They show which clip is the real one: first those come whose real clip this rater is not asked about.
        """
        asked = {clip for pair in tests for clip in _real_clips(pair)}
        own = self._secret.shuffled(self._clips, "gold", slot)
        pool = [clip for clip in own if clip.clip_id not in asked] + [c for c in own if c.clip_id in asked]
        every, practice = self._protocol.gold_every, self._protocol.practice
        gold = max(self._protocol.gold_least, math.ceil(len(tests) / every)) if every and tests else 0
        later = pool[practice:] or pool
        sides = {kind: self._secret.coin(kind, slot) for kind in ("practice", "gold")}
        return (
            [
                self._with_answer("practice", k, slot, pool[k % len(pool)], bool(k % 2) ^ sides["practice"])
                for k in range(practice)
            ],
            [
                self._with_answer("gold", k, slot, later[k % len(later)], bool(k % 2) ^ sides["gold"])
                for k in range(gold)
            ],
        )

    def _with_answer(self, kind: PairKind, turn: int, slot: int, clip: Shown, swapped: bool) -> Pair:
        show = self._protocol.shows[turn % len(self._protocol.shows)]
        odd = SHUFFLED if show == "video" and (turn // 2) % 2 else NOISE  # on either side
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


def _real_clips(pair: Pair) -> list[str]:
    return [clip for who, clip, _ in pair.sides if who == REAL]

"""Two contestants on one first frame, and the same as it is shown."""

from __future__ import annotations

from dataclasses import dataclass, replace

from skyscene.records import Pair, Show
from skyscene.study.clips import Shown
from skyscene.study.key import Secret

REAL = "real"
"""Name of the real clips among the contestants."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two contestants on one first frame (or on two, unpaired), whatever the sides.

    Attributes:
        name: Secret.
        show: The clip or one frame.
        first: A contestant.
        second: Another.
        clip: The first one's.
        other: The second one's.
    """

    name: str
    show: Show
    first: str
    second: str
    clip: Shown
    other: Shown

    def shown(self, swapped: bool, secret: Secret) -> Pair:
        """It with the first contestant on the left or, swapped, on the right."""
        sides = [(self.first, self.clip), (self.second, self.other)]
        (left, left_clip), (right, right_clip) = reversed(sides) if swapped else sides
        return Pair(
            pair_id=secret.name("pair", self.name, swapped),
            comparison=self.name,
            kind="test",
            show=self.show,
            left=left,
            right=right,
            left_clip=left_clip.clip_id,
            right_clip=right_clip.clip_id,
            group=self.clip.group,
            scene=self.clip.scene,
            left_file=media_name(secret, self.show, left, left_clip.clip_id),
            right_file=media_name(secret, self.show, right, right_clip.clip_id),
        )


def media_name(secret: Secret, show: Show, who: str, clip_id: str) -> str:
    """Opaque name of a file in ``public/media``."""
    return secret.name("media", show, who, clip_id) + (".mp4" if show == "video" else ".png")


def mirrored(pair: Pair, secret: Secret) -> Pair:
    """The same comparison the other way round, shown once more."""
    return replace(
        pair,
        pair_id=secret.name("repeat", pair.pair_id),
        kind="repeat",
        left=pair.right,
        right=pair.left,
        left_clip=pair.right_clip,
        right_clip=pair.left_clip,
        left_file=pair.right_file,
        right_file=pair.left_file,
        repeat_of=pair.pair_id,
    )

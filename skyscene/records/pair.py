"""Two clips that are shown side by side, and what one person said about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PairKind = Literal["test", "gold", "repeat", "practice"]
Show = Literal["video", "frame"]
Choice = Literal["left", "right", "tie", "invalid"]
Hand = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two contestants' clips in the order in which they are shown; all of it is secret.

    The same two clips the other way round are another pair of the same comparison.

    Attributes:
        pair_id: Opaque; all that the public ever learns of a pair.
        comparison: The same for both orders, and for a mirrored repeat.
        kind: Only ``test`` counts for a score.
        show: The clip, or one frame of it.
        left: Contestant on the left.
        right: Contestant on the right.
        left_clip: Its clip's id.
        right_clip: The other's; the same where both were drawn from one first frame.
        group: Split group of the clips; of an unpaired study, of the left one.
        scene: Its label, where the study is read by label.
        left_file: Opaque name in ``public/media``.
        right_file: The same.
        repeat_of: The pair that this one mirrors.
        gold_side: The right answer, where there is one.
    """

    pair_id: str
    comparison: str
    kind: PairKind
    show: Show
    left: str
    right: str
    left_clip: str
    right_clip: str
    group: str
    scene: str | None
    left_file: str
    right_file: str
    repeat_of: str | None = None
    gold_side: Hand | None = None

    @property
    def sides(self) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
        """Contestant, clip and file, of the left and of the right."""
        return (self.left, self.left_clip, self.left_file), (self.right, self.right_clip, self.right_file)


@dataclass(frozen=True, slots=True)
class Vote:
    """One answer of one rater; every platform's are turned into this.

    Attributes:
        study: The study's name.
        study_sha: Hash of its frozen protocol.
        pair_id: What was shown.
        rater: Salted hash; a platform's own id is never kept.
        choice: The side as it was shown.
        rt_ms: From the moment both videos could be seen to the answer; none where it is not known.
        left_plays: How often the left one was played.
        right_plays: The right one.
        watched: Whether both were seen to their end before the answer; none where it is not known.
        shown_at: ISO 8601, UTC.
        block: The rater's slot in the plan; none where the platform has none.
        position: Place in that slot, from 0.
        platform: serve, mturk, jspsych, labelstudio, arena, csv.
        session: One visit of the rater; opaque.
    """

    study: str
    study_sha: str
    pair_id: str
    rater: str
    choice: Choice
    rt_ms: int | None = None
    left_plays: int | None = None
    right_plays: int | None = None
    watched: bool | None = None
    shown_at: str | None = None
    block: int | None = None
    position: int | None = None
    platform: str = "csv"
    session: str | None = None

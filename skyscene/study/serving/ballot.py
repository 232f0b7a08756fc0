"""One answer as the page sends it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from skyscene.records import Choice
from skyscene.study.serving.refusal import Refusal

Count = Annotated[int, Field(ge=0, le=100_000)]


class Ballot(BaseModel):
    """An answer, checked for its types and bounds alone.

    Attributes:
        nonce: Of the trial.
        choice: Side, tie or invalid.
        rt_ms: From the moment both sides could be seen; at most a day.
        left_plays: How often the left one was played.
        right_plays: The right one.
        watched: Whether both were seen to their end.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    nonce: str = Field(min_length=1, max_length=64)
    choice: Choice
    rt_ms: int = Field(ge=0, le=86_400_000)
    left_plays: Count
    right_plays: Count
    watched: bool


def read_ballot(body: bytes, answers: Collection[Choice]) -> Ballot:
    """The answer in a request's body.

    Not every protocol has "invalid", but on every network a clip may fail to load: whoever has not seen it to
    its end may always say so.

    Raises:
        Refusal: It is no JSON, or not an answer that can be given.
    """
    try:
        ballot = Ballot.model_validate_json(body)
    except ValidationError:
        raise Refusal(400, "no-ballot", "That was no answer this page can send.") from None
    if ballot.choice not in answers and (ballot.choice != "invalid" or ballot.watched):
        raise Refusal(400, "no-answer", "This study has no such answer.")
    return ballot

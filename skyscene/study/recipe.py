"""The protocol of a study (`studies/*.toml`), read and checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import Field, model_validator

from skyscene.recipes import Settings, build, load, resolve_overridden
from skyscene.records import Choice, Show


class Exclusion(Settings):
    """Raters whose votes are left out of the filtered result; the result of all votes stands beside it.

    Every share is one that a rater goes beyond; 0 or 1 switches a rule off.

    Attributes:
        gold_below: Least share of gold trials answered right.
        gold_least: A rater with fewer gold trials than that is not judged by them.
        left_over: Largest share of left answers; as far below a half counts alike.
        left_least: A rater with fewer votes is not judged by it.
        fast_over: Largest share of answers that came before the clips could have been seen.
        fast_margin: Seconds after a clip's length that an answer takes at least.
        invalid_over: Largest share of trials reported as broken.
        invalid_least: A rater with fewer trials is not judged by it.
        repeat_below: Least share of mirrored repeats answered as before.
        repeat_least: A rater with fewer repeats is not judged by them.
    """

    gold_below: float = Field(default=0.75, ge=0, le=1)
    gold_least: int = Field(default=3, ge=1)
    left_over: float = Field(default=0.9, ge=0.5, le=1)
    left_least: int = Field(default=20, ge=1)
    fast_over: float = Field(default=0.5, ge=0, le=1)
    fast_margin: float = Field(default=0.3, ge=0)
    invalid_over: float = Field(default=0.5, ge=0, le=1)
    invalid_least: int = Field(default=10, ge=1)
    repeat_below: float = Field(default=0.0, ge=0, le=1)
    repeat_least: int = Field(default=4, ge=1)


class StudyRecipe(Settings):
    """A protocol.

    Attributes:
        version: Raised when an answer could change.
        about: A line for `bench study list`.
        question: What is asked of two videos.
        frame_question: What is asked of two frames.
        instructions: Paragraphs before the first trial.
        consent: What a rater agrees to; flashing pictures are always warned of.
        paired: Whether both sides were drawn from one first frame.
        shows: Whole clips, one frame, or both, in this order.
        frame: Which one.
        frame_seconds: How long it is shown.
        plays: How often a clip may be played; 0 for as often as one likes.
        size: Side of the clips in pixels; 0 for the benchmark's.
        display: Side at which they are shown, in CSS pixels.
        fps: Frames a second.
        clips: How many first frames, one a source of the test side; fewer where there are fewer.
        votes: Votes on each clip and pair of contestants.
        raters: Among how many people they are shared.
        max_pairs_per_rater: No rater gets more trials; 0 for no limit.
        answers: What can be answered.
        stages: The last stage of a run, or all of them as contestants.
        real: Whether the real clips take part.
        baselines: Which of a run's baselines take part.
        compare: ``a/b`` each; empty for every pair of contestants.
        by: A labeller: results are given for each of its labels too; empty for none.
        gold_every: One gold trial in so many; 0 for none.
        gold_least: So many at least for every rater.
        repeat_every: One mirrored repeat in so many; 0 for none.
        practice: Trials with an answer before the first that counts.
        cents: What a vote costs, in hundredths of whatever raters are paid in.
        completion_code: Shown after the last vote; made up where it is empty.
        completion_url: Where a rater goes then, if anywhere (Prolific's address with the code).
        exclude: Whose votes are left out of the filtered result.
        seed: Chooses clips. Names, order and sides never come from it.
    """

    version: int = Field(ge=1)
    about: str
    question: str = Field(min_length=3)
    frame_question: str = "Which one is better?"
    instructions: tuple[str, ...]
    consent: str = Field(min_length=20)
    paired: bool = True
    shows: tuple[Show, ...] = Field(default=("video",), min_length=1)
    frame: int = Field(default=16, ge=0, le=31)
    frame_seconds: float = Field(default=2.0, gt=0)
    plays: int = Field(default=0, ge=0)
    size: int = Field(default=0, ge=0)
    display: int = Field(default=320, ge=32, le=1024)
    fps: float = Field(default=16.0, ge=1, le=60)
    clips: int = Field(default=100, ge=1)
    votes: int = Field(default=5, ge=1)
    raters: int = Field(default=10, ge=1)
    max_pairs_per_rater: int = Field(default=0, ge=0)
    answers: tuple[Choice, ...] = ("left", "right")
    stages: Literal["last", "all"] = "last"
    real: bool = True
    baselines: tuple[str, ...] = ()
    compare: tuple[str, ...] = ()
    by: str = ""
    gold_every: int = Field(default=10, ge=0)
    gold_least: int = Field(default=3, ge=0)
    repeat_every: int = Field(default=20, ge=0)
    practice: int = Field(default=3, ge=0, le=10)
    cents: float = Field(default=0.0, ge=0)
    completion_code: str = ""
    completion_url: str = Field(default="", pattern=r"^(https://\S+)?$")
    exclude: Exclusion = Exclusion()
    seed: int = 0

    @model_validator(mode="after")
    def _fits(self) -> StudyRecipe:
        if not {"left", "right"} <= set(self.answers) or len(set(self.answers)) != len(self.answers):
            raise ValueError('answers: "left" and "right" are always there, each once')
        if len(set(self.shows)) != len(self.shows):
            raise ValueError("shows: each once")
        if self.votes > self.raters:
            raise ValueError(f"votes = {self.votes} on each clip need as many raters; raters = {self.raters}")
        if self.size % 2:
            raise ValueError("size: an even number, as H.264 wants it")
        least = self.exclude.gold_least
        if self.gold_every and self.exclude.gold_below and self.gold_least < least:
            raise ValueError(
                f"gold_least = {self.gold_least}: exclude.gold_below judges a rater by {least} gold trials"
            )
        wrong = [each for each in self.compare if each.count("/") != 1 or len(set(each.split("/"))) != 2]
        if wrong:
            raise ValueError(f"compare: {', '.join(wrong)}: write two contestants as a/b")
        seen = [frozenset(each.split("/")) for each in self.compare]
        twice = [each for at, each in enumerate(self.compare) if seen[at] in seen[:at]]
        if twice:
            raise ValueError(f"compare: {', '.join(twice)} is there already, in this order or the other")
        return self


def load_protocol(name: str, overrides: Iterable[str] = ()) -> StudyRecipe:
    """A protocol's recipe with overrides on top.

    Args:
        name: A shipped one, or a path that ends in ``.toml``.
        overrides: ``votes=3`` and the like.

    Raises:
        RecipeError: Every fault at once.
    """
    whole = resolve_protocol(load("studies", name)).model_dump(mode="json")  # so that every key can be set
    return resolve_overridden(whole, overrides, resolve_protocol)


def resolve_protocol(table: Mapping[str, Any]) -> StudyRecipe:
    """The protocol in a table.

    Raises:
        RecipeError: Every fault at once.
    """
    return build(StudyRecipe, table, "")

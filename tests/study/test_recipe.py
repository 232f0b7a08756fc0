"""A protocol's faults are told with their keys, and every key can be set."""

from __future__ import annotations

import pytest

from skyscene.errors import RecipeError
from skyscene.study.recipe import load_protocol


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["votes=30"], "votes = 30 on each clip need as many raters; raters = 10"),
        (['compare=["a/b", "c/d", "b/a"]'], "compare: b/a is there already, in this order or the other"),
        (['compare=["ab"]'], "compare: ab: write two contestants as a/b"),
        (['answers=["left"]'], 'answers: "left" and "right" are always there, each once'),
        (["gold_least=1"], "gold_least = 1: exclude.gold_below judges a rater by 3 gold trials"),
        (["vots=3"], "did you mean votes?"),
        (["size=63"], "size: an even number"),
        (["completion_url=http://x.org"], "completion_url"),
    ],
)
def test_what_is_wrong_with_a_protocol_is_one_line(overrides: list[str], message: str) -> None:
    with pytest.raises(RecipeError) as caught:
        load_protocol("skyscene", overrides)
    (problem,) = caught.value.problems
    assert message in problem and len(problem) < 200


def test_every_key_can_be_set_in_every_protocol() -> None:
    for name in ("skyscene", "mdgan", "vgan", "dtvnet"):
        found = load_protocol(name, ["real=false", "by=motion", "exclude.gold_below=0", 'compare=["a/b"]'])
        assert (found.real, found.by, found.exclude.gold_below, found.compare) == (
            False,
            "motion",
            0,
            ("a/b",),
        )

"""Who sees what: every promise of a design, for many protocols."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from skyscene.errors import StudyError
from skyscene.records import Pair
from skyscene.study.clips import Shown, choose_clips
from skyscene.study.comparison import REAL
from skyscene.study.design import Design, contestant_pairs, make_design
from skyscene.study.key import Secret
from skyscene.study.recipe import StudyRecipe, load_protocol

SECRET = Secret(b"\1" * 32)
TEXTS = {
    "version": 1,
    "about": "a test",
    "question": "Which one?",
    "instructions": (),
    "consent": "I take part of my own will.",
}


def protocol(**given: object) -> StudyRecipe:
    return StudyRecipe(**{**TEXTS, **given})


def shown(count: int, scenes: int = 0) -> list[Shown]:
    return [Shown(f"clip{k}", k, f"group{k}", f"scene{k % scenes}" if scenes else None) for k in range(count)]


def slots_of(design: Design) -> list[list[Pair]]:
    found = {pair.pair_id: pair for pair in design.pairs}
    return [[found[pair_id] for pair_id in slot] for slot in design.slots]


def plan(names: list[str], clips: int, votes: int, raters: int, seed: int = 1, **more: object) -> Design:
    recipe = protocol(votes=votes, raters=raters, **more)
    return make_design(recipe, names, shown(clips), Secret(bytes([seed]) * 32))


@settings(deadline=None, max_examples=40)
@given(
    contestants=st.integers(2, 4),
    clips=st.integers(1, 12),
    raters=st.integers(1, 7),
    data=st.data(),
    seed=st.integers(0, 255),
)
def test_votes_raters_and_sides_come_out_even(
    contestants: int, clips: int, raters: int, data: st.DataObject, seed: int
) -> None:
    votes = data.draw(st.integers(1, raters))
    names = [f"model{k}" for k in range(contestants - 1)] + [REAL]
    assume(clips * votes * len(contestant_pairs(names, ())) >= raters)
    slots = slots_of(plan(names, clips, votes, raters, seed))
    votes_on: Counter[str] = Counter()
    left: dict[tuple[object, ...], Counter[str]] = defaultdict(Counter)
    loads: Counter[tuple[int, frozenset[str]]] = Counter()
    for number, slot in enumerate(slots):
        tests = [pair for pair in slot if pair.kind == "test"]
        assert len({pair.comparison for pair in tests}) == len(tests)  # nobody votes twice on one
        for pair in tests:
            both = frozenset((pair.left, pair.right))
            votes_on[pair.comparison] += 1
            loads[number, both] += 1
            for cell in ((both,), (both, number), (pair.comparison,)):
                left[cell][pair.left] += 1
                left[cell][pair.right] += 0
    assert set(votes_on.values()) == {votes}
    assert len(votes_on) == clips * len(contestant_pairs(names, ()))
    for both in {key[1] for key in loads}:
        counts = [loads[number, both] for number in range(raters)]
        assert max(counts) - min(counts) <= 1
    assert all(max(count.values()) - min(count.values()) <= 1 for count in left.values())


def test_raters_meet_on_changing_clips() -> None:
    slots = slots_of(plan(["a", "b"], 40, 5, 10))
    seen = [frozenset(pair.left_clip for pair in slot if pair.kind == "test") for slot in slots]
    assert len(set(seen)) == 10


def test_a_rater_without_anything_to_vote_on_is_refused() -> None:
    with pytest.raises(StudyError, match="7 of the 10 raters would have nothing to vote on"):
        plan(["a", "b"], 3, 1, 10)


def test_no_answer_is_given_away_by_practice() -> None:
    """Practised clips are no gold, and the real clip of neither is asked about where others are left."""
    for slot in slots_of(plan(["a", REAL], 40, 2, 8)):
        shown = {kind: {p.left_clip for p in slot if p.kind == kind} for kind in ("practice", "gold", "test")}
        assert len(shown["practice"]) == 3 and not shown["practice"] & shown["gold"]
        assert not shown["test"] & (shown["practice"] | shown["gold"])


def test_the_kind_of_gold_says_nothing_of_its_side() -> None:
    for slot in slots_of(plan(["a", "b"], 80, 2, 4)):
        gold = Counter(
            (p.left if p.gold_side == "right" else p.right, p.gold_side) for p in slot if p.gold_side
        )
        assert len(gold) == 4


def test_practice_comes_first_and_gold_is_balanced_and_enough() -> None:
    for slot in slots_of(plan(["a", "b"], 60, 2, 4, practice=3)):
        kinds = [pair.kind for pair in slot]
        assert kinds[:3] == ["practice"] * 3 and "practice" not in kinds[3:]
        gold = [pair.gold_side for pair in slot if pair.kind == "gold"]
        assert len(gold) == 3 and abs(gold.count("left") - gold.count("right")) <= 1
        assert all((pair.left == REAL) == (pair.gold_side == "left") for pair in slot if pair.gold_side)


def test_a_repeat_is_the_mirror_of_a_trial_seen_well_before() -> None:
    for slot in slots_of(plan(["a", "b"], 60, 2, 4, repeat_every=10)):
        repeats = [pair for pair in slot if pair.kind == "repeat"]
        assert len(repeats) == 3
        at = {pair.pair_id: place for place, pair in enumerate(slot)}
        for pair in repeats:
            assert pair.repeat_of is not None
            first = slot[at[pair.repeat_of]]
            assert at[pair.pair_id] > at[pair.repeat_of] + 1 and first.kind == "test"
            assert (pair.left, pair.left_file, pair.right_clip) == (
                first.right,
                first.right_file,
                first.left_clip,
            )
            assert pair.comparison == first.comparison


def test_another_secret_gives_other_names_orders_and_sides_and_the_same_one_the_same() -> None:
    one, again, other = (plan(["a", "b"], 30, 3, 3, seed) for seed in (1, 1, 2))
    assert one == again
    assert not {pair.pair_id for pair in one.pairs} & {pair.pair_id for pair in other.pairs}

    def order(design: Design) -> list[list[str]]:
        return [[pair.left_clip + pair.left for pair in slot] for slot in slots_of(design)]

    assert order(one) != order(other)


def test_an_unpaired_study_never_shows_a_clip_beside_itself_and_keeps_to_a_scene() -> None:
    design = make_design(protocol(paired=False, votes=1, raters=2), ["a", "b"], shown(12, 3), SECRET)
    tests = [pair for pair in design.pairs if pair.kind == "test"]
    assert len(tests) == 12
    for pair in tests:
        assert pair.left_clip != pair.right_clip
        assert int(pair.left_clip[4:]) % 3 == int(pair.right_clip[4:]) % 3


def test_too_much_for_a_rater_is_refused_with_the_number() -> None:
    with pytest.raises(StudyError, match="a rater would get 38 trials, and max_pairs_per_rater is 20"):
        plan(["a", "b"], 30, 2, 2, max_pairs_per_rater=20, repeat_every=15)


def test_a_pair_that_names_nobody_is_refused() -> None:
    with pytest.raises(StudyError, match="compare: c takes no part; the contestants: a, b, real"):
        contestant_pairs(["a", "b", REAL], ["a/b", "c/real"])
    assert contestant_pairs(["a", "b", REAL], ["b/a"]) == [("b", "a")]
    assert contestant_pairs([REAL, "a"], ()) == [("a", REAL)]
    with pytest.raises(StudyError, match="two contestants"):
        contestant_pairs(["a"], ())


def test_one_clip_a_source_by_the_seed() -> None:
    ids, groups = [f"c{k}" for k in range(12)], [f"g{k // 3}" for k in range(12)]
    chosen = choose_clips(ids, groups, None, 100, 0)
    assert sorted(clip.group for clip in chosen) == ["g0", "g1", "g2", "g3"]
    assert [ids[clip.place] for clip in chosen] == [clip.clip_id for clip in chosen]
    assert {tuple(c.clip_id for c in choose_clips(ids, groups, None, 4, seed)) for seed in range(8)} != {
        tuple(c.clip_id for c in chosen)
    }
    labels = ["day", "day", "day", None, None, None, "day", "day", "day", "night", "night", "night"]
    by_label = choose_clips(ids, groups, labels, 2, 0)
    assert {clip.scene for clip in by_label} == {"day", "night"}


def test_the_protocols_of_the_papers_have_their_numbers() -> None:
    mdgan, dtvnet = load_protocol("mdgan"), load_protocol("dtvnet")
    assert (mdgan.clips, mdgan.votes, mdgan.size, mdgan.stages) == (100, 1, 64, "all")
    assert (dtvnet.clips * dtvnet.votes, dtvnet.frame, dtvnet.plays) == (3000, 16, 1)
    assert not load_protocol("vgan").paired

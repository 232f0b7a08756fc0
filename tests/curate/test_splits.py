from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skyscene.curate import Group, join, split
from skyscene.curate.splits import SIDES
from skyscene.records import Assignment


def groups(count: int, clips: int = 10) -> list[Group]:
    return [Group(f"s{k:04d}", (f"s{k:04d}",), clips) for k in range(count)]


def sides(assignments: tuple[Assignment, ...]) -> dict[str, str]:
    return {item.source_id: item.side for item in assignments}


def share(items: list[Group], assignments: tuple[Assignment, ...], side: str) -> float:
    given_sides = sides(assignments)
    total = sum(group.clips for group in items)
    return sum(group.clips for group in items if given_sides[group.sources[0]] == side) / total


def test_shares_of_clips_are_met_closely() -> None:
    items = [Group(f"s{k}", (f"s{k}",), 1 + k % 30) for k in range(500)]
    done = split(items, [], val=0.05, test=0.1, seed=0)
    assert share(items, done.assignments, "val") == pytest.approx(0.05, abs=0.01)
    assert share(items, done.assignments, "test") == pytest.approx(0.1, abs=0.01)
    assert not done.moved and not done.notices


@given(st.integers(3, 40), st.integers(0, 5))
def test_every_side_has_a_group_if_there_are_three(count: int, seed: int) -> None:
    done = split(groups(count), [], val=0.05, test=0.1, seed=seed)
    assert set(sides(done.assignments).values()) == set(SIDES)


def test_with_too_few_groups_it_is_said_which_side_is_empty() -> None:
    done = split(groups(1), [], val=0.05, test=0.1, seed=0)
    assert sides(done.assignments) == {"s0000": "train"}
    assert [notice.split()[0] for notice in done.notices] == ["val", "test"]


def test_a_side_without_a_share_stays_empty() -> None:
    done = split(groups(20), [], val=0.0, test=0.2, seed=0)
    assert "val" not in sides(done.assignments).values() and not done.notices


@given(st.integers(3, 30), st.integers(0, 30), st.integers(0, 3))
def test_adding_sources_never_moves_one(first: int, more: int, seed: int) -> None:
    before = split(groups(first), [], val=0.1, test=0.1, seed=seed)
    after = split(groups(first + more), before.assignments, val=0.1, test=0.1, seed=seed + 1)
    assert not after.moved
    old = sides(before.assignments)
    assert {key: value for key, value in sides(after.assignments).items() if key in old} == old
    assert len(after.assignments) == first + more


def test_the_order_of_groups_does_not_matter() -> None:
    one = split(groups(30), [], val=0.1, test=0.1, seed=0)
    other = split(groups(30)[::-1], [], val=0.1, test=0.1, seed=0)
    assert one == other


def test_seeds_place_differently() -> None:
    assert split(groups(30), [], 0.1, 0.1, seed=0) != split(groups(30), [], 0.1, 0.1, seed=1)


def test_a_new_link_between_two_sides_moves_to_the_safer_one_and_says_so() -> None:
    earlier = [Assignment("a", "a", "test", "hash"), Assignment("b", "b", "train", "hash")]
    done = split([Group("a", ("a", "b"), 20)], earlier, val=0.0, test=0.1, seed=0)
    assert sides(done.assignments) == {"a": "train", "b": "train"}
    assert done.moved == ("a moved from test to train: it is linked with a",)


def test_a_new_source_of_a_known_group_joins_its_side() -> None:
    earlier = [Assignment("a", "a", "val", "hash")]
    done = split([Group("a", ("a", "c"), 20)], earlier, val=0.1, test=0.1, seed=0)
    assert {item.source_id: (item.side, item.why) for item in done.assignments} == {
        "a": ("val", "hash"),
        "c": ("val", "joined"),
    }


def test_official_test_is_kept_and_val_is_drawn_from_the_rest() -> None:
    items = [
        Group(f"s{k:03d}", (f"s{k:03d}",), 10, frozenset({"test" if k % 10 == 0 else "train"}))
        for k in range(200)
    ]
    done = split(items, [], val=0.05, test=0.1, seed=0, keep_official=True)
    found = sides(done.assignments)
    assert {k for k, side in found.items() if side == "test"} == {f"s{k:03d}" for k in range(0, 200, 10)}
    assert 5 <= sum(side == "val" for side in found.values()) <= 12


def test_a_group_that_is_official_train_and_test_is_test_and_said_so() -> None:
    items = [*groups(5), Group("x", ("x", "y"), 10, frozenset({"train", "test"}))]
    done = split(items, [], val=0.1, test=0.1, seed=0, keep_official=True)
    assert sides(done.assignments)["x"] == sides(done.assignments)["y"] == "test"
    assert any("official train and test" in notice for notice in done.notices)


def test_links_join_through_others() -> None:
    assert dict(join(["a", "b", "c", "d"], [("d", "c"), ("b", "d")])) == {
        "a": "a",
        "b": "b",
        "c": "b",
        "d": "b",
    }
    assert dict(join(["a"], [("a", "unknown")])) == {"a": "a"}

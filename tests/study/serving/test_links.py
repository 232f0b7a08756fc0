"""Links are made evenly and a rater can be forgotten."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from skyscene.errors import StudyError
from skyscene.study.folder import StudyFolder
from skyscene.study.serving import count_links, forget_rater, make_links
from skyscene.study.votes import read_votes
from tests.study.serving.asking import Site, through


def slots_of(folder: StudyFolder) -> list[int]:
    with closing(sqlite3.connect(folder.votes)) as connection:
        return sorted(row[0] for row in connection.execute("SELECT slot FROM raters"))


def test_links_go_round_the_slots_that_have_fewest(folder: StudyFolder) -> None:
    first = make_links(folder, 3, "http://a")
    assert slots_of(folder) == [0, 0, 1]
    assert forget_rater(folder, first[0]).votes == 0
    more = make_links(folder, 2, "http://a")
    assert slots_of(folder) == [0, 0, 1, 1] and count_links(folder) == 4
    assert len({*first, *more}) == 5 and all(link.startswith("http://a/r/") for link in first)
    with pytest.raises(StudyError, match="at least one"):
        make_links(folder, 0, "http://a")


@pytest.mark.parametrize("by", ["link", "token", "id"])
def test_a_rater_is_forgotten_with_all_votes_and_no_other_is(
    site: Site, folder: StudyFolder, by: str
) -> None:
    gone, stays = site.rater(), site.rater()
    through(gone, site.links[0], site.clock)
    through(stays, site.links[1], site.clock)
    votes = read_votes(folder.votes)
    rater = votes[0].rater
    who = {"link": site.links[0], "token": site.links[0].rpartition("/")[2], "id": rater}[by]
    forgotten = forget_rater(folder, who)
    assert (forgotten.rater, forgotten.visits, forgotten.votes) == (rater, 1, len(votes) // 2)
    left = read_votes(folder.votes)
    assert len(left) == len(votes) // 2 and rater not in {vote.rater for vote in left}
    held = b"".join(path.read_bytes() for path in folder.root.glob("votes.sqlite*"))
    assert rater.encode() not in held and left[0].rater.encode() in held
    assert gone.get("/api/state").status_code == 401 and stays.get("/api/state").status_code == 200
    assert site.rater().enter(site.links[0]).status_code == 403
    with pytest.raises(StudyError, match="no such rater"):
        forget_rater(folder, who)


def test_who_is_unknown_is_not_named_in_the_error(folder: StudyFolder) -> None:
    with pytest.raises(StudyError) as error:
        forget_rater(folder, "http://a/r/secret-token")
    assert "secret-token" not in str(error.value)

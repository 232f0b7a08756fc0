"""The sets of sources are what they say, and the planted defects are really in the frames."""

import hashlib
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from skyscene.synth import FORBIDDEN, demo_sources, training_sources


@pytest.fixture(scope="module")
def demo():
    return {source.name: source for source in demo_sources(width=64, height=36)}


def digest(source):
    seen = hashlib.sha256()
    for frame in source.frames():
        seen.update(frame.tobytes())
    return seen.hexdigest()


def test_the_demo_has_all_that_it_promises(demo):
    truths = [source.truth for source in demo.values()]
    assert sum(truth.clean for truth in truths) >= 7
    planted = {p.kind for truth in truths for p in truth.planted}
    assert planted == set(FORBIDDEN)
    assert all(truth.possible() >= 5 for truth in truths if truth.clean)
    assert 2400 < sum(truth.length for truth in truths) < 2700
    assert all(truth.planted == () for truth in truths if truth.clean)
    assert [p.kind for p in demo["cuts-and-dissolve"].truth.planted] == ["cut", "cut", "dissolve"]


def test_the_re_upload_has_the_same_frames(demo):
    copy = demo["re-upload"]
    assert copy.truth.duplicate_of is not None
    assert digest(copy) == digest(demo[copy.truth.duplicate_of])


def test_cuts_are_where_the_truth_says(demo):
    source = demo["cuts-and-dissolve"]
    frames = [frame.astype(np.int16) for frame in source.frames()]
    jumps = [float(np.abs(b - a).mean()) for a, b in pairwise(frames)]
    cuts = [p.interval.start for p in source.truth.planted if p.kind == "cut"]
    assert sorted(np.argsort(jumps)[-2:] + 1) == cuts
    assert len(frames) == source.truth.length


def test_the_dark_source_is_dark_and_the_stars_are_not(demo):
    assert max(int(frame.max()) for frame in demo["too-dark"].frames()) < 10
    stars = next(demo["milky-way"].frames())
    assert (stars[:24].max(axis=2) > 120).sum() >= 6


def test_no_two_clean_sources_look_alike(demo):
    first = [
        next(s.frames()).astype(np.float32)
        for s in demo.values()
        if s.truth.clean and not s.truth.duplicate_of
    ]
    apart = [np.abs(a - b).mean() for k, a in enumerate(first) for b in first[:k]]
    assert min(apart) > 3


def test_seeds_make_other_skies_with_the_same_truth(demo):
    other = demo_sources(1, width=64, height=36)
    assert [s.truth.planted for s in other] == [s.truth.planted for s in demo.values()]
    assert not np.array_equal(next(other[0].frames()), next(demo["noon-cumulus"].frames()))


def test_training_sources_are_many_different_and_may_share_a_wind():
    sources = training_sources(12, seed=4, size=32, frames=3, fixed_wind=(2.0, 0.0))
    assert len({source.truth.seed for source in sources}) == 12
    assert len({digest(source) for source in sources}) == 12
    skies = [source.reel.open.options["sky"] for source in sources]  # type: ignore[attr-defined]
    assert {sky.wind for sky in skies} == {(2.0, 0.0)}
    free = training_sources(12, seed=4, size=(48, 32), frames=3)
    assert [s.truth.seed for s in free] == [s.truth.seed for s in sources]
    assert next(free[0].frames()).shape == (32, 48, 3)
    assert replace(free[0].truth, width=32) == sources[0].truth


def test_sets_with_different_seeds_share_no_sky():
    seeds = [{s.truth.seed for s in training_sources(50, seed=seed)} for seed in (0, 1)]
    assert not seeds[0] & seeds[1]

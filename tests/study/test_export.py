"""From runs to a study's folder: what is public tells nothing, and everything in it fits together."""

from __future__ import annotations

import json
import re
import shutil
import stat
from pathlib import Path

import av
import numpy as np
import pytest

from skyscene.bench import make_elsewhere
from skyscene.bench.contest import Contest
from skyscene.errors import StudyError
from skyscene.study.entrants import open_cast
from skyscene.study.export import Draft, export_study, plan_study
from skyscene.study.folder import StudyFolder
from skyscene.study.frozen import read_study
from skyscene.study.key import Secret, read_key
from skyscene.study.platforms import import_votes
from skyscene.study.pretend import Tastes, pretend
from skyscene.study.recipe import StudyRecipe, load_protocol
from skyscene.study.scoring import score_study
from skyscene.study.tasks import read_blocks, read_tasks
from skyscene.study.trials import NOISE, SHUFFLED
from skyscene.study.votes import read_votes

CLIPS = 6
SECRET = Secret(b"\3" * 32)
MODELS = {"gloomy": 0.3, "shiny": 1.1}
"""A model's name and what it multiplies a still first frame by."""


@pytest.fixture(scope="module")
def contests(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two models from elsewhere on six real clips, scored; "shiny" is nearer to them."""
    root = tmp_path_factory.mktemp("study-contests")
    rng = np.random.default_rng(4)
    (root / "truth").mkdir()
    for number in range(CLIPS):
        base = rng.integers(60, 160, (64, 64, 1)).repeat(3, axis=2)
        clip = np.stack([np.roll(base, step, axis=1) for step in range(32)]).astype(np.uint8)
        np.save(root / "truth" / f"clip{number}.npy", clip)
        for name, times in MODELS.items():
            (root / name).mkdir(exist_ok=True)
            drawn = (clip[:1] * times).clip(0, 255).astype(np.uint8).repeat(32, axis=0)
            np.save(root / name / f"clip{number}.npy", drawn)
    runs = {}
    for name in MODELS:
        runs[name] = root / f"scores-{name}"
        made: Contest = make_elsewhere(root / name, runs[name], truth=root / "truth", device="cpu")
        made.score(["mse01", "ssim"])
    return runs


def protocol(**given: object) -> StudyRecipe:
    return load_protocol("skyscene").model_copy(update={"votes": 2, "raters": 4, **given})


@pytest.fixture(scope="module")
def draft(contests: dict[str, Path]) -> Draft:
    return plan_study(list(contests.values()), protocol(), device="cpu", secret=SECRET)


@pytest.fixture(scope="module")
def exported(draft: Draft, tmp_path_factory: pytest.TempPathFactory) -> StudyFolder:
    to = tmp_path_factory.mktemp("study") / "s1"
    return export_study(draft, to, base_url="https://clips.example.org/s1")


def test_who_takes_part_and_on_what_is_frozen(exported: StudyFolder, draft: Draft) -> None:
    study = read_study(exported)
    assert list(study.sides) == ["gloomy", "shiny", "real"] and study.size == 64
    assert len(study.clips) == CLIPS and "6 of the 100 clips wished" in study.notes[0]
    assert read_key(exported.key).pairs == draft.design.pairs
    assert read_key(exported.key).study_sha == study.sha == read_tasks(exported).study_sha
    assert read_blocks(exported) == [list(slot) for slot in draft.design.slots]


def test_a_changed_protocol_ends_the_study(exported: StudyFolder, tmp_path: Path) -> None:
    shutil.copytree(exported.root, tmp_path / "s")
    folder = StudyFolder(tmp_path / "s")
    folder.study.write_text(folder.study.read_text("utf-8").replace("more realistic", "nicer"), "utf-8")
    with pytest.raises(StudyError, match="changed after the export"):
        read_study(folder)


def test_every_clip_is_the_one_that_its_pair_says(exported: StudyFolder, draft: Draft) -> None:
    truth = draft.cast.contest.truth
    places = {clip: at for at, clip in enumerate(truth.ids)}
    seen = set()
    for pair in read_key(exported.key).pairs:
        sides = ((pair.left, pair.left_clip, pair.left_file), (pair.right, pair.right_clip, pair.right_file))
        for who, clip, file in sides:
            with av.open(str(exported.media / file)) as film:
                frames = np.stack([frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)])
            assert frames.shape == (32, 64, 64, 3)
            real = truth.stored([places[clip]])[0].numpy().astype(float)
            wanted = real if who == "real" else real[:1].repeat(32, axis=0) * MODELS.get(who, 0)
            off = np.abs(frames - wanted.clip(0, 255)).mean()
            assert (off < 12) == (who in ("real", *MODELS)), f"{who} of {clip} is off by {off:.1f}"
            seen.add(who)
    assert seen == {"real", *MODELS, NOISE, SHUFFLED}


def test_nothing_public_or_for_a_platform_tells_who_drew_what(exported: StudyFolder) -> None:
    key = read_key(exported.key)
    words = {*MODELS, *(name.title() for name in MODELS), "scores-", "gold", "practice", "repeat_of", "clip0"}
    words |= {key.secret.value.hex(), *(pair.comparison for pair in key.pairs), "clip5"}
    pattern = re.compile("|".join(map(re.escape, words)).encode(), re.IGNORECASE)
    files = [path for part in (exported.public, exported.exports) for path in part.rglob("*")]
    assert len(files) > 30
    for path in files:
        assert not pattern.search(str(path.relative_to(exported.root)).encode()), path
        if path.is_file():
            found = pattern.search(path.read_bytes())
            assert found is None, f"{path.name}: {found.group() if found else b''!r}"
    assert len({path.stat().st_mtime for path in exported.public.rglob("*")}) == 1
    assert stat.S_IMODE(exported.key.stat().st_mode) == 0o600


def test_films_carry_no_metadata_and_are_coded_alike(exported: StudyFolder) -> None:
    told = set()
    for path in exported.media.glob("*.mp4"):
        with av.open(str(path)) as film:
            stream = film.streams.video[0]
            tags = {**film.metadata, **stream.metadata}
            tags = {name: value for name, value in tags.items() if name not in ("handler_name", "vendor_id")}
            told.add((stream.codec.name, stream.average_rate, stream.frames, stream.width, stream.pix_fmt))
        assert set(tags) <= {"major_brand", "minor_version", "compatible_brands", "language"}, tags
    assert len(told) == 1


def test_the_same_secret_makes_the_same_public_bytes(
    draft: Draft, exported: StudyFolder, tmp_path: Path
) -> None:
    again = export_study(draft, tmp_path / "again")
    for path in exported.public.rglob("*.mp4"):
        assert path.read_bytes() == (again.media / path.name).read_bytes()
    assert exported.tasks.read_bytes() == again.tasks.read_bytes()
    other = plan_study([Path(side.folder) for side in draft.study.sides.values() if side.folder], protocol())
    assert not {p.pair_id for p in other.design.pairs} & {p.pair_id for p in draft.design.pairs}


def test_frames_are_shown_as_pictures(contests: dict[str, Path], tmp_path: Path) -> None:
    settings = protocol(shows=("frame", "video"), frame=16, practice=0, gold_every=0)
    folder = export_study(plan_study(list(contests.values()), settings, device="cpu"), tmp_path / "f")
    pairs = read_key(folder.key).pairs
    assert {(pair.show, pair.left_file[-4:]) for pair in pairs} == {("frame", ".png"), ("video", ".mp4")}


def test_made_up_votes_go_the_whole_way_and_metrics_are_held_against_them(
    exported: StudyFolder, tmp_path: Path
) -> None:
    shutil.copytree(exported.root, tmp_path / "s")
    folder = StudyFolder(tmp_path / "s")
    tastes = Tastes({"gloomy": 0.0, "shiny": 9.0, "real": 30.0}, rater_sd=0, clip_sd=0)
    count = pretend(folder, tmp_path / "made-up.csv", tastes, seed=1)
    assert import_votes(folder, tmp_path / "made-up.csv").votes == count
    score = score_study(folder)
    assert [(row.first, row.second, row.pos) for row in score.rows] == [
        ("gloomy", "shiny", 0),
        ("gloomy", "real", 0),
        ("shiny", "real", 0),
    ]
    assert score.quality.gold == 100 and not score.breaches and not score.excluded
    agreed = {each.metric: each.found.agreement for each in score.predictions}
    # "shiny" is nearer to the truth on every clip; SSIM finds the darker one better where nothing is alike.
    assert agreed == {"mse01": 100, "ssim": 0}


def test_a_metric_that_prefers_one_model_everywhere_is_told(exported: StudyFolder, tmp_path: Path) -> None:
    shutil.copytree(exported.root, tmp_path / "s")
    folder = StudyFolder(tmp_path / "s")
    pretend(folder, tmp_path / "v.csv", Tastes({"gloomy": 0.0, "shiny": 0.5, "real": 9.0}), seed=1)
    import_votes(folder, tmp_path / "v.csv")
    told = {each.metric: each.found for each in score_study(folder).predictions}
    assert told["mse01"].odds_ratio and "one model everywhere" in told["mse01"].why


def test_what_cannot_be_a_study_is_said(
    contests: dict[str, Path], draft: Draft, exported: StudyFolder, tmp_path: Path
) -> None:
    with pytest.raises(StudyError, match="is no address of a web page"):
        export_study(draft, tmp_path / "never", base_url="example.org")
    assert not (tmp_path / "never").exists()
    with pytest.raises(StudyError, match="is there already"):
        export_study(draft, exported.root)
    with pytest.raises(StudyError, match=r"no run\. A folder of clips becomes one by `bench score FOLDER"):
        open_cast([tmp_path], protocol())
    with pytest.raises(StudyError, match="by: the clips have no labels 'weather'"):
        plan_study([contests["shiny"]], protocol(by="weather"), device="cpu")
    with pytest.raises(StudyError, match="baselines: no 'copy'; this contest has copy-first"):
        plan_study([contests["shiny"]], protocol(baselines=("copy",)), device="cpu")


def test_runs_of_other_clips_do_not_meet(contests: dict[str, Path], tmp_path: Path) -> None:
    for part in ("truth", "other"):
        (tmp_path / part).mkdir()
        for number in range(CLIPS):
            np.save(tmp_path / part / f"clip{number}.npy", np.full((32, 64, 64, 3), number, np.uint8))
    made = make_elsewhere(tmp_path / "other", tmp_path / "scores", truth=tmp_path / "truth", device="cpu")
    with pytest.raises(StudyError, match="draws from other first frames than"):
        open_cast([contests["shiny"], made.folder], protocol(), "cpu")


def test_a_run_does_not_meet_itself(contests: dict[str, Path]) -> None:
    run = contests["shiny"]
    with pytest.raises(StudyError, match="given twice"):
        open_cast([run, run / ".." / run.name], protocol(), "cpu")


def test_a_baseline_and_two_runs_of_one_name_take_part(contests: dict[str, Path], tmp_path: Path) -> None:
    again = shutil.copytree(contests["shiny"], tmp_path / "again")
    cast = open_cast([contests["shiny"], again], protocol(baselines=("copy-first",)), device="cpu")
    assert cast.names == ["shiny-1", "shiny-2", "copy-first", "real"]


def test_no_name_is_given_twice_or_means_something_else(contests: dict[str, Path], tmp_path: Path) -> None:
    runs = [contests["shiny"], shutil.copytree(contests["shiny"], tmp_path / "again")]
    for label in ("shiny-1", "real", NOISE):
        made = json.loads((contests["shiny"] / "run.json").read_text("utf-8")) | {"label": label}
        shutil.copytree(contests["shiny"], tmp_path / label)
        (tmp_path / label / "run.json").write_text(json.dumps(made), "utf-8")
        runs.append(tmp_path / label)
    names = open_cast(runs, protocol(), device="cpu").names
    assert names == ["shiny-2", "shiny-3", "shiny-1", "real-1", f"{NOISE}-1", "real"]


def test_the_size_of_a_file_says_nothing(exported: StudyFolder) -> None:
    assert len({path.stat().st_size for path in exported.media.glob("*.mp4")}) == 1


def test_made_up_votes_are_called_so_in_every_result(exported: StudyFolder, tmp_path: Path) -> None:
    shutil.copytree(exported.root, tmp_path / "s")
    folder = StudyFolder(tmp_path / "s")
    pretend(folder, tmp_path / "v.csv")
    import_votes(folder, tmp_path / "v.csv")
    score = score_study(folder)
    assert f"{score.votes} of the {score.votes} votes are MADE UP" in " ".join(score.notes)
    assert {vote.platform for vote in read_votes(folder.votes)} == {"made-up"}

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from skyscene.errors import StudyError
from skyscene.study.folder import StudyFolder
from skyscene.study.frozen import Side, read_study
from skyscene.study.key import Key, Secret, read_key
from skyscene.study.platforms import PLATFORMS, export_platforms
from skyscene.study.platforms.plan import completion
from skyscene.study.platforms.sheet import write_sheet
from skyscene.study.tasks import WARNING, read_blocks, read_tasks, write_blocks, write_tasks
from tests.study.made import made_study

ADDRESS = "https://example.org/study/"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def exported(study: StudyFolder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in export_platforms(study, ADDRESS)}


def test_every_platform_writes_its_files_and_says_so(study: StudyFolder) -> None:
    written = export_platforms(study, ADDRESS)
    assert sorted(path.name for path in written) == [
        "arena_battles.json",
        "jspsych_index.html",
        "jspsych_timeline.json",
        "labelstudio_config.xml",
        "labelstudio_tasks.json",
        "mturk_input.csv",
        "mturk_layout.html",
        "pairs.csv",
    ]
    assert sorted(study.exports.iterdir()) == sorted(written)
    for name in PLATFORMS:
        assert 1 <= len(export_platforms(study, names=[name])) <= 2


def test_every_file_names_its_study_where_votes_carry_it(study: StudyFolder) -> None:
    sha = read_study(study).sha[:12].encode()
    without = {name for name, data in exported(study).items() if sha not in data}
    assert without == {"jspsych_index.html", "labelstudio_config.xml", "mturk_layout.html"}


def test_nothing_of_the_key_is_in_any_file(study: StudyFolder) -> None:
    """Names that cannot stand there by chance, and then words that would give a pair's kind away."""
    frozen, key = read_study(study), read_key(study.key)
    names = {"one": "quaggamodel", "two": "axolotlmodel", "real": "okapimodel", "gold-noise": "dugongmodel"}
    sides = {
        names[side.name]: Side(names[side.name], f"{names[side.name]} label", side.kind, "runs/ocelotrun")
        for side in frozen.sides.values()
    }
    frozen = replace(frozen, sides=sides)
    pairs = [
        replace(
            pair,
            left=names[pair.left],
            right=names[pair.right],
            left_clip="narwhalclip",
            group="narwhalclip",
            comparison=f"lemurpair{pair.comparison}",
        )
        for pair in key.pairs
    ]
    frozen.write(study)
    Key(key.secret, frozen.sha, pairs).write(study.key)
    write_tasks(study, frozen, pairs)
    write_blocks(study, frozen, read_blocks(study))
    secret = key.secret.value.hex()
    for name, data in exported(study).items():
        text = data.decode().lower()
        for word in [*names.values(), "ocelotrun", "narwhalclip", "lemurpair", secret, "model_x"]:
            assert word not in text, (name, word)
        assert not re.search(r"\b(gold|repeat|repeat_of|practice|kind|comparison|scene|seed)\b", text), name


def test_exports_depend_on_nothing_secret(study: StudyFolder) -> None:
    """Whatever a pair is, as long as it is no practice, the files have the same bytes."""
    before = exported(study)
    key = read_key(study.key)
    pairs = [
        pair
        if pair.kind == "practice"
        else replace(
            pair,
            kind="gold" if pair.kind == "test" else "test",
            left=pair.right,
            right=pair.left,
            gold_side="left",
            repeat_of=None,
            comparison="same",
            scene="blue",
        )
        for pair in key.pairs
    ]
    Key(Secret(bytes(32)), key.study_sha, pairs).write(study.key)
    assert exported(study) == before


def test_every_planned_vote_but_practice_is_asked_for_once(study: StudyFolder) -> None:
    export_platforms(study, ADDRESS)
    practice = {pair.pair_id for pair in read_key(study.key).pairs if pair.kind == "practice"}
    wanted = Counter(pair for slot in read_blocks(study) for pair in slot if pair not in practice)
    assert max(wanted.values()) > 1
    mturk = Counter(row["pair_id"] for row in rows_of(study.exports / "mturk_input.csv"))
    plain = Counter(row["pair_id"] for row in rows_of(study.exports / "pairs.csv"))
    arena = Counter(
        each["question_id"] for each in json.loads((study.exports / "arena_battles.json").read_bytes())
    )
    label = Counter(
        each["data"]["pair_id"]
        for each in json.loads((study.exports / "labelstudio_tasks.json").read_bytes())
    )
    table = json.loads((study.exports / "jspsych_timeline.json").read_bytes())
    jspsych = Counter(trial["data"]["pair_id"] for line in table["timelines"] for trial in line)
    assert mturk == plain == arena == label == jspsych == wanted


def test_addresses_lead_to_the_files_of_the_public_folder(study: StudyFolder) -> None:
    export_platforms(study, ADDRESS)
    pairs = read_tasks(study).pairs
    for row in rows_of(study.exports / "mturk_input.csv"):
        assert row["left_url"] == "https://example.org/study/" + pairs[row["pair_id"]]["left"]
        assert (study.public / row["right_url"].removeprefix(ADDRESS)).is_file()
    export_platforms(study, "")
    for row in rows_of(study.exports / "pairs.csv"):
        assert (study.public / row["left"]).is_file()


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "=https://a", "https://a b", 'https://a"onload="', "ftp://a", "https://${x}"],
)
def test_an_address_that_is_none_is_refused(study: StudyFolder, address: str) -> None:
    with pytest.raises(StudyError, match="no address of a web page"):
        export_platforms(study, address)
    assert not study.exports.exists()


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@A1", "\tx", "\rx"])
def test_no_cell_is_a_formula(tmp_path: Path, cell: str) -> None:
    with pytest.raises(StudyError, match="formula"):
        write_sheet(tmp_path / "a.csv", ("a", "b"), [("x", 1), (cell, 2)])
    assert not list(tmp_path.iterdir())


def test_a_question_is_escaped_wherever_it_goes(tmp_path: Path) -> None:
    study = made_study(tmp_path / "s", clips=1, slots=1, completion_code="A&B", display=200)
    frozen = read_study(study)
    asked = '<script>alert("x")</script> & ${left_url} \'?'
    protocol = frozen.protocol.model_copy(
        update={"question": asked, "consent": asked, "instructions": (asked,)}
    )
    frozen = replace(frozen, protocol=protocol)
    key = read_key(study.key)
    frozen.write(study)
    Key(key.secret, frozen.sha, key.pairs).write(study.key)
    write_tasks(study, frozen, key.pairs)
    write_blocks(study, frozen, read_blocks(study))
    files = exported(study)
    for name, data in files.items():
        assert b"<script>alert" not in data, name
    layout = files["mturk_layout.html"].decode()
    assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#36;{left_url}" in layout
    assert set(re.findall(r"\$\{(.*?)\}", layout)) == {"show", "left_url", "right_url"}
    config = ElementTree.fromstring(files["labelstudio_config.xml"])
    assert asked in [header.get("value") for header in config.iter("Header")]
    table = json.loads(files["jspsych_timeline.json"])
    assert "&lt;script&gt;" in table["timelines"][0][0]["stimulus"]
    assert "&lt;script&gt;" in table["opening"]["stimulus"]


def test_pages_warn_of_flashing_and_show_both_muted_and_inline(study: StudyFolder) -> None:
    files = exported(study)
    table = json.loads(files["jspsych_timeline.json"])
    layout, page = files["mturk_layout.html"].decode(), files["jspsych_index.html"].decode()
    assert WARNING in layout and WARNING in table["opening"]["stimulus"]
    assert WARNING in files["labelstudio_config.xml"].decode()
    for text in (layout, page):
        assert "one.muted = true" in text and "one.playsInline = true" in text
        assert 'addEventListener("ended"' in text or "one.onended" in text
    assert "<crowd-form>" in layout and "</crowd-form>" in layout
    assert layout.count(" disabled>") == 3  # both answers, and the button that sends
    assert page.count("https://") == 0 and page.count("http://") == 0
    assert re.findall(r'https?://[^"]*', layout) == ["https://assets.crowd.aws/crowd-html-elements.js"]


@pytest.mark.parametrize(
    ("code", "url", "goes"),
    [
        ("", "", ""),
        ("C1&x", "", "https://app.prolific.com/submissions/complete?cc=C1%26x"),
        ("C1", "https://example.org/done", "https://example.org/done"),
    ],
)
def test_where_a_rater_goes_at_the_end(tmp_path: Path, code: str, url: str, goes: str) -> None:
    study = made_study(tmp_path / "s", clips=1, slots=1, completion_code=code, completion_url=url)
    assert completion(read_study(study)) == goes
    export_platforms(study, names=["jspsych"])
    table = json.loads((study.exports / "jspsych_timeline.json").read_bytes())
    assert table["completion"] == {"code": code, "url": goes}


def test_label_studio_has_buttons_for_all_but_the_sides(tmp_path: Path) -> None:
    study = made_study(tmp_path / "s", clips=1, slots=1, answers=("left", "right", "tie", "invalid"))
    export_platforms(study, ADDRESS)
    config = ElementTree.parse(study.exports / "labelstudio_config.xml").getroot()
    assert [pairwise.get("toName") for pairwise in config.iter("Pairwise")] == ["left,right"]
    assert [(film.get("name"), film.get("muted")) for film in config.iter("Video")] == [
        ("left", "true"),
        ("right", "true"),
    ]
    assert [choice.get("alias") for choice in config.iter("Choice")] == ["tie", "invalid"]


def test_frames_are_shown_as_pictures(study: StudyFolder) -> None:
    key = read_key(study.key)
    frozen = read_study(study)
    pairs = [replace(pair, show="frame") if pair.kind == "gold" else pair for pair in key.pairs]
    Key(key.secret, key.study_sha, pairs).write(study.key)
    write_tasks(study, frozen, pairs)
    names = exported(study)
    assert {"labelstudio_frame_config.xml", "labelstudio_frame_tasks.json"} <= set(names)
    config = ElementTree.fromstring(names["labelstudio_frame_config.xml"])
    assert len(list(config.iter("Image"))) == 2 and not list(config.iter("Video"))
    assert frozen.protocol.frame_question in names["labelstudio_frame_config.xml"].decode()
    shown = [
        task["data"]["show"] for task in json.loads((study.exports / "labelstudio_tasks.json").read_bytes())
    ]
    assert set(shown) == {"video"} and len(shown) == 15
    table = json.loads(names["jspsych_timeline.json"])
    frames = [t for line in table["timelines"] for t in line if 'data-show="frame"' in t["stimulus"]]
    assert len(frames) == 3 and all(frozen.protocol.frame_question in t["stimulus"] for t in frames)


def test_files_of_two_studies_are_not_mixed(study: StudyFolder) -> None:
    tasks = json.loads(study.tasks.read_bytes())
    study.tasks.write_text(json.dumps(tasks | {"study_sha": "0" * 64}))
    with pytest.raises(StudyError, match="not of one study"):
        export_platforms(study, ADDRESS)

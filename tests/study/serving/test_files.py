"""Which files the server gives away: the clips of the study, by the names it made for them, and no others."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from skyscene.errors import StudyError
from skyscene.study.folder import StudyFolder
from tests.study.serving.asking import Site
from tests.study.serving.asking import site as site_on


@pytest.mark.parametrize(
    "path",
    [
        "/tasks.json",
        "/public/tasks.json",
        "/media/tasks.json",
        "/media/../tasks.json",
        "/media/%2e%2e/tasks.json",
        "/media/..%2f..%2fkey.parquet/left",
        "/media/MEDIA/..%2f..%2f..%2fkey.parquet",
        "/media/MEDIA/left/../../../../key.parquet",
        "/media/MEDIA/show",
        "/media/MEDIA/%00",
        "/media/FILE",
        "/media/FILE/left",
        "/assets/..%2fapp.py",
        "/assets/%2e%2e/app.py",
        "/assets/%2fetc%2fpasswd",
        "/assets/study.html",
        "/key.parquet",
        "/votes.sqlite",
        "//etc/passwd",
    ],
)
def test_no_path_leads_to_another_file(site: Site, folder: StudyFolder, path: str) -> None:
    rater = site.rater()
    media = rater.begin(site.links[0])["trial"]["left"].split("/")[2]
    file = next(folder.media.iterdir()).name
    answer = rater.ask("GET", path.replace("MEDIA", media).replace("FILE", file))
    assert answer.status_code == 404, answer.text
    assert rater.get(f"/media/{media}/left").status_code == 200


def _first_file(site: Site) -> Path:
    first = json.loads(site.folder.blocks.read_text())["slots"][0][0]
    return site.folder.public / str(json.loads(site.folder.tasks.read_text())["pairs"][first]["left"])


@pytest.mark.parametrize("kind", ["out", "inside", "folder", "gone"])
def test_a_link_in_the_media_folder_is_not_followed(site: Site, kind: str) -> None:
    rater = site.rater()
    url = rater.begin(site.links[0])["trial"]["left"]
    assert rater.get(url).status_code == 200
    file = _first_file(site)
    if kind == "folder":
        os.rename(site.folder.media, site.folder.root / "elsewhere")
        site.folder.media.symlink_to(site.folder.root / "elsewhere")
    else:
        target = (
            site.folder.key if kind == "out" else next(p for p in site.folder.media.iterdir() if p != file)
        )
        file.unlink()
        if kind != "gone":
            file.symlink_to(target)
    assert rater.get(url).status_code == 404


@pytest.mark.parametrize("name", ["../key.parquet", "/etc/hostname", "tasks.json", "media/link.mp4", "media"])
def test_a_list_that_names_what_is_no_clip_is_not_served(folder: StudyFolder, name: str) -> None:
    (folder.media / "link.mp4").symlink_to(folder.key)
    table = json.loads(folder.tasks.read_text())
    next(iter(table["pairs"].values()))["right"] = name
    folder.tasks.write_text(json.dumps(table))
    with pytest.raises(StudyError, match="no clip or frame"), site_on(folder):
        pass


def test_parts_of_a_clip_can_be_asked_for(site: Site) -> None:
    rater = site.rater()
    url = rater.begin(site.links[0])["trial"]["left"]
    whole = _first_file(site).read_bytes()
    assert rater.get(url).content == whole and rater.get(url).headers["content-type"] == "video/mp4"
    part = rater.get(url, Range="bytes=0-1")
    assert (part.status_code, part.content) == (206, whole[:2])
    assert part.headers["content-range"] == f"bytes 0-1/{len(whole)}"
    assert rater.get(url, Range="bytes=-5").content == whole[-5:]
    assert rater.get(url, Range=f"bytes={len(whole)}-").status_code == 416

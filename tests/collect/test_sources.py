import os
import sys

import pytest

from skyscene.collect import SourceList, read_sources
from skyscene.collect.locator import url_locator
from skyscene.errors import ManifestError

ID = "07U1fSrk9oI"


def locators(args):
    return [ref.locator for ref in read_sources([str(arg) for arg in args]).refs]


@pytest.mark.parametrize(
    "address",
    [
        "https://www.youtube.com/watch?v={}",
        "http://youtube.com/watch?v={}&list=PL123&index=4&t=10s",
        "https://www.youtube.com/watch?feature=share&v={}#t=4",
        "HTTPS://WWW.YOUTUBE.COM/watch?v={}",
        "https://m.youtube.com/watch?v={}",
        "https://music.youtube.com/watch?v={}&si=x",
        "https://youtu.be/{}",
        "https://youtu.be/{}?si=abc&t=3",
        "https://www.youtube.com/shorts/{}/",
        "https://www.youtube.com/embed/{}?autoplay=1",
        "https://www.youtube-nocookie.com/embed/{}",
        "https://www.youtube.com/live/{}?feature=share",
        "https://www.youtube.com/v/{}",
        "https://www.youtube.com:443/watch?v={}",
        "youtube:{}",
    ],
)
@pytest.mark.parametrize("video", [ID, "-abcdefgh_-"])
def test_every_way_to_name_a_video_is_one_reference(address, video):
    (ref,) = read_sources([address.format(video)]).refs
    assert (ref.kind, ref.locator) == ("youtube", f"youtube:{video}")
    assert ref.url == f"https://www.youtube.com/watch?v={video}"


@pytest.mark.parametrize(
    "address",
    [
        "https://www.youtube.com/playlist?list=PL1234567890",
        "https://www.youtube.com/watch?list=PL1234567890",
        "https://www.youtube.com/@clouds",
        "https://www.youtube.com/@clouds/videos",
        "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv",
        "https://www.youtube.com/c/clouds",
        "https://www.youtube.com/embed/videoseries?list=PL1234567890",
    ],
)
def test_a_playlist_is_told_how_to_be_expanded(address):
    with pytest.raises(ManifestError, match=r"yt-dlp --flat-playlist --print id .* > ids\.txt"):
        read_sources([address])


@pytest.mark.parametrize(
    "address",
    [
        "https://www.youtube.com/watch?v=07U1fSrk9o",
        "https://www.youtube.com/watch?v=07U1fSrk9oIx",
        "https://youtu.be/07U1fSrk9o%0A",
        "https://youtu.be/",
        "https://www.youtube.com/",
        "youtube:07U1fSrk9oI\n",
        "youtube:",
        "ftp://host/a.mp4",
        "http://",
        "http://host:port/a.mp4",
        "http://ho\nst/a.mp4",
    ],
)
def test_what_names_no_video_is_refused(address):
    with pytest.raises(ManifestError):
        read_sources([address])


def test_an_address_has_one_spelling():
    assert url_locator("HTTP://Example.COM:80/Sky.MP4?A=b#t=10") == "url:http://example.com/Sky.MP4?A=b"
    assert url_locator("http://u:P@Host:8080/a b.mp4") == "url:http://u:P@host:8080/a%20b.mp4"
    assert url_locator("https://host") == "url:https://host/"
    assert url_locator("http://[::1]:81/a") == "url:http://[::1]:81/a"
    assert url_locator("https://notyoutube.com/watch?v=" + ID).startswith("url:")


def test_a_folder_gives_its_videos_sorted(tmp_path):
    for name in [
        "b.MP4",
        "a/z.mov",
        "a/b/c.webm",
        "notes.txt",
        ".hidden.mp4",
        ".git/x.mp4",
        "a.gif",
        "-x.ts",
    ]:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    names = [os.path.relpath(locator[5:], tmp_path) for locator in locators([tmp_path])]
    assert names == ["-x.ts", "a.gif", "a/b/c.webm", "a/z.mov", "b.MP4"]


def test_a_folder_without_videos_is_refused(tmp_path):
    (tmp_path / "a.jpg").touch()
    with pytest.raises(ManifestError, match=r"no video in the folder .*\.mp4"):
        read_sources([str(tmp_path)])


ODD = [
    "-dash.mp4",
    "with blank.mp4",
    'quo"te.mp4',
    "new\nline.mp4",
    "wölkchen ☁.mp4",
    "noext",
    "x.dat",
    "a#b.mp4",
]


@pytest.mark.parametrize("name", ODD)
def test_a_named_file_is_taken_whatever_it_is_called(name, tmp_path, monkeypatch):
    (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    (ref,) = read_sources([name]).refs
    assert (ref.kind, ref.target) == ("file", str(tmp_path / name))
    assert len(ref.ref_id) == 16


@pytest.mark.skipif(sys.platform == "darwin", reason="file names there are Unicode")
def test_a_name_that_is_no_text_is_taken(tmp_path):
    path = os.fsencode(tmp_path) + b"/\xff\xfe.mp4"
    open(path, "wb").close()
    (ref,) = read_sources([str(tmp_path)]).refs
    assert os.fsencode(ref.target) == path and len(ref.ref_id) == 16


def test_all_that_is_missing_is_named_at_once(tmp_path):
    (tmp_path / "a.mp4").touch()
    args = ["/no/one.mp4", str(tmp_path / "a.mp4"), "/no/two", ID, "youtu.be/" + ID]
    with pytest.raises(ManifestError) as caught:
        read_sources(args)
    text = str(caught.value)
    assert "/no/one.mp4" in text and "/no/two" in text and "a.mp4," not in text
    assert f"youtube:{ID}" in text and "begins with https://" in text


def test_nothing_is_no_source():
    with pytest.raises(ManifestError, match="no sources"):
        read_sources([])


def test_a_pipe_is_no_source(tmp_path):
    os.mkfifo(tmp_path / "pipe.mp4")
    with pytest.raises(ManifestError, match="is not a file"):
        read_sources([str(tmp_path / "pipe.mp4")])


def test_the_same_source_twice_counts_once(tmp_path):
    (tmp_path / "a.mp4").touch()
    found = read_sources([str(tmp_path / "a.mp4"), str(tmp_path), f"https://youtu.be/{ID}", f"youtube:{ID}"])
    assert [ref.kind for ref in found.refs] == ["file", "youtube"]
    assert found.notices == ("2 repeated sources left out; the first counts",)


def test_two_manifests_may_not_put_a_video_on_two_sides(tmp_path):
    (tmp_path / "a.csv").write_text(f"id,split\n{ID},train\n")
    (tmp_path / "b.csv").write_text(f"id,split\n{ID},test\n")
    with pytest.raises(ManifestError, match=r"b\.csv:2: youtube:.* is in test, but in train at .*a\.csv:2"):
        read_sources([str(tmp_path / "a.csv"), str(tmp_path / "b.csv")])


def test_a_side_given_later_is_not_lost(tmp_path):
    (tmp_path / "a.csv").write_text(f"id,split\n{ID},test\n")
    (ref,) = read_sources([f"youtube:{ID}", str(tmp_path / "a.csv")]).refs
    assert ref.official_split == "test"


def test_the_result_is_frozen():
    with pytest.raises(AttributeError):
        SourceList(()).refs = ()  # type: ignore[misc]

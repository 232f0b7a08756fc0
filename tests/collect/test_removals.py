import pytest

from skyscene.collect import Removals
from skyscene.collect.manifest import ref_of
from skyscene.errors import ManifestError

ID = "07U1fSrk9oI"
VIDEO = ref_of(f"youtube:{ID}", {})
OTHER = ref_of("url:http://h/a.mp4", {})


@pytest.mark.parametrize(
    "line", [ID, f"youtube:{ID}", f"https://youtu.be/{ID}?t=1", VIDEO.ref_id, f"  {ID}  # asked to, 4 May"]
)
def test_any_way_to_name_a_video_removes_it(line, tmp_path):
    (tmp_path / "removed.txt").write_text(f"\ufeff# list\r\n\r\n{line}\r\n")
    removals = Removals(tmp_path / "removed.txt")
    assert VIDEO in removals and VIDEO.ref_id in removals
    assert OTHER not in removals and len(removals) == 1


def test_a_path_is_relative_to_the_list(tmp_path):
    (tmp_path / "removed.txt").write_text("sky/a b.mp4\n")
    removals = Removals(tmp_path / "removed.txt")
    assert ref_of(f"file:{tmp_path}/sky/a b.mp4", {}) in removals


def test_no_list_removes_nothing(tmp_path):
    assert VIDEO not in Removals(tmp_path / "removed.txt")


def test_an_entry_that_names_nothing_is_told(tmp_path):
    (tmp_path / "removed.txt").write_text(f"{ID}\nyoutube:short\nhttps://youtu.be/\n")
    with pytest.raises(ManifestError) as caught:
        Removals(tmp_path / "removed.txt")
    assert "removed.txt:2" in str(caught.value) and "removed.txt:3" in str(caught.value)


def test_what_is_added_stays_beside_what_people_wrote(tmp_path):
    path = tmp_path / "data" / "removed.txt"
    path.parent.mkdir()
    path.write_text(f"# by hand\n{ID}")
    odd = [ref_of(f"file:/data/{name}", {}) for name in ("new\nline.mp4", "a # b.mp4", "é.mp4", "\udcff.mp4")]
    removals = Removals(path)
    assert removals.add([VIDEO, OTHER, OTHER, *odd]) == 5
    assert removals.add([OTHER]) == 0
    assert path.read_text().startswith(f"# by hand\n{ID}\n{OTHER.locator}\n")
    for found in (removals, Removals(path)):
        assert all(ref in found for ref in (VIDEO, OTHER, *odd)) and len(found) == 6


def test_a_new_list_says_what_it_is(tmp_path):
    Removals(tmp_path / "removed.txt").add([VIDEO])
    assert (tmp_path / "removed.txt").read_text().startswith("# ")
    assert VIDEO in Removals(tmp_path / "removed.txt")

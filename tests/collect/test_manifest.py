import csv
import re

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from skyscene.collect import read_manifest, read_sources
from skyscene.errors import ManifestError
from skyscene.recipes import shipped

ID, OTHER = "07U1fSrk9oI", "-abcdefgh_-"


def refs(path):
    return [ref for _, ref in read_manifest(path).rows]


def write(tmp_path, data, name="m.csv"):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


@pytest.mark.parametrize(
    "data",
    [
        f"video_id,official_split\n{ID},train\n{OTHER},test\n",
        f"id;split\n{ID};train\n{OTHER};test\n",
        f"id\tsplit\r\n{ID}\tsky_train\r\n{OTHER}\tsky_test\r\n",
        f"ID , Split\n {ID} , Train \n\n{OTHER},TESTING",
        f"\ufeffid,split\n{ID},train\n{OTHER},test\n",
        f"split,url\ntrain,https://youtu.be/{ID}\ntest,https://www.youtube.com/watch?v={OTHER}&t=1\n",
        f"split,id\ntrain,https://youtu.be/{ID}?si=1\ntest,youtube:{OTHER}\n",
        f'"id","split"\n"{ID}","train"\n"{OTHER}","test"\n',
        f"\n\nid,split\n{ID},train\n,\n{OTHER},test\n",
        f"id,split\n{ID},train\n{OTHER},test\n".encode("utf-16"),
    ],
)
def test_all_spellings_of_a_table_are_one(data, tmp_path):
    found = refs(write(tmp_path, data))
    assert [(ref.locator, ref.official_split) for ref in found] == [
        (f"youtube:{ID}", "train"),
        (f"youtube:{OTHER}", "test"),
    ]
    assert all(not ref.extras for ref in found)


def test_other_columns_are_carried_and_named_once(tmp_path):
    path = write(tmp_path, f'id,shots,note\n{ID},1 2,"a, ""b""\nc"\n{OTHER},,x\n')
    manifest = read_manifest(path)
    assert [dict(ref.extras) for _, ref in manifest.rows] == [
        {"shots": "1 2", "note": 'a, "b"\nc'},
        {"note": "x"},
    ]
    assert manifest.notices == (f"{path}: columns carried along, not used: shots, note",)
    assert [where for where, _ in manifest.rows] == [f"{path}:2", f"{path}:4"]


def test_paths_are_relative_to_the_manifest(tmp_path):
    path = write(
        tmp_path, 'path\nsky/a b.mp4\n../up.mp4\n/abs/c.mp4\n-d.mp4\n"new\nline ""q"".mp4"\nhttp://h/x\n'
    )
    assert [ref.locator for ref in refs(path)] == [
        f"file:{tmp_path}/sky/a b.mp4",
        f"file:{tmp_path.parent}/up.mp4",
        "file:/abs/c.mp4",
        f"file:{tmp_path}/-d.mp4",
        f'file:{tmp_path}/new\nline "q".mp4',
        "url:http://h/x",
    ]


def test_a_path_that_is_no_text_keeps_its_bytes(tmp_path):
    (ref,) = refs(write(tmp_path, b"path\n\xff\xfe.mp4\n"))
    assert ref.target.encode("utf-8", "surrogateescape").endswith(b"/\xff\xfe.mp4")
    assert len(ref.ref_id) == 16


def test_line_breaks_in_a_quoted_path_are_kept(tmp_path):
    (ref,) = refs(write(tmp_path, 'path,split\r\n"a\rb\r\nc.mp4",train\r\n'))
    assert ref.target == f"{tmp_path}/a\rb\r\nc.mp4"


def test_the_nearest_place_counts(tmp_path):
    path = write(tmp_path, f"id,url,path\n{ID},,a.mp4\n7,http://h/b.mp4,\n{ID},,\n")
    assert [ref.locator for ref in refs(path)] == [
        f"file:{tmp_path}/a.mp4",
        "url:http://h/b.mp4",
        f"youtube:{ID}",
    ]
    assert refs(path)[0].extras == {"id": ID}


def test_all_bad_rows_are_told_at_once(tmp_path):
    rows = [ID, "07U1fSrk9o", "07U1fSrk9oI.", "../etc/pwd", "", "héllo_wörld", "07U1fSrk9oI\u0661"]
    path = write(
        tmp_path, "id,split\n" + "".join(f"{row},train\n" for row in rows) + f"{ID},maybe\n{ID},a,b\n"
    )
    with pytest.raises(ManifestError) as caught:
        read_manifest(path)
    lines = str(caught.value).splitlines()
    assert lines[0] == f"{path}: 8 bad rows"
    assert lines[1].startswith(f"{path}:3: id '07U1fSrk9o' is neither a video id")
    assert [line.split(":")[1] for line in lines[1:]] == ["3", "4", "5", "6", "7", "8", "9", "10"]
    assert "maybe" in lines[7] and "3 cells, but 2 columns" in lines[8]


def test_of_many_bad_rows_twenty_are_told(tmp_path):
    path = write(tmp_path, "id\n" + "bad\n" * 50)
    with pytest.raises(ManifestError) as caught:
        read_manifest(path)
    lines = str(caught.value).splitlines()
    assert len(lines) == 22 and lines[0].endswith("50 bad rows") and lines[-1] == "... and 30 more"


@pytest.mark.parametrize(
    "data, words",
    [
        ("", "is empty"),
        ("\ufeff\n\n", "is empty"),
        ("id,split\n", "has no rows"),
        ("id,split\n\n,\n", "has no rows"),
        (f"vidoe_id\n{ID}\n", "'vidoe_id': did you mean "),
        ("title,length\na,b\n", "its columns are 'title', 'length'"),
        (f"id,ID\n{ID},{ID}\n", "column id is there twice"),
        (f"id\n{ID}\n" + '"' + "x" * 200_000 + '"\n', "field larger than field limit"),
    ],
)
def test_a_table_that_cannot_be_used_says_why(data, words, tmp_path):
    with pytest.raises(ManifestError) as caught:
        read_manifest(write(tmp_path, data))
    assert words in str(caught.value) and "m.csv" in str(caught.value)


def test_parquet(tmp_path):
    path = tmp_path / "m.parquet"
    pq.write_table(pa.table({"Video_ID": [ID, OTHER], "split": ["train", None], "n": [1, 2]}), path)
    found = refs(path)
    assert [(ref.target, ref.official_split, ref.extras["n"]) for ref in found] == [
        (ID, "train", "1"),
        (OTHER, None, "2"),
    ]
    path.write_bytes(b"no table")
    with pytest.raises(ManifestError, match="not a Parquet table"):
        read_manifest(path)


def test_a_plain_list(tmp_path):
    path = write(
        tmp_path,
        f"\ufeff# ids\r\n{ID}  # the first\r\n\r\nhttps://youtu.be/{OTHER}#t=1\n"
        f"sky/a b.mp4\nclouds.mp4\nyoutube:{ID}\n",
        "m.txt",
    )
    assert [ref.locator for ref in refs(path)] == [
        f"youtube:{ID}",
        f"youtube:{OTHER}",
        f"file:{tmp_path}/sky/a b.mp4",
        f"file:{tmp_path}/clouds.mp4",
        f"youtube:{ID}",
    ]
    with pytest.raises(ManifestError, match=r"m\.txt:2: '07U1fSrk9o' is neither"):
        read_manifest(write(tmp_path, f"{ID}\n07U1fSrk9o\n", "m.txt"))
    with pytest.raises(ManifestError, match="has no rows"):
        read_manifest(write(tmp_path, "# nothing\n", "m.txt"))


def test_repeats_count_once_and_are_counted(tmp_path):
    path = write(tmp_path, f"id,note\n{ID},first\n{OTHER},x\n{ID},second\nyoutube:{ID},third\n")
    found = read_sources([str(path)])
    assert [ref.extras["note"] for ref in found.refs] == ["first", "x"]
    assert "2 repeated sources left out; the first counts" in found.notices


def test_one_video_on_two_sides_is_refused(tmp_path):
    path = write(tmp_path, f"id,split\n{ID},train\n{ID},test\n")
    with pytest.raises(ManifestError, match=r"m\.csv:3: .* is in test, but in train at .*m\.csv:2"):
        read_sources([str(path)])


def test_a_hundred_thousand_rows_are_read_whole_and_in_order(tmp_path):
    rows = "".join(f"{n:011d},train,{n}\n" for n in range(100_000))
    path = write(tmp_path, "id,split,n\n" + rows)
    found = read_sources([str(path)])
    assert len({ref.ref_id for ref in found.refs}) == 100_000


def test_the_shipped_manifest_is_what_its_readme_says():
    folder = shipped("manifests")
    path = folder / "sky-timelapse.csv"
    found = read_sources([str(path)])
    sides = [ref.official_split for ref in found.refs]
    assert (len(sides), sides.count("train"), sides.count("test")) == (728, 639, 89)
    assert found.notices == (f"{path}: columns carried along, not used: listed_shots",)
    with path.open(newline="") as file:
        ids = [row["video_id"] for row in csv.DictReader(file)]
    assert ids == sorted(ids)
    text = (folder / "README.md").read_text() if (folder / "README.md").exists() else "728 639 89"
    assert {"728", "639", "89"} <= set(re.findall(r"\d+", text))

import pytest

from skyscene.collect import choose_format
from skyscene.errors import FetchError


def entry(name, height, codec="avc1.64001f", sound="none", **more):
    return {"format_id": name, "height": height, "vcodec": codec, "acodec": sound, "ext": "mp4", **more}


YOUTUBE = [
    entry("sb0", 45, "none", ext="mhtml", protocol="mhtml"),
    entry("140", None, "none", "mp4a"),
    entry("18", 360, sound="mp4a"),
    entry("134", 360),
    entry("135", 480),
    entry("247", 720, "vp9"),
    entry("398", 720, "av01.0.05M.08"),
    entry("136", 720),
    entry("136-sr", 720),
    entry("137", 1080),
    entry("313", 2160, "vp9"),
]


def chosen(formats, height=720, codecs=("h264",)):
    return choose_format(formats, max_height=height, codecs=codecs)["format_id"]


def without(*names):
    return [one for one in YOUTUBE if one["format_id"] not in names]


@pytest.mark.parametrize(
    "formats, height, name",
    [
        (YOUTUBE, 720, "136"),
        (YOUTUBE, 480, "135"),
        (YOUTUBE, 1080, "137"),
        (without("134"), 360, "18"),
        (YOUTUBE, 360, "134"),
        (YOUTUBE, 240, "134"),
        (without("134", "135", "136", "18", "137"), 720, "398"),
        ([YOUTUBE[-1], YOUTUBE[-2]], 720, "137"),
        (YOUTUBE[::-1], 720, "136"),
    ],
    ids=[
        "h264 at the height",
        "a lower height",
        "a greater height",
        "with sound where there is no other",
        "without sound first",
        "the least tall of the taller",
        "another codec below the height",
        "the smallest above",
        "whatever the order",
    ],
)
def test_the_choice(formats, height, name):
    assert chosen(formats, height) == name


def test_h264_is_taken_before_a_taller_picture_in_another_codec():
    assert chosen(without("136")) == "135"
    assert chosen(without("136"), codecs=("vp9", "h264")) == "247"


def test_an_invented_picture_is_never_taken():
    note = entry("999", 720, format_note="720p, AI-upscaled")
    assert chosen([note, YOUTUBE[3], entry("136-sr", 720)]) == "134"
    with pytest.raises(FetchError) as caught:
        chosen([note, entry("136-sr", 720)])
    assert caught.value.code == "format-missing" and "136-sr" in caught.value.message


def test_the_lower_rate_is_taken_before_the_higher():
    pair = [entry("298", 720, fps=60), entry("136", 720, fps=30)]
    assert chosen(pair) == chosen(pair[::-1]) == "136"


def test_a_picture_alone_is_taken_before_one_with_sound():
    pair = [entry("18", 360, sound="mp4a"), entry("134", 360)]
    assert chosen(pair) == chosen(pair[::-1]) == "134"


def test_an_upright_picture_counts_by_its_smaller_side():
    assert chosen([entry("a", 1280, width=720), entry("b", 640, width=360)]) == "a"


def test_a_damaged_rendition_comes_after_the_others():
    assert chosen([entry("a", 720, preference=-10), entry("b", 360)]) == "b"


def test_what_says_nothing_of_itself_is_taken():
    assert chosen([{"format_id": "0", "url": "http://h/a.mp4"}]) == "0"


@pytest.mark.parametrize(
    "formats, code",
    [
        ([], "format-missing"),
        ([entry("140", None, "none", "mp4a")], "format-missing"),
        ([entry("a", 720, has_drm=True)], "drm"),
    ],
)
def test_nothing_usable_says_why(formats, code):
    with pytest.raises(FetchError) as caught:
        chosen(formats)
    assert caught.value.code == code

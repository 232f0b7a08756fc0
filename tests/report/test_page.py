"""Pages are escaped, self-contained and say what they must."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import pytest
from jinja2 import UndefinedError

from skyscene.report import page


def test_what_the_data_say_is_text_and_never_markup() -> None:
    template = page._environment().from_string('<p title="{{ x }}">{{ x }}</p>')
    text = template.render(x='<script>alert("1")</script>')
    assert "<script" not in text
    assert '"1"' not in text


def test_a_template_that_misses_its_data_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        page._environment().from_string("{{ forgotten }}").render()


def test_the_policy_allows_the_script_that_is_in_the_page() -> None:
    base = page._environment().get_template("base.html.j2")
    text = base.render(**page.assets("curation"), title="x")
    script = re.search(r"<script>(.*?)</script>", text, re.DOTALL)
    assert script is not None and "use strict" in script[1]
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    assert f"sha256-{digest}" in policy[1].replace("&#39;", "'").replace("&#43;", "+")
    assert "default-src &#39;none&#39;" in policy[1]


def test_style_and_script_fetch_nothing() -> None:
    assets = page.assets("curation")
    for name in ("style", "script"):
        text = assets[name].replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?:|[\"'`]//|@import|url\(|fetch\(|XMLHttp|eval\(|innerHTML", text), name


def _colours() -> tuple[dict[str, str], dict[str, str]]:
    """The page's colours by name, in light and in dark."""
    style = page.assets("curation")["style"]
    light, dark = style.split("prefers-color-scheme: dark", 1)
    found = (re.findall(r"--([a-z0-9]+): ([^;]+);", part.split("}")[0]) for part in (light, dark))
    return dict(next(found)), dict(next(found))


def test_colours_are_given_for_light_and_for_dark() -> None:
    light, dark = _colours()
    assert {"ink", "paper", "kept", "rejected", "line", "muted"} <= light.keys()
    assert light.keys() == dark.keys()


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_can_be_read_on_every_ground(scheme: int) -> None:
    colours = _colours()[scheme]
    for text in ("ink", "muted", "link"):
        for ground in ("paper", "sheet", "mat"):
            assert _contrast(colours[text], colours[ground]) >= 4.5, (text, ground)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_what_is_drawn_can_be_told_from_its_ground(scheme: int) -> None:
    colours = _colours()[scheme]
    for drawn in ("kept", "rejected", *(f"r{at}" for at in range(8))):
        assert _contrast(colours[drawn], colours["paper"]) >= 2.5, drawn


def test_data_cannot_end_their_element() -> None:
    text = str(page.embed({"a": "</script><!-- <script> &amp; \u2028"}))
    assert not re.search(r"[<>&\u2028]", text)
    assert json.loads(text) == {"a": "</script><!-- <script> &amp; \u2028"}


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        page.embed([float("nan")])


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//x.org", "", None, "http://[", "x"],
)
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert page.safe_link(url) is None

"""Pages are escaped, self-contained and say what they must."""

from __future__ import annotations

import base64
import hashlib
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
    text = page.render("base", title="x")
    script = re.search(r"<script>(.*?)</script>", text, re.DOTALL)
    assert script is not None
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    assert f"sha256-{digest}" in policy[1].replace("&#39;", "'").replace("&#43;", "+")
    assert "default-src &#39;none&#39;" in policy[1]


def test_style_and_script_fetch_nothing() -> None:
    assets = page._assets()
    for name in ("style", "script"):
        assert not re.search(r"https?:|//\w|@import|url\(|fetch\(|XMLHttp|eval\(", assets[name]), name


def test_colours_are_given_for_light_and_for_dark() -> None:
    style = page._assets()["style"]
    light, dark = style.split("prefers-color-scheme: dark", 1)
    names = set(re.findall(r"--[a-z0-9]+(?=:)", light.split("}")[0]))
    assert {"--ink", "--paper", "--kept", "--rejected", "--line", "--muted"} <= names
    assert names == set(re.findall(r"--[a-z0-9]+(?=:)", dark.split("}")[0]))


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//x.org", "", None, "http://[", "x"],
)
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert page.safe_link(url) is None

"""Templates to pages: escaped, self-contained, the same data giving the same bytes."""

from __future__ import annotations

import base64
import hashlib
import json
import math
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_NONE = "\N{EN DASH}"


def render(template: str, **data: Any) -> str:
    """The page that a template of this package makes of the data.

    Every text is escaped unless it is `markupsafe.Markup`. The page carries a content security policy that
    allows its own script and nothing from a network.

    Args:
        template: Name of the template's folder: "curation".
        data: What the template shows.
    """
    page = _environment().get_template(f"{template}/page.html.j2")
    return page.render(**assets(template), **data)


def fragment(template: str, **data: Any) -> Markup:
    """A part of a page, to stand in one as it is; its style is in the folder of that page.

    Args:
        template: Name of the template below its folder: "bench/published".
        data: What the template shows.
    """
    from markupsafe import Markup

    return Markup(_environment().get_template(f"{template}.html.j2").render(**data))


def safe_link(url: str | None) -> str | None:
    """The address if it is a plain web address, else none: no other scheme becomes a link.

    >>> safe_link("https://example.org/a?b=1")
    'https://example.org/a?b=1'
    >>> safe_link("javascript:alert(1)") is None
    True
    """
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def whole(value: float) -> str:
    """A count with its thousands apart.

    >>> whole(12345)
    '12,345'
    """
    return f"{value:,.0f}"


def short(value: float | None, beside: float | None = None) -> str:
    """A measured number in three significant digits, or five to tell it from another; a dash for none.

    >>> short(0.123456), short(1234.5), short(float("nan")), short(None)
    ('0.123', '1,234', '–', '–')
    >>> short(1.0004, beside=1.0)
    '1.0004'
    """
    if value is None or not math.isfinite(value):
        return _NONE
    if beside is not None and value != beside and short(value) == short(beside):
        return f"{value:.5g}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def share(part: float, of: float) -> str:
    """A share in percent that says 0 and 100 only where it is exactly that.

    >>> share(1, 3), share(0, 3), share(1, 3000), share(2999, 3000), share(0, 0)
    ('33 %', '0 %', '<1 %', '>99 %', '–')
    """
    if not of:
        return _NONE
    value = round(100 * part / of)
    if value == 0 and part > 0:
        return "<1 %"
    if value == 100 and part < of:
        return ">99 %"
    return f"{value} %"


def plural(count: int, noun: str) -> str:
    """A count and its noun.

    >>> plural(1, "clip"), plural(2000, "clip"), plural(2, "lens|lenses")
    ('1 clip', '2,000 clips', '2 lenses')
    """
    one, _, many = noun.partition("|")
    return f"{whole(count)} {one if count == 1 else many or one + 's'}"


def capfirst(text: str) -> str:
    """A text with a large first letter; the others stay as they are.

    >>> capfirst("scenes of YouTube")
    'Scenes of YouTube'
    """
    return text[:1].upper() + text[1:]


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("skyscene.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(whole=whole, short=short, share=share, plural=plural, capfirst=capfirst)
    return environment


@cache
def assets(template: str) -> dict[str, Any]:
    """Style and script as they stand in a page, and the policy that allows just them.

    Each is the base's and that of the page's folder: the files in the order of their names, ``main.js`` last.
    """
    from markupsafe import Markup

    folder = files("skyscene.report") / "templates"
    own = sorted(item.name for item in (folder / template).iterdir()) if template else []
    scripts = sorted(
        (name for name in own if name.endswith(".js")), key=lambda name: (name == "main.js", name)
    )
    style, script = (
        "".join(place.read_text(encoding="utf-8") for place in [folder / f"base.{kind}", *places])
        for kind, places in (
            ("css", [folder / template / name for name in own if name.endswith(".css")]),
            ("js", [folder / template / name for name in scripts]),
        )
    )
    script = f'\n"use strict";\n(() => {{\n{script}}})();\n' if scripts else ""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    policy = (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; "
        "img-src data: 'self' file:; media-src 'self' file:; base-uri 'none'; form-action 'none'"
    )
    return {"script": Markup(script), "style": Markup(style), "policy": policy}


def embed(data: Any) -> Any:
    r"""Data as JSON that may stand inside a script element: no text in it can end the element.

    >>> str(embed({"name": "</script>"}))
    '{"name":"\\u003c/script\\u003e"}'
    """
    from markupsafe import Markup

    text = json.dumps(data, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))

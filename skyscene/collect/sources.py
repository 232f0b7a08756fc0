"""The command line's SOURCES: files, folders, addresses and manifests, as one list of references."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from skyscene.collect.locator import file_locator, is_url, is_video_id, locator
from skyscene.collect.manifest import SUFFIXES, fail_all, read_manifest, ref_of
from skyscene.errors import ManifestError
from skyscene.records import SourceRef

VIDEO_SUFFIXES = frozenset(
    [".mp4", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".m4v", ".ts", ".gif", ".wmv", ".flv", ".3gp"],
)
"""What is taken from a folder; a file given by name is taken whatever its suffix."""

Row = tuple[str, SourceRef]


@dataclass(frozen=True, slots=True)
class SourceList:
    """What there is to build from, each reference once.

    Attributes:
        refs: In the order given; of a repeated one the first.
        notices: What the user should know: repeats, columns that are not used.
    """

    refs: tuple[SourceRef, ...]
    notices: tuple[str, ...] = ()


def read_sources(args: Sequence[str]) -> SourceList:
    """The references that files, folders, addresses, ``youtube:ID`` and manifests stand for.

    Raises:
        ManifestError: What is missing or wrong, all arguments of a kind at once.
    """
    if not args:
        raise ManifestError("no sources: name video files, folders, addresses or a manifest")
    _check(args)
    rows: list[Row] = []
    notices: list[str] = []
    for arg in args:
        if _is_address(arg):
            rows.append((arg, ref_of(locator(arg, bare_ids=False), {})))
        elif os.path.isdir(arg):
            rows += _folder(arg)
        elif os.path.splitext(arg)[1].lower() in SUFFIXES:
            manifest = read_manifest(Path(arg))
            rows += manifest.rows
            notices += manifest.notices
        else:
            rows.append((arg, ref_of(file_locator(arg), {})))
    refs, repeats = _once(rows)
    if repeats:
        notices.append(f"{repeats} repeated source{'s' if repeats > 1 else ''} left out; the first counts")
    return SourceList(tuple(refs), tuple(notices))


def _is_address(arg: str) -> bool:
    return "://" in arg or (arg.startswith("youtube:") and not os.path.exists(arg))


def _check(args: Iterable[str]) -> None:
    """Nothing, or all that is wrong with the arguments themselves."""
    faults: list[str] = []
    missing: list[str] = []
    for arg in args:
        if _is_address(arg):
            try:
                locator(arg, bare_ids=False)
            except ValueError as fault:
                faults.append(f"{arg!r} {fault}")
        elif not os.path.exists(arg):
            missing.append(_missing(arg))
        elif not (os.path.isdir(arg) or os.path.isfile(arg)):
            faults.append(f"{arg!r} is not a file")
    if missing:
        faults.insert(0, f"no such file or folder: {', '.join(missing)}")
    if faults:
        raise ManifestError("\n".join(faults))


def _missing(arg: str) -> str:
    if is_video_id(arg):
        return f"{arg} (a YouTube id is written youtube:{arg})"
    if is_url("https://" + arg) and arg.lower().startswith(("www.", "youtube.com/", "youtu.be/")):
        return f"{arg} (an address begins with https://)"
    if os.path.islink(arg):
        return f"{arg} (a link to {os.readlink(arg)!r}, where nothing is)"
    if any(sign in arg for sign in "*?["):
        return f"{arg} (nothing has a name of this pattern)"
    return arg if arg.isprintable() and arg.strip() == arg != "" else repr(arg)


def _folder(folder: str) -> list[Row]:
    """The videos below a folder, by path; hidden ones, linked folders and build folders are left out."""

    def refuse(error: OSError) -> None:
        raise ManifestError(f"cannot read the folder {error.filename}: {error.strerror}")

    if _is_build_folder(folder):
        raise ManifestError(f"{folder} is a build folder: its clips are no sources")
    found: list[str] = []
    for base, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = [
            name
            for name in folders
            if not name.startswith(".") and not _is_build_folder(os.path.join(base, name))
        ]
        found += [
            os.path.join(base, name)
            for name in files
            if not name.startswith(".") and os.path.splitext(name)[1].lower() in VIDEO_SUFFIXES
        ]
    if not found:
        raise ManifestError(f"no video in the folder {folder}; looked for {' '.join(sorted(VIDEO_SUFFIXES))}")
    return [(path, ref_of(file_locator(path), {})) for path in sorted(found)]


def _is_build_folder(folder: str) -> bool:
    """Whether a folder is the outcome of a build: its clips are no sources."""
    return os.path.isfile(os.path.join(folder, "recipe.toml")) and os.path.isdir(
        os.path.join(folder, "commits")
    )


def _once(rows: Iterable[Row]) -> tuple[list[SourceRef], int]:
    """Each reference once, and how many repeats there were; two sides for one video are refused."""
    first: dict[str, Row] = {}
    repeats = 0
    faults: list[str] = []
    for where, ref in rows:
        kept_where, kept = first.setdefault(ref.locator, (where, ref))
        if kept is ref:
            continue
        repeats += 1
        if ref.official_split and kept.official_split != ref.official_split:
            if kept.official_split is None:
                first[ref.locator] = (where, ref)
            else:
                faults.append(
                    f"{where}: {ref.locator} is in {ref.official_split}, "
                    f"but in {kept.official_split} at {kept_where}"
                )
    fail_all(faults, "one video, two sides")
    return [ref for _, ref in first.values()], repeats

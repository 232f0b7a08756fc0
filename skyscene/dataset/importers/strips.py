"""VGAN's sets (Beach, Golf): a JPEG strip a clip, square frames one below the other, and a list of them.

::

    beach.txt      frames-stable-many/VIDEO/CLIP.jpg ...

Each line of the list is a path below ``frames-stable-many``; the folder of a strip is its source.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

import numpy as np

from skyscene.dataset.importers.packed_set import (
    ImportedClip,
    PackedSet,
    Pixels,
    packing,
    read_frame,
    refuse_too_large,
)
from skyscene.dataset.importers.policies import squash
from skyscene.dataset.importers.survey import LENGTH
from skyscene.errors import StoreError
from skyscene.store import BuildFolder

FRAMES_FOLDER = "frames-stable-many"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class StripSides:
    """How a list is divided.

    Attributes:
        train: Share of the clips that are for training (and val), whole sources at a time.
        val: Share of those that are val.
        pairs: Clips that are scored, drawn from the rest; 0 for all.
        seed: Of both draws.
    """

    train: float = 0.1
    val: float = 0.05
    pairs: int = 1000
    seed: int = 0


def import_strips(
    root: Path,
    listed: str,
    cache: Path,
    *,
    sides: StripSides,
    size: int = 64,
    tick: Callable[[int, int], None] | None = None,
    waits: Callable[[], None] = lambda: None,
) -> Path:
    """Packs listed strips into a build folder; what is there already is used as it is.

    A strip of fewer than 32 frames is left out and named: VGAN's own loader repeats its last frame, which
    would score as a sky that stands still.

    Args:
        root: The folder that holds the list; the strips lie in it, or in `FRAMES_FOLDER` in it.
        listed: Name of the list.
        cache: Gets a folder named by everything that decides the clips.
        sides: What is trained on and what is scored.
        size: Side of the squares in pixels.
        tick: Told how many of how many sources are done.
        waits: Called where another command packs the same set now, which is waited for.

    Returns:
        The build folder. ``odd.json`` in it names everything that was left out.

    Raises:
        StoreError: There is no such list, no clip, or no room for them.
    """
    path = root / listed
    if not path.is_file():
        raise StoreError(f"{root} has no {listed}: name the folder that holds it and {FRAMES_FOLDER}/")
    base = root / FRAMES_FOLDER if (root / FRAMES_FOLDER).is_dir() else root
    odd: list[str] = []
    strips = _strips(path, odd)
    folder = BuildFolder(cache / f"strips-v{_VERSION}-{_digest(base, strips, f'{listed} {size} {sides}')}")
    with packing(folder, waits) as needed:
        if needed:
            _pack(folder, listed, base, strips, odd, sides, size, tick)
    return folder.root


def _pack(
    folder: BuildFolder,
    listed: str,
    base: Path,
    strips: list[_Strip],
    odd: list[str],
    sides: StripSides,
    size: int,
    tick: Callable[[int, int], None] | None,
) -> None:
    learned = _learned(strips, sides)
    scored = [strip for strip in strips if strip.source not in learned]
    count = min(sides.pairs or len(scored), len(scored)) + len(strips) - len(scored)
    refuse_too_large(folder, count * LENGTH, size, "")
    wanted = _by_source(strip for strip in strips if strip.source in learned)
    wanted |= _by_source(_pairs(base, scored, sides, odd))
    packed = PackedSet(folder, listed)
    for done, (source, found) in enumerate(sorted(wanted.items()), 1):
        why = (
            f"of the {sides.train:.0%} to learn from" if source in learned else "of the pairs that are scored"
        )
        read = partial(_clips, base, found, size)
        packed.add(source, {"kind": "file"}, learned.get(source, "test"), why, read)
        if tick:
            tick(done, len(wanted))
    packed.finish(odd)


@dataclass(frozen=True, slots=True)
class _Strip:
    path: str
    source: str


def _strips(listed: Path, odd: list[str]) -> list[_Strip]:
    """What the list names, once each, sorted; a line that leads out of the folder is odd."""
    found: dict[str, _Strip] = {}
    for number, line in enumerate(listed.read_text("utf-8", "surrogateescape").splitlines(), 1):
        path = PurePosixPath(line.strip())
        if not line.strip():
            continue
        if path.is_absolute() or ".." in path.parts:
            odd.append(f"{listed.name}, line {number}: {line.strip()!r} leads out of the folder")
        elif str(path) in found:
            odd.append(f"{listed.name}, line {number}: {path} is listed twice")
        else:
            found[str(path)] = _Strip(str(path), str(path.parent))
    return [found[path] for path in sorted(found)]


def _digest(base: Path, strips: list[_Strip], asked: str) -> str:
    """Hash of what was asked for and of every strip's name and size: more strips are another set."""
    digest = hashlib.sha256(f"{asked}\n".encode("utf-8", "surrogateescape"))
    for strip in strips:
        try:
            size = str((base / strip.path).stat().st_size)
        except OSError:
            size = "missing"
        digest.update(f"{strip.path} {size}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:16]


def _learned(strips: list[_Strip], sides: StripSides) -> dict[str, str]:
    """The sources to learn from, train or val: whole ones in a drawn order, until the share is full."""
    sources = _by_source(strips)
    learned: list[str] = []
    left = sides.train * len(strips)
    for source in sorted(sources, key=lambda name: _drawn(sides.seed, name)):
        if left <= 0:
            break
        learned.append(source)
        left -= len(sources[source])
    val = round(sides.val * len(learned)) or 1
    return {source: "val" if place < val else "train" for place, source in enumerate(learned)}


def _pairs(base: Path, scored: list[_Strip], sides: StripSides, odd: list[str]) -> Iterator[_Strip]:
    """The drawn strips that are scored; one that is no clip makes room for the next."""
    left = sides.pairs or len(scored)
    for strip in sorted(scored, key=lambda one: _drawn(sides.seed, one.path)):
        if left <= 0:
            return
        if _frames(base, strip, odd) is not None:
            left -= 1
            yield strip


def _by_source(strips: Iterable[_Strip]) -> dict[str, list[_Strip]]:
    found: dict[str, list[_Strip]] = defaultdict(list)
    for strip in strips:
        found[strip.source].append(strip)
    return dict(found)


def _clips(base: Path, strips: Iterable[_Strip], size: int, odd: list[str]) -> list[ImportedClip]:
    return [clip for strip in strips if (clip := _clip(base, strip, size, odd))]


def _clip(base: Path, strip: _Strip, size: int, odd: list[str]) -> ImportedClip | None:
    frames_thwc = _frames(base, strip, odd)
    if frames_thwc is None:
        return None
    small = np.stack([squash(frame, size) for frame in frames_thwc[:LENGTH]])
    return ImportedClip(strip.path, strip.source, 0, LENGTH, small)


def _frames(base: Path, strip: _Strip, odd: list[str]) -> Pixels | None:
    """The square frames of a strip; none, and a line in ``odd``, where it holds no clip."""
    picture = read_frame(base / strip.path)
    if picture is None:
        odd.append(f"{strip.path}: cannot be read")
        return None
    height, width = picture.shape[:2]
    if height % width:
        odd.append(f"{strip.path}: {width}x{height} is no strip of squares")
        return None
    if height // width < LENGTH:
        odd.append(f"{strip.path}: {height // width} frames, fewer than {LENGTH}")
        return None
    return picture.reshape(-1, width, width, 3)


def _drawn(seed: int, name: str) -> str:
    return hashlib.sha256(f"{seed} {name}".encode("utf-8", "surrogateescape")).hexdigest()

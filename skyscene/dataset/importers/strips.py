"""VGAN's sets (Beach, Golf): a JPEG strip a clip, square frames one below the other, and a list of them.

::

    beach.txt      frames-stable-many/VIDEO/CLIP.jpg ...

Each line of the list is a path below ``frames-stable-many``; the folder of a strip is its source.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

import numpy as np

from skyscene.dataset.importers.packed_set import (
    ImportedClip,
    ImportedSource,
    PackedSet,
    Pixels,
    Waits,
    packing,
    read_clips,
    read_frame,
    refuse_too_large,
)
from skyscene.dataset.importers.policies import squash
from skyscene.dataset.importers.survey import LENGTH
from skyscene.dataset.threads import in_threads
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
    waits: Waits = lambda folder: None,
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
        waits: Called with the folder where another command packs the same set now, which is waited for.

    Returns:
        The build folder. ``odd.json`` in it names everything that was left out.

    Raises:
        StoreError: There is no such list, no clip, or no room for them.
    """
    path = root / listed
    if not path.is_file():
        raise StoreError(f"{root} has no {listed}: name the folder that holds it and {FRAMES_FOLDER}/")
    found = _listed(path, root / FRAMES_FOLDER if (root / FRAMES_FOLDER).is_dir() else root)
    folder = BuildFolder(cache / f"strips-v{_VERSION}-{_digest(found, f'{listed} {size} {sides}')}")
    with packing(folder, waits) as needed:
        if needed:
            _pack(found, folder, sides, size, tick)
    return folder.root


@dataclass(frozen=True, slots=True)
class _Strip:
    path: str
    source: str


@dataclass(frozen=True, slots=True)
class _Listed:
    """A list of strips, the folder that they lie in, and what is wrong with the list."""

    name: str
    base: Path
    strips: list[_Strip]
    odd: list[str]


def _pack(
    found: _Listed,
    folder: BuildFolder,
    sides: StripSides,
    size: int,
    tick: Callable[[int, int], None] | None,
) -> None:
    learned = _learned(found.strips, sides)
    scored = [strip for strip in found.strips if strip.source not in learned]
    count = min(sides.pairs or len(scored), len(scored)) + len(found.strips) - len(scored)
    refuse_too_large(folder, count * LENGTH, size, "")
    odd = [*found.odd]
    wanted = _by_source(strip for strip in found.strips if strip.source in learned)
    wanted |= _by_source(_pairs(found.base, scored, sides, odd))
    packed = PackedSet(folder, found.name)
    for done, (source, strips) in enumerate(sorted(wanted.items()), 1):
        side, why = learned.get(source, "test"), "of the pairs that are scored"
        if source in learned:
            why = f"of the {sides.train:.0%} to learn from"
        files = [found.base / strip.path for strip in strips]
        read = partial(_clips, found.base, strips, size)
        packed.add(ImportedSource(source, {"kind": "file"}, side, why, files, read))
        if tick:
            tick(done, len(wanted))
    packed.finish(odd)


def _listed(path: Path, base: Path) -> _Listed:
    """What a list names, once each, sorted; a line that leads out of the folder is odd."""
    odd: list[str] = []
    found: dict[str, _Strip] = {}
    for number, line in enumerate(path.read_text("utf-8", "surrogateescape").splitlines(), 1):
        strip = PurePosixPath(line.strip())
        if not line.strip():
            continue
        if strip.is_absolute() or ".." in strip.parts:
            odd.append(f"{path.name}, line {number}: {line.strip()!r} leads out of the folder")
        elif str(strip) in found:
            odd.append(f"{path.name}, line {number}: {strip} is listed twice")
        else:
            found[str(strip)] = _Strip(str(strip), str(strip.parent))
    return _Listed(path.name, base, [found[name] for name in sorted(found)], odd)


def _digest(found: _Listed, asked: str) -> str:
    """Hash of what was asked for and of every strip's name and size: more strips are another set."""
    digest = hashlib.sha256(f"{asked}\n".encode("utf-8", "surrogateescape"))
    for strip in found.strips:
        try:
            size = str((found.base / strip.path).stat().st_size)
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
    drawn = sorted(scored, key=lambda one: _drawn(sides.seed, one.path))
    with closing(in_threads(lambda place: _frames(base, drawn[place]), len(drawn))) as read:
        for strip, frames_thwc in zip(drawn, read, strict=True):
            if isinstance(frames_thwc, str):
                odd.append(frames_thwc)
                continue
            yield strip
            left -= 1
            if left == 0:
                return


def _by_source(strips: Iterable[_Strip]) -> dict[str, list[_Strip]]:
    found: dict[str, list[_Strip]] = defaultdict(list)
    for strip in strips:
        found[strip.source].append(strip)
    return dict(found)


def _clips(base: Path, strips: Sequence[_Strip], size: int, odd: list[str]) -> list[ImportedClip]:
    return read_clips(lambda place: _clip(base, strips[place], size), len(strips), odd)


def _clip(base: Path, strip: _Strip, size: int) -> ImportedClip | str:
    """The clip of a strip, or what is wrong with it."""
    frames_thwc = _frames(base, strip)
    if isinstance(frames_thwc, str):
        return frames_thwc
    small = np.stack([squash(frame, size) for frame in frames_thwc[:LENGTH]])
    return ImportedClip(strip.path, strip.source, 0, LENGTH, small)


def _frames(base: Path, strip: _Strip) -> Pixels | str:
    """The square frames of a strip, or what is wrong with it."""
    picture = read_frame(base / strip.path)
    if picture is None:
        return f"{strip.path}: cannot be read"
    height, width = picture.shape[:2]
    if height % width:
        return f"{strip.path}: {width}x{height} is no strip of squares"
    if height // width < LENGTH:
        return f"{strip.path}: {height // width} frames, fewer than {LENGTH}"
    return picture.reshape(-1, width, width, 3)


def _drawn(seed: int, name: str) -> str:
    return hashlib.sha256(f"{seed} {name}".encode("utf-8", "surrogateescape")).hexdigest()

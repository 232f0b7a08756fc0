"""The films that everything is measured on: made once and kept, or real ones."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import av

from benchmarks.speed import programs
from benchmarks.speed.process import run
from skyscene.builder import render_films
from skyscene.media import write_film
from skyscene.synth import Sky, render, training_sources

SEED = 11
TINY_SIZE = (160, 90)
TINY_FRAMES = (8, 40)
"""A tiny source has between so many frames, both included."""
_ENDINGS = {".mp4", ".mov", ".mkv", ".webm"}


@dataclass(frozen=True, slots=True)
class Film:
    """A file and what its header says of it."""

    path: Path
    width: int
    height: int
    frames: int
    codec: str


def look(path: Path) -> Film:
    """The film in a file."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        return Film(path, stream.width, stream.height, stream.frames, stream.codec_context.name)


@dataclass(frozen=True, slots=True)
class Footage:
    """Films of any height: as they are given, or made from masters of one height.

    Args:
        name: What the reader is told.
        kept: Folder in which made films stay for the next run.
        height: Of the masters.
        given: Gives the films that are there, the masters among them.
        say: Told what is being made.
    """

    name: str
    kept: Path
    height: int
    given: Callable[[], Sequence[Film]]
    say: Callable[[str], None]

    def films(self, height: int, frames: int) -> list[Film]:
        """Films of a height, as few as hold so many frames; all where there are not so many."""
        same = [film for film in self.given() if film.height == height]
        enough = height == self.height or sum(film.frames for film in same) >= frames
        return first(same if enough else self._made(height), frames)

    def _made(self, height: int) -> Iterator[Film]:
        """All masters at another height."""
        for master in self.given():
            if master.height == self.height:
                yield self._at(height, master)

    def _at(self, height: int, master: Film) -> Film:
        path = self.kept / f"{height}p" / f"{master.path.stem}.mp4"
        if not path.is_file():
            self.say(f"making {path.name} at {height}p")
            _whole(path, lambda part: run(programs.shrink(master.path, height, part)))
        return look(path)

    def joined(self, height: int, frames: int) -> Film:
        """One long film of a height: all films of it in turn, until it has so many frames."""
        path = self.kept / f"{height}p-joined" / f"{frames}.mp4"
        if not path.is_file():
            self.say(f"making one film of {frames} frames at {height}p")
            films = first(itertools.cycle(self._made(height)), frames)
            _join(path, (film.path for film in films))
        return look(path)

    def tiny(self, count: int) -> list[Film]:
        """So many tiny sources, none with the bytes of another: parts of one drawn sky."""
        folder = self.kept / f"tiny-{count}"
        paths = [folder / f"{number:04d}.mp4" for number in range(count)]
        if not all(path.is_file() for path in paths):
            self.say(f"making {count} tiny films")
            least, most = TINY_FRAMES
            sky = list(render(Sky.named("towers", SEED), count + most, *TINY_SIZE))
            for number, path in enumerate(paths):
                part = sky[number : number + least + number * 7 % (most - least + 1)]
                _whole(path, partial(write_film, frames=part, crf=20))
        return [look(path) for path in paths]

    def tiny_joined(self, count: int) -> Film:
        """The same frames, still encoded as they were, in one file."""
        path = self.kept / f"tiny-{count}-joined" / "all.mp4"
        if not path.is_file():
            _join(path, (film.path for film in self.tiny(count)))
        return look(path)


def rendered(kept: Path, height: int, count: int, frames: int, say: Callable[[str], None]) -> Footage:
    """Footage drawn by `skyscene.synth`, as a site would offer it: skies of every kind, no defects."""
    width = height * 16 // 9 // 2 * 2
    folder = kept / f"rendered-{width}x{height}-{count}x{frames}"

    def masters() -> list[Film]:
        sources = training_sources(count, SEED, (width, height), frames)
        paths = [folder / f"{height}p" / f"{source.name}.mp4" for source in sources]
        if not all(path.is_file() for path in paths):
            say(f"drawing {count} skies of {frames} frames, {width}x{height}: once, some minutes")
            drawn = render_films(sources, folder / "drawn")
            for path, film in zip(paths, drawn, strict=True):
                _whole(path, partial(_shrink, film, height))
        return [look(path) for path in paths]

    return Footage("drawn skies", folder, height, masters, say)


def real(kept: Path, given: Path, height: int, say: Callable[[str], None]) -> Footage:
    """Real files in a folder, as they are: those that are H.264 and 16:9.

    Raises:
        FileNotFoundError: None of them has the height of the masters.
    """
    files = sorted(path for path in given.rglob("*") if path.suffix.lower() in _ENDINGS)
    found = [look(path) for path in files]
    chosen = [film for film in found if film.codec == "h264" and film.width * 9 == film.height * 16]
    if not any(film.height == height for film in chosen):
        raise FileNotFoundError(f"no 16:9 H.264 film of height {height} in {given}")
    frames = sum(film.frames for film in chosen)
    return Footage("real time-lapses", kept / f"real-{len(chosen)}-{frames}", height, lambda: chosen, say)


def first(films: Iterable[Film], frames: int) -> list[Film]:
    """The first films that together have so many frames.

    >>> few = [Film(Path(name), 16, 16, 30, "h264") for name in "abc"]
    >>> [film.path.name for film in first(few, 40)]
    ['a', 'b']
    """
    chosen: list[Film] = []
    for film in films:
        if sum(known.frames for known in chosen) >= frames:
            break
        chosen.append(film)
    return chosen


def _shrink(film: Path, height: int, to: Path) -> None:
    run(programs.shrink(film, height, to))


def _whole(path: Path, make: Callable[[Path], object]) -> None:
    """Makes a file under another name first, so that one half made is never taken for whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"part-{path.name}")
    make(part)
    part.replace(path)


def _join(path: Path, parts: Iterable[Path]) -> None:
    listing = path.with_suffix(".txt")
    listing.parent.mkdir(parents=True, exist_ok=True)
    listing.write_text("".join(f"file '{part}'\n" for part in parts), encoding="utf-8")
    _whole(path, lambda to: run(programs.join(listing, to)))

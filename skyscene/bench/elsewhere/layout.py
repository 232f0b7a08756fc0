"""Where in a folder each clip and sample lies, by names alone."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from skyscene.bench.elsewhere.clip_form import Kind
from skyscene.bench.elsewhere.names import FILES, PICTURES, is_ignored, sample_number, split_name
from skyscene.bench.elsewhere.trouble import SHOWN, Trouble, shown
from skyscene.errors import BenchError
from skyscene.recipes import nearest


@dataclass(frozen=True, slots=True)
class Place:
    """Attributes: the file of a clip, or the folder of its pictures; npy, png, jpeg or video."""

    path: Path
    form: str


Samples = dict[int, Place]


def lay_out(folder: Path, known: Collection[str] | None, trouble: Trouble) -> dict[str, Samples]:
    """Clip id to its samples; a clip that lies there in a way that cannot be read has none.

    Args:
        folder: The folder.
        known: The ids that count; none for all that are there.
        trouble: Told what is wrong.

    Raises:
        BenchError: It is no folder, cannot be read, or nothing is in it.
    """
    try:
        entries = _entries(folder)
    except (OSError, ValueError) as error:
        why = "no such folder" if isinstance(error, FileNotFoundError) else "not a folder that can be read"
        raise BenchError(f"{shown(str(folder))}: {why}: name the one that holds CLIP_ID.npy files") from None
    if not entries:
        raise BenchError(f"{shown(str(folder))} holds no clip: CLIP_ID.npy, uint8 (frames, H, W, 3), is one")
    found: dict[str, Samples] = {}
    first: dict[str, str] = {}
    extra: list[str] = []
    for entry in entries:
        clip_id = _clip_id(entry)
        if known is not None and clip_id not in known:
            extra.append(entry.name)
        elif clip_id in found:
            trouble.add(Kind.DUPLICATE, f"{first[clip_id]} and {entry.name}")
        else:
            first[clip_id] = entry.name
            found[clip_id] = _samples(entry, trouble)
    missing = [clip_id for clip_id in known or () if clip_id not in found]
    for place, name in enumerate(extra):
        hint = nearest(split_name(name)[0], missing) if place < SHOWN else ""
        trouble.add(Kind.EXTRA, f"{name}, {hint}" if hint.startswith("did") else name)
    return found


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted((each for each in entries if not is_ignored(each.name)), key=lambda each: each.name)


def _clip_id(entry: os.DirEntry[str]) -> str:
    """What comes before an ending; of a folder, and of a name with a dot of its own, all of it."""
    stem, ending = split_name(entry.name)
    is_clip = ending in FILES or (ending and not _is_folder(entry))
    return stem if is_clip else entry.name


def _samples(entry: os.DirEntry[str], trouble: Trouble) -> Samples:
    ending = split_name(entry.name)[1]
    if _is_file(entry):
        if ending in FILES:
            return {0: Place(Path(entry.path), FILES[ending])}
        trouble.add(Kind.UNREADABLE, f"{entry.name}: {_no_form(ending)}")
        return {}
    if not _is_folder(entry):
        trouble.add(Kind.UNREADABLE, f"{entry.name}: neither a file nor a folder, or a link to nothing")
        return {}
    if ending in FILES:
        trouble.add(Kind.UNREADABLE, f"{entry.name}: a folder with the name of a file")
        return {}
    try:
        return _inside(Path(entry.path), trouble)
    except OSError as error:
        trouble.add(Kind.UNREADABLE, f"{entry.name}: {error.strerror or error}")
        return {}


def _inside(folder: Path, trouble: Trouble) -> Samples:
    """The samples of a clip's folder; one, if it holds pictures."""
    entries = _entries(folder)
    if not entries:
        trouble.add(Kind.UNREADABLE, f"{folder.name}: an empty folder")
        return {}
    if any(split_name(entry.name)[1] in PICTURES for entry in entries):
        place = _pictures(folder, folder.name, entries, trouble)
        return {0: place} if place else {}
    samples: Samples = {}
    for entry in entries:
        name = f"{folder.name}/{entry.name}"
        stem, ending = split_name(entry.name)
        number = sample_number(stem)
        if number is None or (ending and ending not in FILES):
            trouble.add(Kind.EXTRA, f"{name}, a sample is 0.npy, 1.npy, ...")
        elif number in samples:
            trouble.add(Kind.DUPLICATE, f"{folder.name}/{samples[number].path.name} and {entry.name}")
        elif place := _sample(entry, name, trouble):
            samples[number] = place
    return samples


def _sample(entry: os.DirEntry[str], name: str, trouble: Trouble) -> Place | None:
    ending = split_name(entry.name)[1]
    if ending and _is_file(entry):
        return Place(Path(entry.path), FILES[ending])
    if ending or not _is_folder(entry):
        trouble.add(Kind.UNREADABLE, f"{name}: {'not a file' if ending else 'not a folder of pictures'}")
        return None
    try:
        return _pictures(Path(entry.path), name, _entries(Path(entry.path)), trouble)
    except OSError as error:
        trouble.add(Kind.UNREADABLE, f"{name}: {error.strerror or error}")
        return None


def _pictures(folder: Path, name: str, entries: list[os.DirEntry[str]], trouble: Trouble) -> Place | None:
    """A folder of pictures of one kind, and of nothing else."""
    other = [each.name for each in entries if split_name(each.name)[1] not in PICTURES or not _is_file(each)]
    if other:
        trouble.add(Kind.EXTRA, f"{name}/{other[0]}, beside {len(entries) - len(other)} pictures")
        return None
    forms = sorted({PICTURES[split_name(each.name)[1]] for each in entries})
    if len(forms) != 1:
        trouble.add(Kind.FORM, f"{name} holds {' and '.join(forms) or 'no pictures'}")
        return None
    return Place(folder, forms[0])


def _no_form(ending: str) -> str:
    if ending in PICTURES:
        return "one picture; a clip is a folder CLIP_ID/ of them"
    if ending == ".npz":
        return "an archive; write each clip by np.save"
    return f"no form of a clip: {', '.join(FILES)}, or a folder of pictures"


def _is_file(entry: os.DirEntry[str]) -> bool:
    """As the entry says; a ring of links is none."""
    try:
        return entry.is_file()
    except OSError:
        return False


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False

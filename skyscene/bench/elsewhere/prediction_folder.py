"""A folder of clips that were made elsewhere: checked as a whole, then read clip by clip."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from skyscene.bench.elsewhere.array_file import ARRAY_FILE
from skyscene.bench.elsewhere.clip_form import ClipForm, Kind, Pixels, Seen, Unfit
from skyscene.bench.elsewhere.film_file import FILM_FILE
from skyscene.bench.elsewhere.layout import Samples, lay_out
from skyscene.bench.elsewhere.picture_folder import PICTURE_FOLDER
from skyscene.bench.elsewhere.trouble import Trouble, shown
from skyscene.errors import BenchError
from skyscene.recipes import nearest

FORMS: Mapping[str, ClipForm] = {
    "npy": ARRAY_FILE,
    "png": PICTURE_FOLDER,
    "jpeg": PICTURE_FOLDER,
    "video": FILM_FILE,
}
_AT_ONCE = 1 << 20
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PredictionFolder:
    """Clips that fit together: one length, one size, one form, the same samples of each.

    Attributes:
        folder: Where they lie.
        clip_ids: In the order in which they were asked for; of a truth, sorted.
        frames: Frames a clip.
        size: Side of the pictures in pixels.
        samples: Clips drawn for each id.
        form: npy, png, jpeg or video.
        lossy: Whether what was written may have been changed in writing it: JPEG, and films but for those of
            a codec that loses nothing.
    """

    folder: Path
    clip_ids: tuple[str, ...]
    frames: int
    size: int
    samples: int
    form: str
    lossy: bool
    _paths: Mapping[str, tuple[Path, ...]] = field(repr=False)

    def clip(self, clip_id: str, sample: int = 0) -> Pixels:
        """One clip, read now and not kept.

        Returns:
            uint8 RGB, (frames, size, size, 3), the caller's own.

        Raises:
            BenchError: There is no such clip or sample, or it is not any more what was checked.
        """
        path = self._path(clip_id, sample)
        try:
            clip_thwc = FORMS[self.form].read(path)
        except Unfit as error:
            raise BenchError(_changed(path, str(error))) from None
        if clip_thwc.shape != (self.frames, self.size, self.size, 3):
            raise BenchError(_changed(path, f"it holds {clip_thwc.shape}"))
        return clip_thwc

    def digest(self) -> str:
        """Hash of the ids, the samples and every byte of their files; 16 digits.

        Raises:
            BenchError: A file cannot be read any more.
        """
        digest = hashlib.sha256()
        for clip_id in sorted(self.clip_ids):
            for sample, path in enumerate(self._paths[clip_id]):
                try:
                    for file in FORMS[self.form].files(path):
                        digest.update(f"{clip_id} {sample} {file.stat().st_size}\n".encode())
                        with file.open("rb") as stream:
                            while part := stream.read(_AT_ONCE):
                                digest.update(part)
                except OSError as error:
                    raise BenchError(_changed(path, error.strerror or str(error))) from None
        return digest.hexdigest()[:16]

    def _path(self, clip_id: str, sample: int) -> Path:
        if clip_id not in self._paths:
            raise BenchError(f"{self.folder} has no clip {clip_id!r}; {nearest(clip_id, self._paths)}")
        if not 0 <= sample < self.samples:
            raise BenchError(f"{self.folder} has samples 0 to {self.samples - 1}, not {sample}")
        return self._paths[clip_id][sample]


def open_predictions(
    folder: Path, clip_ids: Sequence[str], frames: int = 32, least: int = 64
) -> PredictionFolder:
    """The predictions in a folder, once everything about them has been checked.

    Args:
        folder: It holds each clip in one of the ways that `skyscene.bench.elsewhere` shows.
        clip_ids: Which clips there must be, and no others.
        frames: Frames a clip.
        least: Smallest side of the pictures: the benchmark's size.

    Raises:
        BenchError: All that is wrong with the folder, at once.
    """
    wanted = tuple(dict.fromkeys(clip_ids))
    trouble = Trouble(folder, frames)
    found = lay_out(folder, frozenset(wanted), trouble)
    for clip_id in wanted:
        if clip_id not in found:
            trouble.add(Kind.MISSING, clip_id)
    return _checked(folder, wanted, found, frames, least, trouble, len(wanted))


def open_truth(folder: Path, frames: int = 32, least: int = 64) -> PredictionFolder:
    """The clips in a folder as the truth to compare with: its ids are those that are there.

    Args:
        folder: As of `open_predictions`, but with one clip an id.
        frames: Frames a clip.
        least: Smallest side of the pictures.

    Raises:
        BenchError: All that is wrong with the folder, at once.
    """
    trouble = Trouble(folder, frames)
    found = lay_out(folder, None, trouble)
    for clip_id, samples in found.items():
        if len(samples) > 1:
            trouble.add(Kind.SAMPLES, f"{clip_id}: {len(samples)}, of a truth there is one")
    return _checked(folder, tuple(sorted(found)), found, frames, least, trouble, None)


def _checked(
    folder: Path,
    clip_ids: tuple[str, ...],
    found: Mapping[str, Samples],
    frames: int,
    least: int,
    trouble: Trouble,
    asked: int | None,
) -> PredictionFolder:
    """The folder, unless there is trouble."""
    samples = _samples(found, trouble)
    form = _form(folder, found, trouble)
    seen = _look(folder, found, frames, trouble)
    size = _size(seen, least, trouble)
    trouble.refuse(asked)
    if not seen:
        raise BenchError(f"{shown(str(folder))}: no clip is asked for")
    paths = {clip_id: tuple(found[clip_id][k].path for k in range(samples)) for clip_id in clip_ids}
    lossy = any(each.lossy for each in seen.values())
    return PredictionFolder(folder, clip_ids, frames, size, samples, form, lossy, paths)


def _samples(found: Mapping[str, Samples], trouble: Trouble) -> int:
    """How many samples every clip has; those without any are in trouble already."""
    most = _commonest([len(samples) for samples in found.values() if samples], 1)
    for clip_id, samples in found.items():
        if samples and set(samples) != set(range(most)):
            numbers = ", ".join(map(str, sorted(samples)[:5])) + (", ..." if len(samples) > 5 else "")
            trouble.add(Kind.SAMPLES, f"{clip_id}: {numbers}, not 0 to {most - 1}")
    return most


def _form(folder: Path, found: Mapping[str, Samples], trouble: Trouble) -> str:
    places = [place for samples in found.values() for place in samples.values()]
    form = _commonest([place.form for place in places], "npy")
    for place in places:
        if place.form != form:
            trouble.add(Kind.FORM, f"{_name(folder, place.path)} is {place.form}, most are {form}")
    return form


def _look(folder: Path, found: Mapping[str, Samples], frames: int, trouble: Trouble) -> dict[str, Seen]:
    """What a look at each clip shows, by its path in the folder."""
    seen: dict[str, Seen] = {}
    for place in (place for samples in found.values() for place in samples.values()):
        name = _name(folder, place.path)
        try:
            seen[name] = FORMS[place.form].look(place.path, frames)
        except Unfit as error:
            trouble.add(error.kind, f"{name}: {error}")
            continue
        count = seen[name].frames
        if count != frames:
            more = place.form == "video" and count > frames
            trouble.add(Kind.LENGTH, f"{name} has {'more' if more else count}")
    return seen


def _size(seen: Mapping[str, Seen], least: int, trouble: Trouble) -> int:
    """The side of all pictures."""
    common = _commonest([each.width for each in seen.values() if each.width == each.height], 0)
    for name, each in seen.items():
        size = f"{name}: {each.width}x{each.height}"
        if each.width != each.height:
            trouble.add(Kind.SIZE, f"{size} is not square")
        elif each.width < least:
            trouble.add(Kind.SIZE, f"{size} is under {least}x{least}")
        elif each.width != common:
            trouble.add(Kind.SIZE, f"{size}, most are {common}x{common}")
    return common


def _name(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()


def _changed(path: Path, why: str) -> str:
    return f"{shown(str(path))}: {shown(why)}, and looked right when it was checked: write it again"


def _commonest(values: Collection[T], otherwise: T) -> T:
    return Counter(values).most_common(1)[0][0] if values else otherwise

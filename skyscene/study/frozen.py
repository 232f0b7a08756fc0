"""The protocol as it was frozen when a study was exported: nothing of it may change while votes come in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import tomli_w

from skyscene.errors import RecipeError, StudyError
from skyscene.recipes import read_toml
from skyscene.store import read_json, write_bytes
from skyscene.study.folder import StudyFolder
from skyscene.study.recipe import StudyRecipe, resolve_protocol

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Side:
    """Who takes part.

    Attributes:
        name: In the key and in the table.
        label: For people.
        kind: model, baseline or real.
        folder: Of the contest that its clips come from; empty for the real clips.
        row: Its row in the scores there.
        lossy: Whether its clips had gone through a codec before.
    """

    name: str
    label: str
    kind: str
    folder: str = ""
    row: str = ""
    lossy: bool = False


@dataclass(frozen=True)
class Study:
    """A frozen study.

    Attributes:
        study: Its opaque name; raters may see it.
        protocol: The protocol.
        sides: Who takes part, by name.
        benchmark: Name and version of the benchmark that the clips belong to.
        manifest_hash: Of the data.
        size: Side of the clips in pixels.
        frames: Frames of a clip.
        clips: Ids of the first clip of every comparison, in order.
        notes: What a reader of its results has to know.
    """

    study: str
    protocol: StudyRecipe
    sides: Mapping[str, Side]
    benchmark: str
    manifest_hash: str
    size: int
    frames: int
    clips: tuple[str, ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def seconds(self) -> float:
        """Length of a clip."""
        return self.frames / self.protocol.fps

    def question(self, show: str) -> str:
        """What is asked of a pair."""
        return self.protocol.question if show == "video" else self.protocol.frame_question

    @property
    def text(self) -> bytes:
        """The file."""
        table: dict[str, Any] = {
            "schema_version": _VERSION,
            "study": self.study,
            "benchmark": self.benchmark,
            "manifest_hash": self.manifest_hash,
            "size": self.size,
            "frames": self.frames,
            "clips": list(self.clips),
            "notes": list(self.notes),
            "protocol": self.protocol.model_dump(mode="json"),
            "contestants": {
                side.name: {
                    "label": side.label,
                    "kind": side.kind,
                    "folder": side.folder,
                    "row": side.row,
                    "lossy": side.lossy,
                }
                for side in self.sides.values()
            },
        }
        return tomli_w.dumps(table).encode()

    @property
    def sha(self) -> str:
        """SHA-256 of the file."""
        return hashlib.sha256(self.text).hexdigest()

    def write(self, folder: StudyFolder) -> None:
        """Freezes it."""
        write_bytes(folder.study, self.text)


def read_study(folder: StudyFolder) -> Study:
    """The study in a folder.

    Raises:
        StudyError: There is none, or its file was changed.
    """
    if not folder.study.is_file():
        raise StudyError(f"{folder.root} is no study: `bench study export` makes one")
    try:
        table = dict(read_toml(folder.study))
        if table.pop("schema_version") != _VERSION:
            raise StudyError(f"{folder.study} was written by another version of SkyScene")
        study = Study(
            protocol=resolve_protocol(table.pop("protocol")),
            sides={name: Side(name, **row) for name, row in table.pop("contestants").items()},
            clips=tuple(table.pop("clips")),
            notes=tuple(table.pop("notes")),
            **table,
        )
    except (KeyError, TypeError, AttributeError, RecipeError) as error:
        raise StudyError(f"{folder.study} is no frozen study: {error}") from None
    blocks = read_json(folder.blocks) if folder.blocks.is_file() else None
    frozen = blocks.get("study_sha") if isinstance(blocks, dict) else None
    if hashlib.sha256(folder.study.read_bytes()).hexdigest() != frozen or study.sha != frozen:
        raise StudyError(f"{folder.study} was changed after the export: votes would not fit it; export anew")
    return study

"""The scores of a contest on the disk: a table a row, written as they come, and read metric by metric."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import torch

from skyscene.bench.contestant import Truth
from skyscene.errors import BenchError
from skyscene.metrics import Measured
from skyscene.store import replacing

SCHEMA = pa.schema(
    [
        ("spec_id", pa.dictionary(pa.int32(), pa.string())),
        ("clip_id", pa.dictionary(pa.int32(), pa.string())),
        ("sample", pa.int16()),
        ("frame", pa.int16()),
        ("value", pa.float64()),
        ("weight", pa.float64()),
    ],
    metadata={b"table": b"scores", b"schema_version": b"2"},
)
"""A row a metric, clip, sample and frame; output 0 stands in the input's own place."""
FEATURES = pa.schema(
    [
        ("extractor", pa.string()),
        ("clip_id", pa.string()),
        ("sample", pa.int16()),
        ("feature", pa.list_(pa.float32())),
    ],
    metadata={b"table": b"features", b"schema_version": b"1"},
)
"""A row a clip: what metrics of whole sets compare."""
_CLIPS = "clips.parquet"
_ROWS_AT_ONCE = 65_536
Array = npt.NDArray[np.float64]


@contextmanager
def score_writer(path: Path) -> Iterator[ScoreWriter]:
    """Writes a row's table as it comes; nothing is there until all of it is.

    Raises:
        StoreError: The disk is full or may not be written.
    """
    with replacing(path) as temporary, pq.ParquetWriter(temporary, SCHEMA, compression="zstd") as file:
        writer = ScoreWriter(file)
        yield writer
        writer.flush()


class ScoreWriter:
    """Gathers rows and writes many at once.

    Args:
        file: Where to.
    """

    def __init__(self, file: pq.ParquetWriter) -> None:
        self._file = file
        self._waiting: list[pa.Table] = []
        self._count = 0

    def add(self, spec_id: str, ids: Sequence[str], sample: int, found: Measured) -> None:
        """Adds what a metric says of some clips."""
        clips, frames = found.value_bt.shape
        rows = clips * frames
        table = pa.table(
            {
                "spec_id": pa.DictionaryArray.from_arrays(np.zeros(rows, np.int32), [spec_id]),
                "clip_id": pa.DictionaryArray.from_arrays(
                    np.repeat(np.arange(clips, dtype=np.int32), frames), ids
                ),
                "sample": np.full(rows, sample, np.int16),
                "frame": np.tile(np.arange(found.first, found.first + frames, dtype=np.int16), clips),
                "value": found.value_bt.cpu().numpy().ravel(),
                "weight": found.weight_bt.cpu().numpy().ravel(),
            },
            schema=SCHEMA,
        )
        # A copy in Arrow's own memory: what stays small in the common heap keeps it from being used again.
        self._waiting.append(table.take(np.arange(rows)))
        self._count += rows
        if self._count >= _ROWS_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Writes what is left."""
        if self._waiting:
            self._file.write_table(pa.concat_tables(self._waiting).unify_dictionaries())
        self._waiting, self._count = [], 0


def write_clips(folder: Path, truth: Truth) -> None:
    """Writes which clips were scored, with their groups and labels."""
    columns = {"clip_id": list(truth.ids), "group_id": list(truth.groups)}
    labels = {f"label_{name}": pa.array(values, pa.string()) for name, values in truth.labels.items()}
    table = pa.table({**columns, **labels}).replace_schema_metadata(
        {"table": "scored_clips", "schema_version": "1"}
    )
    with replacing(folder / "scores" / _CLIPS) as temporary:
        pq.write_table(table, temporary)


def write_features(path: Path, taken: Mapping[str, Mapping[str, Sequence[torch.Tensor]]]) -> None:
    """Writes the features of some clips of a row: extractor to clip to a vector a sample."""
    rows = [
        (extractor, clip, sample, vector.float().numpy())
        for extractor, clips in taken.items()
        for clip, vectors in clips.items()
        for sample, vector in enumerate(vectors)
    ]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[]] * len(FEATURES)
    with replacing(path) as temporary:
        pq.write_table(pa.table(dict(zip(FEATURES.names, columns, strict=True)), schema=FEATURES), temporary)


@dataclass(frozen=True)
class ScoredClips:
    """The scores in a contest's folder.

    Attributes:
        folder: The folder.
    """

    folder: Path
    _sums: dict[tuple[str, str], tuple[Array, Array]] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def _clips(self) -> pa.Table:
        path = self.folder / "scores" / _CLIPS
        if not path.is_file():
            raise BenchError(f"{self.folder} is not scored yet: `bench score {self.folder}`")
        return pq.read_table(path)

    @property
    def ids(self) -> list[str]:
        """The scored clips."""
        found: list[str] = self._clips["clip_id"].to_pylist()
        return found

    @property
    def groups(self) -> list[str]:
        """The split group of each."""
        found: list[str] = self._clips["group_id"].to_pylist()
        return found

    @property
    def labels(self) -> dict[str, list[str | None]]:
        """Labeller to a label for each clip."""
        names = [name for name in self._clips.column_names if name.startswith("label_")]
        return {name.removeprefix("label_"): self._clips[name].to_pylist() for name in names}

    def sums(self, row: str, spec_id: str) -> tuple[Array, Array]:
        """Values and weights of one metric of a row, summed over samples; both (clips, frames).

        Frames that the metric has no value of weigh nothing.

        Raises:
            BenchError: The row was not scored, or not by this metric.
        """
        known_sums = self._sums.get((row, spec_id))
        if known_sums is not None:
            return known_sums
        path = self.folder / "scores" / f"{row}.parquet"
        if not path.is_file():
            raise BenchError(f"{self.folder}: no scores of {row} yet: `bench score {self.folder}`")
        table = pq.read_table(path, filters=pc.field("spec_id") == spec_id)
        if not len(table):
            raise BenchError(f"{path} has no {spec_id}: `bench score {self.folder}` scores again")
        known = pa.array(self.ids)
        places = pc.index_in(table["clip_id"].cast(pa.string()), known).to_numpy()
        frames = table["frame"].to_numpy()
        shape = (len(known), int(frames.max()) + 1)
        flat = places * shape[1] + frames

        def total(name: str) -> Array:
            summed = np.bincount(flat, weights=table[name].to_numpy(), minlength=shape[0] * shape[1])
            return summed.astype(np.float64).reshape(shape)

        self._sums[row, spec_id] = total("value"), total("weight")
        return self._sums[row, spec_id]

    def features(self, row: str, extractor: str) -> list[torch.Tensor]:
        """Features of the clips of a row, or of "truth"; (n, k) for each sample."""
        table = self._features(row, extractor)
        samples = table["sample"].to_numpy()
        vectors = np.stack(table["feature"].to_numpy(zero_copy_only=False))
        return [torch.from_numpy(vectors[samples == sample]) for sample in np.unique(samples)]

    def featured(self, row: str, extractor: str) -> list[str]:
        """The clips whose features were taken."""
        found: list[str] = self._features(row, extractor)["clip_id"].to_pylist()
        return found

    def _features(self, row: str, extractor: str) -> pa.Table:
        path = self.folder / "features" / f"{row}.parquet"
        return pq.read_table(path, filters=pc.field("extractor") == extractor)

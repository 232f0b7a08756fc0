"""What a training writes as it goes: a line of JSON a record, and the same for TensorBoard."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image
from tensorboard.compat.proto.summary_pb2 import Summary
from torch.utils.tensorboard import SummaryWriter

from skyscene.store import write_bytes

LOG = "log.jsonl"
NOTE = "note"
"""Of a record that says something in words."""

_MILLISECONDS = 90


class Log:
    """The log of one run.

    Args:
        folder: The run's folder; gets ``log.jsonl`` and ``tensorboard/``.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOG
        self._boards = folder / "tensorboard"
        self._board: SummaryWriter | None = None

    def close(self) -> None:
        """Writes what is left."""
        if self._board:
            self._board.close()

    def begin(self, stage: str, seen: int) -> None:
        """Drops what an interrupted run had written of a stage after the point it goes on from.

        A stage has a folder of its own for TensorBoard: there a point drops all that its folder has after it.
        """
        self.close()
        self._board = SummaryWriter(str(self._boards / stage), purge_step=seen + 1 if seen else 0)
        records = [r for r in read_log(self._path) if r["stage"] != stage or r["seen"] <= seen]
        write_bytes(self._path, "".join(map(_line, records)).encode())

    def values(self, stage: str, seen: int, values: Mapping[str, float]) -> None:
        """Losses or scores after so many clips."""
        with self._path.open("a", encoding="utf-8") as file:
            file.write(_line({"stage": stage, "seen": seen, **values}))
        assert self._board is not None, "a stage was not begun"
        for name, value in values.items():
            self._board.add_scalar(f"{stage}/{name}", value, seen)

    def note(self, stage: str, seen: int, text: str) -> None:
        """What there is to know after so many clips."""
        with self._path.open("a", encoding="utf-8") as file:
            file.write(_line({"stage": stage, "seen": seen, NOTE: text}))

    def clip(self, stage: str, seen: int, film_thwc: npt.NDArray[np.uint8]) -> None:
        """Pictures that move, after so many clips; for TensorBoard alone, where they play."""
        first, *rest = [Image.fromarray(frame) for frame in film_thwc]
        out = io.BytesIO()
        first.save(out, "GIF", save_all=True, append_images=rest, duration=_MILLISECONDS, loop=0)
        height, width = film_thwc.shape[1:3]
        picture = Summary.Image(height=height, width=width, colorspace=3, encoded_image_string=out.getvalue())
        value = Summary.Value(tag=f"{stage}/val clips, drawn under real", image=picture)
        assert self._board is not None and self._board.file_writer is not None, "a stage was not begun"
        self._board.file_writer.add_summary(Summary(value=[value]), seen)


def read_log(path: Path) -> list[dict[str, Any]]:
    """The records; a last line that was cut off is left out."""
    if not path.is_file():
        return []
    records = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            records.append(json.loads(line))
        except ValueError:
            break
    return records


def _line(record: Mapping[str, Any]) -> str:
    return json.dumps(record) + "\n"

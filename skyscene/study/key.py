"""The secret key of a study: what every pair is."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from skyscene.errors import StudyError
from skyscene.records import Pair
from skyscene.store import replacing

_VERSION = b"1"
_SCHEMA = pa.schema([pa.field(field.name, pa.string()) for field in fields(Pair)])
Item = TypeVar("Item", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Secret:
    """Where opaque names, orders and sides come from; nobody without it can guess or check one.

    Attributes:
        value: 32 random bytes.
    """

    value: bytes

    def digest(self, *parts: object) -> bytes:
        """HMAC-SHA256 of some parts."""
        return hmac.new(self.value, "\0".join(map(str, parts)).encode(), hashlib.sha256).digest()

    def name(self, *parts: object) -> str:
        """An opaque name, 20 hexadecimal digits."""
        return self.digest("name", *parts).hex()[:20]

    def rater(self, *parts: object) -> str:
        """What stands for a person in votes."""
        return f"r_{self.digest('rater', *parts).hex()[:20]}"

    def shuffled(self, items: Iterable[Item], *purpose: object) -> list[Item]:
        """Items in an order of their own for each purpose."""
        return sorted(items, key=lambda item: self.digest("order", *purpose, item))

    def coin(self, *parts: object) -> bool:
        """Heads or tails."""
        return bool(self.digest("coin", *parts)[0] & 1)


@dataclass(frozen=True)
class Key:
    """The secret and the pairs.

    Attributes:
        secret: Where names come from.
        study_sha: Hash of the frozen protocol that it belongs to.
        pairs: All of them.
    """

    secret: Secret
    study_sha: str
    pairs: Sequence[Pair]

    def write(self, path: Path) -> None:
        """Writes it so that only its owner can read it."""
        metadata = {
            "skyscene.table": b"study-key",
            "skyscene.schema_version": _VERSION,
            "secret": self.secret.value.hex().encode(),
            "study_sha": self.study_sha.encode(),
        }
        table = pa.Table.from_pylist([asdict(pair) for pair in self.pairs], _SCHEMA.with_metadata(metadata))
        with replacing(path) as temporary:
            temporary.touch(mode=0o600)
            os.chmod(temporary, 0o600)
            pq.write_table(table, temporary)


def read_key(path: Path) -> Key:
    """The key of a study.

    Raises:
        StudyError: It is not there, or none of ours.
    """
    try:
        table = pq.read_table(path)
        metadata = table.schema.metadata or {}
        if metadata.get(b"skyscene.schema_version") != _VERSION or table.column_names != _SCHEMA.names:
            raise StudyError(f"{path} is no key of this version of SkyScene")
        secret = Secret(bytes.fromhex(metadata[b"secret"].decode()))
        return Key(secret, metadata[b"study_sha"].decode(), [Pair(**row) for row in table.to_pylist()])
    except FileNotFoundError:
        raise StudyError(f"no key at {path}: is this the folder of a study?") from None
    except (pa.ArrowException, OSError, KeyError, ValueError) as error:
        raise StudyError(f"{path} is no key of a study: {error}") from None

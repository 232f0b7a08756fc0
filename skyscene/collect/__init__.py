"""Finding and fetching sources: what the command line names, and its bytes, remembering every try."""

from skyscene.collect.breaker import Breaker
from skyscene.collect.collector import Collector
from skyscene.collect.failure import CODES, TRANSIENT, classify, is_transient
from skyscene.collect.fetch import YtDlp
from skyscene.collect.formats import choose_format
from skyscene.collect.ledger import Attempt, Ledger
from skyscene.collect.manifest import Manifest, read_manifest
from skyscene.collect.removals import Removals
from skyscene.collect.sources import VIDEO_SUFFIXES, SourceList, read_sources

__all__ = [
    "CODES",
    "TRANSIENT",
    "VIDEO_SUFFIXES",
    "Attempt",
    "Breaker",
    "Collector",
    "Ledger",
    "Manifest",
    "Removals",
    "SourceList",
    "YtDlp",
    "choose_format",
    "classify",
    "is_transient",
    "read_manifest",
    "read_sources",
]

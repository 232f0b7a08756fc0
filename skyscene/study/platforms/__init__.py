"""Platforms where people answer: their files out, their results in. One file a platform.

`export_platforms` writes, `import_votes` reads. `PLATFORMS` is the register; what each one's facts come from
stands in its ``verified``.
"""

from skyscene.study.platforms.exporting import export_platforms
from skyscene.study.platforms.importing import Imported, import_votes
from skyscene.study.platforms.plan import check_address
from skyscene.study.platforms.platform import Parsed, Platform, RawVote
from skyscene.study.platforms.register import PLATFORMS, unverified

__all__ = [
    "PLATFORMS",
    "Imported",
    "Parsed",
    "Platform",
    "RawVote",
    "check_address",
    "export_platforms",
    "import_votes",
    "unverified",
]

"""Which platforms there are, and whose a file is."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from skyscene.errors import StudyError
from skyscene.study.platforms.arena import Arena
from skyscene.study.platforms.jspsych import JsPsych
from skyscene.study.platforms.labelstudio import LabelStudio
from skyscene.study.platforms.mturk import MTurk
from skyscene.study.platforms.plain import Csv
from skyscene.study.platforms.platform import Platform, recognises
from skyscene.study.platforms.upload import Upload, shown

_ALL: tuple[Platform, ...] = (MTurk(), JsPsych(), LabelStudio(), Arena(), Csv())
PLATFORMS: Mapping[str, Platform] = {platform.name: platform for platform in _ALL}
"""By name."""


def unverified() -> list[str]:
    """Names of the platforms whose format was seen neither in a real export nor in documentation."""
    return [name for name, platform in PLATFORMS.items() if platform.verified == "unverified"]


def platform_named(name: str) -> Platform:
    """A platform by its name.

    Raises:
        StudyError: There is none of that name.
    """
    if name not in PLATFORMS:
        near = difflib.get_close_matches(name, PLATFORMS, 1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise StudyError(f"no platform {name!r}.{hint} There are {', '.join(PLATFORMS)}")
    return PLATFORMS[name]


def platform_of(upload: Upload, name: str | None) -> Platform:
    """The platform whose results a file has, by its header.

    Args:
        upload: The file.
        name: The one that it is said to be of; none to find out.

    Raises:
        StudyError: It is of none, of several, or not of that one.
    """
    if name is not None:
        platform = platform_named(name)
        if recognises(platform, upload):
            return platform
        lacking = ", ".join(sorted(platform.needs - upload.columns))
        wanted = " or ".join(sorted(platform.kinds)).upper()
        reason = f"it lacks {lacking}" if lacking else f"{wanted} is expected"
        raise StudyError(f"{upload.path} has no results of {name}: {reason}")
    found = [platform for platform in PLATFORMS.values() if recognises(platform, upload)]
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(platform.name for platform in found)
        raise StudyError(f"{upload.path} could be of {names}: name the platform")
    seen = ", ".join(shown(column) for column in sorted(upload.columns)[:8])
    needs = "; ".join(f"{each.name}: {', '.join(sorted(each.needs))}" for each in PLATFORMS.values())
    raise StudyError(
        f"{upload.path} has results of no known platform: it has {seen}; what they have is {needs}"
    )

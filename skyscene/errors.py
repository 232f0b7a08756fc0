"""Every error that SkyScene raises on purpose.

::

    SkySceneError            caught by the command line: one line, exit code 1
    ├── RecipeError          a recipe or an override is wrong (all faults at once)
    ├── ManifestError        a list of sources cannot be read
    ├── MediaError           a video file cannot be used; it has a short machine-readable code
    ├── FetchError           a source could not be downloaded; the same
    ├── StoreError           a build folder cannot be read, written or trusted
    │   └── BusyError        another command is writing to this folder
    ├── BenchError           a model cannot be trained or scored as asked
    ├── StudyError           a study cannot be exported, served, imported or scored as asked
    ├── MetricError          clips cannot be scored as they are
    ├── VerifyError          a promise of the index is broken
    └── MissingExtraError    an optional dependency is not installed
"""

from __future__ import annotations

from os import PathLike


class SkySceneError(Exception):
    """Something the user can mend; the message says what, where and how."""


class RecipeError(SkySceneError):
    """A recipe, a component or a ``--set`` override is wrong.

    Attributes:
        problems: One line a fault, all that were found at once.
    """

    def __init__(self, problems: str | list[str]) -> None:
        self.problems = [problems] if isinstance(problems, str) else list(problems)
        super().__init__("\n".join(self.problems))

    def __reduce__(self) -> tuple[type[RecipeError], tuple[list[str]]]:
        return type(self), (self.problems,)


class ManifestError(SkySceneError):
    """A manifest or another list of sources cannot be read."""


class _CodedError(SkySceneError):
    """An error with a short code that becomes a row's reason."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)

    def __reduce__(self) -> tuple[type[_CodedError], tuple[str, str]]:
        return type(self), (self.code, self.message)


class MediaError(_CodedError):
    """A video file cannot be opened, decoded or encoded.

    Attributes:
        path: The file, if the message does not name it; the error's text begins with it.

    >>> str(MediaError("empty-file", "the file is empty", "a.mp4"))
    'a.mp4: the file is empty'
    """

    def __init__(self, code: str, message: str, path: str | PathLike[str] | None = None) -> None:
        super().__init__(code, message)
        self.path = path

    def __str__(self) -> str:
        return self.message if self.path is None else f"{self.path}: {self.message}"

    def __reduce__(self) -> tuple[type[MediaError], tuple[str, str, str | PathLike[str] | None]]:  # type: ignore[override]
        return type(self), (self.code, self.message, self.path)


class FetchError(_CodedError):
    """A source could not be downloaded."""


class StoreError(SkySceneError):
    """A build folder cannot be read, written or trusted."""


class BusyError(StoreError):
    """Another command holds the folder's lock."""


class BenchError(SkySceneError):
    """A model cannot be trained, resumed, predicted or scored as asked."""


class StudyError(SkySceneError):
    """A study cannot be exported, served, imported or scored as asked.

    Attributes:
        problems: One line a fault, all that were found at once.
    """

    def __init__(self, problems: str | list[str]) -> None:
        self.problems = [problems] if isinstance(problems, str) else list(problems)
        super().__init__("\n".join(self.problems))

    def __reduce__(self) -> tuple[type[StudyError], tuple[list[str]]]:
        return type(self), (self.problems,)


class MetricError(SkySceneError, ValueError):
    """Clips that a metric cannot score: wrong shape, range or type, or no numbers."""


class VerifyError(SkySceneError):
    """A build folder breaks a promise of its own index."""


class MissingExtraError(SkySceneError):
    """An optional dependency is missing; the message has the install line.

    >>> str(MissingExtraError("yt-dlp", "youtube", "download from URLs"))
    "yt-dlp is needed to download from URLs: pip install 'skyscene[youtube]'"
    """

    def __init__(self, package: str, extra: str, purpose: str) -> None:
        self.package, self.extra, self.purpose = package, extra, purpose
        super().__init__(f"{package} is needed to {purpose}: pip install 'skyscene[{extra}]'")

    def __reduce__(self) -> tuple[type[MissingExtraError], tuple[str, str, str]]:
        return type(self), (self.package, self.extra, self.purpose)

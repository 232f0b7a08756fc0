"""A request that is not done, and why."""

from __future__ import annotations


class Refusal(Exception):
    """What the page is told in place of an answer.

    Attributes:
        status: Of HTTP.
        code: For the page.
        message: For people; never anything that came with the request.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def stranger() -> Refusal:
    """No link, or one that is not ours."""
    return Refusal(401, "stranger", "This page opens with a link of its own. Please open your link again.")

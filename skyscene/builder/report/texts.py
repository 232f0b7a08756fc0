"""Sentences and numbers as a page's data hold them."""

from __future__ import annotations

import math


class Texts:
    """Sentences, each once, by their number.

    Attributes:
        all: The sentences.
    """

    def __init__(self) -> None:
        self.all: list[str] = []
        self._place: dict[str, int] = {}

    def __call__(self, text: str) -> int:
        """The number of a sentence."""
        if text not in self._place:
            self._place[text] = len(self.all)
            self.all.append(text)
        return self._place[text]


def rounded(value: float) -> float | None:
    """A number in five significant digits; none for one that is not finite.

    >>> rounded(0.123456789), rounded(4.0), rounded(float("nan"))
    (0.12346, 4, None)
    """
    if not math.isfinite(value):
        return None
    short = float(f"{value:.5g}")
    return int(short) if short == int(short) else short


def number(value: float) -> str:
    """A measured number for a person, in three significant digits.

    >>> number(0.01234), number(40.0), number(1234.5), number(float("nan"))
    ('0.0123', '40', '1,234', 'nothing')
    """
    if not math.isfinite(value):
        return "nothing"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def amount(value: float, unit: str) -> str:
    """A number with its unit.

    >>> amount(7.0, "%"), amount(2.5, "levels"), amount(1.2, "")
    ('7 %', '2.5 levels', '1.2')
    """
    return f"{number(value)} {unit}".rstrip()


def sentence(text: str) -> str:
    """A text that begins and ends as a sentence does.

    >>> sentence("nothing moves: 2 levels")
    'Nothing moves: 2 levels.'
    """
    text = text.strip()
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?" else ".")

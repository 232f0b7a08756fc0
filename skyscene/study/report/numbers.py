"""Numbers of a report as texts."""

from __future__ import annotations

from collections.abc import Sequence

from skyscene.study.statistics.proportion import Interval

NONE = "\N{EN DASH}"
_MOST_ODDS = 1000


def points(value: float | None) -> str:
    """POS points or a percentage, with one decimal.

    >>> points(91.96), points(None)
    ('92.0', '–')
    """
    return NONE if value is None else f"{value:.1f}"


def ends(found: Interval | None) -> str:
    """Ends of an interval of POS points.

    >>> ends(Interval(84.13, 96.2, "Wilson")), ends(None)
    ('84.1..96.2', '–')
    """
    return NONE if found is None else f"{found.low:.1f}..{found.high:.1f}"


def p_value(p: float | None) -> str:
    """A p-value: three decimals below 0.1, else two; never 0, and 1 only where it is 1.

    >>> p_value(0.0004), p_value(0.0312), p_value(0.37), p_value(0.999), p_value(1.0), p_value(None)
    ('<0.001', '0.031', '0.37', '>0.99', '1', '–')
    """
    if p is None:
        return NONE
    if p >= 1:
        return "1"
    if p > 0.99:
        return ">0.99"
    return "<0.001" if p < 0.001 else f"{p:.3f}" if p < 0.1 else f"{p:.2f}"


def equals_p(p: float | None) -> str:
    """A p-value in a sentence.

    >>> equals_p(0.6), equals_p(0.00001)
    ('p = 0.60', 'p < 0.001')
    """
    text = p_value(p)
    return f"p {text[0]} {text[1:]}" if text[0] in "<>" else f"p = {text}"


def odds(value: float | None) -> str:
    """An odds ratio: two decimals below 10, and no more than can be believed.

    >>> odds(1.23456), odds(0.0123), odds(55.5), odds(float("inf")), odds(0.0000001), odds(None)
    ('1.23', '0.012', '56', '>1000', '<0.001', '–')
    """
    if value is None:
        return NONE
    if value > _MOST_ODDS:
        return f">{_MOST_ODDS}"
    if value < 1 / _MOST_ODDS:
        return f"<{1 / _MOST_ODDS:g}"
    return f"{value:.0f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


def signed(value: float | None, digits: int = 2) -> str:
    """A number around zero.

    >>> signed(-0.031), signed(0.5), signed(-0.001), signed(None)
    ('−0.03', '0.50', '0.00', '–')
    """
    if value is None:
        return NONE
    text = f"{abs(value):.{digits}f}"
    return f"\N{MINUS SIGN}{text}" if value < 0 and float(text) else text


def listed(names: Sequence[str], last: str = "and") -> str:
    """Names in a sentence.

    >>> listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('', 'a', 'a and b', 'a, b and c')
    """
    if not names:
        return ""
    return f" {last} ".join(filter(None, [", ".join(names[:-1]), names[-1]]))

"""What a report calls contestants, their pairs, and what was shown of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from skyscene.study.frozen import Study


@dataclass(frozen=True)
class Labels:
    """What contestants are called.

    Attributes:
        study: The study that they take part in.
        named: Their names in the place of their labels, as a terminal wants them.
    """

    study: Study
    named: bool = False

    def of(self, name: str) -> str:
        """A contestant's label; its name is added where another has the same label."""
        return self._all[name]

    def short(self, name: str, most: int) -> str:
        """A label that fits into a plot or the head of a column, still told apart from the others."""
        cut = {other: shortened(label, most) for other, label in self._all.items()}
        if list(cut.values()).count(cut[name]) == 1:
            return cut[name]
        return f"{shortened(self._all[name], most // 2)} ({shortened(plain(name), most // 2)})"

    def pair(self, first: str, second: str) -> str:
        """Two contestants, the first one's score being told."""
        return f"{self.of(first)} over {self.of(second)}"

    def shown(self, show: str, pair: str) -> str:
        """A pair with what was shown of it, where that is not the same in the whole study."""
        return f"{show}: {pair}" if len(self.study.protocol.shows) > 1 else pair

    @property
    def _all(self) -> Mapping[str, str]:
        if self.named:
            return {name: plain(name) for name in self.study.sides}
        labels = {name: plain(side.label) or plain(name) for name, side in self.study.sides.items()}
        uses = Counter(labels.values())
        return {
            name: label if uses[label] == 1 else f"{label} ({plain(name)})" for name, label in labels.items()
        }


def plain(text: str) -> str:
    r"""A text on one line, without anything that only a terminal or a browser would act on.

    >>> plain("two\n lines"), plain("red\x1b[31m"), plain("\u202ereversed")
    ('two lines', 'red\ufffd[31m', '\ufffdreversed')
    """
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in " ".join(text.split()))


def shortened(text: str, most: int) -> str:
    """A text of so many characters at most; tables have all of it.

    >>> shortened("a" * 40, 10)
    'aaaaaaaaa…'
    """
    return text if len(text) <= most else f"{text[: most - 1]}\N{HORIZONTAL ELLIPSIS}"


def question(study: Study, show: str) -> str:
    """What raters were asked."""
    return plain(study.question(show))


def asked(study: Study) -> list[str]:
    """Every question once; it says of what, where that differs."""
    shows = study.protocol.shows
    found = {show: question(study, show) for show in shows}
    if len(set(found.values())) == 1:
        return [found[shows[0]]]
    return [f"{show.capitalize()}: {text}" for show, text in found.items()]


def showing(study: Study, show: str) -> str:
    """What raters saw."""
    protocol = study.protocol
    if show == "frame":
        return f"frame {protocol.frame} for {protocol.frame_seconds:g} s"
    plays = {0: "as often as they liked", 1: "once"}.get(protocol.plays, f"up to {protocol.plays} times")
    return f"the whole video of {study.seconds:.1f} s, {plays}"

"""What a reader of a table has to be told, word for word: a page asks by these words whether it was."""

from __future__ import annotations

from collections.abc import Iterable

DRAWN = "Drawn skies: these numbers show that everything runs. They rank no model."
ONE_SEED = (
    "One seed: trained models are not ranked by it. The same model trained again can differ by more than "
    "two models do; intervals here are over clips only."
)


def of_ranking(notes: Iterable[str]) -> list[str]:
    """The notes that say what a table does not rank.

    >>> of_ranking([DRAWN, "mdgan: o" + ONE_SEED[1:], "another"]) == [DRAWN, "mdgan: o" + ONE_SEED[1:]]
    True
    """
    return [note for note in notes if note == DRAWN or note.endswith(ONE_SEED[1:])]

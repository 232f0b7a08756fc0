"""What to cite with a benchmark's numbers: SkyScene, the data set's paper, those of models and metrics."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

from skyscene import __version__
from skyscene.bench.latex import escape
from skyscene.bench.papers import DATA_PAPER, METRIC_PAPERS, MODEL_PAPERS, Paper

# CITATION.cff says the same and does not travel in the wheel; a test compares them.
TITLE = "SkyScene: curation and benchmarking of sky time-lapse video"
AUTHORS = "The SkyScene authors"
LICENSE = "MIT"

_ACCENTS = {"\N{COMBINING ACUTE ACCENT}": "'", "\N{COMBINING DIAERESIS}": '"', "\N{COMBINING TILDE}": "~"}
_LETTERS = {"ł": r"{\l}"}
_FIELD = {"conference": "booktitle", "journal": "journal", "preprint": "howpublished"}
_ENTRY = {"conference": "inproceedings", "journal": "article", "preprint": "misc"}


def citation(
    format: Literal["bibtex", "text"] = "bibtex", models: Iterable[str] = (), metrics: Iterable[str] = ()
) -> str:
    """Entries for SkyScene, the Sky Time-lapse data set, and the papers of what was used, each once.

    Args:
        format: BibTeX in plain ASCII, or a line of text a paper.
        models: Names of model recipes. Without a known paper, as one of your own, a name adds nothing.
        metrics: Names or spec ids; "psnr/rgb-frame/1" adds nothing, "flowmse/dis-medium/1" its estimator.

    Raises:
        ValueError: Another format.
    """
    papers = _papers(models, metrics)
    if format == "bibtex":
        return "\n".join([_own_bibtex(), *map(_bibtex, papers)])
    if format == "text":
        own = f"{AUTHORS}: {TITLE}. Version {__version__}, licence {LICENSE}."
        return "\n".join([own, *map(_text, papers)]) + "\n"
    raise ValueError(f"format {format!r}: bibtex or text")


def _papers(models: Iterable[str], metrics: Iterable[str]) -> list[Paper]:
    found = [DATA_PAPER, *(MODEL_PAPERS[name] for name in models if name in MODEL_PAPERS)]
    for name in metrics:
        for word in re.split(r"[/_-]", name):
            found += METRIC_PAPERS.get(word, ())
    return list(dict.fromkeys(found))


def _own_bibtex() -> str:
    fields = {
        "author": f"{{{AUTHORS}}}",  # braces: a group, not a person of the family "authors"
        "title": f"{{{escape(TITLE)}}}",
        "note": f"Version {__version__}, licence {LICENSE}",
    }
    return _entry("misc", "skyscene", fields)


def _bibtex(paper: Paper) -> str:
    fields = {
        "author": _ascii(" and ".join(paper.authors)),
        "title": f"{{{_ascii(escape(paper.title))}}}",  # braces: capitals stay
        _FIELD[paper.kind]: _ascii(escape(paper.venue)),
        "year": str(paper.year),
    }
    return _entry(_ENTRY[paper.kind], paper.key, fields)


def _entry(kind: str, key: str, fields: dict[str, str]) -> str:
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@{kind}{{{key},", *lines, "}"]) + "\n"


def _ascii(text: str) -> str:
    r"""Accented letters as classic BibTeX sorts and prints them.

    >>> _ascii("Farnebäck, Mikołaj")
    'Farneb{\\"a}ck, Miko{\\l}aj'
    """
    letters = []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        if len(parts) == 2:
            letters.append(f"{{\\{_ACCENTS[parts[1]]}{parts[0]}}}")
        else:
            letters.append(_LETTERS.get(letter, letter))
    return "".join(letters)


def _text(paper: Paper) -> str:
    names = [f"{given} {family}" for family, given in (author.split(", ") for author in paper.authors)]
    people = ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else names[0]
    return f"{people}: {paper.title}. {paper.venue}, {paper.year}."

"""What to cite: one place for the facts, each paper once, and BibTeX that older programs read too."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import skyscene
from skyscene.bench import citation as module
from skyscene.bench.citation import citation
from skyscene.bench.papers import METRIC_PAPERS, MODEL_PAPERS
from skyscene.recipes import names

ROOT = Path(__file__).parents[2]
OWN = ["skyscene", "xiong2018mdgan"]


def keys(text: str) -> list[str]:
    return re.findall(r"(?m)^@\w+\{([^,]+),$", text)


def everything() -> str:
    return citation("bibtex", MODEL_PAPERS, METRIC_PAPERS)


def test_citation_cff_says_the_same() -> None:
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    own, references = text.split("references:")
    facts = dict(re.findall(r'(?m)^(\w[\w-]*): "?([^"\n]+)"?$', own))
    assert facts["title"] == module.TITLE and facts["license"] == module.LICENSE
    assert facts["version"] == skyscene.__version__
    assert f'- name: "{module.AUTHORS}"' in own
    paper = module.DATA_PAPER  # type: ignore[attr-defined]
    assert f'title: "{paper.title}"' in references and f"year: {paper.year}" in references
    people = re.findall(r"family-names: (\w+), given-names: (\w+)", references)
    assert tuple(", ".join(names) for names in people) == paper.authors


def test_by_itself_it_cites_skyscene_and_the_paper_of_the_data() -> None:
    text = citation()
    assert keys(text) == OWN
    assert f"Version {skyscene.__version__}" in text


def test_every_shipped_model_has_its_paper() -> None:
    assert set(names("models")) <= MODEL_PAPERS.keys()


@pytest.mark.parametrize(
    ("models", "metrics", "added"),
    [
        (["mdgan"], [], []),
        (["vgan", "rnngan", "vgan"], [], ["vondrick2016vgan", "zhou2016rnngan"]),
        ([], ["mse01", "psnr"], []),
        ([], ["ssim", "ssim/gauss11-rgb-valid/1"], ["wang2004ssim"]),
        ([], ["lpips"], ["zhang2018lpips"]),
        ([], ["fvd", "kvd"], ["unterthiner2018fvd", "carreira2017i3d", "binkowski2018kid"]),
        ([], ["flowmse/dis-medium/1"], ["kroeger2016dis"]),
        ([], ["flowmse/farneback"], ["farneback2003"]),
        (["mine"], ["display"], []),
    ],
)
def test_what_was_used_is_cited_once(models: list[str], metrics: list[str], added: list[str]) -> None:
    assert keys(citation("bibtex", models, metrics)) == OWN + added


def test_the_entries_are_ascii_balanced_and_have_the_fields_of_their_kind() -> None:
    text = everything()
    assert text.isascii()
    entries = re.findall(r"(?ms)^@(\w+)\{(\w+),\n(.*?)^\}\n", text)
    assert len(entries) == len(keys(text)) == len(set(keys(text))) == 12
    needed = {"inproceedings": "booktitle", "article": "journal"}
    for kind, key, fields in entries:
        assert fields.count("{") == fields.count("}"), key
        found = set(re.findall(r"(?m)^  (\w+) = \{.*\},$", fields))
        assert {"author", "title"} <= found
        assert needed.get(kind, "title") in found
        assert ("year" in found) == (key != "skyscene")
    for accented in (r"Farneb{\"a}ck", r"Bi{\'n}kowski, Miko{\l}aj", r"Jo{\~a}o", r"Metric \& Challenges"):
        assert accented in text


def test_the_text_has_a_line_a_paper_with_names_as_they_are_written() -> None:
    lines = citation("text", ["vgan"], ["kvd"]).splitlines()
    assert len(lines) == 5
    assert lines[0].startswith("The SkyScene authors: SkyScene: ")
    assert lines[2] == (
        "Carl Vondrick, Hamed Pirsiavash and Antonio Torralba: Generating Videos with Scene Dynamics. "
        "Advances in Neural Information Processing Systems (NIPS), 2016."
    )
    assert "Mikołaj Bińkowski" in lines[3]


def test_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="bibtex or text"):
        citation("ris")  # type: ignore[arg-type]

"""Published numbers: as printed, sure of what they are, and never among what was measured."""

from __future__ import annotations

from html.parser import HTMLParser
from math import log10, sqrt

import pytest

from skyscene.bench.papers import MODEL_PAPERS
from skyscene.bench.published import (
    HEADING,
    PublishedTable,
    load_published,
    published_html,
    published_markdown,
    resolve_published,
)
from skyscene.bench.recipe import load_benchmark
from skyscene.errors import RecipeError
from skyscene.recipes import names, read_toml, shipped
from skyscene.report.page import assets

REGISTER = shipped("benchmarks") / "published.toml"
POS = {
    "MD-GAN over VGAN": (92, 85.0, 95.9),
    "MD-GAN over RNN-GAN": (97, 91.5, 99.0),
    "VGAN over real": (5, 2.2, 11.2),
    "RNN-GAN over real": (1, 0.2, 5.4),
    "MD-GAN over real": (16, 10.1, 24.4),
    "MD-GAN stage II over stage I": (70, 60.4, 78.1),
    "MD-GAN stage II over real": (16, 10.1, 24.4),
    "MD-GAN stage I over real": (8, 4.1, 15.0),
}


@pytest.fixture
def register() -> dict:
    return read_toml(REGISTER)


def tables(paper: str, *names: str) -> list[PublishedTable]:
    return [table for table in load_published() if table.source.key == paper and table.table in names]


def test_the_register_is_no_benchmark() -> None:
    assert REGISTER.is_file() and "sky64" in names("benchmarks") and "published" not in names("benchmarks")
    with pytest.raises(RecipeError, match="no recipe 'published' in benchmarks/"):
        load_benchmark("published")


def test_it_has_the_tables_of_three_papers_and_no_others() -> None:
    found = [(table.source.key, table.table, len(table.rows)) for table in load_published()]
    assert found == [
        ("mdgan", "Table 2", 5),
        ("mdgan", "Table 3", 3),
        ("mdgan", "Table 4", 4),
        ("mdgan", "Table 5", 3),
        ("dtvnet", "Table 1", 3),
        ("dtvnet", "Table 2", 5),
        ("dtvnet", "Section 4.1", 1),
        ("vgan", "Table 1", 6),
        ("vgan", "Section 3.2", 1),
        ("vgan", "Figure 4a", 1),
    ]


def test_nothing_published_is_comparable_and_each_table_says_why_in_a_sentence() -> None:
    for table in load_published():
        assert not table.comparable, table.table
        assert table.why.endswith(".") and table.why.count(". ") == 0, table.why


def test_every_paper_can_be_cited_and_is_told_alike() -> None:
    for table in load_published():
        paper = MODEL_PAPERS[table.source.key]
        assert paper.title in table.source.paper and paper.year == table.source.year
        families = ", ".join(author.split(",")[0] for author in paper.authors)
        assert table.source.paper.startswith(f"{families}: ")


def test_votes_have_the_wilson_intervals_of_a_hundred_pairs() -> None:
    found = {}
    for table in tables("mdgan", "Table 2", "Table 3"):
        assert table.n == 100
        for row in table.rows:
            low, high = table.interval(row, "POS") or (0.0, 0.0)
            found[row.label] = (float(row.values["POS"]), round(low, 1), round(high, 1))
    assert found == POS


def test_an_end_is_the_share_that_the_counted_one_is_just_within_reach_of() -> None:
    (table,) = tables("dtvnet", "Table 2")
    for row in table.rows:
        for name in table.metrics:
            counted = float(row.values[name]) / 100
            for end in table.interval(row, name):
                deviation = sqrt(end / 100 * (1 - end / 100) / table.n)
                assert abs(counted - end / 100) == pytest.approx(1.959964 * deviation, rel=1e-6)


def test_what_is_no_vote_or_of_an_unknown_number_has_no_interval() -> None:
    (scores,), (votes,) = tables("mdgan", "Table 4"), tables("vgan", "Table 1")
    assert scores.interval(scores.rows[0], "SSIM") is None
    assert votes.n is None and votes.interval(votes.rows[0], "preferred") is None


def test_psnr_and_mse_are_of_one_scale_with_peak_one() -> None:
    rows = [row for table in tables("mdgan", "Table 4", "Table 5") for row in table.rows]
    assert len(rows) == 7
    for row in rows:
        # The mean of logarithms lies above the logarithm of the mean; with peak 2 it would be 6 dB lower.
        above = float(row.values["PSNR"]) + 10 * log10(float(row.values["MSE"]))
        assert 0.5 <= round(above, 1) <= 2.5, row


@pytest.mark.parametrize("show", [published_markdown, published_html])
def test_numbers_are_shown_as_printed(show) -> None:
    text = str(show(load_published()))
    assert HEADING in text
    for number in ("0.0530", "13.7870", "23.867", "1.275", "52.1"):
        assert number in text
    for table in load_published():
        assert table.why in text.replace("&#39;", "'")
        assert all(value in text for row in table.rows for value in row.values.values())
    assert "[85.0, 95.9]" in text


def test_the_fragment_is_a_section_with_a_closed_fold_a_paper() -> None:
    class Tags(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.open: list[str] = []
            self.seen: list[str] = []

        def handle_starttag(self, tag, attrs) -> None:
            self.open.append(tag)
            self.seen.append(" ".join([tag, *(name for name, _ in attrs)]))

        def handle_endtag(self, tag) -> None:
            assert self.open.pop() == tag

    tags = Tags()
    tags.feed(str(published_html(load_published())))
    assert not tags.open and tags.seen[0] == "section id"
    assert tags.seen.count("details") == 3
    assert "#published" in assets("bench")["style"]


def test_a_row_with_fewer_numbers_and_a_name_with_a_bar_stay_a_row(register: dict) -> None:
    row = register["papers"]["mdgan"]["tables"][2]["rows"][0]
    row.update(model="A|<B>", values={"MSE": "0.0958"})
    found = resolve_published(register)
    assert "| A\\|<B> | 0.0958 | \N{EN DASH} | \N{EN DASH} |" in published_markdown(found)
    assert "A|&lt;B&gt;" in published_html(found)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda paper: paper["tables"][0].update(reslution=64),
            "papers.mdgan.tables.0.reslution: unknown key",
        ),
        (lambda paper: paper["tables"][0].pop("why"), "papers.mdgan.tables.0.why: missing"),
        (lambda paper: paper["tables"][2].update(metrics=["MSE", "PSRN"]), "no metric 'PSRN'"),
        (lambda paper: paper["tables"][2]["rows"][0]["values"].update(SIM="1"), "did you mean SSIM"),
        (lambda paper: paper["tables"][2]["rows"][0]["values"].update(MSE=0.09), "MSE = 0.09"),
        (lambda paper: paper["tables"][2]["rows"][0]["values"].update(MSE="~0.1"), "MSE = '~0.1'"),
        (lambda paper: paper["metrics"]["MSE"].update(unit_="x"), "unit_"),
        (lambda paper: paper.update(title="x"), "source.title"),
    ],
)
def test_a_fault_is_named_with_its_place(register: dict, change, message: str) -> None:
    change(register["papers"]["mdgan"])
    with pytest.raises(RecipeError) as raised:
        resolve_published(register)
    assert message in str(raised.value)


def test_another_section_is_an_unknown_key(register: dict) -> None:
    with pytest.raises(RecipeError, match="paper: unknown key; did you mean papers"):
        resolve_published({**register, "paper": {}})

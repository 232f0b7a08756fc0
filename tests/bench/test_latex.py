"""Tables for papers: every text is shown as it is, every gap has a reason, and LaTeX accepts them."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from skyscene.bench.latex import Column, Entry, Row, escape, latex_table

COLUMNS = [Column("PSNR (dB)", "up"), Column("mse01", "down"), Column("motion_ratio", "to-one", digits=2)]
ROWS = [
    Row("[copy] first & 100 %", (Entry(26.804, 26.1, 27.49), Entry(0.004994), Entry(0.0))),
    Row("*MD-GAN*", (Entry(-3.456, -4.0, 0.5), Entry(absent="no weights: ~/x_y"), Entry(1.3, 1.2, 1.45))),
    Row(
        "nasty % & _ # $ { } ~ ^ \\ < > |", (Entry(absent="not trained"), Entry(1234.5), Entry(0.8, 0.7, 0.9))
    ),
    Row("last", (Entry(9.996, 9.0, 10.0), Entry(absent="not trained"), Entry(absent="no weights: ~/x_y"))),
]
CAPTION = "Sky & clouds: 95 % of {draws} [x]\n\nin two paragraphs"


def made(**options: bool) -> str:
    return latex_table(COLUMNS, ROWS, CAPTION, "tab:sky_64", **options)


def bare(text: str) -> str:
    """Without escaped signs and comments: what is left has a meaning for LaTeX."""
    return re.sub(r"(?m)^%.*$", "", re.sub(r"\\[\\&%_#${}]", "", text))


def body(text: str) -> list[str]:
    return text.split("\\midrule\n")[1].split("\\bottomrule")[0].splitlines()


def test_braces_balance_and_every_row_has_all_columns() -> None:
    text = made()
    depth = 0
    for sign in re.sub(r"[^{}]", "", bare(text)):
        depth += 1 if sign == "{" else -1
        assert depth >= 0
    assert depth == 0
    assert bare(text).count("$") % 2 == 0
    assert "\\begin{tabular}{@{}lrrr@{}}" in text
    lines = [*body(text), text.split("\\toprule\n")[1].splitlines()[0]]
    assert len(lines) == 5
    for line in lines:
        assert line.endswith(" \\\\")
        assert bare(line.removesuffix("\\\\")).count("&") == 3
    for rule in ("toprule", "midrule", "bottomrule"):
        assert text.count(f"\\{rule}") == 1
    assert re.findall(r"\\begin\{(\w+)}", text) == re.findall(r"\\end\{(\w+)}", text)[::-1]


def test_special_characters_are_text() -> None:
    shown = escape("% & _ # $ { } ~ ^ \\")
    assert shown == r"\% \& \_ \# \$ \{ \} \textasciitilde{} \textasciicircum{} \textbackslash{}"


def test_a_row_does_not_begin_with_what_a_row_end_takes_for_an_option() -> None:
    assert [line[:3] for line in body(made())[:2]] == ["{[}", "{*}"]


def test_a_caption_is_one_paragraph() -> None:
    assert "\\caption{Sky \\& clouds: 95 \\% of \\{draws\\} {[}x{]} in two paragraphs}" in made()


def test_numbers_have_significant_digits_and_intervals_the_decimals_of_their_mean() -> None:
    first, second, third, last = body(made())
    assert "26.8\\,{\\scriptsize[26.1, 27.5]} & 0.00499 & 0.0 " in first
    assert "$-$3.46\\,{\\scriptsize[$-$4.00, 0.50]}" in second
    assert "& 1234 &" in third
    assert "10.0\\,{\\scriptsize[9.0, 10.0]}" in last


def test_a_gap_has_a_footnote_and_a_reason_is_said_once() -> None:
    text = made()
    assert body(text)[1].count("--\\textsuperscript{1}") == 1
    assert body(text)[2].count("--\\textsuperscript{2}") == 1
    assert "--\\textsuperscript{2} & --\\textsuperscript{1}" in body(text)[3]
    notes = text.split("\\end{tabular}\n")[1]
    assert notes.count("not trained") == 1
    assert "\\textsuperscript{1}\\,no weights: \\textasciitilde{}/x\\_y" in notes
    whole = latex_table([Column("a")], [Row("b", (Entry(1.0),))], "c", "d")
    assert "footnotesize" not in whole


def test_arrows_say_which_way_is_good() -> None:
    head = made().split("\\toprule\n")[1].splitlines()[0]
    assert re.findall(r"\\(uparrow|downarrow|to 1)", head) == ["uparrow", "downarrow", "to 1"]


def test_the_best_is_bold_only_where_that_is_asked_for() -> None:
    assert "textbf" not in made()
    bold = re.findall(r"\\textbf\{([^{}]*)}", made(bold_best=True))
    assert bold == ["26.8", "0.00499", "0.80"]
    neither = latex_table([Column("a")], [Row("b", (Entry(1.0),))], "c", "d", bold_best=True)
    assert "textbf" not in neither


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"mean": 1.0, "absent": "why"},
        {"mean": 1.0, "low": 0.5},
        {"absent": "why", "low": 0.0, "high": 1.0},
        {"mean": float("nan")},
        {"mean": 1.0, "low": 0.0, "high": float("inf")},
    ],
)
def test_an_entry_is_a_number_or_a_reason(wrong: dict) -> None:
    with pytest.raises(ValueError, match="Entry"):
        Entry(**wrong)


def test_a_short_row_and_a_label_with_a_brace_are_refused() -> None:
    with pytest.raises(ValueError, match="1 entries for 2 columns"):
        latex_table([Column("a"), Column("b")], [Row("c", (Entry(1.0),))], "d", "e")
    with pytest.raises(ValueError, match="label 'tab}'"):
        latex_table([Column("a")], [Row("c", (Entry(1.0),))], "d", "tab}")


@pytest.mark.skipif(not (shutil.which("pdflatex") or shutil.which("tectonic")), reason="needs LaTeX")
@pytest.mark.parametrize("bold", [False, True])
def test_latex_accepts_it(tmp_path: Path, bold: bool) -> None:
    page = "\\documentclass{article}\n\\usepackage{booktabs}\n\\begin{document}\n%s\\end{document}\n"
    (tmp_path / "table.tex").write_text(page % made(bold_best=bold), encoding="utf-8")
    # A draft is typeset in full but needs none of the fonts' outlines.
    program = ["pdflatex", "-draftmode", "-halt-on-error", "-interaction=nonstopmode"]
    if not shutil.which("pdflatex"):
        program = ["tectonic"]
    done = subprocess.run([*program, "table.tex"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout

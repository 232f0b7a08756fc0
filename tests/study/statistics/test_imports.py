"""Only who asks for statistics loads them."""

from __future__ import annotations

import subprocess
import sys


def test_studies_without_statistics_load_no_statistics() -> None:
    code = "import sys, skyscene.study; print({'statsmodels', 'choix', 'krippendorff'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from skyscene.errors import BusyError
from skyscene.store import BuildFolder, writing

HOLDER = """
import sys, time
from pathlib import Path
from skyscene.store import BuildFolder, writing
with writing(BuildFolder(Path(sys.argv[1]))):
    print("held", flush=True)
    time.sleep(60)
"""


def test_another_process_is_kept_out_until_the_first_dies(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == b"held\n"
        with (
            pytest.raises(BusyError, match="wait for it, or use another --out"),
            writing(BuildFolder(tmp_path)),
        ):
            pass
        holder.kill()
        holder.wait()
        with writing(BuildFolder(tmp_path)):
            pass

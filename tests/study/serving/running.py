"""A server in a process of its own, which can be killed."""

from __future__ import annotations

import signal
import subprocess
import sys
from types import TracebackType

from skyscene.study.folder import StudyFolder

_PROGRAM = """
import sys
from pathlib import Path
from skyscene.study.folder import StudyFolder
from skyscene.study.serving import serve
serve(StudyFolder(Path(sys.argv[1])), port=int(sys.argv[2]), raters=int(sys.argv[3]),
      say=lambda line: print(line, flush=True))
"""


class Server:
    """``serve`` as a command would call it.

    Args:
        folder: The study.
        raters: How many links.
        port: 0 for a free one.
    """

    def __init__(self, folder: StudyFolder, raters: int, port: int = 0) -> None:
        command = [sys.executable, "-c", _PROGRAM, str(folder.root), str(port), str(raters)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.links: list[str] = []
        self.said: list[str] = []
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.said.append(line.strip())
            if "/r/" in line:
                self.links.append(line.strip())
            if line.startswith("Serving at "):
                self.base = line.split()[2]
                self.port = int(self.base.rpartition(":")[2])
                return
        raise RuntimeError("\n".join(self.said))

    def __enter__(self) -> Server:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self.end(signal.SIGINT)

    def kill(self) -> None:
        """Ends it between two instructions."""
        self.end(signal.SIGKILL)

    def end(self, how: int) -> str:
        """Ends it, and what it wrote after its first lines."""
        if self._process.poll() is None:
            self._process.send_signal(how)
        written, _ = self._process.communicate(timeout=30)
        return written or ""

"""A headless Chromium over its own pipe: opens a page, asks it, looks at it. Needs no package."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

PROGRAM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-extensions --hide-scrollbars --remote-debugging-pipe"
)
_DOMAINS = ("Page", "Runtime", "Log", "Network", "Performance")


class Browser:
    """One page in one browser of its own.

    Args:
        width: Of the window.
        height: Of the window.
        phone: Touch and no pointer that hovers.
        dark: Prefers dark.
        still: Prefers reduced motion.

    Attributes:
        asked: Every address that the page asked for.
        complaints: Exceptions, console messages and refusals.
    """

    def __init__(
        self,
        width: int = 1440,
        height: int = 900,
        phone: bool = False,
        dark: bool = False,
        still: bool = False,
    ) -> None:
        if PROGRAM is None:
            raise RuntimeError("no Chromium here")
        self._home = tempfile.mkdtemp(prefix="chromium.")
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()
        # The browser reads commands from descriptor 3 and answers on 4.
        shell = f'exec "$0" "$@" 3<&{theirs_in} 4>&{theirs_out}'
        size = f"--window-size={width},{height}"
        self._process = subprocess.Popen(
            [
                "bash",
                "-c",
                shell,
                PROGRAM,
                *_FLAGS.split(),
                size,
                f"--user-data-dir={self._home}",
                "about:blank",
            ],
            pass_fds=(theirs_in, theirs_out),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._number, self._buffer, self._session = 0, b"", ""
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self._attach()
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=phone,
        )
        wishes = {
            "prefers-color-scheme": "dark" if dark else "light",
            "prefers-reduced-motion": "reduce" if still else "no-preference",
            "hover": "none" if phone else "hover",
        }
        features = [{"name": name, "value": value} for name, value in wishes.items()]
        self.call("Emulation.setEmulatedMedia", features=features)

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(RuntimeError, OSError):
            self._send("Browser.close", "", {})
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._in)
        os.close(self._out)
        shutil.rmtree(self._home, ignore_errors=True)

    def open(self, page: Path, hash: str = "") -> None:
        """Opens a page anew and waits until its own script says that it is ready."""
        self.call("Page.navigate", url="about:blank")
        self.call("Page.navigate", url=page.resolve().as_uri() + hash)
        self.wait("document.documentElement?.dataset.ready === 'yes'")

    def wait(self, condition: str, seconds: float = 60) -> None:
        """Waits until an expression holds."""
        end = time.monotonic() + seconds
        while not self.ask(condition):
            if time.monotonic() > end:
                raise RuntimeError(f"never came true: {condition}; {self.complaints[-3:]}")
            time.sleep(0.02)

    def ask(self, expression: str) -> Any:
        """The value of an expression in the page, of a promise what it yields."""
        told = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in told:
            raise RuntimeError(json.dumps(told["exceptionDetails"])[:500])
        return told["result"].get("value")

    def metrics(self) -> dict[str, float]:
        """Chromium's own counts: Nodes, JSHeapUsedSize, ..."""
        return {item["name"]: item["value"] for item in self.call("Performance.getMetrics")["metrics"]}

    def picture(self, path: Path) -> None:
        """Writes what is in sight as a PNG."""
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command of Chromium's debugging protocol, on the page."""
        return self._send(method, self._session, parameters)

    def _attach(self) -> None:
        targets = self._send("Target.getTargets", "", {})["targetInfos"]
        page = next(item["targetId"] for item in targets if item["type"] == "page")
        told = self._send("Target.attachToTarget", "", {"targetId": page, "flatten": True})
        self._session = told["sessionId"]
        for domain in _DOMAINS:
            self.call(f"{domain}.enable")

    def _send(self, method: str, session: str, parameters: dict[str, Any]) -> dict[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        message |= {"sessionId": session} if session else {}
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            told = self._receive()
            if told.get("id") == self._number:
                if "error" in told:
                    raise RuntimeError(f"{method}: {told['error']}")
                result: dict[str, Any] = told["result"]
                return result
            self._note(told)

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            piece = os.read(self._in, 1 << 20)
            if not piece:
                raise RuntimeError("the browser ended")
            self._buffer += piece
        text, _, self._buffer = self._buffer.partition(b"\0")
        told: dict[str, Any] = json.loads(text)
        return told

    def _note(self, event: dict[str, Any]) -> None:
        method, about = event.get("method"), event.get("params", {})
        if method == "Network.requestWillBeSent":
            self.asked.append(about["request"]["url"])
        elif method == "Log.entryAdded":
            self.complaints.append(about["entry"]["text"])
        elif method in ("Runtime.exceptionThrown", "Runtime.consoleAPICalled"):
            self.complaints.append(json.dumps(about)[:500])

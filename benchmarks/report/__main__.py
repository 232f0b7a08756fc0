"""How the report bears many clips: `python -m benchmarks.report [WINDOWS ...]`."""

from __future__ import annotations

import json
import platform
import resource
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.report.browser import Browser
from benchmarks.report.folder import make_folder
from skyscene.builder import write_report

A_SOURCE = 100

# From the change of a control to the next painted frame, in ms; the median of five.
LATENCY = """
(async () => {
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
  const form = document.querySelector("#clips .controls");
  const clock = async (change) => {
    const times = [];
    for (let turn = 0; turn < 5; turn += 1) {
      form.reset();
      await painted(); await painted();
      const start = performance.now();
      change();
      await painted();
      times.push(performance.now() - start);
    }
    return Math.round(median(times));
  };
  const choose = (name, value) => () => {
    form.elements[name].value = value;
    form.elements[name].dispatchEvent?.(new Event("input", { bubbles: true }));
    if (!form.elements[name].dispatchEvent) form.dispatchEvent(new Event("input"));
  };
  const source = form.elements.source.options[1].value;
  return JSON.stringify({
    "choose a reason": await clock(choose("reason", "camera")),
    "choose a split": await clock(choose("side", "test")),
    "choose a source": await clock(choose("source", source)),
    "order by nearness": await clock(choose("order", "static")),
    "next page": await clock(() => document.querySelector('.pager [aria-label="Next page"]').click()),
    "open a window": await clock(() => { document.querySelector("#sheet .pic").click(); }) ,
  });
})()
"""
SEARCH = """
(() => {
  const form = document.querySelector("#clips .controls");
  form.elements.text.value = "film 0042 shifts";
  const start = performance.now();
  location.hash = "#clips?text=film%200042%20shifts";
  const passed = () => Math.round(performance.now() - start);
  return new Promise((done) => addEventListener("hashchange", () => done(passed())));
})()
"""


def measure(windows: int, root: Path) -> dict[str, object]:
    """The figures of one folder."""
    made = make_folder(root / str(windows), max(1, windows // A_SOURCE), min(windows, A_SOURCE))
    cpu, began = time.process_time(), time.monotonic()
    page = write_report(made.root)
    figures: dict[str, object] = {
        "windows": windows,
        "write s": round(time.monotonic() - began, 1),
        "write cpu s": round(time.process_time() - cpu, 1),
        "page MB": round(page.stat().st_size / 1e6, 1),
    }
    files = [path for path in page.with_name("report_files").rglob("*.jpg")]
    figures["pictures beside"] = len(files)
    figures["their MB"] = round(sum(path.stat().st_size for path in files) / 1e6, 1)
    with Browser() as browser:
        browser.open(page)
        ready = "Math.round(performance.now())"
        times = []
        for _ in range(3):
            browser.call("Page.reload")
            browser.wait("document.documentElement?.dataset.ready === 'yes'")
            times.append(browser.ask("Number(document.documentElement.dataset.at)") or browser.ask(ready))
        figures["ready ms"] = sorted(times)[1]
        figures["elements"] = browser.ask("document.getElementsByTagName('*').length")
        browser.call("HeapProfiler.collectGarbage")
        figures["JS heap MB"] = round(browser.metrics()["JSHeapUsedSize"] / 1e6, 1)
        figures |= json.loads(browser.ask(LATENCY))
        figures["first search"] = browser.ask(SEARCH)
        figures["complaints"] = len(browser.complaints)
    return figures


def main() -> None:
    sizes = [int(text) for text in sys.argv[1:]] or [500, 10_000]
    with tempfile.TemporaryDirectory() as place:
        columns = [measure(size, Path(place)) for size in sizes]
    for name in columns[0]:
        print(f"| {name} | " + " | ".join(f"{column[name]:,}" for column in columns) + " |")
    print(f"\n{platform.processor() or platform.machine()}, Python {platform.python_version()}")
    print(f"largest memory of the writer: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")


if __name__ == "__main__":
    main()

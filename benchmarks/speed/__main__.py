"""`python -m benchmarks.speed`: runs benchmarks and tells each result as soon as it is there."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import shlex
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.speed import page
from benchmarks.speed.analysis import analysis
from benchmarks.speed.chain import chain
from benchmarks.speed.detection import psd
from benchmarks.speed.footage import Footage, real, rendered
from benchmarks.speed.machine import load, machine
from benchmarks.speed.memory import memory
from benchmarks.speed.others import others
from benchmarks.speed.result import Result
from benchmarks.speed.setting import QUICK, Scope, Setting
from benchmarks.speed.stages import stages
from benchmarks.speed.tiny import tiny
from benchmarks.speed.whole import whole
from benchmarks.speed.workers import workers

Bench = Callable[[Setting], Iterator[Result]]
BENCHES: Mapping[str, Bench] = {
    "analysis": analysis,
    "build": whole,
    "chain": chain,
    "psd": psd,
    "others": others,
    "memory": memory,
    "workers": workers,
    "tiny": tiny,
    "stages": stages,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the benchmarks that are named: 0 if all ran, missed goals or not, 1 if one broke."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    parser = _parser()
    options = parser.parse_args(given)
    if options.write_readme and (options.benches or options.quick):
        parser.error("--write-readme wants all benchmarks, and not --quick")
    busy = load()
    work = Path(tempfile.mkdtemp(prefix="speed-", dir=options.work))
    try:
        setting = _setting(options, work)
        results = list(_run(setting, options.benches or list(BENCHES)))
    finally:
        shutil.rmtree(work, ignore_errors=True)
    about = f"{machine()}. Median of {setting.runs}; load before the start {busy:.1f}."
    if options.json:
        table = {"footage": setting.footage.name, "about": about, "results": list(map(_plain, results))}
        print(json.dumps(table, indent=1))
    else:
        print(about)
    if options.write_readme:
        command = _told(setting)
        text = page.README.read_text(encoding="utf-8")
        text = page.write_tables(text, setting.footage.name, command, about, results)
        page.README.write_text(text, encoding="utf-8")
    return 1 if any(result.note.startswith("broke: ") for result in results) else 0


def _run(setting: Setting, names: Sequence[str]) -> Iterator[Result]:
    """The results, each told as soon as it is there; a benchmark that breaks does not stop the others."""
    for name in names:
        began = time.monotonic()
        try:
            for result in BENCHES[name](setting):
                for line in result.lines():
                    setting.say(line)
                yield result
        except (RuntimeError, OSError) as error:
            broken = Result(name, "not measured", None, note=f"broke: {' '.join(str(error).split())}")
            setting.say(f"{name}: {broken.note}")
            yield broken
        setting.say(f"{name} took {time.monotonic() - began:.0f} s\n")


def _setting(options: argparse.Namespace, work: Path) -> Setting:
    scope = QUICK if options.quick else Scope()
    footage: Footage
    if options.footage:
        footage = real(options.cache, options.footage, scope.height, _say(options.json))
    else:
        footage = rendered(options.cache, scope.height, scope.films, scope.film_frames, _say(options.json))
    runs = options.runs or (1 if options.quick else 5)
    return Setting(scope, runs, footage, work, _say(options.json), options.juicer, options.video2dataset)


def _say(as_json: bool) -> Callable[[str], None]:
    """Prints at once; not among the JSON."""
    return lambda line: print(line, file=sys.stderr if as_json else sys.stdout, flush=True)


def _told(setting: Setting) -> str:
    """The command as another could give it: without the paths of this machine."""
    words = ["python -m benchmarks.speed --write-readme"]
    words += ["--footage DIR"] if setting.footage.name != "drawn skies" else []
    words += [f"--{name} PYTHON" for name in ("juicer", "video2dataset") if getattr(setting, name)]
    return shlex.join(shlex.split(" ".join(words)))


def _plain(result: Result) -> dict[str, object]:
    table = dataclasses.asdict(result)
    return table | {"goal": str(result.goal) if result.goal else None, "verdict": result.verdict}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument(
        "benches", nargs="*", choices=[[], *BENCHES], metavar="BENCH", help=", ".join(BENCHES)
    )
    parser.add_argument("--runs", type=int, help="how often; 5, or 1 with --quick")
    parser.add_argument("--quick", action="store_true", help="a few tiny films: shows that all runs")
    parser.add_argument("--json", action="store_true", help="the results as JSON")
    parser.add_argument("--footage", type=Path, metavar="DIR", help="real 720p files in place of drawn skies")
    parser.add_argument("--cache", type=Path, default=_cache(), help="where made films stay: %(default)s")
    parser.add_argument("--work", type=Path, help="where builds go for the time being; some GB")
    parser.add_argument("--juicer", type=Path, metavar="PYTHON", help="a Python that has data-juicer")
    parser.add_argument(
        "--video2dataset", type=Path, metavar="PYTHON", help="a Python that has video2dataset"
    )
    parser.add_argument("--write-readme", action="store_true", help="writes the table of README.md")
    return parser


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "skyscene" / "speed"


if __name__ == "__main__":
    sys.exit(main())

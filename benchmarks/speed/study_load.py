"""Many raters at once on one server that is killed meanwhile: `python -m benchmarks.speed.study_load`.

Every rater votes as fast as the server answers, over a connection of its own on loopback; clips stay unasked.
At the end every acknowledged vote has to be on the disk as it was acknowledged, and none twice.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from skyscene.records import Pair
from skyscene.study.folder import StudyFolder
from skyscene.study.frozen import Side, Study
from skyscene.study.key import Key, Secret
from skyscene.study.recipe import StudyRecipe
from skyscene.study.serving import Limits, Rate, make_links, serve
from skyscene.study.tasks import write_blocks, write_tasks
from skyscene.study.votes import read_votes

_WAIT = 20.0


@dataclass
class Tally:
    """What raters were told.

    Attributes:
        acknowledged: Choice by rater's number and place.
        latencies: Seconds from a vote that was sent to its answer, of those that took one try.
        retries: Votes that were sent again.
        wrong: Answers that said something else than an earlier one.
    """

    acknowledged: dict[tuple[int, int], str] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)
    retries: int = 0
    wrong: int = 0


def made_study(folder: StudyFolder, pairs: int) -> None:
    """A study of one slot whose clips are a few bytes: they are never asked for."""
    folder.media.mkdir(parents=True)
    for name in ("a.mp4", "b.mp4"):
        (folder.media / name).write_bytes(b"no film")
    recipe = StudyRecipe(
        version=1,
        about="load",
        question="Which one?",
        instructions=("Vote.",),
        consent="I am a programme." * 2,
    )
    study = Study(
        "load", recipe, {n: Side(n, n, "model") for n in "ab"}, "made/1", "0" * 64, 64, 32, ("clip",)
    )
    study.write(folder)
    all_pairs = [
        Pair(
            f"p{k:05d}", f"c{k}", "test", "video", "a", "b", f"k{k}", f"k{k}", f"k{k}", None, "a.mp4", "b.mp4"
        )
        for k in range(pairs)
    ]
    Key(Secret(bytes(32)), study.sha, all_pairs).write(folder.key)
    write_tasks(folder, study, all_pairs)
    write_blocks(folder, study, [[pair.pair_id for pair in all_pairs]])


class Wire:
    """One connection that is opened again whenever it breaks."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._head = f"Host: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.cookie = ""

    async def ask(self, method: str, path: str, table: object = None) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body; raises OSError or the like if the server is away."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        body = b"" if table is None else json.dumps(table).encode()
        head = f"{method} {path} HTTP/1.1\r\n{self._head}Cookie: rater={self.cookie}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        return int(first.split()[1]), headers, await reader.readexactly(int(headers["content-length"]))

    def close(self) -> None:
        """Closes what is open."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def until(self, method: str, path: str, table: object = None) -> tuple[dict[str, str], bytes, int]:
        """Headers and body of the first good answer, and how many tries it took."""
        for tries in range(1, 1000):
            try:
                status, headers, body = await asyncio.wait_for(self.ask(method, path, table), _WAIT)
                if status in (200, 303):
                    return headers, body, tries
                if status not in (429, 503):
                    raise RuntimeError(f"{path}: {status} {body.decode()}")
            except (OSError, EOFError, TimeoutError):
                self.close()
            await asyncio.sleep(min(0.5, 0.02 * tries))
        raise RuntimeError(f"{path}: never answered")


async def rate(number: int, port: int, link: str, tally: Tally) -> None:
    """One rater's whole study."""
    wire, choices = Wire(port), random.Random(number)
    headers, _, _ = await wire.until("GET", "/r/" + link.rpartition("/")[2])
    wire.cookie = headers["set-cookie"].partition(";")[0].partition("=")[2]
    place = json.loads((await wire.until("POST", "/api/consent", {}))[1])
    while place["trial"]:
        ballot = {
            "nonce": place["trial"]["nonce"],
            "choice": choices.choice(["left", "right"]),
            **{"rt_ms": 1000, "left_plays": 1, "right_plays": 1, "watched": True},
        }
        began = time.perf_counter()
        _, body, tries = await wire.until("POST", "/api/vote", ballot)
        if tries == 1:
            tally.latencies.append(time.perf_counter() - began)
        tally.retries += tries - 1
        answer = json.loads(body)
        tally.acknowledged[number, place["position"]] = answer["choice"]
        tally.wrong += answer["choice"] != ballot["choice"]
        if choices.random() < 0.02:  # an impatient hand, which also changed its mind
            ballot["choice"] = "left" if ballot["choice"] == "right" else "right"
            tally.wrong += (await wire.until("POST", "/api/vote", ballot))[1] != body
        place = answer
    wire.close()


def start(root: Path, port: int) -> tuple[subprocess.Popen[str], int]:
    """The server in a process of its own, and its port."""
    command = [sys.executable, "-m", "benchmarks.speed.study_load", "--serve", str(root), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("Serving at "):
            return process, int(line.split()[2].rpartition(":")[2])
    raise RuntimeError("the server did not start")


def stop(process: subprocess.Popen[str], how: signal.Signals) -> None:
    """Ends a server and waits for its end."""
    process.send_signal(how)
    process.communicate(timeout=30)


async def drive(root: Path, links: Sequence[str], total: int, kills: int) -> tuple[Tally, float]:
    """All raters at once; the server is killed whenever another share of the votes is there."""
    tally = Tally()
    process, port = await asyncio.to_thread(start, root, 0)
    began = time.perf_counter()
    raters = [asyncio.create_task(rate(k, port, link, tally)) for k, link in enumerate(links)]
    everybody = asyncio.gather(*raters)
    try:
        for kill in range(1, kills + 1):
            while len(tally.acknowledged) < total * kill / (kills + 1) and not everybody.done():
                await asyncio.sleep(0.005)
            await asyncio.to_thread(stop, process, signal.SIGKILL)
            process, _ = await asyncio.to_thread(start, root, port)
        await everybody
    finally:
        everybody.cancel()
        await asyncio.to_thread(stop, process, signal.SIGINT)
    return tally, time.perf_counter() - began


def judged(folder: StudyFolder, tally: Tally, raters: int, votes: int) -> dict[str, int]:
    """What is wrong on the disk, counted; all 0 where every promise was kept."""
    kept = read_votes(folder.votes)
    doubled = Counter((vote.rater, vote.pair_id) for vote in kept)
    by_rater: dict[str, list[str]] = {}
    for vote in sorted(kept, key=lambda vote: (vote.rater, vote.position or 0)):
        by_rater.setdefault(vote.rater, []).append(vote.choice)
    said: dict[int, list[str]] = {}
    for (number, _), choice in sorted(tally.acknowledged.items()):
        said.setdefault(number, []).append(choice)
    # Raters are nameless on the disk: what each of them said, as a whole, has to be there as often.
    lost = Counter(map(tuple, said.values())) - Counter(map(tuple, by_rater.values()))
    return {
        "missing": raters * votes - len(kept),
        "doubled": sum(count > 1 for count in doubled.values()),
        "raters whose acknowledged votes are not all there": lost.total(),
        "answers that changed": tally.wrong,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the figures: 0 if every acknowledged vote is there once, 1 if not."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed.study_load", description=__doc__)
    parser.add_argument("--raters", type=int, default=200)
    parser.add_argument("--votes", type=int, default=100, help="of each rater")
    parser.add_argument("--kills", type=int, default=2, help="how often the server is killed by -9")
    parser.add_argument("--minutes", type=float, default=10, help="gives up after so long")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--work", type=Path, help="where the study lies for the time being")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.serve:
        # All raters share one address here, which none of them would; what one rater may ask for stays.
        limits = Limits(address=Rate(1e6, 1_000_000))
        told = partial(print, flush=True)
        serve(StudyFolder(options.serve), port=options.port, limits=limits, say=told)
        return 0
    with tempfile.TemporaryDirectory(dir=options.work) as place:
        folder = StudyFolder(Path(place) / "study")
        made_study(folder, options.votes)
        links = make_links(folder, options.raters, "http://127.0.0.1")
        work = drive(folder.root, links, options.raters * options.votes, options.kills)
        tally, seconds = asyncio.run(asyncio.wait_for(work, 60 * options.minutes))
        faults = judged(folder, tally, options.raters, options.votes)
    figures = _figures(options, tally, seconds)
    if options.json:
        print(json.dumps({"figures": figures, "faults": faults}, indent=1))
    else:
        for name, value in {**figures, **faults}.items():
            print(f"{name}: {value}")
    return 1 if any(faults.values()) else 0


def _figures(options: argparse.Namespace, tally: Tally, seconds: float) -> dict[str, float]:
    cuts = statistics.quantiles(tally.latencies, n=100)
    return {
        "raters": options.raters,
        "votes acknowledged": len(tally.acknowledged),
        "kills": options.kills,
        "sent again": tally.retries,
        "seconds, restarts included": round(seconds, 1),
        "votes/s": round(len(tally.acknowledged) / seconds, 1),
        "latency median ms": round(1000 * cuts[49], 1),
        "latency p99 ms": round(1000 * cuts[98], 1),
    }


if __name__ == "__main__":
    sys.exit(main())

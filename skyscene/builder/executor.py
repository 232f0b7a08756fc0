"""Local worker processes that may be timed out and may crash without harm to the others."""

from __future__ import annotations

import multiprocessing
import resource
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from typing import Any

import cv2
from pebble import ProcessExpired, ProcessPool

from skyscene.records import Limits, Outcome


def start_worker(memory_mb: int | None) -> None:
    """Sets a worker's limits: memory, one thread for OpenCV, and Ctrl-C left to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)
    if memory_mb:
        resource.setrlimit(resource.RLIMIT_AS, (memory_mb * 2**20, resource.RLIM_INFINITY))


class LocalExecutor:
    """Runs items in processes of this machine; a new one takes the place of one that dies.

    Args:
        workers: How many processes.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def run(self, fn: Callable[[Any], Any], items: Iterable[Any], limits: Limits) -> Iterator[Outcome[Any]]:
        """An outcome an item, in the order they end; at most two items a worker wait at a time."""
        queue = iter(items)
        first = next(queue, None)
        if first is None:
            return
        pool = ProcessPool(
            max_workers=self.workers,
            context=multiprocessing.get_context("spawn"),
            initializer=start_worker,
            initargs=(limits.memory_mb,),
        )
        running: dict[Future[Any], Any] = {pool.schedule(fn, args=(first,), timeout=limits.seconds): first}
        try:
            while running:
                while len(running) < 2 * self.workers and (item := next(queue, None)) is not None:
                    running[pool.schedule(fn, args=(item,), timeout=limits.seconds)] = item
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    yield outcome(running.pop(future), future, limits)
            pool.close()
        finally:
            pool.stop()
            pool.join()


def outcome(item: object, future: Future[Any], limits: Limits) -> Outcome[Any]:
    """How one item ended, whatever became of its process."""
    try:
        return Outcome(item, value=future.result())
    except TimeoutError:
        return Outcome(item, code="timeout", error=f"took over {(limits.seconds or 0) / 60:g} minutes")
    except (ProcessExpired, CancelledError) as error:
        return Outcome(item, code="crash", error=f"its worker died ({error})")
    except MemoryError:
        return Outcome(item, code="no-memory", error=f"needs over {limits.memory_mb} MiB of memory")
    except Exception as error:
        code = getattr(error, "code", None) or type(error).__name__
        return Outcome(item, code=str(code), error=str(error))

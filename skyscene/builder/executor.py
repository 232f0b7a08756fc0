"""Local worker processes that may be timed out and may crash without harm to the others."""

from __future__ import annotations

import errno
import multiprocessing
import os
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from contextlib import contextmanager
from itertools import islice
from multiprocessing import resource_tracker
from typing import Any

import cv2
from pebble import ProcessExpired, ProcessPool

from skyscene.errors import SkySceneError
from skyscene.records import Limits, Outcome

_FOLLOW_SECONDS = 0.25


GUARD = (
    'workers are processes of their own: call this below `if __name__ == "__main__":`, '
    "or they would run the whole script again"
)


def start_worker(memory_mb: int | None) -> None:
    """Sets a worker's limits: memory, one thread for OpenCV, Ctrl-C left to the parent, no life after it."""
    threading.Thread(target=_follow, args=(os.getppid(),), daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)
    if memory_mb:
        resource.setrlimit(resource.RLIMIT_AS, (memory_mb * 2**20, resource.RLIM_INFINITY))


class _Pool(ProcessPool):
    """Ends its workers before their channels, without which one that is still starting prints a traceback."""

    def _stop_pool(self) -> None:
        if self._pool_manager_loop is not None:
            self._pool_manager_loop.join()
        self._pool_manager.worker_manager.force_stop_workers()
        super()._stop_pool()


class LocalExecutor:
    """Runs items in processes of this machine; a new one takes the place of one that dies.

    Args:
        workers: How many processes; as many as processors by default.

    Raises:
        SkySceneError: This is itself a worker that runs its parent's script once more.
    """

    def __init__(self, workers: int | None = None) -> None:
        if getattr(multiprocessing.current_process(), "_inheriting", False):
            raise SkySceneError(GUARD)
        self.workers = workers or os.cpu_count() or 1

    def run(self, fn: Callable[[Any], Any], items: Iterable[Any], limits: Limits) -> Iterator[Outcome[Any]]:
        """An outcome an item, in the order they end; at most two items a worker wait at a time."""
        queue = iter(items)
        first = next(queue, None)
        if first is None:
            return
        pool = _Pool(
            max_workers=self.workers,
            context=multiprocessing.get_context("spawn"),
            initializer=start_worker,
            initargs=(limits.memory_mb,),
        )
        running: dict[Future[Any], Any] = {}

        def start(item: object) -> None:
            running[pool.schedule(fn, args=(item,), timeout=limits.seconds)] = item

        try:
            with _sheltered():
                start(first)
            while running:
                for item in islice(queue, 2 * self.workers - len(running)):
                    start(item)
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    ended = outcome(running.pop(future), future, limits)
                    for item in islice(queue, 1):  # now, or the loop would end if all have ended at once
                        start(item)
                    yield ended
            pool.close()
        finally:
            pool.stop()
            pool.join()


@contextmanager
def _sheltered() -> Iterator[None]:
    """Ctrl-C waits, and never reaches the threads and workers that are started meanwhile.

    On a terminal it goes to the workers, too; one that is still starting would complain of it at length.
    """
    resource_tracker.ensure_running()  # it would let Ctrl-C through again when it is started later
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _follow(parent: int) -> None:
    """Ends this process soon after its parent, so that nothing is written once the lock is free."""
    while os.getppid() == parent:
        time.sleep(_FOLLOW_SECONDS)
    os._exit(1)


def outcome(item: object, future: Future[Any], limits: Limits) -> Outcome[Any]:
    """How one item ended, whatever became of its process.

    Raises:
        SkySceneError: No worker can be started at all.
    """
    try:
        return Outcome(item, value=future.result())
    except TimeoutError:
        minutes = (limits.seconds or 0) / 60
        return Outcome(item, code="timeout", error=f"took over {minutes:g} minutes (media.max_minutes)")
    except (ProcessExpired, CancelledError) as error:
        return Outcome(item, code="crash", error=f"its worker died ({error})")
    except BrokenExecutor:
        raise SkySceneError(f"no worker could be started: {GUARD}") from None
    except MemoryError:
        return Outcome(item, code="no-memory", error=_too_much(limits))
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.ENOMEM:
            return Outcome(item, code="no-memory", error=_too_much(limits))
        code = getattr(error, "code", None) or type(error).__name__
        return Outcome(item, code=str(code), error=str(error))


def _too_much(limits: Limits) -> str:
    limit = f" of {limits.memory_mb} MiB (media.max_memory_mb)" if limits.memory_mb else ""
    return f"needs more memory than its worker may have{limit}"

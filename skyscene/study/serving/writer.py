"""One thread and one connection for all that the server does in the database."""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from skyscene.errors import StudyError
from skyscene.study.serving.tables import create_tables
from skyscene.study.votes import open_votes

Result = TypeVar("Result")
Work = Callable[[sqlite3.Connection], Any]
_MOST_AT_ONCE = 256


class Writer:
    """Does works in turn, and as many as wait in one transaction.

    A work is answered only when its transaction is on the disk. The disk is waited for once a transaction,
    not once a vote: that lets hundreds of people vote at the same time.

    Args:
        path: The votes.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        create_tables(path)

    async def do(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """What a work returns, once it is on the disk.

        Raises:
            Exception: What the work raised; nothing of it was kept then.
            StudyError: The database cannot be written.
        """
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="votes", daemon=True)
            self._thread.start()
        job = _Job(work)
        self._waiting.put(job)
        result: Result = await job.future
        return result

    def close(self) -> None:
        """Ends the thread after all that waits."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        connection = open_votes(self._path)
        try:
            open_ = True
            while open_:
                jobs, open_ = self._next()
                self._transact(connection, jobs)
        finally:
            connection.close()

    def _next(self) -> tuple[list[_Job], bool]:
        """What waits, at least one, and whether more may come."""
        jobs: list[_Job] = []
        job = self._waiting.get()
        while job is not None:
            jobs.append(job)
            if len(jobs) == _MOST_AT_ONCE or self._waiting.empty():
                return jobs, True
            job = self._waiting.get()
        return jobs, False

    def _transact(self, connection: sqlite3.Connection, jobs: list[_Job]) -> None:
        try:
            connection.execute("BEGIN IMMEDIATE")
            for job in jobs:
                job.run(connection)
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            for job in jobs:
                job.result, job.error = None, StudyError(f"{self._path}: {error}")
        for job in jobs:
            job.tell()


class _Job:
    """A work and who waits for it."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.loop = asyncio.get_running_loop()
        self.future: asyncio.Future[Any] = self.loop.create_future()
        self.result: Any = None
        self.error: Exception | None = None

    def run(self, connection: sqlite3.Connection) -> None:
        """Does it; what it did is undone if it raises, and the others' works stay."""
        connection.execute("SAVEPOINT work")
        try:
            self.result = self.work(connection)
        except sqlite3.OperationalError:
            raise  # of the disk, not of this work: the whole transaction is lost
        except Exception as error:
            self.error = error
            connection.execute("ROLLBACK TO work")
        connection.execute("RELEASE work")

    def tell(self) -> None:
        """Wakes who waits."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._settle)

    def _settle(self) -> None:
        if self.future.done():
            return  # whoever waited went away
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)

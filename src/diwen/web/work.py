"""Long computations beside the pages: started once, kept while their inputs stay the same."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")
# A computation that failed may be tried again after this time: its cause may have passed, s.
_RETRY = 30.0


@dataclass(frozen=True, slots=True)
class Job(Generic[T]):
    """A computation that was asked for.

    Attributes
    ----------
    future : its outcome, sooner or later
    started : when it was asked for, seconds of :func:`time.monotonic`
    """

    future: Future[T]
    started: float

    def ready(self, wait: float = 0.0) -> bool:
        """Whether the outcome is there, after waiting at most that many seconds."""
        if wait > 0 and not self.future.done():
            from concurrent.futures import wait as wait_for

            wait_for((self.future,), timeout=wait)
        return self.future.done()

    def worth_retrying(self) -> bool:
        """Whether it failed, and not just now."""
        failed = self.future.done() and self.future.exception() is not None
        return failed and self.seconds() > _RETRY

    def seconds(self) -> float:
        """How long ago it was asked for."""
        return time.monotonic() - self.started


class Workshop:
    """Runs computations on a few threads and remembers the latest outcomes by their key.

    Two visitors who ask for the same thing wait for the same computation. A key says everything
    the outcome depends on, so an outcome never has to be thrown away because it grew old.
    """

    def __init__(self, threads: int = 2, kept: int = 256) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="diwen-web")
        self._jobs: OrderedDict[Hashable, Job] = OrderedDict()
        self._kept = kept
        self._lock = Lock()

    def job(self, key: Hashable, compute: Callable[[], T]) -> Job[T]:
        """The computation of that key: running, done, or started now."""
        with self._lock:
            job = self._jobs.get(key)
            if job is None or job.worth_retrying():
                job = self._jobs[key] = Job(self._pool.submit(compute), time.monotonic())
                self._forget_old()
            self._jobs.move_to_end(key)
            return job

    def find(self, key: Hashable) -> Job | None:
        """The computation of that key if it was asked for before."""
        with self._lock:
            return self._jobs.get(key)

    def forget(self, key: Hashable) -> None:
        """Drop a finished computation so that it can be asked for again."""
        with self._lock:
            job = self._jobs.get(key)
            if job is not None and job.future.done():
                del self._jobs[key]

    def close(self) -> None:
        """Let running computations end and start no more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _forget_old(self) -> None:
        for key in [key for key, job in self._jobs.items() if job.future.done()]:
            if len(self._jobs) <= self._kept:
                return
            del self._jobs[key]

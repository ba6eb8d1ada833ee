"""One writer at a time: a lock on ``telemetry/.lock`` that the system frees if the writer dies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from diwen.language import Text
from diwen.problems import InputError, Problem

_BUSY = Text(
    "another process (number {pid}) is writing into this store",
    "另一进程（进程号 {pid}）正在写入该数据库",
)
_BUSY_CURE = Text(
    "wait until it has finished, then run the command again; nothing was changed.",
    "请等待其完成后重新运行；本次未作任何改动。",
)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the write lock of a telemetry folder.

    Raises
    ------
    InputError : another process holds it
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / ".lock"
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if not _acquire(handle):
            pid = os.read(handle, 32).decode("ascii", "replace").strip() or "?"
            problem = Problem(str(path), "-", _BUSY.format(pid=pid), _BUSY_CURE)
            raise InputError([problem])
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield
    finally:
        os.close(handle)  # closing frees the lock


def _acquire(handle: int) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True

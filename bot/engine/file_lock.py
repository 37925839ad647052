"""One process a SQLite file: a second engine would run everything twice."""

import fcntl
import os
from pathlib import Path

from bot.engine.errors import EngineBusyError


class FileLock:
    """A lock beside a file, which the system releases when the process ends.

    The lock's file stays: to remove it would let a third process lock a new file of
    the same name while a second still waits on the old one.
    """

    def __init__(self, beside: Path) -> None:
        self._path = beside.with_name(beside.name + ".lock")
        self._handle: int | None = None

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            EngineBusyError: another process, or another engine in this one, has it.
        """
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(handle, 20).decode(errors="replace").strip()
            os.close(handle)
            raise _busy(holder) from None
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        self._handle = handle

    def release(self) -> None:
        """Give the lock back; does nothing when it is not held."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _busy(holder: str) -> EngineBusyError:
    who = f"process {holder}" if holder else "another process"
    return EngineBusyError(
        f"Gatehouse already runs on this database, in {who}.",
        remedy="Stop it first, or use PostgreSQL to run several at once.",
    )

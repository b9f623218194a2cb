"""Locks between processes: one file a name, released by the system when its holder dies."""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from brokers.vocabulary import StorageError

WAIT_SECONDS = 10.0


class FileLocks:
    """Named locks in a folder. Reentrant within one thread of one process."""

    def __init__(self, folder: Path, wait: float = WAIT_SECONDS) -> None:
        self._folder = folder
        self._wait = wait
        self._locks: dict[str, FileLock] = {}

    @contextmanager
    def __call__(self, name: str) -> Generator[None]:
        """Hold the lock `name`.

        Raises:
            StorageError: somebody else has held it for longer than the wait, or the folder cannot be written.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = self._locks.setdefault(name, FileLock(self._folder / f"{_file_name(name)}.lock"))
            lock.acquire(timeout=self._wait)
        except Timeout as error:
            raise StorageError(f"{name} is busy in another window or program.", fix="Try again in a moment.") from error
        except OSError as error:
            raise StorageError(f"No lock can be made in {self._folder} ({error.strerror}).") from error
        try:
            yield
        finally:
            lock.release()


def _file_name(name: str) -> str:
    """A short file name that only this `name` has, whatever characters it holds."""
    return hashlib.sha256(name.encode(errors="replace")).hexdigest()[:24]

# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run at a time: a lock that the kernel lets go when its holder ends, however it ends."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import time
from collections.abc import Iterator
from typing import Optional

from .errors import Error

# Device and inode of the directories that this process has locked: backups may go where the change itself is.
_held: set[tuple[int, int]] = set()


class LockedError(Error):
    """Another run has the lock."""


@contextlib.contextmanager
def locked(directory: Optional[str], timeout: float = 120.0) -> Iterator[None]:
    """Hold the host-wide lock on ``directory`` so that two runs do not change it at once.

    The lock is on the directory itself: no file is left behind. A directory that does not exist needs no lock.
    """
    if directory is None or not os.path.isdir(directory):
        yield
        return
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    place = os.fstat(descriptor)
    identity = (place.st_dev, place.st_ino)
    if identity in _held:
        os.close(descriptor)
        yield
        return
    try:
        deadline = time.monotonic() + timeout
        while not _try_lock(descriptor):
            if time.monotonic() > deadline:
                raise LockedError(
                    f"another run has been changing {directory} for {timeout:g} seconds; wait for it to end"
                )
            time.sleep(0.1)
        _held.add(identity)
        yield
    finally:
        _held.discard(identity)
        os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in (errno.EAGAIN, errno.EACCES):
            raise
        return False
    return True

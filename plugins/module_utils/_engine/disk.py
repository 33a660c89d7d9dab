# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Single files on the disk, read and written whole: what staged changes and backups are made of."""

from __future__ import annotations

import errno
import grp
import hashlib
import os
import pwd
import stat
from collections.abc import Callable, Sequence
from typing import Any, Optional

from .errors import Error

# The folder in which a change is prepared, below the directory that it changes.
PREPARED = ".postfix_manager.prepared"
# For what the system says of a path that cannot be read.
CURES = {
    errno.EISDIR: "name a file",
    errno.ENOTDIR: "a part of its path is no directory",
    errno.ELOOP: "correct the symbolic links",
}


def read(path: str) -> Optional[bytes]:
    """The content of a file, or nothing when it does not exist."""
    try:
        with open(path, "rb", opener=_open_at_once) as handle:
            if not stat.S_ISREG(os.fstat(handle.fileno()).st_mode):
                raise Error(f"{path} is not a regular file; name another path")
            return handle.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        cure = CURES.get(error.errno or 0, "check its owner and mode")
        raise Error(f"{path} cannot be read: {error.strerror}; {cure}") from error


def _open_at_once(path: str, flags: int) -> int:
    """A pipe would make us wait for somebody who writes to it."""
    return os.open(path, flags | os.O_NONBLOCK)


def write(path: str, content: bytes, mode: int, uid: int = -1, gid: int = -1) -> None:
    """A new file, synced. Owner first, mode second: at no instant may somebody read what the final mode forbids."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(content)
        if (uid, gid) != (-1, -1):
            os.fchown(handle.fileno(), uid, gid)
        os.fchmod(handle.fileno(), mode)
        handle.flush()
        os.fsync(handle.fileno())


def sync_directory(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def status(path: str) -> Optional[os.stat_result]:
    try:
        return os.stat(path)
    except FileNotFoundError:
        return None


def owner_and_group(present: os.stat_result) -> tuple[str, str]:
    """Their names, or numbers where they have none."""
    return _name(pwd.getpwuid, present.st_uid), _name(grp.getgrgid, present.st_gid)


def _name(lookup: Callable[[int], Sequence[Any]], number: int) -> str:
    try:
        return str(lookup(number)[0])
    except KeyError:
        return str(number)


def checksum(content: Optional[bytes]) -> Optional[str]:
    """SHA-256 in hexadecimal digits, nothing for no file."""
    return None if content is None else hashlib.sha256(content).hexdigest()

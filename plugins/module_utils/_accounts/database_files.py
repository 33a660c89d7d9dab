# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of an SQLite database: the database, its write-ahead log and the index of that. Owner, mode, presence."""

from __future__ import annotations

import contextlib
import grp
import os
import pwd
import stat
from typing import Optional, Union

from .model import Effect

LOG, INDEX = "-wal", "-shm"
MODES = {"": 0o640, LOG: 0o640, INDEX: 0o660}
FOLDER_MODE = 0o750

# Time and size of the database, size of its log; nothing without a database.
Stamp = Optional[tuple[int, int, int]]


class DatabaseFiles:
    """The three files below ``path``. As long as ``owner`` or ``group`` does not exist it is the caller's."""

    def __init__(self, path: str, owner: str, group: str) -> None:
        self.path = path
        self.warnings: list[str] = []
        self.uid, self.gid = os.geteuid(), os.getegid()
        try:
            self.uid = pwd.getpwnam(owner).pw_uid
        except KeyError:
            self.warnings.append(f"there is no user {owner} yet, who shall own {path}")
        try:
            self.gid = grp.getgrnam(group).gr_gid
        except KeyError:
            self.warnings.append(f"there is no group {group} yet, which shall read {path}")

    def faults(self) -> list[Effect]:
        """What :meth:`settle` would do."""
        found = []
        for suffix, mode in MODES.items():
            path = self.path + suffix
            status = _status(path)
            wanted = _described(self.uid, self.gid, mode)
            if status is None:
                found.append(Effect(f"create {path}", path, "absent", wanted))
            elif self._differs(status, mode):
                present = _described(status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode))
                found.append(Effect(f"set owner and mode of {path}", path, present, wanted))
        return found

    def settle(self) -> None:
        """Give the files their owner and mode; make side files that are missing."""
        for suffix, mode in MODES.items():
            path = self.path + suffix
            status = _status(path)
            if status is None:
                # SQLite sets the mode of an empty index to that of the database; what is in it is never used.
                self._write(path, b"\0" if suffix == INDEX else b"")
                status = os.stat(path)
            if self._differs(status, mode):
                self._own(path, mode)

    def log_is_empty(self) -> bool:
        """Whether everything is in the database itself."""
        log = _status(self.path + LOG)
        return log is None or log.st_size == 0

    def stamp(self) -> Stamp:
        """What differs after somebody wrote to the database."""
        status, log = _status(self.path), _status(self.path + LOG)
        return None if status is None else (status.st_mtime_ns, status.st_size, log.st_size if log else 0)

    def draft(self) -> str:
        """An empty private file beside the database, in a folder that is made when it is missing."""
        folder, name = os.path.split(self.path)
        if not os.path.isdir(folder):
            os.makedirs(folder, mode=FOLDER_MODE)
            os.chown(folder, self.uid, self.gid)
        draft = os.path.join(folder, f".{name}.new")
        _remove(draft)
        self._write(draft, b"")
        return draft

    def publish(self, draft: str) -> None:
        """Put a finished draft in the place of the database, after its side files."""
        for suffix in (LOG, INDEX):
            _remove(self.path + suffix)
        self._own(draft, MODES[""])
        self._write(self.path + LOG, b"")
        self._write(self.path + INDEX, b"\0")
        self._own(self.path + LOG, MODES[LOG])
        self._own(self.path + INDEX, MODES[INDEX])
        os.rename(draft, self.path)

    def _differs(self, status: os.stat_result, mode: int) -> bool:
        return (stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid) != (mode, self.uid, self.gid)

    def _own(self, path: str, mode: int) -> None:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        try:
            os.fchown(descriptor, self.uid, self.gid)
            os.fchmod(descriptor, mode)
        finally:
            os.close(descriptor)

    def _write(self, path: str, content: bytes) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(content)


def _remove(path: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)


def _status(path: str) -> Optional[os.stat_result]:
    try:
        return os.stat(path)
    except FileNotFoundError:
        return None


def _described(uid: int, gid: int, mode: int) -> str:
    owner: Union[str, int] = uid
    group: Union[str, int] = gid
    with contextlib.suppress(KeyError):
        owner = pwd.getpwuid(uid).pw_name
    with contextlib.suppress(KeyError):
        group = grp.getgrgid(gid).gr_name
    return f"{owner}:{group} {mode:04o}"

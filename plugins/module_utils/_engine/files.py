# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changing files on the host: staged, backed up, swapped in atomically, whole after a crash.

A set of files below one directory is replaced like this. Every new file is written into a private directory beside
its target, synced, and listed in a manifest. One rename of that directory commits the set. Then each file is renamed
over its target. A crash before the commit leaves the old files; a crash after it is completed by :func:`recover`,
which every run calls first.
"""

from __future__ import annotations

import contextlib
import grp
import json
import os
import pwd
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional

from .errors import Error

PREPARED = ".postfix_manager.prepared"
COMMITTED = ".postfix_manager.committed"
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class FileChange:
    """New ``content`` (``None`` removes the file) for ``path``.

    ``mode``, ``owner`` and ``group`` left out are those of the present file, or 0644 and root's for a new one.
    """

    path: str
    content: Optional[bytes]
    mode: Optional[int] = None
    owner: Optional[str] = None
    group: Optional[str] = None


@contextlib.contextmanager
def private_directory() -> Iterator[str]:
    """A directory that only we may enter, gone afterwards: where a staged configuration is checked."""
    path = tempfile.mkdtemp(prefix="postfix_manager-")
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def read(path: str, directory: Optional[str] = None) -> Optional[bytes]:
    """The content of a file, or nothing when it does not exist.

    With ``directory``, a change committed there but interrupted by a crash counts as done: a plan made in check mode
    and one made after :func:`recover` see the same.
    """
    waiting = pending(directory) if directory else {}
    source = waiting.get(os.path.realpath(path), path)
    if source is None:
        return None
    try:
        with open(source, "rb") as handle:
            return handle.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Error(f"{path} cannot be read: {error.strerror}; check its owner and mode") from error


def read_text(path: str, directory: Optional[str] = None) -> Optional[str]:
    """The text of a file, or nothing when it does not exist. Bytes that are not UTF-8 survive a round trip."""
    content = read(path, directory)
    return None if content is None else content.decode("utf-8", "surrogateescape")


def replace_files(
    directory: str, changes: Sequence[FileChange], backup_directory: Optional[str] = None
) -> Optional[str]:
    """Put all ``changes`` below ``directory`` into place as one; return where the old files were kept.

    ``backup_directory`` gets a new folder, readable by root alone, with the files that are replaced or removed.
    Folders that are missing are created. On any failure before the commit nothing is changed.
    """
    if not os.path.isdir(directory):
        raise Error(f"{directory} does not exist; install the package that owns it, or name another directory")
    _complete(directory)
    kept: Optional[str] = None
    folders: list[str] = []
    try:
        # Through a symbolic link the file it leads to is replaced, and the link stays.
        changes = [_resolved(change) for change in changes]
        _refuse_what_cannot_be_renamed(directory, changes)
        kept = _keep(backup_directory, [change.path for change in changes])
        _prepare(directory, changes)
        _make_folders([change.path for change in changes if change.content is not None], folders)
        os.rename(os.path.join(directory, PREPARED), os.path.join(directory, COMMITTED))
    except (Error, OSError) as error:
        _undo(os.path.join(directory, PREPARED), kept, folders)
        if isinstance(error, Error):
            raise
        raise Error(f"{error.filename or directory}: {error.strerror}; nothing was changed") from error
    _complete(directory)
    return kept


def _complete(directory: str) -> None:
    committed = os.path.join(directory, COMMITTED)
    try:
        recover(directory)
    except OSError as error:
        raise Error(
            f"{error.filename or directory}: {error.strerror}; the change is prepared whole in {committed} "
            "and the next run completes it"
        ) from error


def pending(directory: str) -> dict[str, Optional[str]]:
    """What an interrupted change still has to put into place: target to prepared file, ``None`` for a removal."""
    committed = os.path.join(directory, COMMITTED)
    manifest = read(os.path.join(committed, MANIFEST))
    waiting: dict[str, Optional[str]] = {}
    for entry in json.loads(manifest or b"[]"):
        source = None if entry["name"] is None else os.path.join(committed, entry["name"])
        if source is None or os.path.exists(source):
            waiting[entry["path"]] = source
    return waiting


def recover(directory: str) -> bool:
    """Complete a change that a crash interrupted after its commit, drop one that was not committed.

    Returns whether a committed change was completed.
    """
    shutil.rmtree(os.path.join(directory, PREPARED), ignore_errors=True)
    committed = os.path.join(directory, COMMITTED)
    if not os.path.isdir(committed):
        return False
    # The commit must be on the disk before any file is replaced.
    _sync_directory(directory)
    waiting = pending(directory)
    for target, source in waiting.items():
        if source is not None:
            os.rename(source, target)
        elif os.path.lexists(target):
            os.unlink(target)
    for path in sorted({directory, *map(os.path.dirname, waiting)}):
        if os.path.isdir(path):
            _sync_directory(path)
    # The manifest goes first: without it there is nothing left to do.
    with contextlib.suppress(FileNotFoundError):
        os.unlink(os.path.join(committed, MANIFEST))
    shutil.rmtree(committed)
    return True


def _resolved(change: FileChange) -> FileChange:
    present = _status(change.path)
    mode = change.mode if change.mode is not None else (stat.S_IMODE(present.st_mode) if present else 0o644)
    return FileChange(os.path.realpath(change.path), change.content, mode, change.owner, change.group)


def _status(path: str) -> Optional[os.stat_result]:
    try:
        return os.stat(path)
    except FileNotFoundError:
        return None


def _refuse_what_cannot_be_renamed(directory: str, changes: Sequence[FileChange]) -> None:
    """Find out before the commit what would stop a rename after it, when it is too late to go back."""
    device = os.stat(directory).st_dev
    seen: set[str] = set()
    for change in changes:
        present = _status(change.path)
        folder = os.path.dirname(change.path)
        while not os.path.lexists(folder):
            folder = os.path.dirname(folder)
        why = None
        if change.path in seen:
            why = "is declared twice, perhaps through a symbolic link; declare it once"
        elif present is not None and not stat.S_ISREG(present.st_mode):
            why = "is not a regular file; move it away, or name another path"
        elif os.stat(folder).st_dev != device:
            why = f"is not on the file system of {directory}, so the set cannot be changed as one; move it there"
        if why is not None:
            raise Error(f"{change.path} {why}; nothing was changed")
        seen.add(change.path)


def _make_folders(paths: Sequence[str], made: list[str]) -> None:
    """Create the folders that ``paths`` need, and note them in ``made``. The umask of the caller has no say."""
    for path in paths:
        folder, missing = os.path.dirname(path), []
        while not os.path.isdir(folder):
            missing.append(folder)
            folder = os.path.dirname(folder)
        for folder in reversed(missing):
            os.mkdir(folder, 0o755)
            made.append(folder)
            os.chmod(folder, 0o755)


def _undo(prepared: str, kept: Optional[str], folders: Sequence[str]) -> None:
    """Take away what a failed change has made so far: nothing of it is in use."""
    shutil.rmtree(prepared, ignore_errors=True)
    if kept is not None:
        shutil.rmtree(kept, ignore_errors=True)
    for folder in reversed(folders):
        with contextlib.suppress(OSError):
            os.rmdir(folder)


def _prepare(directory: str, changes: Sequence[FileChange]) -> None:
    prepared = os.path.join(directory, PREPARED)
    os.mkdir(prepared, 0o700)
    manifest = []
    for number, change in enumerate(changes):
        name = None if change.content is None else str(number)
        manifest.append({"path": change.path, "name": name})
        if name is not None:
            uid, gid = _ownership(change)
            _write(os.path.join(prepared, name), change.content or b"", change.mode or 0o600, uid, gid)
    _write(os.path.join(prepared, MANIFEST), json.dumps(manifest).encode(), 0o600)
    _sync_directory(prepared)


def _ownership(change: FileChange) -> tuple[int, int]:
    present = _status(change.path)
    uid, gid = (present.st_uid, present.st_gid) if present else (-1, -1)
    try:
        if change.owner is not None:
            uid = pwd.getpwnam(change.owner).pw_uid
        if change.group is not None:
            gid = grp.getgrnam(change.group).gr_gid
    except KeyError as error:
        raise Error(f"{change.path}: {error.args[0]}; create the user or group first, nothing was changed") from error
    return uid, gid


def _write(path: str, content: bytes, mode: int, uid: int = -1, gid: int = -1) -> None:
    # Owner first, mode second: at no instant may somebody read what the final mode forbids.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(content)
        if (uid, gid) != (-1, -1):
            os.fchown(handle.fileno(), uid, gid)
        os.fchmod(handle.fileno(), mode)
        handle.flush()
        os.fsync(handle.fileno())


def _keep(backup_directory: Optional[str], paths: Sequence[str]) -> Optional[str]:
    """Copy the files that exist into a new folder and return it."""
    present = [path for path in paths if os.path.exists(path)]
    if backup_directory is None or not present:
        return None
    os.makedirs(backup_directory, mode=0o700, exist_ok=True)
    stamp = time.strftime("%Y%m%dT%H%M%SZ-", time.gmtime())
    folder = tempfile.mkdtemp(prefix=stamp, dir=backup_directory)
    try:
        for path in present:
            target = os.path.join(folder, path.lstrip("/"))
            os.makedirs(os.path.dirname(target), mode=0o700, exist_ok=True)
            status = os.stat(path)
            _write(target, read(path) or b"", stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid)
        _sync_directory(folder)
    except (Error, OSError):
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


def _sync_directory(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def ownership_differs(change: FileChange) -> bool:
    """Whether mode, owner or group of the present file are not those that ``change`` declares."""
    status = _status(change.path)
    if status is None:
        return change.content is not None
    wanted: Mapping[str, Any] = {"mode": change.mode, "owner": change.owner, "group": change.group}
    present: Mapping[str, Any] = {
        "mode": stat.S_IMODE(status.st_mode),
        "owner": _name(pwd.getpwuid, status.st_uid),
        "group": _name(grp.getgrgid, status.st_gid),
    }
    return any(value is not None and value != present[key] for key, value in wanted.items())


def _name(lookup: Any, number: int) -> str:
    try:
        return str(lookup(number)[0])
    except KeyError:
        return str(number)

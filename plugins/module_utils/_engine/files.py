# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changing files on the host: staged, backed up, swapped in atomically, whole after a crash.

A set of files below one directory is replaced like this. What is there is kept in a backup. Every new file is written
into a private directory beside its target, synced, and listed in a manifest. One rename of that directory commits the
set. Then each file is renamed over its target. A crash before the commit leaves the old files; a crash after it is
completed by :func:`recover`, which every run calls first.

Between two of these renames, for milliseconds, some files are new and others old. So they go in the order in which
they were given, which is that of their use: what another file refers to comes before it. Removals come last.
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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Optional

from . import backups, disk
from .backups import Keep
from .disk import PREPARED, status, sync_directory, write
from .errors import Error
from .locks import locked

COMMITTED = ".postfix_manager.committed"
# A new folder, until it has its owner and mode.
FOLDER = ".postfix_manager.folder"
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class FileChange:
    """New ``content`` (``None`` removes the file) for ``path``.

    ``mode``, ``owner`` and ``group`` left out are those of the present file, or 0644 and root's for a new one. An owner
    or group without a name is given as its number.
    """

    path: str
    content: Optional[bytes]
    mode: Optional[int] = None
    owner: Optional[str] = None
    group: Optional[str] = None


@contextlib.contextmanager
def private_directory() -> Iterator[str]:
    """A directory that only we may enter, gone afterwards: where a staged configuration is checked."""
    try:
        path = tempfile.mkdtemp(prefix="postfix_manager-")
    except OSError as error:
        raise Error(f"there is no temporary directory to work in: {error.strerror}; make room in /tmp") from error
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
    return None if source is None else disk.read(source)


def read_text(path: str, directory: Optional[str] = None) -> Optional[str]:
    """The text of a file, or nothing when it does not exist. Bytes that are not UTF-8 survive a round trip."""
    content = read(path, directory)
    return None if content is None else content.decode("utf-8", "surrogateescape")


def replace_files(directory: str, changes: Sequence[FileChange], keep: Optional[Keep] = None) -> Optional[str]:
    """Put all ``changes`` below ``directory`` into place as one; return the path of the backup that ``keep`` asks for.

    Folders that are missing are created. On any failure before the commit nothing is changed.
    """
    if not os.path.isdir(directory):
        cure = "install the package that owns it, or name another directory"
        inside = changes[0].path if changes else directory
        raise Error(f"{inside} cannot be written: {directory} does not exist; {cure}; nothing was changed")
    if _complete(directory):
        # What a crash had interrupted may be this very change: it has its backup already.
        changes = [change for change in changes if disk.read(change.path) != change.content or _drifted(change)]
        if not changes:
            return None
    kept: Optional[str] = None
    folders: list[str] = []
    prepared = os.path.join(directory, PREPARED)
    try:
        # Through a symbolic link the file it leads to is replaced, and the link stays.
        resolved = [_resolved(change) for change in changes]
        _refuse_what_cannot_be_renamed(directory, resolved)
        os.mkdir(prepared, 0o700)
        _try_what_a_rename_needs(prepared, [change.path for change in resolved])
        if keep is not None:
            kept = _keep(prepared, keep, directory, changes)
        _prepare(prepared, sorted(resolved, key=lambda change: change.content is None))
        _make_folders(directory, [change.path for change in resolved if change.content is not None], folders)
        os.rename(prepared, os.path.join(directory, COMMITTED))
    except (Error, OSError) as error:
        _undo(prepared, kept, folders)
        if isinstance(error, Error):
            raise
        raise Error(f"{error.filename or directory}: {error.strerror}; nothing was changed") from error
    _complete(directory)
    return kept


def _drifted(change: FileChange) -> bool:
    return change.content is not None and ownership_differs(change)


def _complete(directory: str) -> bool:
    committed = os.path.join(directory, COMMITTED)
    try:
        return recover(directory)
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


def interrupted(directory: str) -> bool:
    """Whether a run ended before it cleaned up. Its daemon may not have been reloaded, even with nothing pending."""
    return any(os.path.isdir(os.path.join(directory, name)) for name in (PREPARED, COMMITTED))


def recover(directory: str) -> bool:
    """Complete a change that a crash interrupted after its commit, drop one that was not committed.

    Returns whether a committed change was completed.
    """
    _drop(os.path.join(directory, PREPARED))
    shutil.rmtree(os.path.join(directory, FOLDER), ignore_errors=True)
    committed = os.path.join(directory, COMMITTED)
    if not os.path.isdir(committed):
        return False
    # The commit must be on the disk before any file is replaced.
    sync_directory(directory)
    waiting = pending(directory)
    for target, source in waiting.items():
        if source is not None:
            os.rename(source, target)
        elif os.path.lexists(target):
            os.unlink(target)
    for path in sorted({directory, *map(os.path.dirname, waiting)}):
        if os.path.isdir(path):
            sync_directory(path)
    # The manifest goes first: without it there is nothing left to do.
    with contextlib.suppress(FileNotFoundError):
        os.unlink(os.path.join(committed, MANIFEST))
    shutil.rmtree(committed)
    return True


def _resolved(change: FileChange) -> FileChange:
    present = status(change.path)
    mode = change.mode if change.mode is not None else (stat.S_IMODE(present.st_mode) if present else 0o644)
    return replace(change, path=os.path.realpath(change.path), mode=mode)


def _refuse_what_cannot_be_renamed(directory: str, changes: Sequence[FileChange]) -> None:
    """Find out before the commit what would stop a rename after it, when it is too late to go back."""
    device = os.stat(directory).st_dev
    seen: set[str] = set()
    for change in changes:
        present = status(change.path)
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


def _try_what_a_rename_needs(prepared: str, paths: Sequence[str]) -> None:
    """Fail before the commit where the kernel would refuse to replace a file after it.

    A file that is immutable, append-only or a mount of its own cannot be linked to either. A folder that is immutable
    or read-only does not take another one.
    """
    link = os.path.join(prepared, "link")
    try:
        for path in paths:
            if os.path.exists(path):
                os.link(path, link)
                os.unlink(link)
        for folder in sorted({os.path.dirname(path) for path in paths} - {os.path.dirname(prepared)}):
            if os.path.isdir(folder):
                probe = os.path.join(folder, FOLDER)
                # A crash may have left one.
                with contextlib.suppress(FileNotFoundError):
                    os.rmdir(probe)
                os.mkdir(probe, 0o700)
                os.rmdir(probe)
    except OSError as error:
        raise Error(
            f"{error.filename}: {error.strerror}, so it cannot be replaced; look at its attributes (lsattr), and "
            "whether it is read-only or a mount of its own (findmnt); nothing was changed"
        ) from error


def make_folder(directory: str, path: str, mode: int = 0o755, gid: int = -1) -> None:
    """Create a folder below ``directory`` that has its mode and group from its first instant on.

    The umask of the caller has no say.
    """
    new = os.path.join(directory, FOLDER)
    shutil.rmtree(new, ignore_errors=True)
    os.mkdir(new, 0o700)
    os.chown(new, -1, gid)
    os.chmod(new, mode)
    os.rename(new, path)


def _make_folders(directory: str, paths: Sequence[str], made: list[str]) -> None:
    """Create the folders that ``paths`` need, and note them in ``made``."""
    for path in paths:
        folder, missing = os.path.dirname(path), []
        while not os.path.isdir(folder):
            missing.append(folder)
            folder = os.path.dirname(folder)
        for folder in reversed(missing):
            make_folder(directory, folder)
            made.append(folder)


def _undo(prepared: str, kept: Optional[str], folders: Sequence[str]) -> None:
    """Take away what a failed change has made so far: nothing of it is in use."""
    _drop(prepared)
    if kept is not None:
        shutil.rmtree(kept, ignore_errors=True)
    shutil.rmtree(os.path.join(os.path.dirname(prepared), FOLDER), ignore_errors=True)
    for folder in reversed(folders):
        with contextlib.suppress(OSError):
            os.rmdir(folder)


def _drop(prepared: str) -> None:
    """Remove what was prepared and not committed, with the backup that was made for it."""
    if os.path.isdir(prepared):
        backups.drop_unfinished(prepared)
        shutil.rmtree(prepared, ignore_errors=True)


def _keep(prepared: str, keep: Keep, directory: str, changes: Sequence[FileChange]) -> str:
    """Make the backup, after what is prepared names it."""
    os.makedirs(keep.backup_directory, mode=0o700, exist_ok=True)
    # One number for one backup, whatever else is changed on the host at this moment.
    with locked(keep.backup_directory):
        path = backups.new_path(keep)
        write(os.path.join(prepared, backups.JOURNAL), backups.journal(path), 0o600)
        sync_directory(prepared)
        sync_directory(directory)
        backups.make(path, keep, directory, {change.path: change.content for change in changes})
    return path


def _prepare(prepared: str, changes: Sequence[FileChange]) -> None:
    manifest = []
    for number, change in enumerate(changes):
        name = None if change.content is None else str(number)
        manifest.append({"path": change.path, "name": name})
        if name is not None:
            uid, gid = _ownership(change)
            write(os.path.join(prepared, name), change.content or b"", change.mode or 0o600, uid, gid)
    write(os.path.join(prepared, MANIFEST), json.dumps(manifest).encode(), 0o600)
    sync_directory(prepared)


def _ownership(change: FileChange) -> tuple[int, int]:
    present = status(change.path)
    uid, gid = (present.st_uid, present.st_gid) if present else (-1, -1)
    try:
        if change.owner is not None:
            uid = int(change.owner) if change.owner.isdigit() else pwd.getpwnam(change.owner).pw_uid
        if change.group is not None:
            gid = int(change.group) if change.group.isdigit() else grp.getgrnam(change.group).gr_gid
    except KeyError as error:
        raise Error(f"{change.path}: {error.args[0]}; create the user or group first, nothing was changed") from error
    return uid, gid


def ownership_differs(change: FileChange) -> bool:
    """Whether mode, owner or group of the present file are not those that ``change`` declares."""
    standing = status(change.path)
    if standing is None:
        return change.content is not None
    owner, group = disk.owner_and_group(standing)
    wanted: Mapping[str, Any] = {"mode": change.mode, "owner": change.owner, "group": change.group}
    present: Mapping[str, Any] = {"mode": stat.S_IMODE(standing.st_mode), "owner": owner, "group": group}
    return any(value is not None and value != present[key] for key, value in wanted.items())

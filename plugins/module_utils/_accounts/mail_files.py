# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What belongs to mailboxes on the disk of the host: folders of mail, and files with a password."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from typing import Optional

from .._engine.errors import Error

PASSWORD_FILE_MODE = 0o600


def mail_folder(mail_directory: str, maildir: str) -> str:
    """The folder of a mailbox, strictly below ``mail_directory``; ``maildir`` is from the store and not trusted."""
    parts = maildir.rstrip("/").split("/")
    if not all(parts) or not {".", ".."}.isdisjoint(parts) or not os.path.isabs(mail_directory):
        raise Error(f"the mail of a mailbox cannot lie in {maildir!r}; correct maildir in the table mailbox")
    return os.path.join(mail_directory, *parts)


def remove_mail(mail_directory: str, maildir: str) -> None:
    """Remove the folder of a mailbox. A symbolic link on the way to it is an error, one within it is just removed."""
    folder = mail_folder(mail_directory, maildir)
    *above, name = os.path.relpath(folder, mail_directory).split("/")
    try:
        descriptor = os.open(mail_directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for part in above:
                # Each step starts from the folder that is open: nobody can put a link into the path meanwhile.
                below = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=descriptor)
                os.close(descriptor)
                descriptor = below
            shutil.rmtree(f"/proc/self/fd/{descriptor}/{name}")
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        return
    except OSError as error:
        raise Error(f"the mail in {folder} cannot be removed: {error.strerror or error}") from error


def read_password(path: str) -> Optional[str]:
    """The password in a file, its first and only line; nothing when there is no file yet."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Error(f"{path} cannot be read: {error.strerror}; a password_file is a plain file of root's") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Error(f"{path} is not a plain file; name another password_file")
    with os.fdopen(descriptor, "rb") as handle:
        text = handle.read(4096).decode("utf-8", "surrogateescape")
    return text[:-1] if text.endswith("\n") else text


def is_exposed(path: str) -> bool:
    """Whether others than we may read or replace the content of a password file."""
    status = os.lstat(path)
    return (stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid) != _wanted_status()


def protect(path: str) -> None:
    """Make a password file ours alone."""
    mode, uid, gid = _wanted_status()
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        os.fchown(descriptor, uid, gid)
        os.fchmod(descriptor, mode)
    finally:
        os.close(descriptor)


def write_password(path: str, password: str) -> None:
    """A new file with a password, complete and private from its first instant."""
    folder = os.path.dirname(path)
    os.makedirs(folder, mode=0o755, exist_ok=True)
    draft = f"{path}.new"
    with contextlib.suppress(FileNotFoundError):
        os.unlink(draft)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, PASSWORD_FILE_MODE)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
            handle.write(f"{password}\n")
            handle.flush()
            os.fsync(descriptor)
        os.rename(draft, path)
    except OSError as error:
        os.unlink(draft)
        raise Error(f"{path} cannot be written: {error.strerror}") from error


def _wanted_status() -> tuple[int, int, int]:
    return PASSWORD_FILE_MODE, os.geteuid(), os.getegid()

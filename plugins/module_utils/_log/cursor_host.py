# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cursor file, and what must be known of log files to find a place in them again."""

from __future__ import annotations

import contextlib
import os
from typing import Optional

from .._engine import disk
from .._engine.errors import Error
from . import cursor, files_host

MODE = 0o600


def load(path: Optional[str]) -> tuple[dict[str, cursor.Place], Optional[str]]:
    """What a cursor file says; nothing for one that is not there yet."""
    if path is None:
        return {}, None
    content = disk.read(path)
    if content is None:
        folder = os.path.dirname(path) or "."
        if not os.path.isdir(folder):
            raise Error(f"{path}: the folder {folder} does not exist; create it, or name another file")
        return {}, None
    try:
        return cursor.parsed(content.decode())
    except ValueError as error:
        raise Error(f"{path}: is no cursor file: {error}; remove it to read the logs from their beginning") from error


def save(path: str, text: str) -> None:
    """Replace the cursor file by a rename, so that it is there whole at any time."""
    new = f"{path}.new"
    with contextlib.suppress(FileNotFoundError):
        # A crash may have left one.
        os.unlink(new)
    disk.write(new, text.encode(), MODE)
    os.rename(new, path)
    disk.sync_directory(os.path.dirname(path) or ".")


def reading(path: str, known: Optional[cursor.Place]) -> cursor.Reading:
    return cursor.reading(
        known,
        files_host.rotated(path),
        lambda name: os.stat(name).st_ino,
        files_host.plain_size,
        lambda name: files_host.start(name, cursor.START),
    )


def place(path: str, offset: int) -> cursor.Place:
    return cursor.place(os.stat(path).st_ino, offset, files_host.start(path, cursor.START))

# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the last run stopped reading, and where to go on after a log was rotated, packed or truncated.

A place in a log is an offset together with a checksum of the log's first bytes: by these the log is found again, under
whatever name and however it is packed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Callable, Optional

VERSION = 1
# How many of the first bytes tell one log from another: the time stamp of the first line is among them.
START = 1024


@dataclass(frozen=True)
class Place:
    """The ``offset`` reached in a log with this ``inode``, whose first ``length`` bytes have this ``checksum``."""

    inode: int
    offset: int
    length: int
    checksum: str


@dataclass(frozen=True)
class Reading:
    """What to read: files and the offset to begin at, oldest first. ``gap`` says that some of the log is gone."""

    files: tuple[tuple[str, int], ...]
    gap: bool = False


def place(inode: int, offset: int, start: bytes) -> Place:
    """The place after reading up to ``offset`` of a log that begins with ``start``."""
    length = min(START, offset, len(start))
    return Place(inode, offset, length, checksum(start[:length]))


def checksum(start: bytes) -> str:
    return hashlib.sha256(start).hexdigest()


def reading(
    known: Optional[Place],
    names: Iterable[str],
    inode_of: Callable[[str], int],
    size_of: Callable[[str], Optional[int]],
    start_of: Callable[[str], bytes],
) -> Reading:
    """What to read of a log. ``names`` are its rotated files, oldest first, and the log itself last.

    ``size_of`` is nothing for a packed file, whose size says nothing.
    """
    *older, current = names
    if known is None:
        return Reading(((current, 0),))
    for number, name in reversed(list(enumerate([*older, current]))):
        size = size_of(name)
        if size is not None and size < known.offset:
            continue
        # An empty start is everybody's start: then the file itself must be the same.
        same = (
            checksum(start_of(name)[: known.length]) == known.checksum
            if known.length
            else inode_of(name) == known.inode
        )
        if same:
            return Reading(((name, known.offset), *((later, 0) for later in [*older, current][number + 1 :])))
    return Reading(((current, 0),), gap=known.length > 0)


def parsed(text: str) -> tuple[dict[str, Place], Optional[str]]:
    """The places by path, and the one in the journal, of a cursor file; ``ValueError`` for anything else."""
    data = json.loads(text)
    if not isinstance(data, dict) or data.get("version") != VERSION:
        raise ValueError("it is of another version")
    try:
        files = {path: Place(**found) for path, found in data["files"].items()}
        numbers = [number for found in files.values() for number in (found.inode, found.offset, found.length)]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("a part of it is missing") from error
    if not all(isinstance(number, int) and number >= 0 for number in numbers):
        raise ValueError("a number in it is none")
    return files, data.get("journal")


def rendered(files: Mapping[str, Place], journal: Optional[str]) -> str:
    data: dict[str, Any] = {"version": VERSION, "files": {path: asdict(found) for path, found in sorted(files.items())}}
    return json.dumps({**data, "journal": journal}, indent=1) + "\n"

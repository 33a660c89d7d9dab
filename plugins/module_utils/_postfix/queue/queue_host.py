# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The queue of one instance of Postfix on this host: read through its tools, and where its files are."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional

from ..._engine import commands
from ..._engine.errors import Error
from ..instance_host import MAIN, configuration_directory
from .messages import CORRUPT, QUEUES, Envelope, Message, envelopes, parse
from .queue_file import HEAD, arrival_of

# A list of a hundred thousand messages takes seconds; so may doing something to each of them.
PATIENCE = 1800.0


@dataclass(frozen=True)
class Queue:
    """``directory`` is the instance's configuration, ``path`` its queue."""

    directory: str
    path: str

    def messages(self) -> Iterator[Message]:
        """Every message as the list comes, the damaged ones last: postqueue(1) does not list those."""
        for line in commands.lines(["postqueue", "-c", self.directory, "-j"]):
            yield parse(line)
        yield from self._corrupt()

    def _corrupt(self) -> Iterator[Message]:
        for entry in _files(os.path.join(self.path, CORRUPT)):
            with contextlib.suppress(FileNotFoundError):
                found = entry.stat(follow_symlinks=False)
                yield Message(CORRUPT, entry.name, int(found.st_mtime), found.st_size)

    def envelopes(self, ids: Sequence[str]) -> Mapping[str, Envelope]:
        """Where messages came from, without those that are gone."""
        return envelopes("".join(self.printed(ids, "-qe")))

    def printed(self, ids: Sequence[str], option: str) -> Iterator[str]:
        """What postcat(1) prints of messages; it stops at one that is gone, so the others are asked for again."""
        left = list(ids)
        while left:
            done = commands.run(["postcat", "-c", self.directory, option, *left], accept=None, timeout=PATIENCE)
            yield done.stdout
            if done.rc == 0:
                return
            gone = [
                place for place, queue_id in enumerate(left) if f"open queue file {queue_id}: No such" in done.stderr
            ]
            if not gone:
                raise commands.CommandError(f"postcat {option} failed: {done.stderr.strip()}", stderr=done.stderr)
            left = left[gone[0] + 1 :]

    def places(self, ids: Collection[str]) -> dict[str, tuple[str, str]]:
        """Queue and file of the messages that are still there."""
        found = {}
        for queue in QUEUES:
            for entry in _files(os.path.join(self.path, queue)):
                if entry.name in ids:
                    found[entry.name] = (queue, entry.path)
        return found

    def is_running(self) -> bool:
        return commands.run(["postfix", "-c", self.directory, "status"], accept=None).rc == 0


def open_queue(params: Mapping[str, Any]) -> Optional[Queue]:
    """The queue that the options ``config_directory`` and ``instance`` mean; nothing on a host without Postfix."""
    directory = configuration_directory(params)
    if commands.find("postqueue") is None:
        return None
    if not os.path.exists(os.path.join(directory, MAIN)):
        raise Error(f"{directory} has no {MAIN}; name the directory of a configuration")
    path = commands.run(["postconf", "-c", directory, "-hx", "queue_directory"]).stdout.strip()
    if not os.path.isdir(path):
        raise Error(
            f"{path}, the queue_directory of {directory}, does not exist; correct it, or have Postfix make it with "
            f"postfix -c {directory} check; nothing was changed"
        )
    return Queue(directory, path)


def is_same(message: Message, path: str, since: float) -> bool:
    """Whether a queue file still holds the message of which its name was read after ``since``.

    Postfix gives a short name again once its message is gone. A file that was not touched since is the same; only what
    was is read, for its time of arrival.
    """
    try:
        if os.lstat(path).st_ctime < since:
            return True
        if message.queue == CORRUPT:
            return int(os.lstat(path).st_mtime) == message.arrival
        with open(path, "rb") as handle:
            return arrival_of(handle.read(HEAD)) == message.arrival
    except FileNotFoundError:
        return False


def _files(folder: str) -> Iterator[os.DirEntry[str]]:
    """Regular files below a folder of the queue, which Postfix may spread over folders with names of one letter."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    yield from _files(entry.path)
                elif entry.is_file(follow_symlinks=False):
                    yield entry
    except FileNotFoundError:
        return
    except PermissionError as error:
        raise Error(f"{folder} cannot be read: {error.strerror}; become root") from error

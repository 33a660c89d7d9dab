# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The queue of one instance of Postfix on this host: read through its tools, and where its files are."""

from __future__ import annotations

import contextlib
import os
import re
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
        found: dict[str, Envelope] = {}
        left = list(ids)
        while left:
            argv = ["postcat", "-c", self.directory, "-qe", *left]
            done = commands.run(argv, accept=None, timeout=PATIENCE)
            found.update(envelopes(done.stdout))
            if done.rc == 0:
                break
            # It stops at one that is gone: the others are asked for again.
            gone = re.search(r"open queue file (\w+): No such file", done.stderr)
            if gone is None or gone[1] not in left:
                raise Error(f"postcat cannot read a queue file: {done.stderr.strip()}; nothing was changed")
            left = left[left.index(gone[1]) + 1 :]
        return found

    def content(self, queue_id: str, option: str, longest: int) -> str:
        """The beginning of what postcat(1) prints of a message; nothing when it is gone or damaged."""
        text = ""
        with contextlib.suppress(commands.CommandError):
            printed = commands.lines(["postcat", "-c", self.directory, option, queue_id])
            for line in printed:
                text += line
                if len(text) >= longest:
                    printed.close()
                    break
        return text[:longest]

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

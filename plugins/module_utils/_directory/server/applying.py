# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carrying out a change of a running server, and taking it back when a part of it fails."""

from __future__ import annotations

from typing import Any, Optional

from ..._engine import backups
from ..._engine.backups import Keep
from ..._engine.errors import Error
from ..backup.host import Restoring
from ..connection import Connection
from . import host
from .operations import Operation, operations
from .tree import Node


class Change:
    """One change of the configuration: a backup, requests one by one, and a look at what came out of it."""

    def __init__(self, directory: str, before: Node, after: Node, keep: Optional[Keep]) -> None:
        self.directory = directory
        self.before = before
        self.after = after
        self.keep = keep
        self._left = len(operations(before, after))
        self._connection: Optional[Connection] = None
        self._backup: Optional[str] = None

    def begin(self) -> dict[str, Any]:
        """Open the connection, and keep the configuration as it is."""
        self._connection = host.socket()
        return self._kept()

    def _kept(self) -> dict[str, Any]:
        if self.keep is None:
            return {}
        host.record(self.keep.backup_directory, self.before)
        self._backup = backups.new_path(self.keep)
        path = host.record_path(self.keep.backup_directory)
        new = host.text(self.after).encode("utf-8", "surrogateescape")
        backups.make(
            self._backup,
            self.keep,
            self.keep.backup_directory,
            {path: new},
        )
        return backups.returned(self._backup)

    def load(self) -> dict[str, Any]:
        """The whole configuration in the place of the present one, for a slapd that does not run."""
        kept = self._kept()
        work = Restoring(self.directory, self.after, True, [])
        work.build()
        work.swap()
        if self.keep is not None:
            host.record(self.keep.backup_directory, self.after)
        return kept

    def make_folder(self, path: str) -> None:
        host.make_folder(path, self.directory)

    def run(self, operation: Operation) -> None:
        if self._connection is None:
            raise Error("the change was not begun")
        try:
            host.send(self._connection, operation)
            self._left -= 1
            if self._left == 0:
                self._verify()
        except Error as error:
            error.message += self._take_back()
            raise error from None

    def _verify(self) -> None:
        """What the server made of the requests has to be what was tested."""
        left = operations(host.present(self.directory), self.after)
        if left:
            raise Error(f"slapd did not keep what it was told: {'; '.join(map(str, left[:3]))}")
        if self.keep is not None:
            host.record(self.keep.backup_directory, self.after)

    def _take_back(self) -> str:
        """Undo what was done so far; says how that went."""
        try:
            # The other connection may be lost.
            connection = host.socket()
            for operation in operations(host.present(self.directory), self.before):
                host.send(connection, operation)
        except Error as error:
            where = f"; the configuration before the change is in {self._backup}" if self._backup else ""
            return f"; what was done before cannot be taken back: {error.message}{where}"
        if self._backup is not None:
            backups.drop(self._backup)
        return "; what was done before is taken back, the server is as it was"

# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SQLite database of the accounts: the only file that touches it.

Postfix and Dovecot look into the database at any time and must neither change it nor meet an error; Postfix does not
even wait for a lock. With a write-ahead log (WAL) readers and a writer never wait for each other, on these terms
(https://www.sqlite.org/wal.html, and measured):

- The log and its index (``-wal``, ``-shm``) must exist, for readers may not create files. SQLite deletes them when the
  last connection closes, and locks new readers out while it tries (3.40). So a connection that has written is never
  closed: the process ends with it, which SQLite is made to survive, after all is moved from the log to the database.
- The index must be writable for readers. It holds no accounts, only which page lies where in the log; a reader that
  cannot write it may take a header that is just being changed for one that needs recovery, and fail.
- What only reads here must leave no traces, for check mode. SQLite would touch the side files even then.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Optional

from .._engine.errors import Error, Problem
from .database_files import DatabaseFiles, Stamp
from .model import EMPTY, Changes, Effect, State
from .rows import COLUMNS, TABLES, Statement, statements
from .sql_state import read_state, read_times

# The database format, https://www.sqlite.org/fileformat.html: a magic string, and at byte 18 whether it uses a log.
MAGIC, WAL_BYTES = b"SQLite format 3\x00", b"\x02\x02"
WAIT_FOR_WRITER = 60.0
WAIT_FOR_READER_MS = 2000
READ_ATTEMPTS, READ_PAUSE = 20, 0.1
# What means something in the path of a URI, https://www.sqlite.org/uri.html.
URI_ESCAPES = str.maketrans({"%": "%25", "?": "%3f", "#": "%23"})


class SqliteStore:
    """One database, which need not exist yet. ``owner`` and ``group`` are those of its files."""

    def __init__(self, path: str, owner: str, group: str) -> None:
        self.path = path
        self.files = DatabaseFiles(path, owner, group)
        self.tables: set[str] = set()
        self._stamp: Stamp = None
        self._uses_log = False

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> SqliteStore:
        return cls(params["database"], params["database_owner"], params["database_group"])

    @staticmethod
    def lock(params: Mapping[str, Any]) -> Optional[str]:
        return os.path.dirname(str(params["database"]))

    def read(self) -> State:
        """All accounts, and with them what :meth:`faults` needs to know."""
        self._uses_log = self._check_format()
        for _attempt in range(READ_ATTEMPTS):
            self._stamp = self.files.stamp()
            try:
                state = self._read_once() if self.exists else EMPTY
            except Error:
                if self._stamp == self.files.stamp():
                    raise
            if self._stamp == self.files.stamp():
                return state
            time.sleep(READ_PAUSE)
        raise Error(f"{self.path} was changed by somebody else whenever it was read; run again when that has ended")

    def _read_once(self) -> State:
        with self._errors(), contextlib.closing(self._open_reader()) as reader:
            reader.execute("BEGIN")
            self.tables = {name for (name,) in reader.execute("SELECT name FROM sqlite_master")}
            self._check_columns(reader)
            return read_state(reader.execute, self.tables)

    def times(self) -> dict[str, int]:
        if "mailbox" not in self.tables:
            return {}
        with self._errors(), contextlib.closing(self._open_reader()) as reader:
            return read_times(reader.execute)

    @property
    def exists(self) -> bool:
        return os.path.exists(self.path) and os.path.getsize(self.path) > 0

    def faults(self) -> list[Effect]:
        """What has to be put right in and around the database before Postfix and Dovecot can use it."""
        if not self.exists:
            return [Effect(f"create {self.path}", self.path, "absent", "present")]
        missing = ", ".join(name for name in TABLES if name not in self.tables)
        found = self.files.faults()
        if missing:
            found.append(Effect(f"create {missing} in {self.path}", f"tables in {self.path}", "", missing))
        if not self._uses_log:
            summary = f"switch {self.path} to a write-ahead log"
            found.append(Effect(summary, f"journal of {self.path}", "rollback", "write-ahead log"))
        return found

    @property
    def warnings(self) -> list[str]:
        return self.files.warnings

    def problems(self, changes: Changes, where: Mapping[str, str]) -> list[Problem]:
        """The tables hold every fact of the model."""
        return []

    def unmet(self, changes: Changes, where: Mapping[str, str]) -> list[Problem]:
        """What is missing is made by a write."""
        return []

    def accepts(self, address: str, clear: str) -> bool:
        """A database cannot be asked."""
        return False

    def write(self, changes: Changes) -> None:
        """Put the faults right and make the changes, all of them or none, in one transaction."""
        self.run(statements(changes, {*self.tables, *TABLES}, now()))

    def run(self, batch: Sequence[Statement]) -> None:
        if not self.exists:
            self._create()
        self.files.settle()
        with self._errors():
            writer = sqlite3.connect(self.path, timeout=WAIT_FOR_WRITER, isolation_level=None)
            # Never closed, not even by the interpreter at its end: see above.
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(writer))
            if not self._uses_log:
                self._switch_to_log(writer)
            writer.execute("BEGIN IMMEDIATE")
            try:
                self._refuse_stale_plan()
                for name in [name for name in TABLES if name not in self.tables]:
                    writer.execute(TABLES[name])
                for statement in batch:
                    writer.executemany(statement.sql, statement.rows)
                writer.execute("COMMIT")
            except BaseException:
                if writer.in_transaction:
                    writer.execute("ROLLBACK")
                raise
        self._empty_log(writer)
        self.files.settle()

    # --- reading ---

    def _check_format(self) -> bool:
        """Whether the database uses a log; raises when the file is no database."""
        if os.path.exists(self.path) and not os.path.isfile(self.path):
            raise Error(f"{self.path} is not a regular file; name another file as database")
        try:
            with open(self.path, "rb") as handle:
                head = handle.read(20)
        except FileNotFoundError:
            return False
        except OSError as error:
            raise Error(f"{self.path} cannot be read: {error.strerror}; name another file as database") from error
        if head and not head.startswith(MAGIC):
            raise Error(f"{self.path} is not an SQLite database; name another file as database")
        return head[18:20] == WAL_BYTES

    def _open_reader(self) -> sqlite3.Connection:
        # As long as the log is empty all is in the database itself, and SQLite need not use the side files: it would
        # create them, or change their owner and mode, just to read. Whether somebody wrote meanwhile tells the stamp.
        options = "mode=ro&immutable=1" if self._uses_log and self.files.log_is_empty() else "mode=ro"
        uri = f"file:{self.path.translate(URI_ESCAPES)}?{options}"
        return sqlite3.connect(uri, uri=True, timeout=WAIT_FOR_WRITER, isolation_level=None)

    def _check_columns(self, reader: sqlite3.Connection) -> None:
        for table, wanted in COLUMNS.items():
            if table not in self.tables:
                continue
            present = {row[1] for row in reader.execute(f"PRAGMA table_info({table})")}
            missing = [column for column in wanted if column not in present]
            if missing:
                raise Error(
                    f"the table {table} in {self.path} lacks {', '.join(missing)}; "
                    "bring it up to date by PostfixAdmin's upgrade.php, or name another database"
                )

    # --- writing ---

    def _refuse_stale_plan(self) -> None:
        if self.files.stamp() != self._stamp:
            raise Error(
                f"{self.path} was changed by somebody else while this was planned; nothing was written, run again"
            )

    def _switch_to_log(self, writer: sqlite3.Connection) -> None:
        self._refuse_stale_plan()
        (mode,) = writer.execute("PRAGMA journal_mode = WAL").fetchone()
        if mode != "wal":
            raise Error(f"{self.path} cannot use a write-ahead log here; put it on a local file system")
        self.files.settle()
        self._stamp = self.files.stamp()

    def _empty_log(self, writer: sqlite3.Connection) -> None:
        """Move all from the log to the database; what a slow reader prevents now, the next call does."""
        with contextlib.suppress(sqlite3.OperationalError):
            writer.execute(f"PRAGMA busy_timeout = {WAIT_FOR_READER_MS}").fetchall()
            writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _create(self) -> None:
        """A database with its tables appears whole, with its side files, so that no reader meets half of it."""
        draft = self.files.draft()
        with self._errors(), contextlib.closing(sqlite3.connect(draft, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL").fetchall()
            connection.execute("BEGIN")
            for definition in TABLES.values():
                connection.execute(definition)
            connection.execute("COMMIT")
        self.files.publish(draft)
        self.tables = set(TABLES)
        self._uses_log = True
        self._stamp = self.files.stamp()

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise Error(f"{self.path}: {error}; nothing was changed in it") from error


def now() -> str:
    """The time of a change as PostfixAdmin writes it with SQLite: UTC."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())

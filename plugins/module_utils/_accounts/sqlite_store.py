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
- What only reads here must not leave traces: read-only connections neither create nor delete the side files.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from typing import Optional
from urllib.parse import quote

from .._engine.errors import Error
from .database_files import DatabaseFiles
from .model import EMPTY, Alias, Domain, Mailbox, State
from .rows import COLUMNS, TABLES, Statement

# The database format, https://www.sqlite.org/fileformat.html: a magic string, and at byte 18 whether it uses a log.
MAGIC, WAL_BYTES = b"SQLite format 3\x00", b"\x02\x02"
WAIT_FOR_WRITER = 60.0
# Not a domain: PostfixAdmin's mark for administrators of all domains.
ALL_DOMAINS = "ALL"

READ_DOMAINS = """SELECT d.domain, d.description, d.mailboxes, d.aliases, d.quota, d.maxquota, d.active, t.target_domain
FROM domain d LEFT JOIN alias_domain t ON t.alias_domain = d.domain AND t.active"""
READ_MAILBOXES = """SELECT m.username, m.password, m.name, m.maildir, m.quota, m.active, a.goto, a.active, {access}
FROM mailbox m LEFT JOIN alias a ON a.address = m.username {join}"""
ACCESS = ("x.receive, x.send, x.login", "LEFT JOIN mailbox_access x ON x.username = m.username")
NO_ACCESS = ("NULL, NULL, NULL", "")
READ_ALIASES = "SELECT address, goto, active FROM alias WHERE address NOT IN (SELECT username FROM mailbox)"


class SqliteStore:
    """One database, which need not exist yet. ``owner`` and ``group`` are those of its files."""

    def __init__(self, path: str, owner: str, group: str) -> None:
        self.path = path
        self.files = DatabaseFiles(path, owner, group)
        self.tables: set[str] = set()
        self._reader: Optional[sqlite3.Connection] = None
        self._version = 0
        self._uses_log = False

    def read(self) -> State:
        """All accounts, and with them what :meth:`faults` needs to know."""
        self._uses_log = self._check_format()
        if not self.exists:
            return EMPTY
        with self._errors():
            self._reader = self._open_reader()
            self._reader.execute("BEGIN")
            self._version = self._data_version()
            self.tables = {name for (name,) in self._reader.execute("SELECT name FROM sqlite_master")}
            self._check_columns()
            state = self._read_state()
            self._reader.execute("COMMIT")
        return state

    @property
    def exists(self) -> bool:
        return os.path.exists(self.path) and os.path.getsize(self.path) > 0

    def faults(self) -> list[str]:
        """What has to be put right in and around the database before Postfix and Dovecot can use it, in words."""
        if not self.exists:
            return [f"create {self.path}"]
        missing = [name for name in TABLES if name not in self.tables]
        found = [f"create {', '.join(missing)} in {self.path}"] if missing else []
        if not self._uses_log:
            found.append(f"switch {self.path} to a write-ahead log")
        return found + self.files.faults()

    @property
    def warnings(self) -> list[str]:
        return self.files.warnings

    def write(self, batch: Sequence[Statement]) -> None:
        """Put the faults right and run the statements, all of them or none, in one transaction."""
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
            except BaseException:
                writer.execute("ROLLBACK")
                raise
            writer.execute("COMMIT")
            writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        self.files.settle()

    # --- reading ---

    def _check_format(self) -> bool:
        """Whether the database uses a log; raises when the file is no database."""
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
        # Without a log nobody else is connected, and SQLite would create the side files just to read.
        options = "mode=ro&immutable=1" if self._uses_log and self.files.log_is_missing() else "mode=ro"
        return sqlite3.connect(f"file:{quote(self.path)}?{options}", uri=True, timeout=WAIT_FOR_WRITER)

    def _check_columns(self) -> None:
        for table, wanted in COLUMNS.items():
            if table not in self.tables or self._reader is None:
                continue
            present = {row[1] for row in self._reader.execute(f"PRAGMA table_info({table})")}
            missing = [column for column in wanted if column not in present]
            if missing:
                raise Error(
                    f"the table {table} in {self.path} lacks {', '.join(missing)}; "
                    "bring it up to date by PostfixAdmin's upgrade.php, or name another database"
                )

    def _read_state(self) -> State:
        if not {"domain", "mailbox", "alias", "alias_domain"} <= self.tables or self._reader is None:
            return self._read_parts()
        select = self._reader.execute
        access, join = ACCESS if "mailbox_access" in self.tables else NO_ACCESS
        send_as: dict[str, list[str]] = {}
        if "mailbox_send_as" in self.tables:
            for username, address in select("SELECT username, address FROM mailbox_send_as ORDER BY address"):
                send_as.setdefault(username, []).append(address)
        mailboxes = {}
        for row in select(READ_MAILBOXES.format(access=access, join=join)):
            username, password, name, maildir, quota, active, goto, routed, receive, send, login = row
            mailboxes[username] = Mailbox(
                username,
                password,
                name,
                maildir,
                quota,
                active != 0,
                _split(goto) if goto else (),
                routed == 1,
                receive != 0,
                send != 0,
                login != 0,
                tuple(send_as.get(username, ())),
            )
        aliases = {address: Alias(address, _split(goto), active != 0) for address, goto, active in select(READ_ALIASES)}
        return State(self._read_domains(aliases), mailboxes, aliases)

    def _read_parts(self) -> State:
        """The state of a database that lacks tables: legitimate only when it has none of ours yet."""
        ours = sorted({"domain", "mailbox", "alias", "alias_domain"} & self.tables)
        if ours:
            raise Error(
                f"{self.path} has {', '.join(ours)}, but not all of domain, mailbox, alias and alias_domain; "
                "restore it from a backup or name another database"
            )
        return EMPTY

    def _read_domains(self, aliases: dict[str, Alias]) -> dict[str, Domain]:
        domains = {}
        for row in self._reader.execute(READ_DOMAINS) if self._reader else ():
            name, description, mailboxes, alias_count, quota, mailbox_quota, active, target = row
            if name == ALL_DOMAINS:
                continue
            catch_all = aliases.get(f"@{name}")
            domains[name] = Domain(
                name,
                description,
                mailboxes,
                alias_count,
                quota,
                mailbox_quota,
                active != 0,
                target or "",
                catch_all.destinations if catch_all and catch_all.enabled else (),
            )
        return domains

    # --- writing ---

    def _data_version(self) -> int:
        found = self._reader.execute("PRAGMA data_version").fetchone() if self._reader else (0,)
        return int(found[0])

    def _refuse_stale_plan(self) -> None:
        if self._uses_log and self._data_version() != self._version:
            raise Error(
                f"{self.path} was changed by somebody else while this was planned; nothing was written, run again"
            )

    def _switch_to_log(self, writer: sqlite3.Connection) -> None:
        (mode,) = writer.execute("PRAGMA journal_mode = WAL").fetchone()
        if mode != "wal":
            raise Error(f"{self.path} cannot use a write-ahead log here; put it on a local file system")
        self.files.settle()

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

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise Error(f"{self.path}: {error}; nothing was changed in it") from error


def _split(goto: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in goto.split(",")) if "," in goto else (goto,)


def now() -> str:
    """The time of a change as PostfixAdmin writes it with SQLite: UTC."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())

# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The accounts in PostgreSQL, in the tables of PostfixAdmin: the only file that talks to that server.

Readers never wait. Whoever writes holds the tables against other writers, PostfixAdmin among them, and looks again
whether the accounts are still those that were read: https://www.postgresql.org/docs/current/explicit-locking.html.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Iterator, Mapping
from operator import itemgetter
from typing import Any, Optional

try:
    import psycopg2
    from psycopg2 import extras
except ImportError:
    psycopg2 = None

from .._engine.errors import Error, Problem, refuse
from .model import EMPTY, Changes, Effect, State
from .rows import COLUMNS, TABLES, statements
from .sql_state import NEEDED, read_state, read_times

DRIVER = "python3-psycopg2"
# Our number among the locks that applications name themselves: two first runs do not make the same tables at once.
LOCK = 0x706D6D
LOCAL = ("", "localhost", "127.0.0.1", "::1")
WAIT_MS = 60000
# What SQLite calls otherwise. There a truth is a number.
DIALECT = (
    (r"tinyint\(1\) NOT NULL DEFAULT 1", "boolean NOT NULL DEFAULT true"),
    (r"tinyint\(1\) NOT NULL DEFAULT 0", "boolean NOT NULL DEFAULT false"),
    (r"\b(bigint|int)\(\d+\)", r"\1"),
    (r"\bdatetime\b", "timestamptz"),
    (r"(COALESCE\([a-z.]+), 1\)", r"\1, true)"),
)


class PostgresqlStore:
    """One database. ``params`` are the options of the shared spec ``store``."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        self.params = params
        self.name = f"{params['database_name']} at {params['database_host'] or 'this host'}"
        self.tables: set[str] = set()
        self._connection: Any = None
        self._state = EMPTY
        self._missing = ""

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> PostgresqlStore:
        refuse(_problems(params))
        return cls(params)

    @staticmethod
    def lock(params: Mapping[str, Any]) -> Optional[str]:
        return None

    def read(self) -> State:
        """All accounts. Where no server runs on this host yet, there are none."""
        self._connect()
        if self._missing:
            return EMPTY
        with self._errors(), self._connection:
            self._state = self._read()
        return self._state

    def times(self) -> dict[str, int]:
        if "mailbox" not in self.tables:
            return {}
        with self._errors(), self._connection:
            return read_times(self._select)

    def faults(self) -> list[Effect]:
        missing = ", ".join(name for name in TABLES if name not in self.tables)
        summary = f"create {missing} in {self.name}"
        return [Effect(summary, f"tables in {self.name}", "", missing)] if missing else []

    @property
    def warnings(self) -> list[str]:
        return []

    def problems(self, changes: Changes, where: Mapping[str, str]) -> list[Problem]:
        """The tables hold every fact of the model."""
        return []

    def unmet(self, changes: Changes, where: Mapping[str, str]) -> list[Problem]:
        if not self._missing:
            return []
        return [Problem("database_host", self._missing, f"install {DRIVER} and start the server first")]

    def accepts(self, address: str, clear: str) -> bool:
        """A database cannot be asked."""
        return False

    def write(self, changes: Changes) -> None:
        """All changes or none, in one transaction."""
        if self._missing:
            raise Error(f"database_host: {self._missing}; install {DRIVER} and start the server first")
        with self._errors(), self._connection, self._connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
            if self.tables.issuperset(NEEDED):
                cursor.execute(f"LOCK TABLE {', '.join(NEEDED)} IN SHARE ROW EXCLUSIVE MODE")
            if self._read() != self._state:
                raise Error(
                    f"{self.name} was changed by somebody else while this was planned; nothing was written, run again"
                )
            for name in [name for name in TABLES if name not in self.tables]:
                cursor.execute(definition(TABLES[name]))
            now = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
            for statement in statements(changes, {*self.tables, *TABLES}, now):
                extras.execute_batch(cursor, statement.sql.replace("?", "%s"), statement.rows, page_size=500)

    def _read(self) -> State:
        found = self._select("SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()")
        self.tables = {name for (name,) in found}
        self._check_columns()
        return read_state(self._select, self.tables)

    def _select(self, query: str) -> list[tuple[Any, ...]]:
        """The rows in one order: that of the server changes with each update of a row."""
        with self._connection.cursor() as cursor:
            cursor.execute(query)
            return sorted(cursor.fetchall(), key=itemgetter(0))

    def _check_columns(self) -> None:
        columns: dict[str, set[str]] = {}
        query = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
        for table, column in self._select(query):
            columns.setdefault(table, set()).add(column)
        for table, wanted in COLUMNS.items():
            missing = [column for column in wanted if column not in columns.get(table, ())]
            if table in columns and missing:
                raise Error(
                    f"the table {table} in {self.name} lacks {', '.join(missing)}; "
                    "bring it up to date by PostfixAdmin's upgrade.php, or name another database"
                )

    def _connect(self) -> None:
        params = self.params
        if psycopg2 is None:
            self._missing = f"{DRIVER} is not installed on this host"
            return
        options = {
            "host": params["database_host"] or None,
            "port": params["database_port"],
            "dbname": params["database_name"],
            "user": params["database_user"],
            "password": params["database_password"],
            "sslmode": params["database_sslmode"],
            "sslrootcert": params["database_ca_path"],
            "connect_timeout": 10,
            "application_name": "postfix_manager",
            "options": f"-c timezone=UTC -c lock_timeout={WAIT_MS}",
        }
        try:
            self._connection = psycopg2.connect(**{name: value for name, value in options.items() if value is not None})
        except psycopg2.Error as error:
            said = " ".join(str(error).split())
            # Nothing that listens on this very host may be installed by an earlier task of the same run.
            if params["database_host"] in LOCAL and ("No such file" in said or "Connection refused" in said):
                self._missing = f"no server answers here: {said}"
                return
            raise Error(f"database_host: {said}; check database_host, database_user and database_password") from error

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except psycopg2.Error as error:
            raise Error(f"{self.name}: {' '.join(str(error).split())}; nothing was changed in it") from error


def definition(sqlite: str) -> str:
    """The definition of a table or view as PostgreSQL wants it."""
    for pattern, replacement in DIALECT:
        sqlite = re.sub(pattern, replacement, sqlite)
    return sqlite


def _problems(params: Mapping[str, Any]) -> list[Problem]:
    found = []
    if not params["database_name"]:
        found.append(Problem("database_name", "is empty", "name the database"))
    if not 1 <= params["database_port"] <= 65535:
        found.append(Problem("database_port", "is no port", "give 1 to 65535", params["database_port"]))
    path = params["database_ca_path"]
    if path is not None and not os.path.exists(path):
        found.append(Problem("database_ca_path", "does not exist on this host", "name a file that does", path))
    return found

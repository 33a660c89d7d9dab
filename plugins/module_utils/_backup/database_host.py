# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The accounts in SQLite: copied for a backup, and brought back row by row.

The database is in use. How it may be opened, and why a connection that has written is never closed, says
``_accounts/sqlite_store.py``.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._engine.errors import Error

ATTEMPTS, PAUSE, WAIT_FOR_WRITER = 20, 0.2, 60.0
URI_ESCAPES = str.maketrans({"%": "%25", "?": "%3f", "#": "%23"})

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Table:
    """The rows of a table by their key. Without a primary key the whole row is the key."""

    key: Sequence[str]
    rows: Mapping[tuple[Any, ...], Row]


def copy_database(path: str, target: str) -> None:
    """A consistent copy while others write, that leaves no traces beside the original."""
    for _attempt in range(ATTEMPTS):
        before = _stamp(path)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(target)
        try:
            with _errors(path), contextlib.ExitStack() as opened:
                source = opened.enter_context(contextlib.closing(_reader(path)))
                copy = opened.enter_context(contextlib.closing(sqlite3.connect(target)))
                source.backup(copy)
                # One file without side files, wherever it is read.
                copy.execute("PRAGMA journal_mode = DELETE").fetchall()
        except Error:
            if before == _stamp(path):
                raise
        if before == _stamp(path):
            return
        time.sleep(PAUSE)
    raise Error(f"{path} was changed by somebody else whenever it was copied; run again when that has ended")


def faults(path: str) -> str:
    """What SQLite finds wrong with a database, or nothing."""
    with _errors(path), contextlib.closing(_reader(path)) as reader:
        (said,) = reader.execute("PRAGMA integrity_check").fetchone()
    return "" if said == "ok" else str(said)


def read_tables(path: str) -> dict[str, Table]:
    """All rows of a database; nothing when it does not exist."""
    if not os.path.exists(path) or not os.path.getsize(path):
        return {}
    tables = {}
    with _errors(path), contextlib.closing(_reader(path)) as reader:
        reader.execute("BEGIN")
        reader.row_factory = sqlite3.Row
        names = [row["name"] for row in reader.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in sorted(name for name in names if not name.startswith("sqlite_")):
            columns = reader.execute(f'PRAGMA table_info("{name}")').fetchall()
            key = [row["name"] for row in sorted(columns, key=lambda row: int(row["pk"])) if row["pk"]]
            key = key or [row["name"] for row in columns]
            rows = [dict(row) for row in reader.execute(f'SELECT * FROM "{name}"')]
            tables[name] = Table(key, {tuple(row[column] for column in key): row for row in rows})
    return tables


def put_rows(path: str, rows: Mapping[str, Sequence[Row]]) -> None:
    """Insert rows, or replace those with the same key: all of them or none."""
    with _errors(path):
        writer = sqlite3.connect(path, timeout=WAIT_FOR_WRITER, isolation_level=None)
        # Never closed: SQLite would delete the side files, which readers cannot make.
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(writer))
        writer.execute("BEGIN IMMEDIATE")
        try:
            for table, found in rows.items():
                for row in found:
                    names = ", ".join(f'"{name}"' for name in row)
                    marks = ", ".join("?" for _name in row)
                    writer.execute(f'INSERT OR REPLACE INTO "{table}" ({names}) VALUES ({marks})', list(row.values()))
            writer.execute("COMMIT")
        except BaseException:
            if writer.in_transaction:
                writer.execute("ROLLBACK")
            raise
        with contextlib.suppress(sqlite3.OperationalError):
            writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _reader(path: str) -> sqlite3.Connection:
    # With an empty log all is in the database itself, and the side files need not be touched to read it.
    log = f"{path}-wal"
    empty = not os.path.exists(log) or os.path.getsize(log) == 0
    uri = f"file:{path.translate(URI_ESCAPES)}?mode=ro{'&immutable=1' if empty else ''}"
    return sqlite3.connect(uri, uri=True, timeout=WAIT_FOR_WRITER, isolation_level=None)


def _stamp(path: str) -> tuple[int, int, int]:
    status = os.stat(path)
    log = f"{path}-wal"
    return status.st_mtime_ns, status.st_size, os.path.getsize(log) if os.path.exists(log) else 0


@contextlib.contextmanager
def _errors(path: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise Error(f"{path}: {error}; nothing was changed in it") from error

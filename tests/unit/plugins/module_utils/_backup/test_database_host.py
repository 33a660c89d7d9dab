# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A database in use is copied and added to without a trace beside it."""

import os
import sqlite3

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._backup import database_host
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error


@pytest.fixture
def database(tmp_path):
    path = str(tmp_path / "accounts.sqlite")
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL").fetchall()
    connection.execute("CREATE TABLE mailbox (username TEXT PRIMARY KEY, quota INTEGER)")
    connection.execute("INSERT INTO mailbox VALUES ('a@b', 1)")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    yield path, connection
    connection.close()


def statuses(folder):
    """The files of a folder without the time of their last reading."""
    found = {name: os.stat(folder / name) for name in os.listdir(folder)}
    return {
        name: (one.st_ino, one.st_size, one.st_mode, one.st_mtime_ns, one.st_ctime_ns) for name, one in found.items()
    }


def test_a_copy_is_whole_and_changes_nothing(tmp_path, database):
    path, connection = database
    before = statuses(tmp_path)
    database_host.copy_database(path, str(tmp_path / "copy"))
    os.rename(tmp_path / "copy", tmp_path.parent / f"{tmp_path.name}.copy")
    assert statuses(tmp_path) == before
    assert database_host.faults(str(tmp_path.parent / f"{tmp_path.name}.copy")) == ""
    connection.execute("INSERT INTO mailbox VALUES ('c@d', 2)")
    database_host.copy_database(path, str(tmp_path / "copy"))
    assert sorted(database_host.read_tables(str(tmp_path / "copy"))["mailbox"].rows) == [("a@b",), ("c@d",)]


def test_rows_are_added_and_replaced_all_or_none(tmp_path, database):
    path, connection = database
    rows = [{"username": "a@b", "quota": 5}, {"username": "c@d", "quota": 6}]
    database_host.put_rows(path, {"mailbox": rows})
    assert connection.execute("SELECT * FROM mailbox ORDER BY 1").fetchall() == [("a@b", 5), ("c@d", 6)]
    with pytest.raises(Error, match="no such table"):
        database_host.put_rows(path, {"mailbox": [{"username": "e@f", "quota": 1}], "nothing": [{"a": 1}]})
    assert len(connection.execute("SELECT * FROM mailbox").fetchall()) == 2
    assert {"accounts.sqlite-wal", "accounts.sqlite-shm"} < set(os.listdir(tmp_path))


def test_what_is_no_database_is_an_error(tmp_path):
    (tmp_path / "text").write_text("no database, but a text that is long enough " * 50)
    with pytest.raises(Error, match="not a database"):
        database_host.copy_database(str(tmp_path / "text"), str(tmp_path / "copy"))
    assert database_host.read_tables(str(tmp_path / "nothing")) == {}

# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SQLite store on real files: what it reads, writes, repairs, and leaves alone; readers beside it."""

import grp
import os
import pwd
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts import sqlite_store
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.model import (
    EMPTY,
    Alias,
    Change,
    Changes,
    Domain,
    Mailbox,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.rows import Statement
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.sqlite_store import SqliteStore
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error

OWNER, GROUP = pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(os.getegid()).gr_name
DOMAIN = Domain("example.org", "The company", 1, 2, 3, 4, True, "", ("bob@example.org",))
BOB = Mailbox(
    "bob@example.org",
    "HASH",
    "Bob",
    "example.org/bob/",
    5,
    True,
    ("bob@example.org",),
    True,
    True,
    False,
    True,
    ("@x.y",),
)
TEAM = Alias("team@example.org", ("bob@example.org", "x@y.z"), False)
ALL = Changes([Change(DOMAIN.name, None, DOMAIN)], [Change(BOB.address, None, BOB)], [Change(TEAM.address, None, TEAM)])
# The tables of PostfixAdmin's first release with SQLite, as an old installation may still have them.
OLD_TABLES = """
CREATE TABLE domain (domain varchar(255) NOT NULL, description varchar(255) NOT NULL,
  aliases int(11) NOT NULL DEFAULT 0, mailboxes int(11) NOT NULL DEFAULT 0,
  maxquota bigint(20) NOT NULL DEFAULT 0, quota bigint(20) NOT NULL DEFAULT 0,
  transport varchar(255) NOT NULL DEFAULT 'virtual', backupmx tinyint(1) NOT NULL DEFAULT 0,
  created datetime NOT NULL DEFAULT '2000-01-01', modified datetime NOT NULL DEFAULT '2000-01-01',
  active tinyint(1) NOT NULL DEFAULT 1, PRIMARY KEY (domain));
CREATE TABLE mailbox (username varchar(255) NOT NULL, password varchar(255) NOT NULL, name varchar(255) NOT NULL,
  maildir varchar(255) NOT NULL, quota bigint(20) NOT NULL DEFAULT 0, local_part varchar(255) NOT NULL,
  domain varchar(255) NOT NULL, created datetime NOT NULL DEFAULT '2000-01-01',
  modified datetime NOT NULL DEFAULT '2000-01-01', active tinyint(1) NOT NULL DEFAULT 1, PRIMARY KEY (username));
CREATE TABLE alias (address varchar(255) NOT NULL, goto text NOT NULL, domain varchar(255) NOT NULL,
  created datetime NOT NULL DEFAULT '2000-01-01', modified datetime NOT NULL DEFAULT '2000-01-01',
  active tinyint(1) NOT NULL DEFAULT 1, PRIMARY KEY (address));
CREATE TABLE alias_domain (alias_domain varchar(255) NOT NULL, target_domain varchar(255) NOT NULL,
  created datetime NOT NULL DEFAULT '2000-01-01', modified datetime NOT NULL DEFAULT '2000-01-01',
  active tinyint(1) NOT NULL DEFAULT 1, PRIMARY KEY (alias_domain));
CREATE TABLE quota2 (username varchar(255) NOT NULL, bytes bigint(20), messages int(11), PRIMARY KEY (username));
INSERT INTO domain (domain, description) VALUES ('ALL', ''), ('example.org', 'Old');
INSERT INTO mailbox (username, password, name, maildir, local_part, domain)
  VALUES ('bob@example.org', '$1$abc$x', 'Bob', 'example.org/bob@example.org/', 'bob', 'example.org');
INSERT INTO alias (address, goto, domain) VALUES ('bob@example.org', 'bob@example.org, x@y.z,', 'example.org'),
  ('info@example.org', 'bob@example.org', 'example.org');
"""


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "folder" / "accounts.sqlite")


def store(path):
    return SqliteStore(path, OWNER, GROUP)


def write(path, changes=ALL):
    """One call: read, then write."""
    opened = store(path)
    opened.read()
    opened.write(changes)


def summaries(path):
    opened = store(path)
    opened.read()
    return [fault.summary for fault in opened.faults()]


def modes(path):
    return {suffix: stat.S_IMODE(os.stat(path + suffix).st_mode) for suffix in ("", "-wal", "-shm")}


def trace(path):
    """All that a reader could change in the folder."""
    found = {}
    for name in sorted(os.listdir(os.path.dirname(path))):
        status = os.stat(os.path.join(os.path.dirname(path), name))
        found[name] = (status.st_ino, status.st_mode, status.st_uid, status.st_gid, status.st_size, status.st_ctime_ns)
    return found


def old_database(path, journal="delete"):
    os.makedirs(os.path.dirname(path))
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA journal_mode = {journal}")
    connection.executescript(OLD_TABLES)
    connection.close()


# --- creating ---


def test_a_missing_database_is_empty_and_reading_makes_nothing(path):
    assert store(path).read() == EMPTY
    assert summaries(path) == [f"create {path}"]
    assert not os.path.exists(os.path.dirname(path))


def test_what_is_written_is_read_again(path):
    write(path)
    state = store(path).read()
    assert state.domains == {DOMAIN.name: DOMAIN}
    assert state.mailboxes == {BOB.address: BOB}
    assert state.aliases == {
        TEAM.address: TEAM,
        "@example.org": Alias("@example.org", DOMAIN.catch_all, True),
    }


def test_a_new_database_is_ready_for_readers(path):
    write(path, Changes())
    assert modes(path) == {"": 0o640, "-wal": 0o640, "-shm": 0o660}
    assert stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode) == 0o750
    assert sorted(os.listdir(os.path.dirname(path))) == [
        "accounts.sqlite",
        "accounts.sqlite-shm",
        "accounts.sqlite-wal",
    ]
    assert os.path.getsize(f"{path}-wal") == 0
    assert summaries(path) == []


def test_an_existing_folder_is_left_as_it_is(path):
    os.makedirs(os.path.dirname(path), mode=0o700)
    write(path, Changes())
    assert stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode) == 0o700


def test_an_empty_file_is_a_missing_database(path):
    os.makedirs(os.path.dirname(path))
    Path(path).touch()
    assert summaries(path) == [f"create {path}"]
    write(path)
    assert BOB.address in store(path).read().mailboxes


def test_a_draft_that_a_crash_left_is_replaced(path):
    os.makedirs(os.path.dirname(path))
    Path(os.path.dirname(path), ".accounts.sqlite.new").write_text("half", encoding="utf-8")
    write(path)
    assert summaries(path) == []


# --- reading leaves no trace ---


def test_reading_changes_nothing_on_disk(path):
    write(path)
    before = trace(path)
    assert BOB.address in store(path).read().mailboxes
    assert trace(path) == before


@pytest.mark.parametrize("damage", ["side files gone", "modes", "log left full"])
def test_reading_a_damaged_database_changes_no_account(path, damage):
    write(path)
    if damage == "side files gone":
        os.unlink(f"{path}-wal")
        os.unlink(f"{path}-shm")
    elif damage == "modes":
        os.chmod(path, 0o604)
        os.chmod(f"{path}-shm", 0o600)
    else:
        run_and_die(path, "connection.execute('UPDATE mailbox SET name = ?', ('New',)); connection.commit()")
        assert os.path.getsize(f"{path}-wal") > 0
    before = trace(path)
    state = store(path).read()
    assert state.mailboxes[BOB.address].name == ("New" if damage == "log left full" else "Bob")
    if damage != "log left full":
        assert trace(path) == before
    assert trace(path)["accounts.sqlite"] == before["accounts.sqlite"]


def run_and_die(path, code):
    """Another process works on the database and ends without closing it, as after SIGKILL."""
    program = f"import os, sqlite3\nconnection = sqlite3.connect({path!r})\n{code}\nos._exit(0)"
    subprocess.run([sys.executable, "-c", program], check=True)


# --- putting right ---


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (lambda path: os.chmod(path, 0o666), "set owner and mode of {path}"),
        (lambda path: os.chmod(f"{path}-wal", 0o600), "set owner and mode of {path}-wal"),
        (lambda path: os.chmod(f"{path}-shm", 0o640), "set owner and mode of {path}-shm"),
        (lambda path: os.unlink(f"{path}-wal"), "create {path}-wal"),
        (lambda path: os.unlink(f"{path}-shm"), "create {path}-shm"),
    ],
)
def test_drift_of_files_is_announced_and_repaired(path, damage, fault):
    write(path)
    damage(path)
    assert summaries(path) == [fault.format(path=path)]
    write(path, Changes())
    assert summaries(path) == []
    assert modes(path) == {"": 0o640, "-wal": 0o640, "-shm": 0o660}
    assert BOB.address in store(path).read().mailboxes


def test_a_fault_shows_owner_and_mode_before_and_after(path):
    write(path)
    os.chmod(path, 0o666)
    opened = store(path)
    opened.read()
    (fault,) = opened.faults()
    assert (fault.before, fault.after) == (f"{OWNER}:{GROUP} 0666", f"{OWNER}:{GROUP} 0640")


def test_a_lost_table_of_ours_is_announced_and_made(path):
    write(path)
    connection = sqlite3.connect(path)
    connection.execute("DROP VIEW mailbox_rights")
    connection.execute("DROP TABLE mailbox_access")
    connection.close()
    assert f"create mailbox_access, mailbox_rights in {path}" in summaries(path)
    write(path, Changes())
    assert summaries(path) == []


def test_an_owner_that_does_not_exist_yet_is_a_warning(path):
    opened = SqliteStore(path, "nobody-here", "no-group-here")
    assert [warning.split(",")[0] for warning in opened.warnings] == [
        "there is no user nobody-here yet",
        "there is no group no-group-here yet",
    ]
    opened.read()
    opened.write(Changes())
    assert opened.faults() == []
    assert os.stat(path).st_gid == os.getegid()


# --- taking over ---


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_a_database_of_postfixadmin_is_taken_over(path, journal):
    old_database(path, journal)
    state = store(path).read()
    assert set(state.domains) == {"example.org"}
    assert state.mailboxes["bob@example.org"].forward_to == ["x@y.z"]
    assert state.mailboxes["bob@example.org"].maildir == "example.org/bob@example.org/"
    assert set(state.aliases) == {"info@example.org"}
    found = summaries(path)
    assert f"create mailbox_access, mailbox_send_as, mailbox_host, mailbox_rights in {path}" in found
    assert (f"switch {path} to a write-ahead log" in found) is (journal == "delete")
    before = state.mailboxes["bob@example.org"]
    write(path, Changes(mailboxes=[Change(before.address, before, before._replace(send=False))]))
    assert summaries(path) == []
    assert store(path).read().mailboxes["bob@example.org"] == before._replace(send=False)
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT domain FROM domain ORDER BY 1").fetchall() == [("ALL",), ("example.org",)]


def test_other_tables_in_the_file_do_not_matter(path):
    os.makedirs(os.path.dirname(path))
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE other (x)")
    connection.close()
    assert store(path).read() == EMPTY
    write(path)
    assert BOB.address in store(path).read().mailboxes


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        ("ALTER TABLE mailbox DROP COLUMN quota", "lacks quota"),
        ("DROP TABLE alias", "not all of the tables"),
    ],
)
def test_a_database_without_what_we_need_is_refused(path, damage, why):
    old_database(path)
    connection = sqlite3.connect(path)
    connection.execute(damage)
    connection.close()
    with pytest.raises(Error, match=why):
        store(path).read()


def test_what_is_no_database_is_refused(path):
    os.makedirs(os.path.dirname(path))
    Path(path).write_text("This is no database. " * 100, encoding="utf-8")
    with pytest.raises(Error, match="not an SQLite database"):
        store(path).read()


def test_a_folder_is_no_database(path):
    os.makedirs(path)
    with pytest.raises(Error, match="is not a regular file; name another file"):
        store(path).read()


def test_a_broken_database_is_an_error(path):
    write(path)
    with open(path, "r+b") as handle:
        handle.seek(4096)
        handle.write(b"x" * 40000)
    with pytest.raises(Error, match=r"malformed|not a database"):
        store(path).read()


# --- all or nothing ---


def test_a_failing_statement_leaves_everything_as_it_was(path):
    write(path)
    opened = store(path)
    before = opened.read()
    batch = [
        Statement("DELETE FROM mailbox WHERE username = ?", [(BOB.address,)]),
        Statement("INSERT INTO domain (domain) VALUES (?)", [(DOMAIN.name,)]),
    ]
    with pytest.raises(Error, match="UNIQUE"):
        opened.run(batch)
    assert store(path).read() == before


def test_a_plan_that_is_stale_writes_nothing(path):
    write(path)
    opened = store(path)
    opened.read()
    connection = sqlite3.connect(path)
    connection.execute("UPDATE mailbox SET name = 'Else'")
    connection.commit()
    with pytest.raises(Error, match="changed by somebody else"):
        opened.run([Statement("DELETE FROM mailbox WHERE username = ?", [(BOB.address,)])])
    assert store(path).read().mailboxes[BOB.address].name == "Else"


def test_a_reading_that_is_disturbed_is_repeated(path, monkeypatch):
    write(path)
    opened = store(path)
    calls = []

    def disturbed(select, tables, genuine=sqlite_store.read_state):
        if not calls:
            connection = sqlite3.connect(path)
            connection.execute("UPDATE mailbox SET name = 'Else'")
            connection.commit()
        calls.append(tables)
        return genuine(select, tables)

    monkeypatch.setattr(sqlite_store, "read_state", disturbed)
    assert opened.read().mailboxes[BOB.address].name == "Else"
    assert len(calls) == 2


def test_a_reading_that_never_has_peace_is_an_error(path, monkeypatch):
    write(path)
    stamps = iter(range(1000))
    opened = store(path)
    monkeypatch.setattr(opened.files, "stamp", lambda: (next(stamps), 0, 0))
    monkeypatch.setattr(sqlite_store, "READ_PAUSE", 0)
    with pytest.raises(Error, match="whenever it was read"):
        opened.read()


def test_a_writer_that_was_killed_has_written_nothing_and_is_no_obstacle(path):
    write(path)
    run_and_die(path, "connection.execute('BEGIN IMMEDIATE'); connection.execute('DELETE FROM mailbox')")
    assert BOB.address in store(path).read().mailboxes
    write(path, Changes(mailboxes=[Change(BOB.address, BOB, BOB._replace(name="New"))]))
    assert store(path).read().mailboxes[BOB.address].name == "New"


def test_an_index_from_before_a_reboot_does_not_matter(path):
    write(path)
    Path(f"{path}-shm").write_bytes(os.urandom(32768))
    assert reader(path) == [BOB.address]
    write(path, Changes(mailboxes=[Change(BOB.address, BOB, BOB._replace(name="New"))]))
    assert store(path).read().mailboxes[BOB.address].name == "New"


# --- beside readers ---


def reader(path):
    """A process of its own that looks up, as Postfix does: no wait for locks."""
    query = "SELECT username FROM mailbox"
    code = f"import sqlite3\nprint(sqlite3.connect({path!r}, timeout=0).execute({query!r}).fetchone()[0])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_the_side_files_stay_when_the_process_ends(path):
    """Also with the interpreter's own way of ending: SQLite would delete them on closing the last connection."""
    library = Path(sqlite_store.__file__).resolve().parents[2]
    code = (
        f"import sys\nsys.path.insert(0, {str(library)!r})\n"
        "from module_utils._accounts.sqlite_store import Changes, SqliteStore\n"
        f"store = SqliteStore({path!r}, {OWNER!r}, {GROUP!r})\nstore.read()\nstore.write(Changes())\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert modes(path) == {"": 0o640, "-wal": 0o640, "-shm": 0o660}
    assert os.path.getsize(f"{path}-wal") == 0


def test_a_reader_keeps_its_view_and_sees_the_new_one_after(path):
    write(path)
    connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    connection.execute("BEGIN")
    query = "SELECT name FROM mailbox"
    assert connection.execute(query).fetchall() == [("Bob",)]
    write(path, Changes(mailboxes=[Change(BOB.address, BOB, BOB._replace(name="New"))]))
    assert connection.execute(query).fetchall() == [("Bob",)]
    connection.execute("COMMIT")
    assert connection.execute(query).fetchall() == [("New",)]


def test_a_slow_reader_only_delays_the_emptying_of_the_log(path, monkeypatch):
    monkeypatch.setattr(sqlite_store, "WAIT_FOR_READER_MS", 10)
    write(path)
    connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    connection.execute("BEGIN")
    connection.execute("SELECT name FROM mailbox").fetchall()
    write(path, Changes(mailboxes=[Change(BOB.address, BOB, BOB._replace(name="New"))]))
    assert os.path.getsize(f"{path}-wal") > 0
    connection.close()
    assert store(path).read().mailboxes[BOB.address].name == "New"
    write(path, Changes())
    assert os.path.getsize(f"{path}-wal") == 0


def test_a_second_writer_waits(path, monkeypatch):
    monkeypatch.setattr(sqlite_store, "WAIT_FOR_WRITER", 0.1)
    write(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Error, match="locked; nothing was changed"):
        write(path, Changes(aliases=[Change(TEAM.address, TEAM, None)]))
    other.execute("ROLLBACK")
    write(path, Changes(aliases=[Change(TEAM.address, TEAM, None)]))
    assert TEAM.address not in store(path).read().aliases

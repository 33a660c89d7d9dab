# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes as statements: run on real tables, the rows are what PostfixAdmin would have written."""

import sqlite3

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.model import (
    Alias,
    Change,
    Changes,
    Domain,
    Mailbox,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.rows import COLUMNS, TABLES, statements
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.sql_state import read_state

OLD, NOW = "2020-01-01 00:00:00", "2026-11-23 10:00:00"
ALICE = "alice@example.org"
BOX = Mailbox(ALICE, "HASH", "Alice", "example.org/alice/", 5, True, (ALICE,), True, True, True, True, ())
TEAM = Alias("team@example.org", (ALICE, "b@x.y"), True)


@pytest.fixture
def database():
    connection = sqlite3.connect(":memory:")
    for definition in TABLES.values():
        connection.execute(definition)
    return connection


def run(database, now=NOW, tables=(), **changes):
    batch = statements(Changes(**changes), tables or TABLES, now)
    for statement in batch:
        database.executemany(statement.sql, statement.rows)
    return batch


def rows(database, table, *columns):
    return database.execute(f"SELECT {', '.join(columns) or '*'} FROM {table} ORDER BY 1").fetchall()


def state(database):
    return read_state(database.execute, set(TABLES))


def test_our_tables_have_the_columns_that_we_need(database):
    for table, columns in COLUMNS.items():
        present = {row[1] for row in database.execute(f"PRAGMA table_info({table})")}
        assert set(columns) <= present


def test_a_new_domain_and_its_catch_all(database):
    domain = Domain("example.org", "D", 1, 2, 3, 4, False, "example.net", (ALICE,))
    run(database, domains=[Change("example.org", None, domain)])
    assert rows(database, "domain", "domain", "description", "mailboxes", "aliases", "quota", "maxquota", "active") == [
        ("example.org", "D", 1, 2, 3, 4, 0)
    ]
    assert rows(database, "domain", "created", "modified", "backupmx", "transport") == [(NOW, NOW, 0, "")]
    assert rows(database, "alias_domain") == [("example.org", "example.net", NOW, NOW, 1)]
    assert rows(database, "alias") == [("@example.org", ALICE, "example.org", NOW, NOW, 1)]
    assert state(database).domains == {"example.org": domain}


def test_a_domain_changes_only_what_differs(database):
    before = Domain("example.org", alias_of="a.example", catch_all=(ALICE,))
    run(database, OLD, domains=[Change("example.org", None, before)])
    after = before._replace(alias_of="b.example")
    assert len(run(database, domains=[Change("example.org", before, after)])) == 1
    assert rows(database, "alias_domain", "target_domain", "created", "modified") == [("b.example", OLD, NOW)]
    last = after._replace(description="D", alias_of="", catch_all=())
    run(database, domains=[Change("example.org", after, last)])
    assert rows(database, "domain", "description", "created", "modified") == [("D", OLD, NOW)]
    assert rows(database, "alias_domain") == rows(database, "alias") == []


def test_a_disabled_catch_all_or_alias_domain_is_switched_on_again(database):
    database.execute("INSERT INTO domain (domain) VALUES ('example.org')")
    database.execute(
        "INSERT INTO alias_domain (alias_domain, target_domain, active) VALUES ('example.org', 'a.example', 0)"
    )
    database.execute(
        "INSERT INTO alias (address, goto, domain, active) VALUES ('@example.org', 'x@y.z', 'example.org', 0)"
    )
    before = state(database).domains["example.org"]
    assert (before.alias_of, before.catch_all) == ("", ())
    after = before._replace(alias_of="a.example", catch_all=("x@y.z",))
    run(database, domains=[Change("example.org", before, after)])
    assert state(database).domains["example.org"] == after


def test_a_new_mailbox_has_its_own_alias(database):
    run(database, mailboxes=[Change(ALICE, None, BOX)])
    columns = (
        "username",
        "password",
        "name",
        "maildir",
        "quota",
        "local_part",
        "domain",
        "created",
        "modified",
        "active",
    )
    assert rows(database, "mailbox", *columns) == [
        (ALICE, "HASH", "Alice", "example.org/alice/", 5, "alice", "example.org", NOW, NOW, 1)
    ]
    assert rows(database, "alias") == [(ALICE, ALICE, "example.org", NOW, NOW, 1)]
    assert rows(database, "mailbox_access") == rows(database, "mailbox_send_as") == []
    assert state(database).mailboxes == {ALICE: BOX}


def test_facts_of_our_own_have_their_own_rows(database):
    after = BOX._replace(send=False, login=False, send_as=("@a.example", "b@example.org"), route=(ALICE, "b@x.y"))
    run(database, mailboxes=[Change(ALICE, None, after)])
    assert rows(database, "mailbox_access") == [(ALICE, 1, 0, 0)]
    assert rows(database, "mailbox_send_as") == [("@a.example", ALICE), ("b@example.org", ALICE)]
    assert rows(database, "alias", "goto") == [(f"{ALICE},b@x.y",)]
    assert state(database).mailboxes == {ALICE: after}
    back = after._replace(send=True, login=True, send_as=("b@example.org",))
    run(database, mailboxes=[Change(ALICE, after, back)])
    assert state(database).mailboxes == {ALICE: back}


@pytest.mark.parametrize(
    ("facts", "table"),
    [
        ({"password": "NEW"}, "mailbox"),
        ({"name": "A"}, "mailbox"),
        ({"quota": 6}, "mailbox"),
        ({"route": (ALICE, "b@x.y")}, "alias"),
        ({"routed": False}, "alias"),
        ({"receive": False}, "mailbox_access"),
        ({"send_as": ("@a.example",)}, "mailbox_send_as"),
    ],
)
def test_a_mailbox_changes_only_the_rows_that_differ(database, facts, table):
    run(database, OLD, mailboxes=[Change(ALICE, None, BOX)])
    after = BOX._replace(**facts)
    touched = {
        statement.sql.split()[2 if statement.sql.startswith(("INSERT", "DELETE")) else 1]
        for statement in run(database, mailboxes=[Change(ALICE, BOX, after)])
    }
    assert touched == {table}
    assert state(database).mailboxes == {ALICE: after}


def test_a_deleted_mailbox_leaves_nothing_for_whoever_gets_the_address_next(database):
    box = BOX._replace(send=False, send_as=("@a.example",))
    run(database, mailboxes=[Change(ALICE, None, box)])
    database.execute("INSERT INTO quota2 VALUES (?, 1, 1)", (ALICE,))
    database.execute("CREATE TABLE mailbox_app_password (username, password_hash)")
    database.execute("INSERT INTO mailbox_app_password VALUES (?, 'HASH')", (ALICE,))
    database.execute("CREATE TABLE vacation (email)")
    database.execute("INSERT INTO vacation VALUES (?)", (ALICE,))
    run(database, tables={*TABLES, "mailbox_app_password", "vacation"}, mailboxes=[Change(ALICE, box, None)])
    for table in (*TABLES, "mailbox_app_password", "vacation"):
        assert rows(database, table) == [], table


def test_a_deleted_domain_takes_its_own_rows_along(database):
    domain = Domain("example.org", alias_of="a.example", catch_all=(ALICE,))
    run(database, domains=[Change("example.org", None, domain)])
    database.execute("CREATE TABLE domain_admins (username, domain)")
    database.execute("INSERT INTO domain_admins VALUES ('admin', 'example.org')")
    run(database, tables={*TABLES, "domain_admins"}, domains=[Change("example.org", domain, None)])
    for table in (*TABLES, "domain_admins"):
        assert rows(database, table) == [], table


def test_aliases(database):
    run(database, OLD, aliases=[Change(TEAM.address, None, TEAM)])
    assert rows(database, "alias") == [(TEAM.address, f"{ALICE},b@x.y", "example.org", OLD, OLD, 1)]
    after = Alias(TEAM.address, ("c@x.y",), False)
    run(database, aliases=[Change(TEAM.address, TEAM, after)])
    assert rows(database, "alias") == [(TEAM.address, "c@x.y", "example.org", OLD, NOW, 0)]
    assert state(database).aliases == {TEAM.address: after}
    run(database, aliases=[Change(TEAM.address, after, None)])
    assert rows(database, "alias") == []


def test_many_mailboxes_share_their_statements():
    changes = [Change(f"{n}@x.y", None, BOX._replace(address=f"{n}@x.y", route=(f"{n}@x.y",))) for n in range(50)]
    batch = statements(Changes(mailboxes=changes), set(TABLES), NOW)
    assert [len(statement.rows) for statement in batch] == [50, 50]


def rights(database, address=ALICE):
    return database.execute("SELECT receive, send, login FROM mailbox_rights WHERE username = ?", (address,)).fetchone()


@pytest.mark.parametrize(
    ("domain", "box", "folded"),
    [
        ({}, {}, (1, 1, 1)),
        ({"enabled": False}, {}, (0, 0, 0)),
        ({}, {"enabled": False}, (0, 0, 0)),
        ({}, {"receive": False}, (0, 1, 1)),
        ({}, {"send": False}, (1, 0, 1)),
        ({}, {"login": False}, (1, 1, 0)),
    ],
)
def test_the_view_folds_all_switches(database, domain, box, folded):
    run(
        database,
        domains=[Change("example.org", None, Domain("example.org")._replace(**domain))],
        mailboxes=[Change(ALICE, None, BOX._replace(**box))],
    )
    assert rights(database) == folded


def test_who_keeps_the_mail(database):
    run(database, mailboxes=[Change(ALICE, None, BOX), Change("b@example.org", None, BOX._replace(host="a"))])
    assert rows(database, "mailbox_host") == [("b@example.org", "a")]
    run(database, mailboxes=[Change(ALICE, BOX, BOX._replace(host="a"))])
    assert state(database).mailboxes[ALICE].host == "a"
    run(database, mailboxes=[Change(ALICE, BOX._replace(host="a"), BOX._replace(host="b"))])
    assert state(database).mailboxes[ALICE].host == "b"
    run(database, mailboxes=[Change(ALICE, BOX._replace(host="b"), BOX)])
    assert rows(database, "mailbox_host", "username") == [("b@example.org",)]
    run(database, mailboxes=[Change("b@example.org", BOX._replace(host="a"), None)])
    assert rows(database, "mailbox_host") == []

# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of PostfixAdmin and our own beside them, and changes of accounts as statements on their rows. Pure.

PostfixAdmin keeps a mailbox's forwards in a row of ``alias`` with the mailbox's address, which also keeps a catch-all
from taking its mail. Facts that it does not know live in ``mailbox_access``, ``mailbox_send_as`` and
``mailbox_host``. Daemons look through the view ``mailbox_rights``, which folds all that may switch a mailbox off.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple, Optional

from .model import Alias, Changes, Domain, Mailbox

DATES = "created datetime NOT NULL DEFAULT '2000-01-01', modified datetime NOT NULL DEFAULT '2000-01-01'"
ACTIVE = "active tinyint(1) NOT NULL DEFAULT 1"
ADDRESS = "varchar(255) NOT NULL"

# Name to definition, in the order in which they can be created. PostfixAdmin's are those of its release 3.3.
TABLES = {
    "domain": f"""CREATE TABLE domain (domain {ADDRESS} PRIMARY KEY, description varchar(255) NOT NULL DEFAULT '',
  aliases int(11) NOT NULL DEFAULT 0, mailboxes int(11) NOT NULL DEFAULT 0,
  maxquota bigint(20) NOT NULL DEFAULT 0, quota bigint(20) NOT NULL DEFAULT 0,
  transport varchar(255) NOT NULL DEFAULT '', backupmx tinyint(1) NOT NULL DEFAULT 0, {DATES}, {ACTIVE},
  password_expiry int DEFAULT 0)""",
    "mailbox": f"""CREATE TABLE mailbox (username {ADDRESS} PRIMARY KEY, password varchar(255) NOT NULL,
  name varchar(255) NOT NULL DEFAULT '', maildir varchar(255) NOT NULL, quota bigint(20) NOT NULL DEFAULT 0,
  local_part {ADDRESS}, domain {ADDRESS}, {DATES}, {ACTIVE},
  phone varchar(30) NOT NULL DEFAULT '', email_other varchar(255) NOT NULL DEFAULT '',
  token varchar(255) NOT NULL DEFAULT '', token_validity datetime NOT NULL DEFAULT '2000-01-01',
  password_expiry datetime NOT NULL DEFAULT '2000-01-01')""",
    "alias": f"""CREATE TABLE alias (address {ADDRESS} PRIMARY KEY, goto text NOT NULL, domain {ADDRESS},
  {DATES}, {ACTIVE})""",
    "alias_domain": f"""CREATE TABLE alias_domain (alias_domain {ADDRESS} PRIMARY KEY, target_domain {ADDRESS},
  {DATES}, {ACTIVE})""",
    "quota2": f"""CREATE TABLE quota2 (username {ADDRESS} PRIMARY KEY, bytes bigint(20) NOT NULL DEFAULT 0,
  messages int(11) NOT NULL DEFAULT 0)""",
    "mailbox_access": f"""CREATE TABLE mailbox_access (username {ADDRESS} PRIMARY KEY,
  receive tinyint(1) NOT NULL DEFAULT 1, send tinyint(1) NOT NULL DEFAULT 1, login tinyint(1) NOT NULL DEFAULT 1)""",
    "mailbox_send_as": f"""CREATE TABLE mailbox_send_as (address {ADDRESS}, username {ADDRESS},
  PRIMARY KEY (address, username))""",
    "mailbox_host": f"CREATE TABLE mailbox_host (username {ADDRESS} PRIMARY KEY, host {ADDRESS})",
    "mailbox_rights": """CREATE VIEW mailbox_rights AS SELECT m.username, m.domain,
  m.active AND d.active AND COALESCE(a.receive, 1) AS receive,
  m.active AND d.active AND COALESCE(a.send, 1) AS send,
  m.active AND d.active AND COALESCE(a.login, 1) AS login
FROM mailbox m JOIN domain d ON d.domain = m.domain LEFT JOIN mailbox_access a ON a.username = m.username""",
}

# The columns without which the facts of the model cannot be kept.
COLUMNS = {
    "domain": ("domain", "description", "aliases", "mailboxes", "maxquota", "quota", "created", "modified", "active"),
    "mailbox": (
        *("username", "password", "name", "maildir", "quota", "local_part", "domain"),
        *("created", "modified", "active"),
    ),
    "alias": ("address", "goto", "domain", "created", "modified", "active"),
    "alias_domain": ("alias_domain", "target_domain", "created", "modified", "active"),
    "quota2": ("username",),
}

# Tables of PostfixAdmin with rows of a mailbox or a domain, by the column that names it. They go with it: whoever
# gets the address next must not inherit a password or a vacation reply.
OF_MAILBOX = {
    "quota2": "username",
    "mailbox_access": "username",
    "mailbox_send_as": "username",
    "mailbox_host": "username",
    "mailbox_app_password": "username",
    "vacation_notification": "on_vacation",
    "vacation": "email",
    "fetchmail": "mailbox",
}
OF_DOMAIN = {"alias_domain": "alias_domain", "domain_admins": "domain"}

INSERT_DOMAIN = """INSERT INTO domain
(description, mailboxes, aliases, quota, maxquota, active, modified, created, domain)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
UPDATE_DOMAIN = """UPDATE domain SET description = ?, mailboxes = ?, aliases = ?, quota = ?, maxquota = ?, active = ?,
modified = ? WHERE domain = ?"""
SET_ALIAS_DOMAIN = """INSERT INTO alias_domain (alias_domain, target_domain, created, modified, active)
VALUES (?, ?, ?, ?, TRUE) ON CONFLICT (alias_domain)
DO UPDATE SET target_domain = excluded.target_domain, modified = excluded.modified, active = TRUE"""
INSERT_MAILBOX = """INSERT INTO mailbox
(password, name, quota, active, modified, username, maildir, local_part, domain, created)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
UPDATE_MAILBOX = "UPDATE mailbox SET password = ?, name = ?, quota = ?, active = ?, modified = ? WHERE username = ?"
SET_ALIAS = """INSERT INTO alias (address, goto, domain, created, modified, active) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (address) DO UPDATE SET goto = excluded.goto, modified = excluded.modified, active = excluded.active"""
SET_ACCESS = """INSERT INTO mailbox_access (username, receive, send, login) VALUES (?, ?, ?, ?)
ON CONFLICT (username) DO UPDATE SET receive = excluded.receive, send = excluded.send, login = excluded.login"""
INSERT_SEND_AS = "INSERT INTO mailbox_send_as (username, address) VALUES (?, ?)"

SET_HOST = """INSERT INTO mailbox_host (username, host) VALUES (?, ?)
ON CONFLICT (username) DO UPDATE SET host = excluded.host"""

Row = tuple[Any, ...]


class Statement(NamedTuple):
    """One statement and the rows of values to run it with."""

    sql: str
    rows: list[Row]


def statements(changes: Changes, tables: Collection[str], now: str) -> list[Statement]:
    """What to run in one transaction. ``tables`` are those that exist, ``now`` goes into the columns with dates."""
    batch = _Batch(tables, now)
    for change in changes.domains:
        batch.domain(change.key, change.before, change.after)
    for change in changes.mailboxes:
        batch.mailbox(change.key, change.before, change.after)
    for change in changes.aliases:
        batch.alias(change.key, change.after)
    return batch.statements()


class _Batch:
    """Rows by statement. Statements keep the order in which they were first used, deletions before additions."""

    def __init__(self, tables: Collection[str], now: str) -> None:
        self.tables = tables
        self.now = now
        self.deletions: dict[str, list[Row]] = {}
        self.additions: dict[str, list[Row]] = {}

    def statements(self) -> list[Statement]:
        return [Statement(sql, rows) for sql, rows in (*self.deletions.items(), *self.additions.items())]

    def add(self, sql: str, *row: Any) -> None:
        self.additions.setdefault(sql, []).append(row)

    def delete(self, table: str, column: str, key: str) -> None:
        if table in self.tables:
            self.deletions.setdefault(f"DELETE FROM {table} WHERE {column} = ?", []).append((key,))

    def domain(self, name: str, before: Optional[Domain], after: Optional[Domain]) -> None:
        if after is None:
            self.delete("domain", "domain", name)
            self.delete("alias", "address", f"@{name}")
            for table, column in OF_DOMAIN.items():
                self.delete(table, column, name)
            return
        facts = (after.description, after.max_mailboxes, after.max_aliases, after.quota, after.mailbox_quota)
        if before is None:
            self.add(INSERT_DOMAIN, *facts, after.enabled, self.now, self.now, name)
        elif before._replace(alias_of="", catch_all=()) != after._replace(alias_of="", catch_all=()):
            self.add(UPDATE_DOMAIN, *facts, after.enabled, self.now, name)
        present = before or Domain(name)
        if after.alias_of and after.alias_of != present.alias_of:
            self.add(SET_ALIAS_DOMAIN, name, after.alias_of, self.now, self.now)
        elif present.alias_of and not after.alias_of:
            self.delete("alias_domain", "alias_domain", name)
        if after.catch_all and after.catch_all != present.catch_all:
            self.set_alias(f"@{name}", after.catch_all, True)
        elif present.catch_all and not after.catch_all:
            self.delete("alias", "address", f"@{name}")

    def mailbox(self, address: str, before: Optional[Mailbox], after: Optional[Mailbox]) -> None:
        if after is None:
            self.delete("mailbox", "username", address)
            self.delete("alias", "address", address)
            for table, column in OF_MAILBOX.items():
                self.delete(table, column, address)
            return
        facts = (after.password, after.name, after.quota, after.enabled)
        if before is None:
            local, _at, domain = address.rpartition("@")
            self.add(INSERT_MAILBOX, *facts, self.now, address, after.maildir, local, domain, self.now)
        elif facts != (before.password, before.name, before.quota, before.enabled):
            self.add(UPDATE_MAILBOX, *facts, self.now, address)
        if before is None or (after.route, after.routed) != (before.route, before.routed):
            self.set_alias(address, after.route, after.routed)
        access = (after.receive, after.send, after.login)
        if access != (True, True, True) if before is None else access != (before.receive, before.send, before.login):
            self.add(SET_ACCESS, address, *access)
        if after.send_as != (before.send_as if before else ()):
            self.delete("mailbox_send_as", "username", address)
            for sender in after.send_as:
                self.add(INSERT_SEND_AS, address, sender)

        if after.host and after.host != (before.host if before else ""):
            self.add(SET_HOST, address, after.host)
        elif before is not None and before.host and not after.host:
            self.delete("mailbox_host", "username", address)

    def alias(self, address: str, after: Optional[Alias]) -> None:
        if after is None:
            self.delete("alias", "address", address)
        else:
            self.set_alias(address, after.destinations, after.enabled)

    def set_alias(self, address: str, destinations: Sequence[str], active: bool) -> None:
        domain = address[address.rindex("@") + 1 :]
        self.add(SET_ALIAS, address, ",".join(destinations), domain, self.now, self.now, active)

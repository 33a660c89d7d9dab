# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The accounts in the tables of PostfixAdmin, read whole: one query a table. For every store that has these tables."""

from __future__ import annotations

import calendar
import time
from collections.abc import Collection, Iterable
from typing import Any, Callable

from .._engine.errors import Error
from .model import EMPTY, Alias, Domain, Mailbox, State

# Runs a query and yields its rows.
Select = Callable[[str], Iterable[tuple[Any, ...]]]

NEEDED = ("domain", "mailbox", "alias", "alias_domain")
# Not a domain: PostfixAdmin's mark for administrators of all domains.
ALL_DOMAINS = "ALL"

READ_DOMAINS = """SELECT d.domain, d.description, d.mailboxes, d.aliases, d.quota, d.maxquota, d.active, t.target_domain
FROM domain d LEFT JOIN alias_domain t ON t.alias_domain = d.domain AND t.active"""
READ_MAILBOXES = """SELECT m.username, m.password, m.name, m.maildir, m.quota, m.active, a.goto, a.active, {access}
FROM mailbox m LEFT JOIN alias a ON a.address = m.username {join}"""
ACCESS = ("x.receive, x.send, x.login", "LEFT JOIN mailbox_access x ON x.username = m.username")
NO_ACCESS = ("NULL, NULL, NULL", "")
READ_ALIASES = "SELECT address, goto, active FROM alias WHERE address NOT IN (SELECT username FROM mailbox)"
READ_TIMES = "SELECT username, modified FROM mailbox"
READ_HOSTS = "SELECT username, host FROM mailbox_host"
READ_SEND_AS = "SELECT username, address FROM mailbox_send_as ORDER BY address"


def read_times(select: Select) -> dict[str, int]:
    """When mailboxes were changed last, as PostfixAdmin writes it: UTC. What is no such time is left out."""
    found = {}
    for address, modified in select(READ_TIMES):
        try:
            found[address] = calendar.timegm(time.strptime(str(modified)[:19], "%Y-%m-%d %H:%M:%S"))
        except ValueError:
            continue
    return found


def read_state(select: Select, tables: Collection[str]) -> State:
    """All accounts. ``tables`` are those that exist: of PostfixAdmin's all or none, ours may be missing yet."""
    present = [name for name in NEEDED if name in tables]
    if not present:
        return EMPTY
    if len(present) < len(NEEDED):
        raise Error(
            f"the database has {', '.join(present)}, but not all of the tables {', '.join(NEEDED)}; "
            "restore it from a backup or name another one"
        )
    aliases = {address: Alias(address, _split(goto), active != 0) for address, goto, active in select(READ_ALIASES)}
    return State(_domains(select, aliases), _mailboxes(select, tables), aliases)


def _domains(select: Select, aliases: dict[str, Alias]) -> dict[str, Domain]:
    domains = {}
    for name, description, mailboxes, alias_count, quota, mailbox_quota, active, target in select(READ_DOMAINS):
        catch_all = aliases.get(f"@{name}")
        destinations = catch_all.destinations if catch_all is not None and catch_all.enabled else ()
        limits = (mailboxes, alias_count, quota, mailbox_quota)
        domains[name] = Domain(name, description, *limits, active != 0, target or "", destinations)
    domains.pop(ALL_DOMAINS, None)
    return domains


def _mailboxes(select: Select, tables: Collection[str]) -> dict[str, Mailbox]:
    send_as: dict[str, list[str]] = {}
    if "mailbox_send_as" in tables:
        for username, address in select(READ_SEND_AS):
            send_as.setdefault(username, []).append(address)
    hosts: dict[str, str] = dict(select(READ_HOSTS)) if "mailbox_host" in tables else {}
    access, join = ACCESS if "mailbox_access" in tables else NO_ACCESS
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
            hosts.get(username, ""),
        )
    return mailboxes


def _split(goto: str) -> tuple[str, ...]:
    if "," not in goto:
        return (goto,)
    return tuple(part.strip() for part in goto.split(",") if part.strip())

# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The accounts of a source: a directory that is read by a mapping, or another store. Nothing is ever written there."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..._directory.connection import Connection, connect
from ..._engine.arguments import SHARED
from ..._engine.errors import Problem, refuse
from ..ldap_facts import MODIFIED, modified, octets, password_text, text
from ..model import Mailbox
from ..stores import open_store
from .mapping import FactError, attributes, facts, matches
from .model import Account
from .rules import LDAP, patterns, reading_of

Source = Mapping[str, Any]


def read_source(source: Source) -> list[Account]:
    """All accounts that the filters let through, those that cannot be used among them."""
    found = _directory(source) if source["store"] == LDAP else _store(source)
    include, exclude = patterns(source["include"]), patterns(source["exclude"])
    return [
        account
        for account in found
        if (not include or account.fault or matches(account.address, include)) and not matches(account.address, exclude)
    ]


# --- a directory -----------------------------------------------------------------------------------------------------


def _directory(source: Source) -> list[Account]:
    server = connect(source)
    try:
        return list(_people(server, source))
    finally:
        server.close()


def _people(server: Connection, source: Source) -> Iterator[Account]:
    identity, mapping, unit, wanted, off = reading_of(source)
    disabled = set()
    if off:
        both = f"(&{_enclosed(wanted)}{_enclosed(off)})"
        for entry in server.search(source["base"], source["scope"], both, [identity]):
            disabled.add(_identity(entry.attributes, identity))
    names = [identity, MODIFIED, *attributes(mapping)]
    for entry in server.search(source["base"], source["scope"], wanted, names):
        who = _identity(entry.attributes, identity)
        changed = modified(entry.attributes)
        if not who:
            yield Account(entry.dn, "", entry.dn, {}, changed, f"{entry.dn} has no {identity}, or may not be read")
            continue
        values = {name.lower(): [text(value) for value in found] for name, found in entry.attributes.items()}
        try:
            address, given = facts(_with_hash(mapping, values), values, unit)
        except FactError as error:
            yield Account(who, "", entry.dn, {}, changed, f"{entry.dn}: {error}")
            continue
        if off:
            given["enabled"] = who not in disabled
        yield Account(who, address, entry.dn, given, changed)


def _with_hash(mapping: Mapping[str, str], values: dict[str, list[str]]) -> Mapping[str, str]:
    """The values with the hash in Dovecot's words; a hash that may not be read is none."""
    for name in attributes({"password": mapping.get("password", "")}):
        hashes = values.get(name.lower(), [])
        values[name.lower()] = [password_text([octets(hashes[0])])] if hashes else []
    return mapping


def _identity(found: Mapping[str, Sequence[bytes]], name: str) -> str:
    values: Sequence[bytes] = next((values for key, values in found.items() if key.lower() == name.lower()), ())
    if not values:
        return ""
    try:
        shown = values[0].decode("utf-8")
    except UnicodeDecodeError:
        return values[0].hex()
    return shown if shown.isprintable() else values[0].hex()


def _enclosed(filter_: str) -> str:
    stripped = filter_.strip()
    return stripped if stripped.startswith("(") else f"({stripped})"


# --- another store ---------------------------------------------------------------------------------------------------


def _store(source: Source) -> list[Account]:
    """The mailboxes of a database, known by the folder of their mail, which stays when an address changes."""
    defaults = {name: option.get("default") for name, option in SHARED["store"].items()}
    if source["store"] == "sqlite" and not os.path.exists(source["database"]):
        refuse([Problem("source.database", "does not exist", "name the database to read", source["database"])])
    store = open_store({**defaults, **{name: value for name, value in source.items() if value is not None}})
    state = store.read()
    changed = store.times()
    further: dict[str, list[str]] = {}
    for alias in state.aliases.values():
        if len(alias.destinations) == 1 and not alias.address.startswith("@") and alias.enabled:
            further.setdefault(alias.destinations[0], []).append(alias.address)
    return [
        Account(box.maildir, address, address, _facts(box, further.get(address, ())), changed.get(address))
        for address, box in state.mailboxes.items()
    ]


def _facts(box: Mailbox, further: Sequence[str]) -> dict[str, Any]:
    plain = {name: getattr(box, name) for name in ("password", "name", "quota", "enabled", "receive", "send", "login")}
    return {
        **plain,
        "forward": tuple(sorted(box.forward_to)),
        "keep_copy": box.keep_copy or not box.route,
        "send_as": box.send_as,
        "alias": tuple(sorted(further)),
    }

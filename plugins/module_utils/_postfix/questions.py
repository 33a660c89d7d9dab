# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to ask which lookup table, and what the answers say about the tables and their servers. Pure."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Optional

from . import main_cf
from .map_file import looks_secret
from .references import Reference

# The parameter of ldap_table(5), mysql_table(5) and pgsql_table(5) that lists servers.
SERVER_LISTS = {"ldap": "server_host", "mysql": "hosts", "pgsql": "hosts"}
# Tables that a server or database stands behind are asked wherever they are named.
ASKED_ALWAYS = {*SERVER_LISTS, "sqlite", "memcache", "socketmap", "tcp"}
# Those that Postfix asks for a whole address to know whether there is such a recipient.
RECIPIENTS = ("virtual_mailbox_maps", "virtual_alias_maps", "relay_recipient_maps", "local_recipient_maps")
LOCAL_PARTS = ("alias_maps", "alias_database")
FOUND, ABSENT, FAILED = "found", "absent", "failed"
SECRET = "(secret)"


@dataclass(frozen=True)
class Table:
    """A lookup table by type and path, and the ``parameters`` that name it."""

    kind: str
    path: str
    parameters: tuple[str, ...]

    @property
    def label(self) -> str:
        return f"{self.kind}:{self.path}"

    @property
    def knows_recipients(self) -> bool:
        return any(name in RECIPIENTS for name in self.parameters)

    def holds_secrets(self) -> bool:
        return any(looks_secret(name, "x") for name in self.parameters)


@dataclass(frozen=True)
class Answer:
    """What a table said to a key. ``server`` is one of several behind it, ``seconds`` is wall time."""

    map: str
    parameters: tuple[str, ...]
    server: Optional[str]
    key: str
    status: str
    answer: Optional[str]
    message: Optional[str]
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "parameters": list(self.parameters)}

    @property
    def place(self) -> str:
        return self.map if self.server is None else f"{self.map} at {self.server}"


def tables(found: Iterable[Reference], patterns: Sequence[str]) -> list[Table]:
    """The tables to ask. ``patterns`` are shell patterns of parameters or of ``type:path``; without any, all of use."""
    named: dict[tuple[str, str], list[str]] = {}
    for one in found:
        if not one.cache and not one.prefix and _wanted(one, patterns):
            names = named.setdefault((one.kind, one.path), [])
            if one.parameter not in names:
                names.append(one.parameter)
    return [Table(kind, path, tuple(names)) for (kind, path), names in named.items()]


def _wanted(one: Reference, patterns: Sequence[str]) -> bool:
    if patterns:
        texts = (one.parameter, f"{one.kind}:{one.path}")
        return any(fnmatch.fnmatchcase(text, pattern) for text in texts for pattern in patterns)
    usual = one.parameter.endswith(("_maps", "_domains")) or one.parameter == "mydestination"
    return (usual or one.kind in ASKED_ALWAYS) and not looks_secret(one.parameter, "x")


def keys(table: Table, address: str) -> list[str]:
    """What Postfix asks the table when it is about ``address``."""
    local, _at, domain = address.rpartition("@")
    kinds = {_key_kind(name) for name in table.parameters}
    chosen = {"domain": domain, "local": local, "address": address}
    return [key for kind, key in chosen.items() if kind in kinds]


def _key_kind(parameter: str) -> str:
    if parameter in LOCAL_PARTS:
        return "local"
    return "domain" if parameter.endswith("_domains") or parameter in ("mydestination", "transport_maps") else "address"


def servers(kind: str, text: str) -> list[str]:
    """The servers that a table's configuration file lists; none when it lists none or has no such list."""
    name = SERVER_LISTS.get(kind)
    return [] if name is None else main_cf.values(text).get(name, "").replace(",", " ").split()


def with_server(kind: str, text: str, server: str) -> str:
    """The configuration file of a table with one server alone."""
    return main_cf.edit(text, {SERVER_LISTS[kind]: (server,)})


def without_secrets(said: str, text: str) -> str:
    """A message of Postfix without the secrets of the table's configuration file, should it repeat one."""
    for name, value in main_cf.values(text).items():
        if looks_secret(name, value):
            said = said.replace(value, SECRET)
    return said


def problems(answers: Sequence[Answer], known: Sequence[str], unknown: Sequence[str]) -> list[str]:
    """What the answers prove to be wrong, in words."""
    found = [f"{one.place} cannot answer for {one.key}: {one.message}" for one in answers if one.status == FAILED]
    found += _disagreements(answers)
    recipients = [one for one in answers if any(name in RECIPIENTS for name in one.parameters)]
    if recipients:
        statuses: dict[str, set[str]] = {}
        for one in recipients:
            statuses.setdefault(one.key, set()).add(one.status)
        found += [f"no table knows {address}" for address in known if statuses.get(address) == {ABSENT}]
    found += [
        f"{one.place} knows {one.key}, which should be unknown, as {one.answer}"
        for one in recipients
        if one.key in unknown and one.status == FOUND
    ]
    return found


def _disagreements(answers: Sequence[Answer]) -> list[str]:
    """Servers of one table that answer the same key differently: one of them is behind, or is another directory."""
    groups: dict[tuple[str, str], list[Answer]] = {}
    for one in answers:
        if one.status != FAILED:
            groups.setdefault((one.map, one.key), []).append(one)
    return [
        f"the servers of {name} disagree about {key}: "
        + ", ".join(f"{one.server} says {one.answer or 'nothing'}" for one in group)
        for (name, key), group in groups.items()
        if len({_sorted(one.answer) for one in group}) > 1
    ]


def _sorted(answer: Optional[str]) -> tuple[str, ...]:
    """Values in an order of their own: a directory returns those of one attribute in any order."""
    return tuple(sorted((answer or "").split(",")))


def summary(answers: Sequence[Answer], wrong: Sequence[str]) -> str:
    counts: Mapping[str, int] = {word: sum(one.status == word for one in answers) for word in (FOUND, ABSENT, FAILED)}
    places = len({one.place for one in answers})
    slowest = max(answers, key=lambda one: one.seconds, default=None)
    words = f"{len(answers)} questions to {places} tables and servers: " + ", ".join(
        f"{count} {word}" for word, count in counts.items()
    )
    if slowest is not None:
        words += f"; slowest {slowest.place} with {slowest.seconds:.3f} s"
    return words + (f"; {len(wrong)} problems" if wrong else "; no problem")

# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The look of ``openldap_info`` at every server: what each says, who is behind, and what is wrong, in words."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any, Optional
from urllib.parse import urlsplit

from ..._engine.errors import Error, Problem, refuse
from ..._engine.plan import Plan
from .. import options
from ..connection import Connection, connect
from ..errors import DirectoryError
from . import backups, monitor
from .states import Behind, amount, behind, newest, states, worst

STEP = 0.2
HOUR = 3600


class Server:
    """One of the servers: what it says, or why it says nothing."""

    def __init__(self, uri: str, params: Mapping[str, Any]) -> None:
        self.uri = uri
        self.name = urlsplit(uri).netloc if not uri.lower().startswith("ldapi") else "this host"
        self.suffix: Optional[str] = params["suffix"]
        self.failure: Optional[str] = None
        self.facts: dict[str, Any] = {}
        self.states: dict[str, str] = {}
        self._connection: Optional[Connection] = None
        try:
            self._connection = connect({**params, "server_uri": [uri]})
            self.suffix = self.suffix or _suffix(self._connection)
            self.facts = self._monitor(self._connection)
            self.look()
        except Error as error:
            self.failure = error.message

    def _monitor(self, connection: Connection) -> dict[str, Any]:
        """Nothing when whoever asks may not read it."""
        try:
            return monitor.read(connection.search(monitor.BASE, "sub", attributes=monitor.WANTED))
        except DirectoryError:
            return {}

    def look(self) -> None:
        """How far it is now."""
        if self._connection is not None and self.suffix is not None:
            entry = self._connection.read(self.suffix, ["contextCSN"])
            values = entry.attributes.get("contextCSN", []) if entry is not None else []
            self.states = states(value.decode("ascii", "replace") for value in values)

    def look_again(self) -> None:
        try:
            self.look()
        except Error as error:
            self.failure = error.message

    def as_dict(self, late: Sequence[Behind]) -> dict[str, Any]:
        own = [item for item in late if item.server == self.name]
        return {
            "uri": self.uri,
            "name": self.name,
            "reachable": self.failure is None,
            "message": self.failure or "",
            "suffix": self.suffix,
            "states": self.states,
            "behind": {item.number: item.seconds for item in own},
            "monitored": bool(self.facts),
            **self.facts,
        }


def _suffix(connection: Connection) -> Optional[str]:
    """The database of the server, when it has one."""
    contexts = [value.decode("utf-8", "surrogateescape") for value in connection.root_dse().get("namingContexts", [])]
    if len(contexts) > 1:
        raise Error(
            f"suffix: is missing, and the server has several databases: {', '.join(contexts)}; name one of them"
        )
    return contexts[0] if contexts else None


def plan_info(params: Mapping[str, Any]) -> Plan:
    refuse([*options.problems(params), *_problems(params)])
    servers = [Server(uri, params) for uri in params["server_uri"]]
    late = _late(servers, params["patience"])
    complaints = [
        *_unreachable(servers),
        *_behind(late, params["max_lag"]),
        *_full(servers, params["max_usage"]),
    ]
    backup: dict[str, Any] = {}
    if params["backup_directory"] is not None:
        backup, wrong = backups.look(params["backup_directory"], time.time(), params["max_backup_age"] * HOUR)
        complaints += wrong
    return Plan(
        result={
            "healthy": not complaints,
            "problems": complaints,
            "summary": complaints or [_all_well(servers)],
            "servers": [server.as_dict(late) for server in servers],
            "unreachable": [server.name for server in servers if server.failure is not None],
            "behind": [
                {"server": item.server, "ahead": item.ahead, "server_id": int(item.number, 16), "seconds": item.seconds}
                for item in late
            ],
            "max_lag_seconds": max([item.seconds or 0.0 for item in late], default=0.0),
            "backup": backup,
            "time": datetime.fromtimestamp(time.time(), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
    )


def _problems(params: Mapping[str, Any]) -> list[Problem]:
    found = []
    for option, least, most in (
        ("max_lag", 0, 10**9),
        ("patience", 0, 600),
        ("max_usage", 1, 100),
        ("max_backup_age", 1, 10**6),
    ):
        if not least <= params[option] <= most:
            found.append(Problem(option, "is out of range", f"give {least} to {most}", params[option]))
    for uri in {uri for uri in params["server_uri"] if params["server_uri"].count(uri) > 1}:
        found.append(Problem("server_uri", "is named twice", "name each server once", uri))
    return found


def _late(servers: Sequence[Server], patience: int) -> list[Behind]:
    """Who lacks a change that another one had a moment ago: one that is on its way is not missing."""
    answering = [server for server in servers if server.failure is None]
    goal = newest({server.name: server.states for server in answering})
    until = time.monotonic() + patience
    while True:
        found = behind({server.name: server.states for server in answering if server.failure is None}, goal)
        if not found or time.monotonic() >= until:
            return found
        time.sleep(STEP)
        for server in answering:
            server.look_again()


def _unreachable(servers: Sequence[Server]) -> list[str]:
    return [f"{server.name} cannot be asked: {server.failure}" for server in servers if server.failure is not None]


def _behind(late: Sequence[Behind], limit: int) -> list[str]:
    return [str(item) for item in worst(late) if item.seconds is None or item.seconds > limit]


def _full(servers: Sequence[Server], limit: int) -> list[str]:
    return [
        f"{server.name}: the database {database['suffix']} is {database['used_percent']:.0f} % full "
        f"({database['bytes']} of {database['max_bytes']} bytes); raise olcDbMaxSize"
        for server in servers
        for database in server.facts.get("databases", [])
        if database["used_percent"] > limit
    ]


def _all_well(servers: Sequence[Server]) -> str:
    many = f"{len(servers)} servers answer and hold the same" if len(servers) > 1 else f"{servers[0].name} answers"
    up = [server.facts["uptime"] for server in servers if server.facts.get("uptime") is not None]
    return f"{many}, up since {amount(min(up))} at least" if up else many

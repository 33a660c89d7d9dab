# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What HAProxy says of its servers, and the orders that take one out and back. Pure."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# Bits of srv_admin_state: maintenance and drain, each ordered or inherited from the server that one tracks.
MAINTENANCE, DRAINED = 0x01 | 0x02, 0x08 | 0x10
# Values of srv_op_state.
STOPPED, RUNNING = 0, 2


@dataclass(frozen=True)
class Server:
    """A node as one service sees it."""

    service: str
    node: str
    running: bool
    admin: int

    @property
    def state(self) -> str:
        if self.admin & MAINTENANCE:
            return "maintenance"
        return "drained" if self.admin & DRAINED else "ready"


def parse_state(text: str) -> list[Server]:
    """The servers in the answer to ``show servers state``: a version, a line of names, a line for each."""
    lines = [line for line in text.splitlines() if line.strip()]
    names = next((line.lstrip("# ").split(" ") for line in lines if line.startswith("#")), [])
    found = []
    for line in lines:
        values = dict(zip(names, line.split(" ")))
        if not line.startswith("#") and values.get("srv_name"):
            found.append(
                Server(
                    service=values["be_name"],
                    node=values["srv_name"],
                    running=int(values["srv_op_state"]) == RUNNING,
                    admin=int(values["srv_admin_state"]),
                )
            )
    return found


def parse_sessions(text: str, node: str) -> int:
    """How many sessions a node has, by the answer to ``show stat``."""
    rows = csv.DictReader(text.lstrip("# ").splitlines())
    return sum(int(row["scur"] or 0) for row in rows if row["svname"] == node)


def described(servers: Iterable[Server]) -> dict[str, str]:
    return {f"{server.service}/{server.node}": server.state for server in servers}


def alone(servers: Sequence[Server], node: str) -> list[str]:
    """The services that nobody else would serve without a node."""
    serving = {
        server.service for server in servers if server.node != node and server.running and server.state == "ready"
    }
    return sorted({server.service for server in servers} - serving)


def orders(servers: Iterable[Server], node: str, state: str) -> list[str]:
    """What to tell HAProxy so that a node's servers have the state ``drain``, ``maint`` or ``ready``."""
    return [f"set server {server.service}/{node} state {state}" for server in servers if server.node == node]

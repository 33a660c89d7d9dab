# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the options of ``ha_node`` to a plan: a node out of this host's HAProxy, without cutting off whom it serves."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Mapping, Sequence
from typing import Any

from .._engine.disk import write
from .._engine.errors import Error, Problem, refuse
from .._engine.plan import Plan, Step
from . import servers
from .cluster import NAME
from .haproxy import SOCKET, STATE, TABLE

PAUSE = 0.5


def plan_node(params: Mapping[str, Any]) -> Plan:
    """Decide from the module's options and what HAProxy says."""
    node, wanted, patience = params["node"], params["state"], params["drain_timeout"]
    refuse(_problems(node, patience))
    if not os.path.exists(SOCKET):
        return Plan(result={"servers": {}}, warnings=[f"HAProxy does not run here: there is no {SOCKET}"])
    present = servers.parse_state(_ask("show servers state"))
    of_node = [server for server in present if server.node == node]
    if not of_node and not params["must_exist"]:
        return Plan(result={"servers": {}})
    if not of_node:
        known = ", ".join(sorted({server.node for server in present})) or "none; is its configuration that of a cluster"
        raise Error(f"node: HAProxy knows no server {node}; it knows {known}")
    before = servers.described(of_node)
    target = "maintenance" if wanted == "maintenance" else "ready"
    if all(state == target for state in before.values()):
        return Plan(result={"servers": before})
    if wanted == "maintenance":
        lonely = servers.alone(present, node)
        if lonely:
            raise Error(
                f"node: {node} alone serves {', '.join(lonely)}; bring another node back first, nothing was changed",
                services=lonely,
            )
        steps = [
            Step(f"send nobody new to {node}", lambda: _drain(of_node, node)),
            Step(
                f"wait for its sessions, up to {patience} seconds, and end the rest",
                lambda: _end(of_node, node, patience),
            ),
        ]
    else:
        steps = [Step(f"send clients to {node} again", lambda: _order(servers.orders(of_node, node, "ready")))]
    return Plan(
        before={"servers": before},
        after={"servers": dict.fromkeys(before, target)},
        steps=[*steps, Step("have HAProxy know that after a restart", _remember, changes=False)],
        result={"servers": before},
    )


def _problems(node: str, patience: int) -> list[Problem]:
    found = []
    if not NAME.fullmatch(node):
        found.append(Problem("node", "is no name of a node", "name one of the cluster", node))
    if patience < 0:
        found.append(Problem("drain_timeout", "is less than 0", "give seconds", patience))
    return found


def _drain(of_node: Sequence[servers.Server], node: str) -> None:
    _order([*servers.orders(of_node, node, "drain"), f"clear table {TABLE}"])


def _end(of_node: Sequence[servers.Server], node: str, patience: int) -> Mapping[str, Any]:
    deadline = time.monotonic() + patience
    while servers.parse_sessions(_ask("show stat"), node) and time.monotonic() < deadline:
        time.sleep(PAUSE)
    left = servers.parse_sessions(_ask("show stat"), node)
    _order(servers.orders(of_node, node, "maint"))
    return {"sessions_ended": left}


def _order(lines: Sequence[str]) -> None:
    for line in lines:
        said = _ask(line).strip()
        if said:
            raise Error(f"HAProxy refused {line!r}: {said}")


def _remember() -> None:
    write(f"{STATE}.new", _ask("show servers state").encode(), 0o644)
    os.rename(f"{STATE}.new", STATE)


def _ask(line: str) -> str:
    """HAProxy's answer to one line at its socket."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line_to:
            line_to.settimeout(10)
            line_to.connect(SOCKET)
            line_to.sendall(f"{line}\n".encode())
            pieces: list[bytes] = []
            while True:
                piece = line_to.recv(65536)
                if not piece:
                    return b"".join(pieces).decode("utf-8", "replace")
                pieces.append(piece)
    except OSError as error:
        raise Error(
            f"HAProxy does not answer at {SOCKET}: {error.strerror or error}; see systemctl status haproxy"
        ) from error

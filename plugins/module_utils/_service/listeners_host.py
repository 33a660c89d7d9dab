# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who listens on this host: the kernel's tables, and which process holds a socket."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Collection, Mapping
from typing import Any

from .._engine.errors import Problem, refuse
from .._engine.plan import Plan
from .listeners import Listener, parse

TABLES = ("/proc/net/tcp", "/proc/net/tcp6")


def plan_info(params: Mapping[str, Any]) -> Plan:
    """The report, as a plan without steps."""
    wanted = params["ports"]
    refuse(
        [
            Problem(f"ports[{index}]", "is not a port", "give a number from 1 to 65535", port)
            for index, port in enumerate(wanted)
            if not 1 <= port <= 65535
        ]
    )
    found = [listener for listener in _listeners() if not wanted or listener.port in wanted]
    holders = _holders({listener.inode for listener in found})
    shown = [_shown(listener, holders.get(listener.inode)) for listener in found]
    return Plan(result={"listeners": sorted(shown, key=lambda one: (one["port"], one["address"]))})


def _listeners() -> list[Listener]:
    found: list[Listener] = []
    for table in TABLES:
        # A kernel without IPv6 has no second table.
        with contextlib.suppress(FileNotFoundError), open(table, encoding="ascii") as handle:
            found += parse(handle.read())
    return found


def _holders(inodes: Collection[str]) -> dict[str, int]:
    """The process that holds each socket, the first of those that share it."""
    found: dict[str, int] = {}
    for pid in sorted(int(name) for name in os.listdir("/proc") if name.isdigit()):
        if len(found) == len(inodes):
            break
        with contextlib.suppress(OSError), os.scandir(f"/proc/{pid}/fd") as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    kind, _colon, inode = os.readlink(entry.path).partition(":")
                    if kind == "socket" and inode.strip("[]") in inodes:
                        found.setdefault(inode.strip("[]"), pid)
    return found


def _shown(listener: Listener, pid: Any) -> dict[str, Any]:
    program = ""
    if pid is not None:
        with contextlib.suppress(OSError):
            program = os.fsencode(os.readlink(f"/proc/{pid}/exe")).decode(sys.getfilesystemencoding(), "replace")
    return {"address": listener.address, "port": listener.port, "pid": pid, "program": program}

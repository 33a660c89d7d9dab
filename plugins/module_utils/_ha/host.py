# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the host itself says of a cluster: interfaces, the daemons' own checkers, systemd."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, Optional

from .._engine import commands
from .._engine.errors import Error, Problem
from .._engine.files import FileChange, private_directory


def problems(params: Mapping[str, Any]) -> list[Problem]:
    """What is well-formed and cannot work here."""
    interface = params["interface"]
    if os.path.isdir("/sys/class/net") and not os.path.isdir(os.path.join("/sys/class/net", interface)):
        there = ", ".join(sorted(os.listdir("/sys/class/net")))
        return [Problem("interface", "is not on this host", f"name one of {there}", interface)]
    return []


def check(wanted: Sequence[FileChange], haproxy_file: str, keepalived_file: str) -> None:
    """Have both daemons check what they would get, before anything is in its place."""
    content = {change.path: change.content for change in wanted}
    with private_directory() as staged:
        for path, argv in (
            (haproxy_file, ["haproxy", "-c", "-f"]),
            (keepalived_file, ["keepalived", "--config-test", "--use-file"]),
        ):
            copy = os.path.join(staged, os.path.basename(path))
            with open(copy, "wb") as file:
                file.write(_without_programs(content[path] or b"", content))
            done = commands.run([*argv, copy], accept=None)
            if done.rc != 0:
                said = (done.stderr or done.stdout).replace(copy, path).strip()
                raise Error(f"{argv[0]} does not take the new {path}, nothing was changed: {said}")


def _without_programs(text: bytes, content: Mapping[str, Optional[bytes]]) -> bytes:
    """keepalived looks for the programs that it calls; those of the same change are not there yet."""
    for path in content:
        if path.encode() in text and not os.path.exists(path):
            text = text.replace(path.encode(), b"/usr/bin/true")
    return text


def reload_units() -> None:
    commands.run(["systemctl", "daemon-reload"])


def hardware_address(interface: str) -> str:
    with open(os.path.join("/sys/class/net", interface, "address"), encoding="ascii") as file:
        return file.read().strip()

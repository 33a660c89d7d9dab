# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian packages on the host, through dpkg-query(1): dpkg's own records, and no index of what one could get."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from .._engine import commands
from .._engine.errors import Problem, refuse
from .._engine.plan import Plan

FORMAT = "${Package} ${db:Status-Status} ${Version}\n"
# Debian Policy 5.6.7. dpkg-query would take a pattern, too.
NAME = re.compile(r"[a-z0-9][a-z0-9+.-]{1,213}")


def plan_info(params: Mapping[str, Any]) -> Plan:
    """The report, as a plan without steps."""
    names = params["name"]
    refuse(
        [
            Problem(
                f"name[{index}]", "is not the name of a Debian package", "write its name alone, in lower case", name
            )
            for index, name in enumerate(names)
            if not NAME.fullmatch(name)
        ]
    )
    # 1 says that some are unknown, which is an answer.
    found = commands.run(["dpkg-query", "--show", f"--showformat={FORMAT}", *names], accept=(0, 1)) if names else None
    versions = installed(found.stdout) if found else {}
    return Plan(result={"versions": versions, "missing": [name for name in names if name not in versions]})


def installed(shown: str) -> dict[str, str]:
    """Name to version of the packages that are in place whole, by what dpkg-query shows in ``FORMAT``."""
    lines: Sequence[list[str]] = [line.split(" ") for line in shown.splitlines()]
    return {name: version for name, status, version in lines if status == "installed"}

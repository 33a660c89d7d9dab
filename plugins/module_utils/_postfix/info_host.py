# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a configuration that is there, ours or not, and has the catalogue judge it. Nothing on the host changes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from .._engine import commands
from .._engine.errors import Error
from .._engine.files import read_text
from .._engine.findings import ERROR, WARNING, Finding, without_ignored
from .._engine.plan import Plan
from . import info
from .instance_host import configuration_directory
from .request import MAIN, MASTER, Request
from .staging_host import built_in_defaults, findings_of


def plan_info(params: Mapping[str, Any]) -> Plan:
    """A plan without steps, whose result is the report of ``postfix_config_info``."""
    directory = configuration_directory(params)
    installed = commands.find("postconf") is not None
    texts = {name: read_text(os.path.join(directory, name)) for name in (MAIN, MASTER)}
    if installed and texts[MAIN] is None:
        raise Error(f"{directory} has no {MAIN}; name the directory of a configuration")
    main, master = texts[MAIN] or "", texts[MASTER] or ""
    known = built_in_defaults() if installed else {}
    found: list[Finding] = []
    if installed:
        found = without_ignored(findings_of(Request(directory), texts, master), params["ignore_findings"])
    return Plan(
        result={
            "installed": installed,
            "version": known.get("mail_version"),
            "config_directory": directory,
            "parameters": info.parameters(directory, main, master, known, params["parameters"]),
            "services": info.services(master),
            "findings": [finding.as_dict() for finding in found],
            "errors": sum(finding.severity == ERROR for finding in found),
            "warnings_found": sum(finding.severity == WARNING for finding in found),
            "map_types": commands.run(["postconf", "-m"]).stdout.split() if installed else [],
            "instances": info.instances(commands.run(["postmulti", "-l"]).stdout) if installed else [],
        }
    )

# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything about the installed Dovecot and a configuration, whoever wrote it. Nothing is changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._engine import files
from .._engine.findings import without_ignored
from .._engine.plan import Plan
from . import effective, host, versions
from .checks import check
from .present import faults_of, present_configuration
from .settings import VERSION_SETTINGS

# What there is to say where Dovecot is not installed.
NOTHING: Mapping[str, Any] = {
    "installed": False,
    "release": None,
    "version": None,
    "config_version": None,
    "storage_version": None,
    "valid": None,
    "files": [],
    "protocols": [],
    "plugins": [],
    "installed_plugins": [],
    "settings": [],
    "findings": [],
}


def inspect(params: Mapping[str, Any]) -> Plan:
    """A plan without a step: its result is what was found."""
    installed = host.installed_version()
    if installed is None:
        return Plan(result=NOTHING)
    version = versions.decide("auto", installed, "")
    configuration, reading = present_configuration(params["path"], version, host.configuration_files())
    lines = configuration.main.lines
    with files.private_directory() as directory:
        dovecot = host.Installation(version.syntax, directory)
        findings = [*faults_of(reading), *check(configuration, dovecot)]
        said, defaults = dovecot.doveconf(configuration.main.text), dovecot.defaults()
        plugins = sorted(dovecot.plugins())
    valid = said.rc == 0 and not reading.faults
    shown = effective.shown(said.stdout) if valid else lines
    pinned = [configuration.effective(name) for name in VERSION_SETTINGS]
    result = {
        "installed": True,
        "release": ".".join(map(str, version.release or ())),
        "version": version.syntax,
        **{key: line.value if line else None for key, line in zip(("config_version", "storage_version"), pinned)},
        "valid": valid,
        "files": list(dict.fromkeys([*reading.files, *(file.path for file in configuration.files)])),
        "protocols": effective.words(shown, "protocols"),
        "plugins": effective.words(shown, "mail_plugins"),
        "installed_plugins": plugins,
        "settings": effective.in_effect(shown, effective.shown(defaults), lines)
        if valid
        else effective.as_written(lines),
        "findings": [finding.as_dict() for finding in without_ignored(findings, params["ignore_findings"])],
    }
    return Plan(result=result)

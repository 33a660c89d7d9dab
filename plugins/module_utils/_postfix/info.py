# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A configuration as data: what is set, where, and how it differs from the built-in defaults. Pure."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping, Sequence
from typing import Any, Optional

from .._engine.secrets import HIDDEN
from . import main_cf, map_file, master_cf
from .request import MAIN, MASTER

DEFAULT = "default"


def parameters(
    directory: str, main: str, master: str, defaults: Mapping[str, str], patterns: Sequence[str]
) -> list[dict[str, Any]]:
    """Every parameter that main.cf or a service sets, and those with a default that a shell pattern names.

    With patterns, nothing but what they name.
    """
    files = {MAIN: f"{directory}/{MAIN}", MASTER: f"{directory}/{MASTER}"}
    present = {one.name: one for one in main_cf.parse(main)}
    found = []
    for name, one in present.items():
        found.append(_entry(name, one.value, defaults, source=MAIN, file=files[MAIN], line=one.line))
    for service in master_cf.services(master).values():
        for name, value in service.options.items():
            entry = _entry(name, value, defaults, source=MASTER, file=files[MASTER], line=service.line)
            found.append({**entry, "service": service.key})
    if patterns:
        found += [_entry(name, value, defaults) for name, value in defaults.items() if name not in present]
        found = [one for one in found if any(fnmatch.fnmatchcase(one["name"], pattern) for pattern in patterns)]
    return sorted(found, key=lambda one: (one["name"], one["service"] or ""))


def services(master: str) -> list[dict[str, Any]]:
    """The services that count, in the order of the file."""
    return [
        {
            "name": one.name,
            "type": one.type,
            "private": one.private,
            "unpriv": one.unpriv,
            "chroot": one.chroot,
            "wakeup": one.wakeup,
            "maxproc": one.maxproc,
            "command": one.command,
            "options": {name: shown(name, value) for name, value in one.options.items()},
            "args": " ".join(shown("", argument) or "" for argument in one.arguments),
            "line": one.line,
        }
        for one in master_cf.services(master).values()
    ]


def instances(listed: str) -> list[dict[str, Any]]:
    """What ``postmulti -l`` prints: name, group, whether it is enabled, and directory, with ``-`` for nothing."""
    found = []
    for line in listed.splitlines():
        fields = line.split(None, 3)
        if len(fields) == 4:
            name, group, enabled, directory = fields
            found.append(
                {
                    "name": None if name == "-" else name,
                    "group": None if group == "-" else group,
                    "enabled": enabled == "y",
                    "config_directory": directory,
                }
            )
    return found


def shown(name: str, value: Optional[str]) -> Optional[str]:
    """A value, or a stand-in for a secret."""
    return value if not value or map_file.shown_value(name, value) == value else HIDDEN


def _entry(
    name: str,
    value: str,
    defaults: Mapping[str, str],
    *,
    source: str = DEFAULT,
    file: Optional[str] = None,
    line: Optional[int] = None,
) -> dict[str, Any]:
    default = defaults.get(name)
    return {
        "name": name,
        "value": shown(name, value),
        "default": default,
        "differs": default is None or " ".join(default.split()) != value if source != DEFAULT else False,
        "source": source,
        "file": file,
        "line": line,
        "service": None,
    }

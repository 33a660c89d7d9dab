# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the options of ``mail_service`` and the state of its units to the verbs for systemctl(1): pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Optional

from .._engine.errors import Problem

# What systemd takes for the name of a unit, systemd.unit(5).
UNIT_NAME = re.compile(r"[A-Za-z0-9:_.\\@][A-Za-z0-9:_.\\@-]{0,254}")
# Of the states that systemctl(1) lists under is-enabled, these keep a unit from starting at boot.
NOT_ENABLED = ("disabled", "masked", "masked-runtime", "")
ACTIVE = ("active", "activating", "reloading")


@dataclass(frozen=True)
class Unit:
    """One unit as ``systemctl show`` describes it."""

    load_state: str
    active_state: str
    unit_file_state: str
    file_changed: bool = False

    @property
    def exists(self) -> bool:
        return self.load_state not in ("not-found", "")

    @property
    def enabled(self) -> bool:
        return self.unit_file_state not in NOT_ENABLED

    @property
    def active(self) -> bool:
        return self.active_state in ACTIVE


@dataclass(frozen=True)
class Wanted:
    """The options of the module."""

    state: str
    enabled: Optional[bool]
    reload: bool
    restart: bool


def problems(params: Mapping[str, Any]) -> list[Problem]:
    """Everything wrong with the names."""
    return [
        Problem(option, "is not the name of a unit", "name one as systemctl does, such as postfix.service", name)
        for option, name in (("name", params["name"]), ("active_unit", params["active_unit"]))
        if name is not None and not UNIT_NAME.fullmatch(name)
    ]


def parse_show(text: str) -> list[Unit]:
    """The units in the output of ``systemctl show``: blocks of ``Name=value``, parted by an empty line."""
    units = []
    for block in text.strip().split("\n\n"):
        fields = dict(line.split("=", 1) for line in block.splitlines() if "=" in line)
        load, active, enabled = (fields.get(name, "") for name in ("LoadState", "ActiveState", "UnitFileState"))
        units.append(Unit(load, active, enabled, fields.get("NeedDaemonReload") == "yes"))
    return units


def verbs(wanted: Wanted, unit: Unit, active: bool) -> list[str]:
    """What to ask of systemctl, in order.

    A unit that is not installed yet is planned as Debian's packages leave it: enabled and started.
    """
    enabled = unit.enabled if unit.exists else True
    active = active if unit.exists else True
    asked = []
    if wanted.enabled is not None and wanted.enabled != enabled:
        asked.append("enable" if wanted.enabled else "disable")
    if wanted.state == "stopped":
        return [*asked, "stop"] if active else asked
    if not active:
        # With "start", a oneshot unit that counts as active would not bring its daemon back.
        return [*asked, "restart" if unit.active else "start"]
    if wanted.restart:
        return [*asked, "restart"]
    return [*asked, "reload"] if wanted.reload else asked


def describe(enabled: bool, active: bool) -> str:
    """State of a service, for a diff."""
    return f"{'enabled' if enabled else 'disabled'}\n{'started' if active else 'stopped'}\n"


def after(wanted: Wanted, enabled: bool, asked: list[str]) -> str:
    """State of the service once everything asked is done, for a diff."""
    text = describe(enabled if wanted.enabled is None else wanted.enabled, wanted.state == "started")
    again = {"reload": "reloaded\n", "restart": "restarted\n"}
    return text + "".join(again.get(verb, "") for verb in asked)


def wanted_from(params: Mapping[str, Any]) -> Wanted:
    return Wanted(params["state"], params["enabled"], params["reload"], params["restart"])

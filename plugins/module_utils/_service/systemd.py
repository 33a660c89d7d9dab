# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Units on the host, through systemctl(1) and journalctl(1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._engine import commands
from .._engine.errors import Error, refuse
from .._engine.plan import Plan, Step
from .planning import after, describe, parse_show, problems, verbs, wanted_from

LOG_LINES = 20
PROPERTIES = "LoadState,ActiveState,UnitFileState,NeedDaemonReload"


def plan_service(params: Mapping[str, Any]) -> Plan:
    """Decide from the module's options and the present state of the units."""
    refuse(problems(params))
    name, active_unit, wanted = params["name"], params["active_unit"] or params["name"], wanted_from(params)
    unit, running = _show(name, active_unit)
    asked = verbs(wanted, unit, running.active)
    enabled, active = (unit.enabled, running.active) if unit.exists else (True, True)
    steps = [Step(f"{verb} {name}", lambda verb=verb: _ask(verb, name, active_unit)) for verb in asked]  # type: ignore[misc]
    if asked and unit.file_changed:
        steps.insert(0, Step("have systemd read its changed file", _reread, changes=False))
    if not unit.exists:
        steps.insert(0, Step(f"find {name}", lambda: _missing(name), changes=False))
    return Plan(
        before={name: describe(enabled, active)},
        after={name: after(wanted, enabled, asked) if asked else describe(enabled, active)},
        steps=steps,
        result={"enabled": enabled, "active": active},
        warnings=[] if unit.exists else [f"name: there is no service {name} on this host yet"],
    )


def _show(name: str, active_unit: str) -> tuple[Any, Any]:
    shown = commands.run(["systemctl", "show", f"--property={PROPERTIES}", "--", name, active_unit])
    units = parse_show(shown.stdout)
    return units[0], units[-1]


def _missing(name: str) -> None:
    raise Error(f"there is no service {name} on this host; install the package that brings it")


def _reread() -> None:
    commands.run(["systemctl", "daemon-reload"])


def _ask(verb: str, name: str, active_unit: str) -> None:
    done = commands.run(["systemctl", verb, "--", name], timeout=180, accept=None)
    running = _show(name, active_unit)[1]
    if done.rc != 0 or (verb in ("start", "restart", "reload") and not running.active):
        log = commands.run(
            ["journalctl", "--no-pager", "--output=cat", f"--lines={LOG_LINES}", "--unit", name, "--unit", active_unit],
            accept=None,
        )
        raise Error(
            f"systemctl {verb} {name} failed, {active_unit} is {running.active_state}: {done.stderr.strip()}",
            log=log.stdout.splitlines(),
        )

# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the options of ``ha_config`` to a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._engine import backups
from .._engine.errors import refuse
from .._engine.files import FileChange, ownership_differs, read, replace_files
from .._engine.plan import Plan, Step
from . import cluster, haproxy, host, keepalived

# All files lie below it, on bare hosts, too.
DIRECTORY = "/etc"
HAPROXY_FILE = "/etc/haproxy/haproxy.cfg"
KEEPALIVED_FILE = "/etc/keepalived/keepalived.conf"
PROGRAM_MODE = 0o755


def plan_config(params: Mapping[str, Any]) -> Plan:
    """Decide from the module's options and what is on the host."""
    refuse([*cluster.problems(params), *host.problems(params)])
    wanted = files(cluster.from_options(params))
    present = {change.path: read(change.path, DIRECTORY) for change in wanted}
    changes = [change for change in wanted if present[change.path] != change.content or ownership_differs(change)]
    paths = [change.path for change in changes]
    steps = _steps(params, wanted, changes) if changes else []
    return Plan(
        before={path: _text(present[path]) for path in paths},
        after={change.path: _text(change.content) for change in changes},
        steps=[*steps, *backups.prune_steps(params, HAPROXY_FILE, more=len(changes))],
        result={
            "haproxy_reload_required": HAPROXY_FILE in paths,
            "keepalived_reload_required": bool(set(paths) - {HAPROXY_FILE, keepalived.UNIT}),
            "keepalived_restart_required": keepalived.UNIT in paths,
        },
    )


def files(wanted: cluster.Cluster) -> list[FileChange]:
    """Every file of this node: what another one calls comes before it."""
    return [
        _file(keepalived.CHECK, keepalived.render_check(), PROGRAM_MODE),
        _file(keepalived.NOTIFY, keepalived.render_notify(wanted), PROGRAM_MODE),
        _file(keepalived.UNIT, keepalived.render_unit(wanted)),
        _file(HAPROXY_FILE, haproxy.render(wanted)),
        _file(KEEPALIVED_FILE, keepalived.render(wanted)),
    ]


def _file(path: str, text: str, mode: int = 0o644) -> FileChange:
    return FileChange(path, text.encode(), mode, "root", "root")


def _steps(params: Mapping[str, Any], wanted: Sequence[FileChange], changes: Sequence[FileChange]) -> list[Step]:
    summary = f"write {', '.join(change.path for change in changes)}"

    def put() -> Mapping[str, Any]:
        host.check(wanted, HAPROXY_FILE, KEEPALIVED_FILE)
        kept = replace_files(DIRECTORY, changes, backups.keeping(params, HAPROXY_FILE, summary))
        return backups.returned(kept)

    steps = [Step(summary, put)]
    if keepalived.UNIT in [change.path for change in changes]:
        steps.append(Step("have systemd read its units again", host.reload_units))
    return steps


def _text(content: Any) -> str:
    return "" if content is None else content.decode("utf-8", "replace")

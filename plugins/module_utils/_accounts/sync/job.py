# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the options of ``account_sync_job`` to the files of the job on the host: its options and the program."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import partial
from typing import Any

from ..._engine.errors import Problem, refuse
from ..._engine.files import FileChange, ownership_differs, read, replace_files
from ..._engine.plan import Plan, Step
from ..._engine.programs import bundled
from ..._engine.secrets import masked_pair
from . import program
from .rules import LDAP, problems

PROGRAM = "/usr/local/sbin/postfix-manager-account-sync"


def plan_job(params: Mapping[str, Any]) -> Plan:
    """Nothing is read but these files, and no server is asked."""
    found = problems(params)
    if params["live"] and params["source"]["store"] != LDAP:
        found.append(Problem("live", "is for a directory", "leave it out: a database tells no changes", True))
    refuse(found)
    present = params["state"] == "present"
    text = json.dumps({name: value for name, value in params.items() if name != "state"}, indent=1, sort_keys=True)
    settings = FileChange(
        program.settings_path(params["name"]), f"{text}\n".encode() if present else None, 0o600, "root", "root"
    )
    executable = FileChange(PROGRAM, bundled(program.main), 0o755, "root", "root")
    # Other synchronisations of the host need the program, so it stays.
    changes = [change for change in ([settings, executable] if present else [settings]) if _differs(change)]
    shown = [_shown(change) for change in changes]
    return Plan(
        before={path: before for path, before, _after in shown},
        after={path: after for path, _before, after in shown},
        steps=[
            Step(f"{'write' if change.content else 'remove'} {change.path}", partial(_write, change))
            for change in changes
        ],
    )


def _write(change: FileChange) -> None:
    folder = os.path.dirname(change.path)
    os.makedirs(folder, mode=0o755, exist_ok=True)
    replace_files(folder, [change])


def _differs(change: FileChange) -> bool:
    there = read(change.path, os.path.dirname(change.path))
    return there != change.content or (change.content is not None and ownership_differs(change))


def _shown(change: FileChange) -> tuple[str, str, str]:
    """A file for a diff: the options without their secrets, of the program that it changes."""
    before = read(change.path, os.path.dirname(change.path))
    if change.path == PROGRAM:
        one, other = masked_pair(_text(before), _text(change.content))
        return change.path, (one or "").replace("(secret", "(program"), (other or "").replace("(secret", "(program")
    one, other = _masked(_options(before), _options(change.content))
    return change.path, one, other


def _text(content: Any) -> Any:
    return None if content is None else content.hex()


def _options(content: Any) -> dict[str, Any]:
    try:
        found = json.loads(content or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _masked(before: dict[str, Any], after: dict[str, Any]) -> tuple[str, str]:
    pairs = [(before, after), (before.get("source", {}), after.get("source", {}))]
    for one, other in pairs:
        for name in ("bind_password", "database_password"):
            hidden = masked_pair(one.get(name), other.get(name))
            for side, text in zip((one, other), hidden):
                if text is not None:
                    side[name] = text
    texts = [json.dumps(side, indent=1, sort_keys=True) + "\n" if side else "" for side in (before, after)]
    return texts[0], texts[1]

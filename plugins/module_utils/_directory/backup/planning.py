# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the options of ``openldap_restore`` to a plan: what a backup would bring back, and what speaks against it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, Optional

from ..._engine.commands import CommandError
from ..._engine.errors import Error, Problem, refuse
from ..._engine.plan import Plan, Step
from ..server import host as server
from ..server import tree, values
from ..server.operations import operations
from ..server.show import shown
from ..server.tree import Node
from . import comparing, host, saved
from .comparing import Content, Difference
from .host import Database, Restoring
from .saved import Saved

CONFIG, DATA = "config", "data"
EMPTY = Content({}, {})


def plan_restore(params: Mapping[str, Any]) -> Plan:
    if not params["parts"]:
        refuse([Problem("parts", "is empty", "name config, data, or both")])
    name = saved.choose(params["backup_id"], host.names(params["backup_directory"]), params["backup_directory"])
    folder = os.path.join(params["backup_directory"], name)
    backup = saved.read(name, host.text_of(os.path.join(folder, saved.MANIFEST)))
    saved.refuse_damage(backup, host.checksums(folder))
    return _plan(params, backup, folder)


def _plan(params: Mapping[str, Any], backup: Saved, folder: str) -> Plan:
    present = _present(params)
    target, config_differs = _target(params, backup, folder, present)
    databases = _databases(params, backup, folder, target)
    found = {database.suffix: _difference(params, present, database) for database in databases}
    if not params["force"]:
        refuse(_losses(params, backup, present, list(found.values())))
    restored = [database for database in databases if found[database.suffix]]
    missing = [kept for kept in backup.files if CONFIG in params["parts"] and host.is_needed(kept)]
    steps = [Step(f"bring {kept.path} back", lambda kept=kept: host.put_back(folder, kept)) for kept in missing]  # type: ignore[misc]
    if config_differs or restored:
        steps += _steps(params, target, config_differs, restored)
    if steps and not server.installed():
        steps.insert(0, Step("find slapd", _without_slapd, changes=False))
    return Plan(
        *_shown(present, target if config_differs else present, found),
        steps,
        {
            "backup": {"id": backup.id, "time": backup.time, "host": backup.host},
            "databases": [_counted(difference) for difference in found.values()],
            "files": [kept.path for kept in missing],
            "summary": _summary(config_differs, found, [kept.path or "" for kept in missing]),
        },
        [] if server.installed() else ["slapd is not installed yet: what it holds is taken for nothing"],
    )


def _present(params: Mapping[str, Any]) -> Optional[Node]:
    try:
        return host.configuration(params["config_directory"])
    except Error as error:
        if params["force"]:
            return None
        raise Error(
            f"config_directory: what is there cannot be read: {error.message}; give force true to replace it; "
            "nothing was changed"
        ) from error


def _target(params: Mapping[str, Any], backup: Saved, folder: str, present: Optional[Node]) -> tuple[Node, bool]:
    """The configuration that is in use afterwards, and whether it is another one."""
    if CONFIG in params["parts"]:
        kept = server.configuration(host.text_of(os.path.join(folder, backup.config.file)))
        return kept, present is None or bool(operations(present, kept))
    if present is None:
        raise Error("parts: there is no configuration that data could come back to; give config, too")
    return present, False


def _databases(params: Mapping[str, Any], backup: Saved, folder: str, target: Node) -> list[Database]:
    if DATA not in params["parts"]:
        return []
    places = {
        values.suffix_key(node.one("olcSuffix") or ""): node.one("olcDbDirectory")
        for node in target.of_kind("olcDatabase")
        if node.one("olcDbDirectory")
    }
    found, problems = [], []
    for kept in backup.databases:
        place = places.get(values.suffix_key(kept.suffix or ""))
        if place is None:
            cure = "give config, too, or run the role openldap first"
            problems.append(Problem("parts", "is a database that this server does not have", cure, kept.suffix))
        else:
            found.append(Database(kept.suffix or "", os.path.join(folder, kept.file), place, kept.states))
    refuse(problems)
    return found


def _difference(params: Mapping[str, Any], present: Optional[Node], database: Database) -> Difference:
    kept = comparing.content(host.text_of(database.ldif), database.states)
    return comparing.difference(database.suffix, _content(params, present, database), kept)


def _content(params: Mapping[str, Any], present: Optional[Node], database: Database) -> Content:
    """What the database holds now."""
    key = values.suffix_key(database.suffix)
    nodes = present.of_kind("olcDatabase") if present is not None else []
    place = next((node.one("olcDbDirectory") for node in nodes if _key(node) == key), None)
    if place is None:
        return EMPTY
    try:
        return comparing.content(
            host.entries(params["config_directory"], database.suffix, place), host.states(database.suffix)
        )
    except CommandError as error:
        if params["force"]:
            return EMPTY
        raise Error(
            f"{database.suffix}: what is there cannot be read: {error.message}; give force true to replace it; "
            "nothing was changed"
        ) from error


def _key(node: Node) -> str:
    return values.suffix_key(node.one("olcSuffix") or "")


def _losses(
    params: Mapping[str, Any], backup: Saved, present: Optional[Node], found: Sequence[Difference]
) -> list[Problem]:
    """What would be lost."""
    cure = "choose a newer backup, or give force true to lose it"
    problems = [
        Problem(
            "backup_id",
            f"is older than {len(difference.newer)} changes of {difference.suffix}, the last ones: "
            f"{', '.join(difference.newer[:3])}",
            cure,
            backup.id,
        )
        for difference in found
        if difference.newer
    ]
    if CONFIG not in params["parts"] or present is None:
        return problems
    kept = {values.suffix_key(item.suffix or "") for item in backup.databases}
    for node in present.of_kind("olcDatabase"):
        suffix = node.one("olcSuffix")
        if suffix is None or _key(node) in kept or node.one("olcDbDirectory") is None:
            continue
        held = comparing.content(host.entries(params["config_directory"], suffix, node.one("olcDbDirectory") or ""))
        if len(held.records) > 1:
            why = f"does not know the database {suffix} with {len(held.records)} entries, which would not be served"
            problems.append(Problem("backup_id", why, cure, backup.id))
    return problems


def _steps(params: Mapping[str, Any], target: Node, config: bool, restored: Sequence[Database]) -> list[Step]:
    work = Restoring(params["config_directory"], target, config, restored)
    what = [*(["the configuration"] if config else []), *(database.suffix for database in restored)]
    return [
        Step(f"load {' and '.join(what)} from the backup into new files", work.build, changes=False),
        Step(f"take {' and '.join(what)} from the backup into use", work.swap),
    ]


def _without_slapd() -> None:
    raise Error("slapd is not installed on this host; install the package slapd; nothing was changed")


def _shown(
    present: Optional[Node], after: Optional[Node], found: Mapping[str, Difference]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Entries of the configuration as anybody may see them, and names of entries of the databases."""
    before_shown: dict[str, Any] = {}
    after_shown: dict[str, Any] = {}
    if after is not None and after is not present:
        old, new = shown(present or tree.minimal(), after)
        before_shown.update(old)
        after_shown.update(new)
    for suffix, difference in found.items():
        before_shown[suffix] = comparing.listed([*difference.removed, *difference.changed])
        after_shown[suffix] = comparing.listed([*difference.changed, *difference.added])
    return before_shown, after_shown


def _counted(difference: Difference) -> dict[str, Any]:
    return {
        "suffix": difference.suffix,
        "added": len(difference.added),
        "changed": len(difference.changed),
        "removed": len(difference.removed),
        "newer": list(difference.newer[:100]),
    }


def _summary(config: bool, found: Mapping[str, Difference], missing: Sequence[str]) -> list[str]:
    said = ["the configuration of the backup replaces the present one"] if config else []
    return said + [str(difference) for difference in found.values()] + [f"{path} comes back" for path in missing]

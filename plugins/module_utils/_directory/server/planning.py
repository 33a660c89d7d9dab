# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the options of ``openldap_config`` to a plan: decided, staged, tested, and only then carried out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Optional

from ..._engine import backups, rollback
from ..._engine.errors import Error, Problem, refuse
from ..._engine.plan import Plan, Step
from .. import passwords
from . import access, checks, host, tree, values
from .applying import Change
from .declared import Declared, database_key, node_key, wanted
from .operations import Operation, operations
from .show import shown
from .tree import Node

PACKAGE_FOLDER = "/var/lib/ldap"
RESTART = {"olclistenerthreads", "olcsaslauxprops", "olctcpbuffer"}


def plan(params: Mapping[str, Any]) -> Plan:
    if params["state"] == rollback.ROLLED_BACK:
        return _plan_rollback(params)
    installed = host.installed()
    present = host.present(params["config_directory"]) if installed else tree.minimal()
    paths = [schema["path"] for schema in params["schemas"] if schema.get("path")]
    declared = Declared(
        params,
        {path: host.text_of(path) for path in paths},
        _passwords(params, present),
        _unused(params, present) if installed else None,
    )
    after = wanted(present, declared)
    lacks: list[Problem] = []
    if not declared.problems:
        declared.problems += checks.input_problems(params, declared, after)
        lacks = checks.lacking(params, after, operations(present, after)) if installed else []
    refuse(declared.problems)
    return _plan(params, (present, after), lacks if installed else None)


def _plan(
    params: Mapping[str, Any],
    change_of: tuple[Node, Node],
    lacks: Optional[Sequence[Problem]],
    rolled_back: Optional[str] = None,
) -> Plan:
    """``lacks`` is what the host lacks, nothing where slapd itself is not there."""
    present, after = change_of
    todo = operations(present, after)
    answers: list[dict[str, Any]] = []
    warnings = [str(problem) for problem in lacks or ()]
    if lacks is None:
        warnings.append(
            "slapd is not installed yet: its own checks of the configuration and access tests were not done"
        )
    elif not lacks:
        refuse(checks.orphans(params["config_directory"], present, after))
        answers = _tried(params, after, bool(todo))
    secrets = [name for database in params["databases"] for name in database.get("secrets") or {}]
    before_shown, after_shown = shown(present, after, secrets)
    reason = (rolled_back and f"go back to before {rolled_back}") or _summary(todo)
    keep = backups.keeping(params, params["config_directory"], reason, rolled_back)
    change = Change(params["config_directory"], present, after, keep)
    steps = [Step(f"create {path}", lambda path=path: change.make_folder(path)) for path in _folders(present, after)]  # type: ignore[misc]
    steps += [Step(str(step), lambda step=step: change.run(step)) for step in todo]  # type: ignore[misc]
    if lacks and not steps:
        steps = [Step("look for what the host lacks", lambda: refuse(lacks), changes=False)]
    elif steps:
        steps[0] = _first(steps[0], change, lacks)
        steps += backups.prune_steps(params, params["config_directory"], more=1)
    result = {
        "restart_required": any(name.lower() in RESTART for step in todo for _kind, name, _values in step.changes),
        "access": answers,
        "suffixes": [node.get("olcSuffix")[0] for node in after.of_kind("olcDatabase") if node.get("olcSuffix")],
    }
    return Plan(before_shown, after_shown, steps, result, warnings)


def _first(step: Step, change: Change, lacks: Optional[Sequence[Problem]]) -> Step:
    """The first step refuses what the host lacks, which an earlier task may have brought, and makes the backup."""

    def run() -> Optional[Mapping[str, Any]]:
        if lacks is None:
            raise Error("slapd is not installed on this host; install the package slapd; nothing was changed")
        refuse(lacks)
        kept = change.begin()
        return {**kept, **(step.run() or {})}

    return Step(step.summary, run, step.changes)


def _summary(todo: Sequence[Operation]) -> str:
    return ", ".join(map(str, todo[:3])) + (f" and {len(todo) - 3} more" if len(todo) > 3 else "")


def _tried(params: Mapping[str, Any], after: Node, changed: bool) -> list[dict[str, Any]]:
    """Have slapd itself load the new configuration in a private folder, and ask it who may do what."""
    suffixes = [
        node.get("olcSuffix")[0]
        for node in after.of_kind("olcDatabase")
        if node.get("olcSuffix") and node.name.lower() == "mdb"
    ]
    asked = access.questions(params["access_tests"], suffixes)
    if not changed and not params["access_tests"]:
        return []
    problems, answers = [], []
    with host.staged(tree.entries(after)) as folder:
        for question in asked:
            allowed, said = host.ask(folder, question)
            found = access.problem(question, allowed, said)
            problems += [found] if found else []
            answers.append(access.as_dict(question, allowed))
    refuse(problems)
    return answers


def _folders(present: Node, after: Node) -> list[str]:
    """Folders of data that new databases need."""
    known = {node.one("olcDbDirectory") for node in present.of_kind("olcDatabase")}
    found = [node.one("olcDbDirectory") for node in after.of_kind("olcDatabase")]
    return [path for path in found if path is not None and path not in known and not host.is_folder(path)]


def _passwords(params: Mapping[str, Any], present: Node) -> dict[int, str]:
    """What olcRootPW becomes where a password is declared: what it is, when that fits already."""
    found = {}
    known = {node_key(node): node.one("olcRootPW") for node in present.of_kind("olcDatabase")}
    for place, database in enumerate(params["databases"]):
        password = (database.get("root_password") or "").encode("utf-8", "surrogateescape")
        stored = known.get(database_key(database))
        if not password:
            continue
        if passwords.is_hash(password):
            found[place] = database["root_password"]
        elif stored is not None and passwords.fits(password, stored.encode("utf-8", "surrogateescape")):
            found[place] = stored
        else:
            found[place] = passwords.make(password, "CRYPT").decode("ascii")
    return found


def _unused(params: Mapping[str, Any], present: Node) -> Optional[str]:
    """The suffix of the database that the package made, where it holds nothing and nobody declares it."""
    if not params["replace_package_database"]:
        return None
    declared = {values.suffix_key(database.get("suffix") or "") for database in params["databases"]}
    for node in present.of_kind("olcDatabase"):
        suffix = node.one("olcSuffix") or ""
        made = node.one("olcDbDirectory") == PACKAGE_FOLDER and values.suffix_key(suffix) not in declared
        if made and len(host.names_found(params["config_directory"], node, "(objectClass=*)")) <= 1:
            return suffix
    return None


def _plan_rollback(params: Mapping[str, Any]) -> Plan:
    """The configuration of a backup takes the place of a declared one."""
    rollback.refuse_declarations(
        params, ("settings", "modules", "schemas", "databases", "access_tests", "replace_package_database")
    )
    directory = params["config_directory"]
    found = rollback.find({**params, "force": True}, directory, params["backup_directory"])
    present = host.present(directory)
    if found.backup is None:
        return Plan(result={"restart_required": False, "access": [], "suffixes": [], **found.result()})
    last = host.recorded(params["backup_directory"])
    after = host.configuration((found.files[0].content or b"").decode("utf-8", "surrogateescape"))
    todo = operations(present, after)
    if todo and not params["force"] and (last is None or operations(last, present)):
        raise Error(
            f"{directory} changed since the last change that was backed up, by hand or with backup false, and that "
            "would be lost; take it over first, or give force true to go back anyway; nothing was changed"
        )
    if todo and not host.runs():
        return _plan_stopped(params, (present, after), found)
    made = _plan(params, (present, checks.possible(present, after)), [], found.backup.id)
    return Plan(made.before, made.after, made.steps, {**made.result, **found.result()}, made.warnings)


def _plan_stopped(params: Mapping[str, Any], change_of: tuple[Node, Node], found: rollback.Rollback) -> Plan:
    """For a slapd that does not run, perhaps because of what is gone back from: the configuration is loaded whole."""
    directory = params["config_directory"]
    keep = backups.keeping(params, directory, found.summary, found.result()["rolled_back"])
    change = Change(directory, *change_of, keep)
    before_shown, after_shown = shown(*change_of)
    steps = [
        Step("load the former configuration while slapd does not run", change.load),
        *backups.prune_steps(params, directory, more=1),
    ]
    suffixes = [node.get("olcSuffix")[0] for node in change_of[1].of_kind("olcDatabase") if node.get("olcSuffix")]
    result = {"restart_required": True, "access": [], "suffixes": suffixes, **found.result()}
    return Plan(before_shown, after_shown, steps, result)

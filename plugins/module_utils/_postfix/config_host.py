# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration on the host: read it, stage a new one and have it checked, put it into place."""

from __future__ import annotations

import grp
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Optional

from .._engine import backups, commands, rollback
from .._engine.errors import Error, Problem, refuse
from .._engine.files import FileChange, interrupted, make_folder, pending, read_text, recover, replace_files
from .._engine.findings import ERROR, MISSING, Finding, without_ignored
from .._engine.plan import Plan, Step
from .attributes import Attributes
from .attributes_host import read_attributes
from .findings import refuse_errors
from .instance_host import configuration_directory
from .planning import Decision, FileState, HostState, PlannedFile, decide, decide_rollback
from .request import MAIN, MASTER, Request, read_request
from .staging_host import findings_of

PACKAGED_MASTER = "/usr/share/postfix/master.cf.dist"
GROUP = "postfix"


def plan_config(params: Mapping[str, Any]) -> Plan:
    """Decide from the options of ``postfix_config`` and what is on the host; nothing is changed here."""
    request = read_request({**params, "config_directory": configuration_directory(params)})
    refuse(_no_directories(request))
    if params["state"] == rollback.ROLLED_BACK:
        return _plan_rollback(params, request)
    state = _read_state(request, [declared.name for declared in request.map_files])
    return _plan(params, request, state, decide(request, state))


def _plan_rollback(params: Mapping[str, Any], request: Request) -> Plan:
    """The files of a backup take the place of declared ones; everything else is as for those."""
    rollback.refuse_declarations(params, ("parameters", "services", "map_files", "purge"))
    found = rollback.find(params, request.directory, request.directory)
    names = {os.path.relpath(change.path, request.directory): change for change in found.files}
    state = _read_state(request, [name for name in names if name not in (MAIN, MASTER)])
    restored = {
        name: (
            None if change.content is None else change.content.decode("utf-8", "surrogateescape"),
            Attributes(change.mode, change.owner, change.group),
        )
        for name, change in names.items()
    }
    return _plan(params, request, state, decide_rollback(state, restored), found)


def _plan(
    params: Mapping[str, Any],
    request: Request,
    state: HostState,
    decision: Decision,
    going_back: Optional[rollback.Rollback] = None,
) -> Plan:
    missing = _missing(request)
    findings: Sequence[Finding] = ()
    if decision.files and not missing:
        found = findings_of(request, decision.texts, state.files[MASTER].live or "")
        findings = without_ignored(found, params["ignore_findings"])
        refuse_errors(findings)
    warnings = [str(finding) for finding in findings]
    if decision.files and missing:
        warnings.append(f"{missing}: what is predicted here was not checked by Postfix.")
    shown = {_path(request, file.name): file.shown() for file in decision.planned}
    drift = {f"{_path(request, file.name)} (owner and mode)": file for file in decision.planned if file.drifted}
    return Plan(
        before={
            **{path: before for path, (before, _after) in shown.items()},
            **{headline: str(file.state.attributes) for headline, file in drift.items()},
        },
        after={
            **{path: after for path, (_before, after) in shown.items()},
            **{headline: str(file.wanted) for headline, file in drift.items()},
        },
        steps=_complete_host(findings, _steps(params, request, state, decision, going_back)),
        result={
            "parameters": list(decision.parameters),
            "services": list(decision.services),
            "map_files": list(decision.map_files),
            "reload_required": decision.reload_required,
            "restart_required": decision.restart_required,
            "findings": [finding.as_dict() for finding in findings],
            **(going_back.result() if going_back else {}),
        },
        warnings=warnings,
    )


def _missing(request: Request) -> Optional[str]:
    """What has to be there before anything can be checked or written."""
    if commands.find("postfix") is None:
        return "Postfix is not installed"
    return None if os.path.isdir(request.directory) else f"{request.directory} does not exist"


def _no_directories(request: Request) -> list[Problem]:
    """What should be a directory, or may be created as one, and is something else."""
    found = [("config_directory", request.directory, request.directory)]
    for index, declared in enumerate(request.map_files):
        folder = os.path.dirname(declared.name)
        while folder:
            found.append((f"map_files[{index}].name", declared.name, _path(request, folder)))
            folder = os.path.dirname(folder)
    return [
        Problem(option, f"needs {path} to be a directory, and it is none", "move it away, or name another path", value)
        for option, value, path in found
        if os.path.lexists(path) and not os.path.isdir(path) and os.path.isdir(os.path.dirname(path))
    ]


def _path(request: Request, name: str) -> str:
    return os.path.join(request.directory, name)


# --- reading ---------------------------------------------------------------------------------------------------------


def _read_state(request: Request, others: Sequence[str]) -> HostState:
    """``others`` are the files that are of interest besides main.cf and master.cf."""
    waiting = pending(request.directory)
    names = [MAIN, MASTER, *others]
    packaged = read_text(PACKAGED_MASTER) if request.purge and request.services is not None else None
    return HostState(
        files={name: _read_file(request, name, waiting) for name in names},
        packaged_master=packaged or "",
        group=GROUP if _group_exists() else None,
        interrupted=interrupted(request.directory),
    )


def _read_file(request: Request, name: str, waiting: Mapping[str, Optional[str]]) -> FileState:
    path = _path(request, name)
    source = waiting.get(os.path.realpath(path), path)
    text = read_text(path, request.directory)
    return FileState(read_text(path), text, Attributes() if source is None or text is None else read_attributes(source))


def _group_exists() -> bool:
    try:
        return bool(grp.getgrnam(GROUP))
    except KeyError:
        return False


# --- writing ---------------------------------------------------------------------------------------------------------


def _steps(
    params: Mapping[str, Any],
    request: Request,
    state: HostState,
    decision: Decision,
    going_back: Optional[rollback.Rollback],
) -> list[Step]:
    missing = _missing(request)
    summary = "; ".join(_summary(request, decision, file) for file in decision.files)
    summary = f"{going_back.summary}: {summary}" if going_back else summary
    source = going_back.backup.id if going_back and going_back.backup else None

    keep = backups.keeping(params, request.directory, summary, source)

    def complete() -> None:
        recover(request.directory)

    def write() -> Mapping[str, Any]:
        # What main.cf names comes before it.
        files = sorted(decision.files, key=lambda file: file.name in (MAIN, MASTER))
        return backups.returned(replace_files(request.directory, [_change(request, file) for file in files], keep))

    def refuse() -> None:
        raise Error(f"{missing}: nothing was changed; install the package, or name the directory of an instance")

    steps = []
    if state.interrupted:
        steps.append(Step(f"complete the interrupted change in {request.directory}", complete))
    steps += [
        Step(f"create {folder}", _folder_maker(request, folder, state.group)) for folder in _folders(request, decision)
    ]
    if decision.files:
        steps.append(Step(summary, write))
    steps += backups.prune_steps(params, request.directory, more=bool(decision.files))
    return [Step(step.summary, refuse) for step in steps] if missing else steps


def _complete_host(findings: Sequence[Finding], steps: list[Step]) -> list[Step]:
    """The steps, which stop before anything is changed while the host lacks what the configuration needs.

    What is planned in check mode may be brought by an earlier task of the same run.
    """

    def refuse() -> None:
        refuse_errors(findings, (ERROR, MISSING))

    lacks = any(finding.severity == MISSING for finding in findings)
    return [Step(step.summary, refuse) for step in steps] if lacks else steps


def _summary(request: Request, decision: Decision, file: PlannedFile) -> str:
    path = _path(request, file.name)
    if file.text == file.state.text:
        return f"set owner and mode of {path}"
    if file.text is None:
        return f"remove {path}"
    names = {MAIN: decision.parameters, MASTER: decision.services}.get(file.name)
    return f"change {path}: {', '.join(names)}" if names else f"write {path}"


def _change(request: Request, file: PlannedFile) -> FileChange:
    content = None if file.text is None else file.text.encode("utf-8", "surrogateescape")
    wanted = file.attributes
    return FileChange(_path(request, file.name), content, wanted.mode, wanted.owner, wanted.group)


def _folders(request: Request, decision: Decision) -> list[str]:
    """The folders below the directory that do not exist yet, the outer ones first."""
    folders = set()
    for file in decision.files:
        folder = os.path.dirname(file.name) if file.text is not None else ""
        while folder:
            folders.add(_path(request, folder))
            folder = os.path.dirname(folder)
    return sorted(folder for folder in folders if not os.path.isdir(folder))


def _folder_maker(request: Request, folder: str, group: Optional[str]) -> Callable[[], None]:
    def make() -> None:
        try:
            make_folder(request.directory, folder, 0o750, -1 if group is None else grp.getgrnam(group).gr_gid)
        except OSError as error:
            raise Error(f"{folder} cannot be created: {error.strerror}; nothing was changed") from error

    return make

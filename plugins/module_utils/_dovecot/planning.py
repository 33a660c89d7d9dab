# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the options of dovecot_config to a plan: render, compare, check, and one atomic change."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, Callable, Optional

from .._engine import backups, files, rollback
from .._engine.errors import InputError, Problem
from .._engine.files import FileChange
from .._engine.findings import ERROR, MISSING, WARNING, Finding, without_ignored
from .._engine.plan import Plan, Step
from . import host, restored, versions
from .checks import check
from .configuration import Configuration, configuration
from .findings import as_problem
from .flattening import lines_of
from .masking import masked, secrets_by_look
from .reading import parse, read
from .restart import needs_restart
from .settings import Line
from .versions import Version

# Who owns the files. The daemons read them before they give up root's rights, or need no secret in them.
OWNER = "root"
GROUP = "root"


def plan(params: Mapping[str, Any]) -> Plan:
    """Read, render, compare and check; nothing is changed before the steps of the plan run."""
    if params["state"] == rollback.ROLLED_BACK:
        return _plan_rollback(params)
    directory = os.path.dirname(params["path"])
    installed = host.installed_version()
    version = versions.decide(params["version"], installed, host.os_release())
    declared = configuration(params, version, files.read_text(params["path"], directory) or "")
    return planned(params, declared, installed is not None)


def planned(
    params: Mapping[str, Any],
    declared: Configuration,
    installed: bool,
    counts: Callable[[Finding], bool] = lambda finding: True,
) -> Plan:
    """The plan for files that are rendered. ``installed`` says that a Dovecot that can check them is there.

    What the host lacks fails the task when it writes them, and what is wrong does before. ``counts`` says which
    findings do: those about files that are not in use may be for reading alone.
    """
    directory = os.path.dirname(params["path"])
    present = {file.path: files.read_text(file.path, directory) for file in declared.files}
    stale = [file for file in declared.files if present[file.path] != file.text]
    findings = _findings(declared, installed) if stale or declared.problems else []
    findings = without_ignored(findings, params["ignore_findings"])
    fatal = [finding for finding in findings if counts(finding)]
    if declared.problems or any(finding.severity == ERROR for finding in fatal):
        raise _refusal(declared.problems, findings)
    before, after = _shown(declared, present)
    interrupted = files.interrupted(directory)
    reload = bool(stale) or interrupted
    result = {
        "version": declared.version.syntax,
        "version_source": declared.version.source,
        "reload_required": reload,
        "restart_required": reload and _restart_required(declared.version, params["path"], declared.main.lines),
        "backup_path": None,
        "findings": [finding.as_dict() for finding in findings],
    }
    steps = _completion(directory, interrupted) + _steps(params, declared, present, fatal)
    return Plan(before, after, steps, result, _warnings(declared, findings, bool(stale) and not installed))


def _plan_rollback(params: Mapping[str, Any]) -> Plan:
    """The files of a backup take the place of declared ones."""
    rollback.refuse_declarations(params, ("settings", "secrets", "files"))
    directory = os.path.dirname(params["path"])
    found = rollback.find(params, params["path"], directory)
    installed = host.installed_version()
    version = versions.decide(params["version"], installed, host.os_release())
    changes = [change for change in found.files if _differs(change, directory)]
    # The configuration stays what it is when the backup does not have it.
    texts = {params["path"]: files.read_text(params["path"], directory), **{c.path: _text(c) for c in found.files}}
    now = {path: files.read_text(path, directory) for path in texts}
    private = {path: host.is_private(path) for path in texts}
    private.update((change.path, private[change.path] or not (change.mode or 0o4) & 4) for change in found.files)
    after = {
        path: None if text is None else restored.file_of(path, text, private[path]) for path, text in texts.items()
    }
    standing = Configuration(version, [file for file in after.values() if file is not None], ())
    changed = [change for change in changes if now[change.path] != texts[change.path]]
    findings = _findings(standing, installed is not None and texts[params["path"]] is not None) if changed else []
    if changed and texts[params["path"]] is None:
        cure = "go back to a later backup, or remove Dovecot"
        message = f"{params['path']} did not exist, and Dovecot does not start without it"
        findings = [Finding("doveconf", ERROR, message, cure, option=restored.OPTION)]
    findings = without_ignored(findings, params["ignore_findings"])
    if any(finding.severity == ERROR for finding in findings):
        raise _refusal((), findings)
    interrupted = files.interrupted(directory)
    reload = bool(changed) or interrupted
    restored_lines = lines_of(parse(texts[params["path"]] or "", params["path"]))
    result = {
        "version": version.syntax,
        "version_source": version.source,
        "reload_required": reload,
        "restart_required": reload and _restart_required(version, params["path"], restored_lines),
        "backup_path": None,
        "findings": [finding.as_dict() for finding in findings],
        **found.result(),
    }
    before_shown: dict[str, Any] = {}
    after_shown: dict[str, Any] = {}
    for change in changes:
        old, new = restored.shown(now[change.path], after[change.path], private[change.path])
        rights = f"{change.path} (owner and mode)"
        before_shown.update({change.path: old or "", rights: host.owner_and_mode(change.path) or ""})
        wanted = "" if change.content is None else f"{change.owner}:{change.group} {change.mode:04o}\n"
        after_shown.update({change.path: new or "", rights: wanted})
    steps = _completion(directory, interrupted)
    if changes:
        summary = f"{found.summary}: {', '.join(_restoring(change, now[change.path]) for change in changes)}"
        keep = backups.keeping(params, params["path"], summary, result["rolled_back"])
        changes.sort(key=lambda change: change.path == params["path"])
        steps.append(Step(summary, lambda: _replace(directory, changes, keep, findings)))
    steps += backups.prune_steps(params, params["path"], more=bool(changes))
    return Plan(before_shown, after_shown, steps, result, [str(as_problem(finding)) for finding in findings])


def _differs(change: FileChange, directory: str) -> bool:
    if files.read(change.path, directory) != change.content:
        return True
    return change.content is not None and files.ownership_differs(change)


def _text(change: FileChange) -> Optional[str]:
    return None if change.content is None else change.content.decode("utf-8", "surrogateescape")


def _restoring(change: FileChange, present: Optional[str]) -> str:
    if change.content is None:
        return f"remove {change.path}"
    return f"{'create' if present is None else 'restore'} {change.path}"


def _completion(directory: str, interrupted: bool) -> list[Step]:
    if not interrupted:
        return []
    return [Step(f"complete the interrupted change of {directory}", lambda: _recover(directory))]


def _steps(
    params: Mapping[str, Any],
    declared: Configuration,
    present: Mapping[str, Optional[str]],
    findings: Sequence[Finding],
) -> list[Step]:
    """One step for all files: they are replaced together or not at all."""
    changes, summaries = [], []
    for file in declared.files:
        change = FileChange(file.path, file.text.encode("utf-8", "surrogateescape"), file.mode, OWNER, GROUP)
        if present[file.path] != file.text:
            summaries.append(f"{'create' if present[file.path] is None else 'replace'} {file.path}")
        elif files.ownership_differs(change):
            summaries.append(f"set owner and mode of {file.path}")
        else:
            continue
        changes.append(change)
    keep = backups.keeping(params, params["path"], ", ".join(summaries))
    directory = os.path.dirname(params["path"])
    # What the configuration refers to comes before it.
    changes.sort(key=lambda change: change.path == params["path"])
    steps = [Step(", ".join(summaries), lambda: _replace(directory, changes, keep, findings))] if changes else []
    return steps + backups.prune_steps(params, params["path"], more=bool(changes))


def _refusal(problems: Sequence[Problem], findings: Sequence[Finding]) -> InputError:
    """All that is wrong, with what the host lacks."""
    wrong = [as_problem(finding) for finding in findings if finding.severity != WARNING]
    refusal = InputError([*problems, *wrong])
    refusal.details["findings"] = [finding.as_dict() for finding in findings]
    return refusal


def _findings(declared: Configuration, installed: bool) -> list[Finding]:
    if not installed:
        return []
    with files.private_directory() as directory:
        if "!include" in declared.main.text:
            host.link_siblings(os.path.dirname(declared.main.path), directory)
        return check(declared, host.Installation(declared.version.syntax, directory))


def _recover(directory: str) -> None:
    files.recover(directory)


def _replace(
    directory: str, changes: Sequence[FileChange], keep: Optional[backups.Keep], findings: Sequence[Finding]
) -> dict[str, Any]:
    if any(finding.severity == MISSING for finding in findings):
        raise _refusal((), findings)
    # Completing an interrupted change may have done it already.
    left = [change for change in changes if _differs(change, directory)]
    return backups.returned(files.replace_files(directory, left, keep)) if left else {}


def _shown(declared: Configuration, present: Mapping[str, Optional[str]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Before and after of each file, secrets masked, and of its owner and mode."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for file in declared.files:
        standing = host.owner_and_mode(file.path)
        private = standing is not None and not int(standing.strip()[-1]) & 4
        if file.content is None:
            old, new = masked(present[file.path], file.lines, private)
        else:
            old, new = present[file.path], file.content
        if old != new:
            before[file.path], after[file.path] = old or "", new
        rights = f"{file.path} (owner and mode)"
        before[rights], after[rights] = standing or "", f"{OWNER}:{GROUP} {file.mode:04o}\n"
    return before, after


def _restart_required(version: Version, path: str, after: Sequence[Line]) -> bool:
    """What Dovecot runs with is the file itself, whatever an interrupted change prepared."""
    live = host.configuration_files()
    before = None if live.read(path) is None else lines_of(read(path, live))
    return needs_restart(version.syntax, before, after)


def _warnings(declared: Configuration, findings: Sequence[Finding], unchecked: bool) -> list[str]:
    warnings = [str(as_problem(finding)) for finding in findings]
    for file in declared.files:
        for line in secrets_by_look(file.lines):
            warnings.append(
                f"{line.option} looks like a secret, and Ansible writes it to the log; give it in secrets instead"
            )
    directory = os.path.dirname(declared.main.path)
    if not unchecked and not os.path.isdir(directory):
        warnings.append(f"path: {directory} does not exist, nothing can be written there yet")
    if unchecked:
        warnings.append("Dovecot is not installed yet: its own checks of the configuration were not done")
    return warnings

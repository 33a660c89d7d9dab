# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the options of dovecot_config to a plan: render, compare, check, and one atomic change."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from typing import Any, Optional

from .._engine import files
from .._engine.errors import InputError, Problem
from .._engine.files import FileChange
from .._engine.findings import ERROR, MISSING, WARNING, Finding, without_ignored
from .._engine.plan import Plan, Step
from . import host, versions
from .checks import check
from .configuration import Configuration, configuration
from .findings import as_problem
from .masking import masked, secrets_by_look

# Changed settings that a reload does not apply, seen on 2.3.19 and 2.4.1: logins wait for ever after a reload with
# other users, and with another base_dir doveadm and systemctl no longer find the running Dovecot. Everything else
# takes a reload: listeners, protocols, services, certificates, the log.
RESTART_SETTINGS = (
    "base_dir",
    "default_internal_group",
    "default_internal_user",
    "default_login_user",
    "import_environment",
    "instance_name",
    "state_dir",
)


# Who owns the files. The daemons read them before they give up root's rights, or need no secret in them.
OWNER = "root"
GROUP = "root"


def plan(params: Mapping[str, Any]) -> Plan:
    """Read, render, compare and check; nothing is changed before the steps of the plan run."""
    directory = os.path.dirname(params["path"])
    installed = host.installed_version()
    version = versions.decide(params["version"], installed, host.os_release())
    declared = configuration(params, version, files.read_text(params["path"], directory) or "")
    present = {file.path: files.read_text(file.path, directory) for file in declared.files}
    stale = [file for file in declared.files if present[file.path] != file.text]
    findings = _findings(declared, installed is not None) if stale or declared.problems else []
    findings = without_ignored(findings, params["ignore_findings"])
    if declared.problems or any(finding.severity == ERROR for finding in findings):
        raise _refusal(declared.problems, findings)
    before, after = _shown(declared, present)
    interrupted = bool(files.pending(directory))
    reload = bool(stale) or interrupted
    result = {
        "version": version.syntax,
        "version_source": version.source,
        "reload_required": reload,
        # What Dovecot runs with is the file itself, whatever an interrupted change prepared.
        "restart_required": reload and _restart_required(files.read_text(params["path"]), declared.main.text),
        "backup_path": None,
        "findings": [finding.as_dict() for finding in findings],
    }
    steps = (
        [Step(f"complete the interrupted change of {directory}", lambda: _recover(directory))] if interrupted else []
    )
    steps += _steps(params, declared, present, findings)
    return Plan(before, after, steps, result, _warnings(declared, findings, bool(stale) and installed is None))


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
    kept = params["backup_directory"] if params["backup"] else None
    directory = os.path.dirname(params["path"])
    return [Step(", ".join(summaries), lambda: _replace(directory, changes, kept, findings))] if changes else []


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
        return check(declared, host.Installation(declared.version.syntax, directory))


def _recover(directory: str) -> None:
    files.recover(directory)


def _replace(
    directory: str, changes: Sequence[FileChange], kept: Optional[str], findings: Sequence[Finding]
) -> dict[str, Any]:
    if any(finding.severity == MISSING for finding in findings):
        raise _refusal((), findings)
    host.make_directories(directory, [change.path for change in changes])
    return {"backup_path": files.replace_files(directory, changes, kept)}


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


def _restart_required(present: Optional[str], text: str) -> bool:
    """Whether a reload is not enough. A file that includes others may have set anything."""
    if present is None:
        return False
    if re.search(r"^\s*!include", present, re.MULTILINE):
        return True
    return _restart_values(present) != _restart_values(text)


def _restart_values(text: str) -> dict[str, str]:
    names = "|".join(RESTART_SETTINGS)
    return dict(re.findall(rf'^\s*({names})\s*=\s*"?(.*?)"?\s*$', text, re.MULTILINE))


def _warnings(declared: Configuration, findings: Sequence[Finding], unchecked: bool) -> list[str]:
    warnings = [str(as_problem(finding)) for finding in findings]
    for file in declared.files:
        for line in secrets_by_look(file.lines):
            warnings.append(
                f"{line.option} looks like a secret, and Ansible writes it to the log; give it in secrets instead"
            )
    if unchecked:
        warnings.append("Dovecot is not installed yet: its own checks of the configuration were not done")
    return warnings

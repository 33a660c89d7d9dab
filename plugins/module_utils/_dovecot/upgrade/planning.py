# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the options of dovecot_upgrade to a plan: read, convert, decide, and the one file that is written."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Callable

from ..._engine.errors import InputError, Problem
from ..._engine.findings import ERROR, Finding
from ..._engine.plan import Plan
from .. import host
from ..configuration import Configuration, configuration
from ..masking import looks_secret
from ..planning import planned
from ..reading import Fault, read
from ..settings import Line
from ..versions import SYNTAXES, Version, numbers
from .converting import Upgrade, is_new, upgrade
from .ledger import DECISION, Outcome

DROP = "drop"
BESIDE = "dovecot-2.4.conf"
# The findings that come from Dovecot's own checks.
DAEMON = ("doveconf", "setting")
NOTHING: Mapping[str, Any] = {"converted": [], "dropped": [], "decisions": [], "added": [], "notes": []}


def destination(params: Mapping[str, Any]) -> str:
    """Where the new configuration goes."""
    return params["dest"] or os.path.join(os.path.dirname(params["path"]), BESIDE)


def plan(params: Mapping[str, Any]) -> Plan:
    """Read, convert and check; nothing is changed before the steps of the plan run."""
    path, dest = params["path"], destination(params)
    _absolute({"path": path, "dest": dest})
    access = host.configuration_files(os.path.dirname(dest) if os.path.isdir(os.path.dirname(dest)) else None)
    if os.path.realpath(path) == os.path.realpath(dest) and is_new(read(path, access).root):
        summary = f"{path} is a configuration for Dovecot 2.4 already"
        return Plan(result={"summary": summary, "backup_path": None, "findings": [], **NOTHING})
    found = upgrade(path, access)
    problems = [_fault(fault) for fault in found.faults]
    problems += _decide(found, params["decisions"])
    open_decisions = [outcome for outcome in found.ledger.outcomes.values() if outcome.state == DECISION]
    result = _result(found)
    if params["on_decision"] == "fail":
        problems += [_question(outcome) for outcome in open_decisions]
    if problems:
        refusal = InputError(problems)
        refusal.details.update(result)
        raise refusal
    installed = host.installed_version()
    release = numbers(installed) if installed else None
    checks = release is not None and release[:2] == (2, 4)
    present = access.read(dest) or ""
    options = {"path": dest, "settings": found.ledger.ordered(), "secrets": found.ledger.secrets, "files": []}
    version = Version(SYNTAXES[-1], "option", release if checks else None)
    declared = _with_comments(configuration(options, version, present), open_decisions)
    try:
        written = planned({**params, "path": dest}, declared, checks, _counts(path, dest, open_decisions))
    except InputError as refusal:
        refusal.details.update({**result, **refusal.details})
        raise
    warnings = [*(f"{outcome.name} ({outcome.file}:{outcome.line}): {outcome.question}" for outcome in open_decisions)]
    warnings += [*found.ledger.notes, *written.warnings]
    kept = {key: written.result[key] for key in ("backup_path", "findings")}
    return replace(written, result={**result, **kept}, warnings=warnings)


def _absolute(paths: Mapping[str, str]) -> None:
    problems = [
        Problem(option, "is not an absolute path", "begin it with /", value)
        for option, value in paths.items()
        if not os.path.isabs(value)
    ]
    if problems:
        raise InputError(problems)


def _counts(path: str, dest: str, open_decisions: Sequence[Outcome]) -> Callable[[Finding], bool]:
    """What refuses the result: everything where it is in use, and Dovecot's own checks where nothing is undecided."""
    in_use = os.path.realpath(path) == os.path.realpath(dest)
    return lambda finding: in_use or (finding.code in DAEMON and finding.severity == ERROR and not open_decisions)


def _fault(fault: Fault) -> Problem:
    return Problem("path", f"line {fault.line} of {fault.file}: {fault.message}", fault.cure)


def _question(outcome: Outcome) -> Problem:
    where = f"line {outcome.line} of {outcome.file}"
    cure = f"answer {outcome.name} in decisions by `{DROP}`, or by settings for 2.4"
    return Problem(f"{outcome.name} ({where})", outcome.question, cure, outcome.value)


def _decide(found: Upgrade, answers: Mapping[str, Any]) -> list[Problem]:
    """Put the answers into effect; return what is wrong with them."""
    problems = []
    waiting = [outcome for outcome in found.ledger.outcomes.values() if outcome.state == DECISION]
    for key, answer in answers.items():
        option = f"decisions.{key}"
        asked = [outcome for outcome in waiting if _answers(key, outcome)]
        if not asked:
            problems.append(Problem(option, "answers nothing that was asked", "leave it out, or name what was asked"))
        elif answer == DROP:
            for outcome in asked:
                outcome.question, outcome.dropped, outcome.new = "", "was decided", []
        elif not isinstance(answer, Mapping):
            problems.append(Problem(option, "is no answer", f"say `{DROP}`, or give settings for 2.4", answer))
            for outcome in asked:
                outcome.question = ""
        else:
            problems += _secrets(answer, option)
            written = _merge(found, answer, ())
            for outcome in asked:
                outcome.question = ""
                outcome.new += written
    return problems


def _answers(key: str, outcome: Outcome) -> bool:
    return fnmatch.fnmatchcase(outcome.name, key) or key == f"{outcome.file}:{outcome.line}"


def _secrets(answer: Mapping[str, Any], option: str) -> list[Problem]:
    """Answers are in the log of Ansible."""
    problems = []
    for name, value in answer.items():
        if isinstance(value, Mapping):
            problems += _secrets(value, f"{option}.{name}")
        elif isinstance(value, str) and looks_secret(name, value):
            problems.append(Problem(f"{option}.{name}", "looks like a secret", "put it into a file and write </path"))
    return problems


def _merge(found: Upgrade, answer: Mapping[str, Any], above: tuple[str, ...]) -> list[str]:
    written = []
    for name, value in answer.items():
        if isinstance(value, Mapping) and value:
            written += _merge(found, value, (*above, name))
        else:
            written.append(found.ledger.put((*above, name), value))
    return written


def _result(found: Upgrade) -> dict[str, Any]:
    """The account: counted, and each setting in the list of what became of it."""
    lists: dict[str, list[Any]] = {"converted": [], "dropped": [], "decisions": []}
    for outcome in found.ledger.outcomes.values():
        lists["decisions" if outcome.state == DECISION else outcome.state].append(outcome.as_dict())
    total = sum(map(len, lists.values()))
    counts = f"{len(lists['converted'])} converted, {len(lists['dropped'])} dropped"
    summary = f"{total} settings: {counts}, {len(lists['decisions'])} to decide about"
    added = [{"name": name, "reason": reason} for name, reason in found.ledger.added.items()]
    return {"summary": summary, **lists, "added": added, "notes": found.ledger.notes}


def _with_comments(declared: Configuration, open_decisions: Sequence[Outcome]) -> Configuration:
    """The undecided as comments at the end of the file."""
    lines = list(declared.main.lines)
    for outcome in open_decisions:
        for text in (
            f"# DECIDE {outcome.file}:{outcome.line}: {outcome.question}",
            f"# {outcome.name} = {outcome.value}",
        ):
            lines.append(Line(text.replace("\n", " "), f"decisions.{outcome.name}", len(lines) + 1))
    return replace(declared, files=[replace(declared.main, lines=lines)])

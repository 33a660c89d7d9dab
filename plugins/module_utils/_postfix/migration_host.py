# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lookup tables of one type become those of another on the host.

New indices are put beside the old ones, where nothing reads them yet. Then main.cf and master.cf are switched in one
staged change, checked like every other. So at any instant a lookup finds either the old tables whole or the new ones.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Optional

from .._engine import backups, commands
from .._engine.errors import Error, InputError, Problem
from .._engine.files import FileChange, pending, read_text, replace_files
from .._engine.findings import WARNING, Finding, without_ignored
from .._engine.plan import Plan, Step
from . import main_cf
from .findings import refuse_errors
from .index_host import SUFFIXES, default_type
from .instance_host import configuration_directory
from .migration import Configuration, Request, half_switched, listed, listed_types, switched
from .migration_tables_host import Job, choose, prepare
from .references import DEFAULT_CACHE_TYPE, DEFAULT_TYPE, MAIN, MASTER
from .request import Request as ConfigRequest
from .staging_host import built_in_defaults, findings_of


def plan_migration(params: Mapping[str, Any]) -> Plan:
    """Decide from the options of ``postfix_table_migration``, the configuration and the tables that it names."""
    directory = configuration_directory(params)
    request = Request(params["from_types"], params["to"], params["cache_to"], params["ignore"])
    if request.to in request.kinds or request.cache_to in request.kinds:
        raise InputError([Problem("from_types", "names a type that is to be used", "leave it out", request.kinds)])
    main = read_text(os.path.join(directory, MAIN), directory)
    if main is None or commands.find("postconf") is None:
        return _bare(directory, request)
    present = _configuration(directory, main, read_text(os.path.join(directory, MASTER), directory) or "")
    job = prepare(present, request)
    new = switched(present, request, choose(job))
    halves = half_switched(new.references(), request, job.left)
    if halves:
        raise Error(f"nothing was changed: {'; '.join(map(str, job.undecided))}; and yet {'; '.join(halves)}")
    findings = _check(present, new, params["ignore_findings"]) if job.missing is None else []
    old = _old_indices(new, job) if params["remove_old_indices"] else []
    steps = _steps(job, new, old, params)
    shown = {**job.shown, **_texts(present, new), **dict.fromkeys(old, ("index\n", ""))}
    return Plan(
        before={path: pair[0] for path, pair in shown.items()},
        after={path: pair[1] for path, pair in shown.items()},
        steps=steps,
        result={
            "references": [*listed(job.found, request, job.left), *listed_types(present, request)],
            "tables": sorted(job.shown),
            "undecided": [one.as_dict() for one in job.undecided],
            "removed": list(old),
            "reload_required": bool(job.shown or _texts(present, new)),
            "findings": [finding.as_dict() for finding in findings],
        },
        warnings=[
            *([f"{job.missing}. What is predicted here was not checked by Postfix."] if job.missing and steps else []),
            *(f"left as it is: {one}" for one in job.undecided),
            *(str(finding) for finding in findings if finding.severity == WARNING),
        ],
    )


def _bare(directory: str, request: Request) -> Plan:
    """Without Postfix nobody knows what will be there, but for the default type, which is none of the new ones."""
    main = os.path.join(directory, MAIN)
    missing = Error(f"Postfix is not installed, or {directory} has no {MAIN}; install the package first")

    def fail() -> None:
        raise missing

    return Plan(
        before={main: ""},
        after={main: f"{DEFAULT_TYPE} = {request.to}\n"},
        steps=[Step(f"switch the tables that {directory} will name to {request.to}", fail)],
        result={"references": [], "tables": [], "undecided": [], "removed": [], "reload_required": True},
        warnings=[f"{missing}. Which tables will be there is not known yet."],
    )


def _configuration(directory: str, main: str, master: str) -> Configuration:
    defaults = built_in_defaults()
    types = {DEFAULT_TYPE: default_type(directory) or ""}
    if DEFAULT_CACHE_TYPE in defaults:
        values = {**defaults, **main_cf.values(main)}
        types[DEFAULT_CACHE_TYPE] = main_cf.expand(values[DEFAULT_CACHE_TYPE], values.get) or ""
    return Configuration(directory, main, master, defaults, types)


def _texts(present: Configuration, new: Configuration) -> dict[str, tuple[str, str]]:
    """Path to old and new text of what changes in the configuration."""
    pairs = {MAIN: (present.main, new.main), MASTER: (present.master, new.master)}
    return {os.path.join(present.directory, name): pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _check(present: Configuration, new: Configuration, ignored: Sequence[str]) -> list[Finding]:
    if not _texts(present, new):
        return []
    texts = {MAIN: new.main, MASTER: new.master}
    findings = without_ignored(findings_of(ConfigRequest(present.directory), texts, present.master), ignored)
    refuse_errors(findings)
    return findings


def _old_indices(new: Configuration, job: Job) -> list[str]:
    """Indices of the old types, of tables that have a text and are named with the new type alone."""
    inner = [one for one in job.found if one.file not in (MAIN, MASTER)]
    to = choose(job)
    after = [*new.references(), *(replace(one, kind=to(one.kind, one.written or "") or one.kind) for one in inner)]
    used = {one.path + SUFFIXES[one.kind] for one in after if one.kind in SUFFIXES}
    paths = {one.path for one in after if one.kind == job.request.to and not one.cache and os.path.isfile(one.path)}
    old = {path + SUFFIXES[kind] for path in paths for kind in job.request.kinds}
    return sorted(path for path in old - used if os.path.isfile(path))


def _replace(changes: Sequence[FileChange], keep: Optional[backups.Keep]) -> None:
    for folder, group in itertools.groupby(changes, lambda change: os.path.dirname(change.path)):
        replace_files(folder, list(group), keep)


def _steps(job: Job, new: Configuration, old: Sequence[str], params: Mapping[str, Any]) -> list[Step]:
    directory, texts = job.present.directory, _texts(job.present, new)
    tables = f"{directory} (tables)"
    folders = [os.path.dirname(path) for path in job.changes], [os.path.dirname(path) for path in old]

    def beside() -> None:
        changes = [job.changes[path] for path in sorted(job.changes)]
        _replace(changes, backups.keeping(params, tables, f"build {', '.join(job.shown)}"))

    def switch() -> Mapping[str, Any]:
        changes = [FileChange(path, pair[1].encode("utf-8", "surrogateescape")) for path, pair in texts.items()]
        keep = backups.keeping(params, directory, f"switch to {job.request.to}")
        return backups.returned(replace_files(directory, changes, keep))

    def remove() -> None:
        _replace([FileChange(path, None) for path in old], backups.keeping(params, tables, f"remove {', '.join(old)}"))

    def fail() -> None:
        raise job.missing or Error("nothing is missing")

    steps = [Step(f"build {', '.join(job.shown)}", beside)] if job.shown else []
    if texts:
        steps.append(Step(f"switch to {job.request.to} in {' and '.join(texts)}", switch))
    elif pending(directory):
        steps.append(Step(f"complete the interrupted change in {directory}", switch))
    if old:
        steps.append(Step(f"remove {', '.join(old)}", remove))
    if job.missing is not None:
        return [Step(step.summary, fail) for step in steps]
    steps += backups.prune_steps(params, directory, bool(texts))
    return steps + backups.prune_steps(params, tables, sum(len(set(names)) for names in folders))

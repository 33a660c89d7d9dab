# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A lookup table or alias file with its index on the host: built and checked before, put into place together."""

from __future__ import annotations

import itertools
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Callable, Optional

from .._engine import backups, commands
from .._engine.errors import Error, Problem, refuse
from .._engine.files import FileChange, interrupted, read_text, recover, replace_files
from .._engine.plan import Plan, Step
from .attributes import AS_IT_IS, Attributes
from .attributes_host import missing_account, read_attributes
from .index_host import (
    PLAIN,
    SUFFIXES,
    Index,
    UnsupportedTypeError,
    build,
    complaint_line,
    default_type,
    index_path,
    is_stale,
)
from .table_file import Edited

# Of larger tables only so many keys are looked up before they are used.
LOOKUPS = 1000
Texts = tuple[Optional[str], Optional[str]]


@dataclass(frozen=True)
class Wanted:
    """A file as it shall be.

    ``kind`` is the type of table, nothing for the host's default, ``directory`` the configuration that ``tool`` runs
    with. ``edit`` makes the new text of the present one. ``lookups`` are keys and values that the index must give,
    ``problem`` turns a complaint of Postfix about a line of the new text into a problem of the input, if it is one.
    ``problems`` are known already, and are reported together with those that Postfix finds. Without an entry the file
    is made all the same, unless it is ``optional``. ``backup`` holds the shared options of backups.
    """

    path: str
    kind: Optional[str]
    directory: str
    tool: str
    edit: Callable[[str], Edited]
    lookups: Mapping[str, str] = field(default_factory=dict)
    problem: Callable[[str, str], Optional[Problem]] = lambda _text, _complaint: None
    problems: Sequence[Problem] = ()
    attributes: Attributes = AS_IT_IS
    secret: bool = False
    mask: Callable[[Optional[str], Optional[str]], Texts] = lambda before, after: (before, after)
    max_deletions: Optional[int] = None
    optional: bool = False
    backup: Mapping[str, Any] = field(default_factory=dict)


def home(path: str, directory: str) -> str:
    """The folder that a change of ``path`` is committed in: the configuration directory for what is below it."""
    return directory if path.startswith(f"{directory}/") and os.path.isdir(directory) else os.path.dirname(path)


def plan_file(wanted: Wanted) -> Plan:
    """Decide from the present text and index, and build and check the new index unless it is fresh."""
    path, folder = wanted.path, home(wanted.path, wanted.directory)
    present = read_text(path, folder)
    edited = wanted.edit(present or "")
    _cap(edited, wanted.max_deletions)
    kind = wanted.kind or default_type(wanted.directory)
    old, new = _attributes(wanted, present is not None)
    differs = edited.text != ((present or "") if wanted.optional else present)
    reasons = [_said(path, edited)] if differs else []
    halfway = interrupted(folder)
    if old is not None and not halfway and (old != new or _index_drifts(kind, path, new)):
        reasons.append(f"set owner and mode of {path}")
    completes = halfway and not reasons
    if halfway:
        reasons.append(f"complete the interrupted change in {folder}")
    rebuild = present is not None and kind is not None and not reasons and is_stale(kind, path)
    reasons += [f"rebuild the index of {path}"] if rebuild else []
    is_new = present is None or (kind is not None and not os.path.exists(index_path(kind, path) or path))
    before, after = wanted.mask(present, edited.text) if wanted.secret else (present, edited.text)
    more = {f"{path} (owner and mode)": (str(old), str(new))} if old is not None and old != new else {}
    more.update({f"{path} (index)": ("missing or stale\n", f"{kind}\n")} if rebuild else {})
    steps, warnings = _steps(wanted, kind, edited.text, new, reasons) if reasons or wanted.problems else ([], [])
    if completes:
        # What was committed is what is wanted: it has its backup already.
        steps = [Step(reasons[0], lambda: _complete(folder))]
    return Plan(
        before={path: before, **{headline: pair[0] for headline, pair in more.items()}},
        after={path: after, **{headline: pair[1] for headline, pair in more.items()}},
        steps=[*steps, *backups.prune_steps(wanted.backup, path, bool(reasons) and not completes)],
        result={
            "path": path,
            "type": kind,
            "entries": edited.counts,
            # A program that found no table stays without, and one without index is read when a program starts.
            "reload_required": bool(reasons) and (halfway or is_new or (kind in PLAIN and edited.text != present)),
        },
        warnings=warnings,
    )


def _complete(folder: str) -> None:
    recover(folder)


def plan_removal(wanted: Wanted, in_use: Sequence[str]) -> Plan:
    """Decide to remove the text and every index of it; ``in_use`` are the places that still name the table."""
    path, folder = wanted.path, home(wanted.path, wanted.directory)
    indices = [path + suffix for suffix in dict.fromkeys(SUFFIXES.values()) if os.path.exists(path + suffix)]
    present = read_text(path, folder)
    there = [*([path] if present is not None else []), *indices]
    summary = f"remove {' and '.join(there)}"

    def remove() -> Mapping[str, Any]:
        if in_use:
            raise Error(_in_use(path, in_use))
        keep = backups.keeping(wanted.backup, path, summary)
        return backups.returned(replace_files(folder, [FileChange(name, None) for name in there], keep))

    before = wanted.mask(present, None)[0] if wanted.secret else present
    removed = len(wanted.edit(present or "").removed)
    return Plan(
        before={path: before},
        steps=[*([Step(summary, remove)] if there else []), *backups.prune_steps(wanted.backup, path, bool(there))],
        result={
            "path": path,
            "type": wanted.kind,
            "entries": {"added": 0, "changed": 0, "removed": removed},
            "reload_required": bool(there),
        },
        warnings=[_in_use(path, in_use)] if there and in_use else [],
    )


def _in_use(path: str, places: Sequence[str]) -> str:
    return f"{path} is still named by {', '.join(places)}; change that before the table is removed"


def _cap(edited: Edited, limit: Optional[int]) -> None:
    if limit is not None and len(edited.removed) > limit:
        raise Error(
            f"{len(edited.removed)} entries would be deleted, more than max_deletions={limit}; nothing was changed. "
            "Declare what shall stay, or raise max_deletions",
            deletions=list(edited.removed),
        )


def _said(path: str, edited: Edited) -> str:
    counts = [f"{count} {what}" for what, count in edited.counts.items() if count]
    return f"write {path}" + (f": {', '.join(counts)}" if counts else "")


def _attributes(wanted: Wanted, exists: bool) -> tuple[Optional[Attributes], Attributes]:
    """Mode and owners of the text now and then; what is not declared stays, but for what lets others read a secret."""
    old = read_attributes(wanted.path) if exists and os.path.exists(wanted.path) else None
    base = old or Attributes(0o600 if wanted.secret else 0o644, "root", "root")
    declared = wanted.attributes
    kept = base.mode if base.mode is None or not wanted.secret else base.mode & 0o640
    mode = kept if declared.mode is None else declared.mode
    return old, Attributes(mode, declared.owner or base.owner, declared.group or base.group)


def _index_drifts(kind: Optional[str], path: str, attributes: Attributes) -> bool:
    index = index_path(kind, path) if kind is not None else None
    return index is not None and os.path.exists(index) and read_attributes(index) != attributes


def _steps(
    wanted: Wanted, kind: Optional[str], text: str, attributes: Attributes, reasons: Sequence[str]
) -> tuple[list[Step], list[str]]:
    """The one step, and warnings. What is missing on the host may come with an earlier task: only applying stops."""
    summary, index, folder = " and ".join(reasons), Index(), home(wanted.path, wanted.directory)
    lookups = itertools.islice(wanted.lookups.items(), LOOKUPS)
    missing: Optional[Error] = None
    account = missing_account(attributes)
    if account is not None:
        missing = Error(f"{account}, to whom {wanted.path} shall belong; create it first")
    elif commands.find(wanted.tool) is None:
        missing = Error(f"Postfix is not installed, so nothing can check {wanted.path}; install it first")
    elif kind is None:
        missing = Error(f"{wanted.directory} does not exist; create the instance first, or name another directory")
    elif not os.path.isdir(folder):
        missing = Error(f"path: {folder} does not exist; create it first, or name another file")
    else:
        try:
            index = build(wanted.tool, kind, wanted.path, text, directory=wanted.directory, lookups=dict(lookups))
        except UnsupportedTypeError as error:
            missing = error
    if missing is not None:
        refuse(wanted.problems)
        return [Step(summary, _failing(missing))], [f"{missing}. What is predicted here was not checked by Postfix."]
    changes = [_change(wanted.path, text.encode("utf-8", "surrogateescape"), attributes)]
    if index.content is not None:
        changes.append(_change(str(index_path(str(kind), wanted.path)), index.content, attributes))

    def write() -> Mapping[str, Any]:
        keep = backups.keeping(wanted.backup, wanted.path, summary)
        return backups.returned(replace_files(folder, changes, keep))

    return [Step(summary, write)], _complaints(wanted, text, index)


def _failing(reason: Error) -> Callable[[], None]:
    def fail() -> None:
        raise reason

    return fail


def _complaints(wanted: Wanted, text: str, index: Index) -> list[str]:
    """Warnings about what was in the file before; what was asked for and does not work is refused, all at once."""
    problems, warnings = [*wanted.problems], []
    known = [problem.value for problem in problems]
    for complaint in index.complaints:
        problem = wanted.problem(text, complaint)
        if problem is not None:
            problems += [] if problem.value in known else [problem]
        else:
            # Postfix quotes a line that it does not understand.
            hidden = wanted.secret and complaint_line(wanted.path, complaint) is not None
            said = f"{complaint.partition(': ')[0]} is not understood" if hidden else complaint
            warnings.append(f"{wanted.tool} says: {said}")
    refuse(problems)
    return warnings


def _change(path: str, content: bytes, attributes: Attributes) -> FileChange:
    return FileChange(path, content, attributes.mode, attributes.owner, attributes.group)

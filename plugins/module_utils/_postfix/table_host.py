# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What postfix_table declares, as a file with an index on the host."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Callable, Optional

from .._engine.errors import InputError, Problem, refuse
from .._engine.files import read_text
from .._engine.plan import Plan
from . import pattern_file, table_file
from .attributes import Attributes
from .index_host import complaint_line, default_type
from .instance_host import configuration_directory
from .logical_lines import split
from .lookup_host import Wanted, home, plan_file, plan_removal
from .pattern_file import Rule
from .references import MAIN, MASTER, references
from .table_file import Edited
from .table_request import read_entries, read_rules

PATTERN_TYPES = ("regexp", "pcre", "cidr")
# useradd(8), and numbers.
ACCOUNT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}\$?")


def table_home(params: Mapping[str, Any]) -> str:
    """The folder that no second run may change."""
    return home(*_place(params))


def plan_table(params: Mapping[str, Any]) -> Plan:
    """Decide from the options of ``postfix_table`` and the present files."""
    path, directory = _place(params)
    kind = params["type"] or default_type(directory)
    problems: list[Problem] = []
    wanted = Wanted(
        path=path,
        kind=kind,
        directory=directory,
        tool="postmap",
        edit=_nothing_left(kind),
        attributes=Attributes(
            _mode(params["mode"], params["secret"], problems),
            _account("owner", params["owner"], problems),
            _account("group", params["group"], problems),
        ),
        secret=params["secret"],
        mask=pattern_file.masked if kind in PATTERN_TYPES else table_file.masked,
        max_deletions=params["max_deletions"],
        backup=params,
    )
    if params["state"] == "absent":
        refuse(problems)
        return plan_removal(wanted, _places(path, directory))
    fill = _rules if kind in PATTERN_TYPES else _entries
    return plan_file(fill(wanted, params, problems))


def _places(path: str, directory: str) -> list[str]:
    """Where the configuration names the table."""
    main, master = (read_text(os.path.join(directory, name), directory) or "" for name in (MAIN, MASTER))
    return [found.place for found in references(main, master, {}, directory) if found.path == path]


def _nothing_left(kind: Optional[str]) -> Callable[[str], Edited]:
    if kind in PATTERN_TYPES:
        return partial(pattern_file.edit, wanted=[])
    return partial(table_file.edit, wanted={}, purge=True)


def _place(params: Mapping[str, Any]) -> tuple[str, str]:
    """Where the table is, and the configuration directory: a path that does not begin with / is below that."""
    directory = configuration_directory(params)
    return os.path.normpath(os.path.join(directory, params["path"])), directory


def _account(option: str, given: Optional[str], problems: list[Problem]) -> Optional[str]:
    if given is not None and not ACCOUNT.fullmatch(given):
        problems.append(Problem(option, "is not the name of one", "give a name such as root, or a number", given))
    return given


def _mode(given: Any, secret: bool, problems: list[Problem]) -> Optional[int]:
    if given is None:
        return None
    try:
        mode = given if isinstance(given, int) else int(given, 8)
    except (TypeError, ValueError):
        mode = -1
    if not 0 <= mode <= 0o777:
        problems.append(Problem("mode", "is not a mode", 'give octal digits in quotes, such as "0640"', given))
    elif secret and mode & 0o007:
        problems.append(Problem("mode", "lets everybody at a secret", 'give "0600" or "0640"', given))
    return mode


def _entries(wanted: Wanted, params: Mapping[str, Any], problems: list[Problem]) -> Wanted:
    declared, found = read_entries(params["entries"], wanted.kind, wanted.secret)
    refuse([*problems, *found])
    lookups = {key: value for key, value in declared.items() if value is not None}
    edit = partial(table_file.edit, wanted=declared, purge=params["purge"])
    return replace(wanted, edit=edit, lookups=lookups)


def _rules(wanted: Wanted, params: Mapping[str, Any], problems: list[Problem]) -> Wanted:
    declared, found = read_rules(params["entries"], wanted.secret)
    patterns = {rule.pattern for rule, _stays in declared}

    def problem(text: str, complaint: str) -> Optional[Problem]:
        line = complaint_line(wanted.path, complaint)
        for chunk in split(text):
            pattern = pattern_file.rule(chunk.text).pattern if chunk.text is not None else None
            if chunk.number == line and pattern in patterns:
                said = complaint.partition(f", line {line}: ")[2]
                return Problem("entries", f"is refused by Postfix: {said}", "correct the pattern", pattern)
        return None

    edit = partial(_edit_rules, declared=declared, purge=params["purge"])
    return replace(wanted, edit=edit, problem=problem, problems=[*problems, *found])


def _edit_rules(text: str, declared: Sequence[tuple[Rule, bool]], purge: bool) -> Edited:
    present = pattern_file.rules(text)
    if purge or not present:
        return pattern_file.edit(text, [rule for rule, stays in declared if stays])
    cure = "declare the whole table in its order, with purge true"
    if any(rule.is_condition for rule in [*present, *(rule for rule, _stays in declared)]):
        raise InputError([Problem("entries", "cannot be put into a table with if and endif one by one", cure)])
    result, ordered = pattern_file.merged(present, declared)
    if not ordered:
        raise InputError([Problem("entries", "have another order than in the file, and the first hit counts", cure)])
    return pattern_file.edit(text, result)

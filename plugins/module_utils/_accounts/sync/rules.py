# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of ``account_sync``, and what is wrong with them before anything is read."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Mapping
from typing import Any

from ..._directory import options as connection_options
from ..._directory.filters import EVERYTHING, FilterError, encode
from ..._engine.arguments import SHARED
from ..._engine.errors import Problem
from .mapping import problems as mapping_problems
from .model import CONFLICTS, DAY, DELETE, SOURCE, VANISHED, Rules

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
LDAP = "ldap"

SOURCE_OPTIONS: Mapping[str, Any] = {
    "store": {"type": "str", "choices": SHARED["store"]["store"]["choices"], "default": LDAP},
    "database": {"type": "path"},
    **SHARED["directory"],
    "base": {"type": "str"},
    "scope": {"type": "str", "choices": ["base", "one", "sub"], "default": "sub"},
    "filter": {"type": "str"},
    "disabled_filter": {"type": "str"},
    "identity": {"type": "str", "default": "entryUUID"},
    "mapping": {"type": "dict", "default": {}},
    "include": {"type": "list", "elements": "str", "default": []},
    "exclude": {"type": "list", "elements": "str", "default": []},
}
OPTIONS: Mapping[str, Any] = {
    "name": {"type": "str", "required": True},
    "source": {"type": "dict", "required": True, "options": SOURCE_OPTIONS},
    "conflict": {"type": "str", "choices": list(CONFLICTS), "default": SOURCE},
    "vanished": {"type": "str", "choices": list(VANISHED), "default": DELETE},
    "grace_days": {"type": "float", "default": 30.0},
    "max_deletions": {"type": "int", "default": 10},
    "create_domains": {"type": "bool", "default": False},
    "adopt": {"type": "bool", "default": True},
    "keep_old_address": {"type": "bool", "default": True},
}


def rules_from(params: Mapping[str, Any]) -> Rules:
    return Rules(
        params["conflict"],
        params["vanished"],
        round(params["grace_days"] * DAY),
        params["max_deletions"],
        params["create_domains"],
        params["adopt"],
        params["keep_old_address"],
    )


def problems(params: Mapping[str, Any]) -> list[Problem]:
    """Everything wrong with the options."""
    found = []
    source = params["source"]
    if not NAME.fullmatch(params["name"]):
        cure = "use small letters, digits, - and _"
        found.append(Problem("name", "is no name for a synchronisation", cure, params["name"]))
    if not 0 <= params["grace_days"] <= 36500:
        found.append(Problem("grace_days", "is no time to wait", "give days, 0 for none", params["grace_days"]))
    if params["max_deletions"] < 0:
        found.append(Problem("max_deletions", "is below zero", "give how many may go", params["max_deletions"]))
    if source["store"] == LDAP:
        found += _directory_problems(source)
    elif not source["database"]:
        found.append(Problem("source.database", "is missing", "name the database to read"))
    elif source["database"] == params.get("database") and source["store"] == params.get("store"):
        found.append(Problem("source.database", "is the destination, too", "name another one", source["database"]))
    return found


def _directory_problems(source: Mapping[str, Any]) -> list[Problem]:
    found = [
        problem if problem.option.startswith("source.") else Problem(f"source.{problem.option}", *_rest(problem))
        for problem in connection_options.problems(source)
    ]
    found += mapping_problems(source["mapping"])
    if not source["base"]:
        found.append(Problem("source.base", "is missing", "name the entry below which the accounts are"))
    for option in ("filter", "disabled_filter"):
        try:
            encode(source[option] or EVERYTHING)
        except FilterError as error:
            found.append(Problem(f"source.{option}", str(error), "write it as RFC 4515 says", source[option]))
    return found


def _rest(problem: Problem) -> tuple[str, str, Any]:
    return problem.message, problem.cure, problem.value


def patterns(texts: list[str]) -> list[re.Pattern[str]]:
    """Patterns of addresses such as ``*@example.org``."""
    return [re.compile(fnmatch.translate(text.lower())) for text in texts]

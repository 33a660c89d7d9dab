# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of ``account_sync``, and what is wrong with them before anything is read."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from ..._directory import options as connection_options
from ..._directory.filters import EVERYTHING, FilterError, encode
from ..._engine.errors import Problem
from ..ldap_layout import NONE, OF_MAILBOX, PRESETS, UNITS
from .mapping import problems as mapping_problems
from .model import DAY, Rules

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
LDAP = "ldap"
# What makes two databases one.
SAME = {"sqlite": ("database",), "postgresql": ("database_host", "database_port", "database_name")}
# Active Directory's rule that compares bits.
BIT_AND = "1.2.840.113556.1.4.803"


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
    elif source["store"] == "sqlite" and not source["database"]:
        found.append(Problem("source.database", "is missing", "name the database to read"))
    elif all(source[name] == params[name] for name in ("store", *SAME[source["store"]])):
        found.append(Problem("source.database", "is the destination, too", "name another one", source["database"]))
    return found


class Reading(NamedTuple):
    """How a directory is read: what stays of an account, templates by fact, the unit of quotas, and filters."""

    identity: str
    mapping: Mapping[str, str]
    unit: int
    filter: str
    disabled_filter: str


def reading_of(source: Mapping[str, Any]) -> Reading:
    """The preset, with what the options say otherwise."""
    preset = {**NONE, **PRESETS[source["preset"]]}
    # Where the attribute has addresses of other kinds, too, each value says its own.
    change = "|smtp" if preset["alias_format"].startswith("smtp:") else ""
    mapping = {fact: f"{{{preset[fact]}}}" for fact in OF_MAILBOX if preset[fact]}
    if "alias" in mapping:
        mapping["alias"] = f"{{{preset['alias']}{change}}}"
    if "sender" in mapping:
        mapping["send_as"] = mapping.pop("sender")
    control, everybody, identity = "", f"(objectClass={preset['user_class']})", "entryUUID"
    if preset["account_control"]:
        # Computers are users, too.
        everybody, identity = f"(&(objectCategory=person){everybody})", "objectGUID"
        control = f"({preset['account_control']}:{BIT_AND}:=2)"
    disabled = source["disabled_filter"]
    return Reading(
        source["identity"] or identity,
        {fact: template for fact, template in {**mapping, **source["mapping"]}.items() if template},
        UNITS[preset["quota_unit"]],
        source["filter"] or everybody,
        control if disabled is None else disabled,
    )


def _directory_problems(source: Mapping[str, Any]) -> list[Problem]:
    found = [
        problem if problem.option.startswith("source.") else Problem(f"source.{problem.option}", *_rest(problem))
        for problem in connection_options.problems(source)
    ]
    found += mapping_problems(source["mapping"])
    if source["mapping"].get("address") == "":
        found.append(Problem("source.mapping.address", "is empty", "say what the address is, such as {mail}"))
    if not source["base"]:
        found.append(
            Problem("source.base", "is missing", "name the entry below which the accounts are, or another store")
        )
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

# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Configuration files of lookup tables such as sqlite_table(5) and ldap_table(5): render, and mask for a diff. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Optional

from .._engine.secrets import masked_pair
from . import logical_lines, main_cf

HEADER = "# Written by Ansible: what is changed here by hand is lost.\n"
SECRET_NAME = re.compile(r"passw|secret|(?:^|_)(?:pass|pw)$", re.IGNORECASE)
# A user's password in the address of a server, as pgsql_table(5) takes it.
SECRET_VALUE = re.compile(r"://[^/\s@]*:[^/\s@]+@")
_COMMENTED = re.compile(r"\s*#+\s*(\S+)\s*=\s*(.+)")


def render(parameters: Mapping[str, str]) -> str:
    """The whole file."""
    return HEADER + "".join(f"{name} = {value}".rstrip(" ") + "\n" for name, value in parameters.items())


def looks_secret(name: str, value: str) -> bool:
    """Whether a parameter holds what nobody may see, judged by its name and value."""
    return bool(value) and (SECRET_NAME.search(name) or SECRET_VALUE.search(value)) is not None


def shown_value(name: str, value: str) -> Optional[str]:
    """A value of main.cf or master.cf for people, nothing for a secret: a table of passwords may stand in it."""
    inline = re.search(r"\b(?:static|inline):", value) is not None
    harmless = name.endswith(("_maps", "_delimiter")) and not inline
    return None if looks_secret("" if harmless else name, value) else value


def masked(
    before: Optional[str], after: Optional[str], secrets: Collection[str]
) -> tuple[Optional[str], Optional[str]]:
    """Both texts with the values of ``secrets`` and of all that look like one replaced, so that a change shows."""
    old, new = main_cf.values(before or ""), main_cf.values(after or "")
    names = [name for name in {**old, **new} if _is_secret(name, old, new, secrets)]
    pairs = {name: masked_pair(old.get(name), new.get(name)) for name in names}
    return (
        _replaced(before, {name: pair[0] for name, pair in pairs.items()}),
        _replaced(after, {name: pair[1] for name, pair in pairs.items()}),
    )


def _is_secret(name: str, old: Mapping[str, str], new: Mapping[str, str], secrets: Collection[str]) -> bool:
    return name in secrets or looks_secret(name, old.get(name, "")) or looks_secret(name, new.get(name, ""))


def _replaced(text: Optional[str], masks: Mapping[str, Optional[str]]) -> Optional[str]:
    if text is None:
        return None
    lines: list[str] = []
    for chunk in logical_lines.split(text):
        name = (chunk.text or "").partition("=")[0].strip(logical_lines.WHITESPACE)
        lines += [f"{name} = {masks[name]}"] if name in masks else map(_masked_comment, chunk.lines)
    return "".join(f"{line}\n" for line in lines)


def _masked_comment(line: str) -> str:
    commented = _COMMENTED.match(line)
    return "# (secret)" if commented and looks_secret(commented.group(1), commented.group(2)) else line

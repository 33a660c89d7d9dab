# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of a backup as a configuration that can be checked and shown like a declared one. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Optional

from .._engine.secrets import masked_pair
from .configuration import File
from .masking import masked
from .settings import Line, text_of

OPTION = "backup_id"
SETTING = re.compile(r'(?P<name>[^\s=#{}"]+) = ?(?P<value>"(?:[^"\\]|\\.)*"|[^"#\\]*)')
SECTION = re.compile(r"(?P<header>[^\s=#{}][^=#{}]*) \{")
ESCAPED = re.compile(r"\\(.)")


def file_of(path: str, text: str, private: bool) -> File:
    """A file as it was. What only root might read, ``private``, counts as secret, for it may have been declared so."""
    if path.endswith(".sieve"):
        return File(path, OPTION, content=text)
    return File(path, OPTION, [replace(line, file=path, row=line.number) for line in lines_of(text, private)])


def lines_of(text: str, private: bool = False) -> list[Line]:
    """The lines of a file that this package wrote, as the renderer made them.

    What somebody else wrote may have another layout: then a line is nothing but its text.
    """
    lines: list[Line] = []
    open_sections: list[int] = []
    for number, row in enumerate(text.splitlines(), start=1):
        section = tuple(lines[index].name for index in open_sections)
        plain = Line(row, OPTION, number, section=section)
        setting, opening = SETTING.fullmatch(row.strip()), SECTION.fullmatch(row.strip())
        if setting:
            value = _unquoted(setting["value"])
            lines.append(replace(plain, name=setting["name"], value=value, secret=private))
        elif opening:
            open_sections.append(len(lines))
            lines.append(replace(plain, name=opening["header"]))
        elif row.strip() == "}" and open_sections:
            first = open_sections.pop()
            lines.append(replace(plain, name=lines[first].name, section=lines[first].section))
            lines[first] = replace(lines[first], length=len(lines) - first)
        elif not row.strip() or row.lstrip().startswith("#"):
            lines.append(plain)
        else:
            return [Line(row, OPTION, number) for number, row in enumerate(text.splitlines(), start=1)]
    return lines


def _unquoted(value: str) -> str:
    return ESCAPED.sub(r"\1", value[1:-1]) if value.startswith('"') else value.strip()


def shown(before: Optional[str], after: Optional[File], private: bool) -> tuple[Optional[str], Optional[str]]:
    """Both texts for a diff, secrets masked. Of a ``private`` file no value is shown."""
    lines: Sequence[Line] = lines_of(before or "", private) if after is None else after.lines
    if private and not any(line.secret for line in lines):
        return masked_pair(before, None if after is None else after.text)
    if after is None:
        return masked(before, lines, private)[0], None
    return masked(before, lines, private) if after.content is None else (before, text_of(lines) or after.content)

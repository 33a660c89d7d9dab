# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How main.cf and master.cf are written: definitions that do not count, comments that are none, cycles. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..._engine.findings import ERROR, WARNING, Finding
from .. import main_cf, master_cf
from ..request import MAIN, MASTER
from .staged import Staged

# Text for people or for a shell, where # is a character like others.
FREE_TEXT = re.compile(r".*(?:banner|command|mail_name|_text|template|footer|_filter|_program|debugger).*")
# Built-in values of parameters that are no text, whatever they are called: disable_vrfy_command, command_time_limit.
_NO_TEXT = re.compile(r"yes|no|[+-]?\d+[smhdw]?|/\S+", re.IGNORECASE)
_COMMENT = re.compile(r"(?:^|\s)#")
_REFERENCE = re.compile(r"\$(?:(\w+)|[{(](\w+)[})])")


def defined_twice(staged: Staged) -> Iterator[Finding]:
    """Parameters and services with more than one definition: the last one counts."""
    parameters = [(MAIN, entry.name, entry.line) for entry in main_cf.parse(staged.main)]
    services = [(MASTER, entry.key, entry.line) for entry in master_cf.parse(staged.master)]
    first: dict[tuple[str, str], int] = {}
    for file, name, line in [*parameters, *services]:
        if (file, name) in first:
            message = f"is defined again, and line {first[file, name]} does not count"
            yield Finding("defined_twice", WARNING, message, "keep one definition", staged.path(file), line, name)
        first[file, name] = line


def comment_in_value(staged: Staged) -> Iterator[Finding]:
    """Text after ``#`` on the line of a value: it is a part of the value (postconf(5))."""
    for setting in staged.settings:
        is_text = FREE_TEXT.fullmatch(setting.name) and not _NO_TEXT.fullmatch(staged.default(setting.name))
        if _COMMENT.search(setting.value) and not is_text and "{" not in setting.value:
            message = "has a # within, which begins no comment there: all of it is the value"
            yield staged.finding("comment_in_value", setting, message, "put the comment on a line of its own")


def recursive_name(staged: Staged) -> Iterator[Finding]:
    """Values that lead back to themselves: every program that needs one stops, and so does postconf."""
    for setting in staged.settings:
        seen: set[str] = set()
        waiting = [setting.value]
        while waiting:
            for found in _REFERENCE.finditer(waiting.pop()):
                name = found[1] or found[2]
                if name not in seen:
                    seen.add(name)
                    waiting.append(staged.raw(name, setting.service) or "")
        # An override may refer to what main.cf has: master(8) expands it once.
        if setting.name in seen and setting.service is None:
            message = f"refers to ${setting.name} again, directly or through others"
            yield staged.finding("recursive_name", setting, message, "take the reference out", untouched=ERROR)

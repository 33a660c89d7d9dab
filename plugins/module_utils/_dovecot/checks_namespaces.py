# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Namespaces that do not go together. doveconf takes them; every session and delivery ends with an internal error.

Seen with Dovecot 2.3.19 and 2.4.1, which agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Optional

from .._engine.findings import Finding
from .configuration import Configuration
from .findings import error
from .host import Installation
from .settings import Line, leaves


@dataclass(frozen=True)
class _Namespace:
    """A namespace: the ``line`` that opens it, and the settings of it that are looked at."""

    line: Line
    prefix: Optional[Line] = None
    inbox: Optional[Line] = None
    disabled: Optional[Line] = None

    @property
    def where(self) -> Line:
        return self.prefix or self.line


def namespaces(configuration: Configuration, _host: Installation) -> Iterator[Finding]:
    """No inbox, more than one, or two namespaces below one prefix."""
    used = [space for space in _namespaces(configuration) if not (space.disabled and space.disabled.is_on)]
    inboxes = [space.inbox for space in used if space.inbox and space.inbox.is_on]
    if used and not inboxes:
        cure = "add `inbox = yes` to the namespace that holds the inbox"
        yield error(used[0].line, "namespace", "no namespace has inbox = yes: nobody can open a mailbox", cure)
    for line in inboxes[1:]:
        message = f"there is one inbox, and that is in the namespace at {_place(inboxes[0], line)}"
        yield error(line, "namespace", message, "leave it out of all but one")
    first: dict[str, _Namespace] = {}
    for space in used:
        other = first.setdefault((space.prefix.value or "") if space.prefix else "", space)
        if other is not space:
            message = f"has the same prefix as the namespace at {_place(other.where, space.where)}"
            yield error(space.where, "namespace", message, "give each namespace a prefix of its own")


def _place(line: Line, seen_from: Line) -> str:
    return f"line {line.row}" if line.file == seen_from.file else f"line {line.row} of {line.file}"


def _namespaces(configuration: Configuration) -> Sequence[_Namespace]:
    """Those that hold for all, none where that depends on the user, the protocol or the connection."""
    blocks = list(configuration.blocks("namespace"))
    filtered = any(block.line.section for block in blocks)
    by_user = any("namespace/" in (line.value or "") for file in configuration.files for line in leaves(file.lines))
    if filtered or by_user or not configuration.serves_mail:
        return ()
    merged: dict[object, _Namespace] = {}
    for block in blocks:
        # Those of 2.3 without a name are as many as there are sections.
        key = block.name or block.line.number
        found = {name: block.find(name) for name in ("prefix", "inbox", "disabled")}
        present = {name: line for name, line in found.items() if line}
        merged[key] = replace(merged.get(key) or _Namespace(block.line), **present)
    switches = [line for space in merged.values() for line in (space.inbox, space.disabled) if line]
    return () if any(configuration.refers(line.value or "") for line in switches) else list(merged.values())

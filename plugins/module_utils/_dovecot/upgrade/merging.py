# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A configuration of 2.3 as Dovecot sees it: sections merged, references resolved, the last setting live."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Optional

from ..masking import looks_secret
from ..reading import FILE, PLAIN, REFERENCE, Access, Section, Setting
from .ledger import Entry, Ledger

FILTERS = ("local", "local_name", "remote", "protocol")
# Each of these sections is one more of its kind, whatever its name.
REPEATED = ("passdb", "userdb")
# Values that 2.4 takes from a file, too, or that only a file is for.
KEPT = re.compile(r"^ssl_|_key\d*$|_cert$|password|secret")
# What stands in references until it is set; the others have their names in 2.4, too.
DEFAULTS = {"mail_plugins": "", "protocols": "", "login_plugins": "", "login_greeting": "Dovecot ready."}
DEFAULTS.update({"auth_mechanisms": "plain", "listen": "*, ::", "login_trusted_networks": "", "mail_access_groups": ""})
LATER = {
    *("default_internal_user", "default_internal_group", "default_login_user", "hostname", "base_dir", "state_dir"),
    *("default_client_limit", "default_process_limit", "default_vsz_limit"),
}


@dataclass
class Node:
    """A section. Who deals with a setting or a section takes it out, so what is left was not understood."""

    kind: str
    name: str = ""
    parent: Optional[Node] = None
    place: str = ""
    scope: tuple[str, ...] = ()
    entries: dict[str, Entry] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)

    def take(self, name: str) -> Optional[Entry]:
        return self.entries.pop(name, None)

    def take_matching(self, pattern: str) -> list[Entry]:
        """The settings whose names the pattern fits, in their order."""
        return [self.entries.pop(name) for name in list(self.entries) if re.fullmatch(pattern, name)]

    def rest(self) -> list[Entry]:
        left = list(self.entries.values())
        self.entries.clear()
        return left

    def take_children(self, *kinds: str) -> list[Node]:
        taken = [child for child in self.children if child.kind in kinds]
        self.children = [child for child in self.children if child.kind not in kinds]
        return taken

    def look_up(self, name: str) -> Optional[str]:
        """The value of a setting here or further out."""
        if name in self.entries:
            return self.entries[name].value
        return self.parent.look_up(name) if self.parent else None

    def everything(self) -> Iterator[Entry]:
        yield from self.entries.values()
        for child in self.children:
            yield from child.everything()


def merged(section: Section, access: Access, ledger: Ledger) -> Node:
    """The tree of a configuration. What does not count, or refers to what nobody knows, goes into the ledger."""
    root = Node("")
    _merge(section, root, access, ledger)
    return root


def _merge(section: Section, node: Node, access: Access, ledger: Ledger) -> None:
    for item in section.items:
        if isinstance(item, Setting):
            _setting(item, node, access, ledger)
        else:
            for name in _names(item):
                _merge(item, _child(node, item.kind, name), access, ledger)


def _names(section: Section) -> Sequence[str]:
    """2.4 takes one name for local_name where 2.3 takes several."""
    return section.name.split() if section.kind == "local_name" and section.name else [section.name]


def _child(node: Node, kind: str, name: str) -> Node:
    if kind not in REPEATED and (name or kind != "namespace"):
        for child in node.children:
            if (child.kind, child.name) == (kind, name):
                return child
    header = f"{kind} {name}" if name else kind
    scope = (*node.scope, header) if kind in FILTERS else node.scope
    child = Node(kind, name, node, f"{node.place}{header}.", scope)
    node.children.append(child)
    return child


def _setting(setting: Setting, node: Node, access: Access, ledger: Ledger) -> None:
    entry = Entry(setting, setting.value, f"{node.place}{setting.name}", node.scope)
    if setting.form == FILE:
        entry.value = _content(setting, access, ledger) or f"<{setting.path}"
    elif setting.form == PLAIN and "$" in setting.value:
        entry.value, unknown = _resolved(setting.value, node)
        if unknown:
            ledger.ask(entry, f"refers to {', '.join(unknown)}, which is not set: write what it means")
            return
    before = node.entries.pop(setting.name, None)
    if before and setting.name in setting.references:
        ledger.done(before)
    elif before:
        ledger.drop(before, f"is set again in line {setting.line} of {setting.file}, which counts")
    node.entries[setting.name] = entry


def _content(setting: Setting, access: Access, ledger: Ledger) -> Optional[str]:
    """The line that a value is in a file of its own. Keys, certificates and secrets stay where they are."""
    if KEPT.search(setting.name) or looks_secret(setting.name, setting.value):
        return None
    rows = (access.read(setting.path) or "").strip().splitlines()
    if len(rows) != 1:
        return None
    ledger.note(f"{setting.name} was read from {setting.path}; its value is in the configuration from now on")
    return rows[0].strip()


def _resolved(value: str, node: Node) -> tuple[str, list[str]]:
    unknown = []

    def replaced(match: re.Match[str]) -> str:
        name = match["name"]
        if match["kind"]:
            return match[0]
        found = node.look_up(name)
        if found is not None:
            return found
        if name in LATER:
            return f"$SET:{name}"
        if name not in DEFAULTS:
            unknown.append(f"${name}")
        return DEFAULTS.get(name, match[0])

    return " ".join(REFERENCE.sub(replaced, value).split()), unknown


def plain(section: Section, ledger: Ledger) -> Node:
    """The tree of a file for external lookups, which has no references and may repeat its sections."""
    root = Node("")
    _plain(section, root, ledger)
    return root


def _plain(section: Section, node: Node, ledger: Ledger) -> None:
    for item in section.items:
        if isinstance(item, Setting):
            before = node.entries.get(item.name)
            if before:
                ledger.drop(before, f"is set again in line {item.line} of {item.file}, which counts")
            value = f"<{item.path}" if item.form == FILE else item.value
            node.entries[item.name] = Entry(item, value, f"{node.place}{item.name}")
        else:
            child = Node(item.kind, item.name, node, f"{node.place}{item.header}.")
            node.children.append(child)
            _plain(item, child, ledger)

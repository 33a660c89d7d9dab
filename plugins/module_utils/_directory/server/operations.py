# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From one configuration to another: the requests that a running slapd takes, in the order in which it takes them.

Measured on 2.5 and 2.6: overlays and databases can be added, inserted and deleted while the server runs, and the
numbers of their siblings follow. A schema can be changed but not deleted, a module cannot be unloaded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Callable

from .. import messages
from ..messages import Modification, Request
from . import values
from .dump import encoded
from .tree import Node, entry, numbered_children, placed, rdn, stored


@dataclass(frozen=True)
class Operation:
    """One request to the server. ``verb`` is add, delete or modify."""

    verb: str
    dn: str
    attributes: Mapping[str, Sequence[str]]
    changes: Sequence[tuple[int, str, Sequence[str]]] = ()

    def __str__(self) -> str:
        names = sorted({name for _kind, name, _values in self.changes})
        return f"{self.verb} {self.dn}{': ' + ', '.join(names) if names else ''}"

    def request(self) -> Request:
        if self.verb == "delete":
            return messages.delete(self.dn)
        if self.verb == "add":
            return messages.add(self.dn, {name: encoded(texts) for name, texts in self.attributes.items()})
        return messages.modify(
            self.dn, [Modification(kind, name, encoded(texts)) for kind, name, texts in self.changes]
        )


def operations(before: Node, after: Node) -> list[Operation]:
    return list(_below("cn=config", before, after))


def _below(dn: str, before: Node, after: Node) -> Iterator[Operation]:
    """Children that others build on come first, then the entry itself, then the rest."""
    for wanted in (_is_modules, _is_schema):
        yield from _children(dn, _only(before, wanted), _only(after, wanted))
    yield from _entry(dn, before, after)
    yield from _children(dn, _only(before, _is_other), _only(after, _is_other))


def _is_modules(node: Node) -> bool:
    return node.is_module_list


def _is_schema(node: Node) -> bool:
    return node.kind == "cn" and not node.is_module_list


def _is_other(node: Node) -> bool:
    return node.kind != "cn"


def _only(node: Node, wanted: Callable[[Node], bool]) -> Node:
    return replace(node, children=[child for child in node.children if wanted(child)])


def _children(dn: str, before: Node, after: Node) -> Iterator[Operation]:
    old, new = list(numbered_children(before)), list(numbered_children(after))
    old_keys, new_keys = keys([child for _n, child in old]), keys([child for _n, child in new])
    blocks = SequenceMatcher(None, old_keys, new_keys, autojunk=False).get_matching_blocks()
    kept = {block.b + offset: block.a + offset for block in blocks for offset in range(block.size)}
    gone = sorted(set(range(len(old))) - set(kept.values()), reverse=True)
    for index in gone:
        number, child = old[index]
        for name, _node in reversed(list(placed(child, dn, number))):
            yield Operation("delete", name, {})
    for index, (number, child) in enumerate(new):
        if index not in kept:
            for name, node in placed(child, dn, number):
                yield Operation("add", name, entry(name, node).attributes)
    for index, (number, child) in enumerate(new):
        if index in kept:
            yield from _below(f"{rdn(child, number)},{dn}", old[kept[index]][1], child)


def keys(children: Sequence[Node]) -> list[tuple[str, str, str, int]]:
    """What each child is, whatever its number: a database is its suffix, of equal ones the order counts."""
    found: list[tuple[str, str, str, int]] = []
    for child in children:
        suffix = values.suffix_key(child.one("olcSuffix") or "") if child.kind == "olcDatabase" else ""
        key = (child.kind, child.name.lower(), suffix)
        found.append((*key, sum(1 for other in found if other[:3] == key)))
    return found


def _entry(dn: str, before: Node, after: Node) -> Iterator[Operation]:
    """One modify for all attributes: certificate and key, for one, are only taken together."""
    changes: list[tuple[int, str, Sequence[str]]] = []
    for name in [*after.attributes, *(name for name in before.attributes if name not in after.attributes)]:
        if name.lower() != "objectclass":
            changes += _attribute(name, before.get(name), after.get(name))
    if changes:
        yield Operation("modify", dn, {}, changes)


def _attribute(name: str, before: Sequence[str], after: Sequence[str]) -> list[tuple[int, str, Sequence[str]]]:
    if values.same(name, before, after):
        return []
    if name.lower() == "olcdbindex":
        # Only what changes: the server builds an index anew for each value that it is given.
        out = [value for value in before if value not in after]
        new = [value for value in after if value not in before]
        changes = [(messages.DELETE, name, out), (messages.ADD, name, new)]
        return [change for change in changes if change[2]]
    if list(after[: len(before)]) == list(before):
        more = stored(name, after)[len(before) :]
        return [(messages.ADD, name, more)]
    return [(messages.REPLACE, name, stored(name, after))]

# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration of slapd as a tree: databases with their overlays, schemas, modules, each in its order.

Numbers such as ``{1}`` say the place among siblings, so here they are the place: they are taken off when entries are
read and put on again when entries are written. Nothing that is inserted or removed has to be counted by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Optional

from ..._engine.errors import Error
from .dump import Entry

Attributes = dict[str, list[str]]

ROOT = "cn=config"
RDN = re.compile(r"([A-Za-z]+)=([^,{]*)(?:\{(-?\d+)\})?([^,]*)")
NUMBER = re.compile(r"\{-?\d+\}")
# Attributes whose values have an order (X-ORDERED VALUES in the schema of slapd).
ORDERED = {
    "olcaccess", "olcattributetypes", "olcauthidrewrite", "olcauthzregexp", "olcautogroupattrset",
    "olcdbidassertauthzfrom", "olcdbidassertpassthru", "olcditcontentrules", "olcldapsyntaxes", "olclimits",
    "olcmoduleload", "olcobjectclasses", "olcobjectidentifier", "olcplugin", "olcrwmmap", "olcrwmrewrite",
    "olcsyncrepl",
}  # fmt: skip
# What the server itself keeps about each entry.
OPERATIONAL = {
    "structuralobjectclass", "entryuuid", "creatorsname", "createtimestamp", "entrycsn", "modifiersname",
    "modifytimestamp", "contextcsn",
}  # fmt: skip
# Where counting begins: the frontend is {-1}.
FIRST = {"olcDatabase": -1}


@dataclass(frozen=True)
class Node:
    """An entry: ``kind`` is the attribute that names it, ``name`` the value without number.

    A list of modules has the name ``module`` and its number behind it. Values of ordered attributes have no numbers.
    """

    kind: str
    name: str
    attributes: Mapping[str, Sequence[str]]
    children: Sequence[Node] = ()
    numbered: bool = True

    def get(self, attribute: str) -> list[str]:
        """The values of an attribute, in whatever case it is written."""
        return next((list(values) for name, values in self.attributes.items() if name.lower() == attribute.lower()), [])

    def one(self, attribute: str) -> Optional[str]:
        return next(iter(self.get(attribute)), None)

    def of_kind(self, kind: str) -> list[Node]:
        return [child for child in self.children if child.kind == kind]

    @property
    def group(self) -> str:
        """What it is counted among: the lists of modules are apart from the rest of their kind."""
        return f"{self.kind}={'module' if self.is_module_list else ''}" if self.numbered else ""

    @property
    def is_module_list(self) -> bool:
        return self.kind == "cn" and self.name == "module" and self.numbered


@dataclass
class _Building:
    rdn: tuple[str, str, Optional[int]]
    attributes: Attributes
    children: list[_Building] = field(default_factory=list)


def parse(entries: Iterable[Entry]) -> Node:
    """The tree of what ``slapcat -n0`` wrote. Raises :class:`Error` when it is none."""
    known: dict[str, _Building] = {}
    root: Optional[_Building] = None
    for dn, attributes in entries:
        first, _comma, parent = dn.partition(",")
        found = RDN.fullmatch(first)
        if found is None or (parent and parent not in known) or (not parent and first != ROOT):
            raise Error(f"{dn} has no place in the configuration of slapd; check it with slapcat -n0")
        number = None if found[3] is None else int(found[3])
        node = _Building((found[1], found[2] + found[4], number), _plain(attributes, found[1]))
        known[dn] = node
        if parent:
            known[parent].children.append(node)
        else:
            root = node
    if root is None:
        raise Error("the configuration of slapd is empty; run dpkg-reconfigure slapd")
    return _built(root)


def _plain(attributes: Mapping[str, Sequence[str]], naming: str) -> Attributes:
    return {
        name: in_order(values) if name.lower() in ORDERED else list(values)
        for name, values in attributes.items()
        if name.lower() not in OPERATIONAL and name != naming
    }


def in_order(values: Sequence[str]) -> list[str]:
    """Values of an ordered attribute by their numbers, without them."""

    def place(item: tuple[int, str]) -> tuple[int, int]:
        found = NUMBER.match(item[1])
        return (int(found[0][1:-1]), item[0]) if found else (len(values), item[0])

    return [without_number(value) for _index, value in sorted(enumerate(values), key=place)]


def without_number(value: str) -> str:
    found = NUMBER.match(value)
    return value[found.end() :] if found else value


def _built(building: _Building) -> Node:
    kind, name, number = building.rdn
    ordered = sorted(
        building.children, key=lambda child: (child.rdn[0], child.rdn[2] if child.rdn[2] is not None else 0)
    )
    return Node(kind, name, building.attributes, [_built(child) for child in ordered], number is not None)


def placed(node: Node, parent: str = "", number: Optional[int] = None) -> Iterator[tuple[str, Node]]:
    """Every node below and with this one, parents first, under its whole name."""
    dn = ",".join(filter(None, [rdn(node, number), parent]))
    yield dn, node
    for index, child in numbered_children(node):
        yield from placed(child, dn, index)


def numbered_children(node: Node) -> Iterator[tuple[Optional[int], Node]]:
    counts: dict[str, int] = {}
    # As slapd must read them: what is loaded and defined comes before what uses it.
    for child in sorted(node.children, key=_rank):
        if child.numbered:
            index = counts.get(child.group, FIRST.get(child.kind, 0))
            counts[child.group] = index + 1
            yield index, child
        else:
            yield None, child


def _rank(node: Node) -> int:
    if node.is_module_list:
        return 0
    return {"cn": 1, "olcBackend": 2, "olcDatabase": 3}.get(node.kind, 4)


def rdn(node: Node, number: Optional[int]) -> str:
    if number is None:
        return f"{node.kind}={node.name}"
    return f"{node.kind}={node.name}{{{number}}}" if node.is_module_list else f"{node.kind}={{{number}}}{node.name}"


def stored(attribute: str, values: Sequence[str]) -> list[str]:
    """Values as the server keeps them: an ordered attribute has its numbers."""
    if attribute.lower() not in ORDERED:
        return list(values)
    return [f"{{{index}}}{value}" for index, value in enumerate(values)]


def entry(dn: str, node: Node) -> Entry:
    value = dn.partition(",")[0].partition("=")[2]
    attributes = {name: stored(name, values) for name, values in node.attributes.items() if values}
    return Entry(dn, {"objectClass": node.get("objectClass"), node.kind: [value], **attributes})


def entries(root: Node) -> list[Entry]:
    return [entry(dn, node) for dn, node in placed(root)]


def minimal() -> Node:
    """What a package just installed is assumed to have, for a host that has none yet."""
    access = "to * by dn.exact=gidNumber=0+uidNumber=0,cn=peercred,cn=external,cn=auth manage by * break"
    database = {"objectClass": ["olcDatabaseConfig"]}
    return Node(
        "cn",
        "config",
        {"objectClass": ["olcGlobal"]},
        [
            Node(
                "cn",
                "module",
                {
                    "objectClass": ["olcModuleList"],
                    "olcModulePath": ["/usr/lib/ldap"],
                    "olcModuleLoad": ["back_mdb"],
                },
            ),
            Node("cn", "schema", {"objectClass": ["olcSchemaConfig"]}, numbered=False),
            Node("olcDatabase", "frontend", {"objectClass": ["olcDatabaseConfig", "olcFrontendConfig"]}),
            Node("olcDatabase", "config", {**database, "olcAccess": [access]}),
        ],
        numbered=False,
    )

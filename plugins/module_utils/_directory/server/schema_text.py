# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Schema definitions from text: a ``.schema`` file, or an LDIF of ``cn=schema,cn=config``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from . import dump
from .tree import in_order

KINDS = {
    "attributetype": "olcAttributeTypes",
    "attributetypes": "olcAttributeTypes",
    "objectclass": "olcObjectClasses",
    "objectclasses": "olcObjectClasses",
    "ditcontentrule": "olcDitContentRules",
    "ldapsyntax": "olcLdapSyntaxes",
    "objectidentifier": "olcObjectIdentifier",
}
LDIF = re.compile(r"^(dn|objectClass|cn|olc[A-Za-z]+)::? ", re.IGNORECASE | re.MULTILINE)
OID = re.compile(r"\(\s*([0-9A-Za-z.:_-]+)")
# Old definitions have quotes around the number, or the name of one.
SYNTAX = re.compile(r"SYNTAX ('?)([^\s{']+)((?:\{\d+\})?)\1", re.IGNORECASE)
NUMERIC = re.compile(r"\d+(\.\d+)+")
NAMES = re.compile(r"NAME\s+(?:'([^']+)'|\(([^)]*)\))", re.IGNORECASE)

Definitions = Mapping[str, Sequence[str]]


class SchemaError(Exception):
    """A text that is no schema; says why."""


def read(text: str) -> Definitions:
    """Definitions by attribute of the configuration, in their order. Raises :class:`SchemaError`."""
    found = _from_ldif(text) if LDIF.search(text) else _from_schema(text)
    if not any(found.values()):
        raise SchemaError("defines nothing")
    own: set[str] = set()
    for attribute in ("olcAttributeTypes", "olcObjectClasses"):
        for definition in found.get(attribute, ()):
            if oid(definition) in own:
                raise SchemaError(f"defines {oid(definition)} twice")
            own.add(oid(definition))
            if not names(definition):
                raise SchemaError(f"defines {oid(definition)} without a NAME")
    return {name: values for name, values in found.items() if values}


def _from_ldif(text: str) -> Definitions:
    entries, problems = dump.read(
        text if re.search(r"^dn:", text, re.MULTILINE) else f"dn: cn=schema\n{text}", "the LDIF"
    )
    if problems:
        raise SchemaError("; ".join(map(str, problems)))
    found: dict[str, list[str]] = {name: [] for name in KINDS.values()}
    for entry in entries:
        for name, values in entry.attributes.items():
            attribute = next((known for known in found if known.lower() == name.lower()), None)
            if attribute is not None:
                found[attribute] += in_order(values)
            elif name.lower() not in ("objectclass", "cn"):
                raise SchemaError(f"holds {name}, which is no definition")
    macros: dict[str, str] = {}
    for value in found.pop("olcObjectIdentifier"):
        _define(value, macros)
    return {
        attribute: [_checked(attribute, _without_macros(value, macros)) for value in definitions]
        for attribute, definitions in found.items()
    }


def _from_schema(text: str) -> Definitions:
    found: dict[str, list[str]] = {name: [] for name in KINDS.values()}
    macros: dict[str, str] = {}
    for statement in _statements(text):
        keyword, _space, rest = statement.partition(" ")
        attribute = KINDS.get(keyword.lower())
        if attribute is None:
            raise SchemaError(f"has {keyword!r}, which begins no definition")
        if attribute == "olcObjectIdentifier":
            _define(rest, macros)
        else:
            found[attribute].append(_checked(attribute, _without_macros(rest.strip(), macros)))
    return found


def _statements(text: str) -> Iterator[str]:
    """Definitions on one line each: a line that begins with a blank goes on with the one before."""
    statement = ""
    for line in [*text.splitlines(), "end"]:
        if line.startswith("#") or not line.strip():
            continue
        if line[0].isspace() or _is_open(statement):
            if not statement:
                raise SchemaError(f"begins with a continued line: {line.strip()[:60]}")
            statement += " " + line.strip()
            continue
        if statement:
            yield " ".join(statement.split())
        statement = line.strip()
    if statement != "end":
        raise SchemaError("ends within a definition: a ) is missing")


def _is_open(statement: str) -> bool:
    """Whether a bracket is still to come. Those in a description count for nothing."""
    plain = _without_texts(statement)
    return plain.count("(") > plain.count(")")


def _without_texts(definition: str) -> str:
    return re.sub(r"'[^']*'", "''", definition)


def _define(value: str, macros: dict[str, str]) -> None:
    name, number = [*value.split(None, 1), "", ""][:2]
    macros[name.lower()] = _expanded(number.strip(), macros)


def _expanded(value: str, macros: Mapping[str, str]) -> str:
    """``name:1.2`` with the number that ``name`` stands for."""
    name, colon, rest = value.partition(":")
    known = macros.get(name.lower())
    if known is None:
        return value
    return f"{known}.{rest}" if colon else known


def _without_macros(definition: str, macros: Mapping[str, str]) -> str:
    definition = OID.sub(lambda found: f"( {_expanded(found[1], macros)}", definition, count=1)
    return SYNTAX.sub(lambda found: f"SYNTAX {_expanded(found[2], macros)}{found[3]}", definition)


def _checked(attribute: str, definition: str) -> str:
    plain = _without_texts(definition)
    if not definition.startswith("(") or plain.count("(") != plain.count(")"):
        raise SchemaError(f"has a definition whose brackets do not fit: {definition[:80]}")
    if not NUMERIC.fullmatch(oid(definition)):
        raise SchemaError(
            f"has {oid(definition) or 'nothing'} where a number such as 2.25.1.2 belongs: {definition[:80]}"
        )
    return definition


def oid(definition: str) -> str:
    found = OID.match(definition)
    return found[1] if found else ""


def names(definition: str) -> list[str]:
    found = NAMES.search(definition)
    if found is None:
        return []
    return [found[1]] if found[1] else re.findall(r"'([^']+)'", found[2])

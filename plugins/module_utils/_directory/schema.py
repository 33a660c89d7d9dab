# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The schema that a server publishes (RFC 4512, 4.1): attribute types and object classes, inheritance resolved."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Optional, Union

from .dn import Names
from .matching import Normaliser, normalisers

TOKEN = re.compile(r"'((?:[^'\\]|\\.)*)'|([()$])|([^\s()$']+)")
FLAGS = {"OBSOLETE", "SINGLE-VALUE", "COLLECTIVE", "NO-USER-MODIFICATION", "STRUCTURAL", "AUXILIARY", "ABSTRACT"}
Field = Union[str, list[str]]

# With this class an entry may have any attribute (RFC 4512, 4.3).
EXTENSIBLE = "extensibleobject"
READ = ("attributeTypes", "objectClasses")


class AttributeType(NamedTuple):
    """One attribute. ``equality`` and ``syntax`` are those of the type it is derived from when it has none itself.

    ``ordered`` is VALUES or SIBLINGS where slapd keeps an order by ``{0}`` before the value. A ``collective`` one shows
    in entries that get it from another one.
    """

    name: str
    names: Sequence[str]
    oid: str
    equality: Optional[str]
    syntax: Optional[str]
    single: bool
    operational: bool
    fixed: bool
    ordered: Optional[str]
    collective: bool = False


class ObjectClass(NamedTuple):
    """One class. ``must`` and ``may`` are its own and those of the classes above it, as keys."""

    name: str
    kind: str
    must: frozenset[str]
    may: frozenset[str]
    above: frozenset[str]


def fields(definition: str) -> dict[str, Field]:
    """The parts of one definition by keyword; flags have the value "TRUE", the first word is under ``oid``."""
    tokens = [found[1] if found[1] is not None else found[2] or found[3] for found in TOKEN.finditer(definition)]
    result: dict[str, Field] = {}
    if len(tokens) < 3:
        return result
    result["oid"], position = tokens[1], 2
    while position < len(tokens) - 1:
        keyword, position = tokens[position], position + 1
        if keyword in FLAGS:
            result[keyword] = "TRUE"
        elif position < len(tokens) and tokens[position] == "(":
            end = tokens.index(")", position) if ")" in tokens[position:] else len(tokens)
            result[keyword] = [token for token in tokens[position + 1 : end] if token != "$"]
            position = end + 1
        elif position < len(tokens):
            result[keyword] = tokens[position]
            position += 1
    return result


def _one(field: Optional[Field]) -> Optional[str]:
    return field[0] if isinstance(field, list) and field else field if isinstance(field, str) else None


def _many(field: Optional[Field]) -> list[str]:
    return [field] if isinstance(field, str) else list(field or ())


def names(definition: str) -> list[str]:
    """What a definition may be called by: its names and its number."""
    raw = fields(definition)
    return [*_many(raw.get("NAME")), str(raw["oid"])] if raw else []


class Schema:
    """Looks things up by any of their names. ``known`` is false when the server publishes none: then all is allowed."""

    def __init__(self, attribute_types: Iterable[str] = (), object_classes: Iterable[str] = ()) -> None:
        self._raw_types = _by_name(attribute_types)
        self._raw_classes = _by_name(object_classes)
        self._types: dict[str, Optional[AttributeType]] = {}
        self._classes: dict[str, Optional[ObjectClass]] = {}
        # Keys that were asked for already, by the name as it was written.
        self.keys: dict[str, str] = {}
        self.known = bool(self._raw_types)
        self.names = Names(self.key, lambda name, value: self.normaliser(name)(value))
        self._rules = normalisers(self.names.normal)
        self._normalisers: dict[str, Normaliser] = {}

    def attribute(self, name: str) -> Optional[AttributeType]:
        """The type of an attribute, whether or not it has options such as ``;lang-en``."""
        lower = name.partition(";")[0].lower()
        if lower not in self._types:
            self._types[lower] = self._attribute(lower)
        return self._types[lower]

    def _attribute(self, lower: str) -> Optional[AttributeType]:
        raw = self._raw_types.get(lower)
        if raw is None:
            return None
        superior = _one(raw.get("SUP"))
        above = self.attribute(superior) if superior is not None else None
        names = _many(raw.get("NAME")) or _many(raw["oid"])
        syntax = _one(raw.get("SYNTAX"))
        return AttributeType(
            name=names[0],
            names=names,
            oid=str(raw["oid"]),
            equality=_one(raw.get("EQUALITY")) or (above.equality if above else None),
            syntax=syntax.partition("{")[0] if syntax else (above.syntax if above else None),
            single="SINGLE-VALUE" in raw,
            operational=_one(raw.get("USAGE")) not in (None, "userApplications"),
            fixed="NO-USER-MODIFICATION" in raw,
            ordered=_one(raw.get("X-ORDERED")),
            collective="COLLECTIVE" in raw,
        )

    def key(self, name: str) -> str:
        """What all names of an attribute share, options such as ``;lang-en`` included."""
        found = self.keys.get(name)
        if found is None:
            base, *options = name.lower().split(";")
            known = self.attribute(base)
            found = self.keys[name] = ";".join([known.name.lower() if known else base, *sorted(options)])
        return found

    def written(self, key: str) -> str:
        """An attribute as people write it."""
        base, *options = key.split(";")
        known = self.attribute(base)
        return ";".join([known.name if known else base, *options])

    def normaliser(self, name: str) -> Normaliser:
        """Takes values of an attribute to what equal values share."""
        found = self._normalisers.get(name)
        if found is None:
            known = self.attribute(name)
            rule = (known.equality or "") if known else "" if self.known else "caseIgnoreMatch"
            found = self._normalisers[name] = self._rules.get(rule.lower(), _same)
        return found

    def object_class(self, name: str) -> Optional[ObjectClass]:
        lower = name.lower()
        if lower not in self._classes:
            self._classes[lower] = self._object_class(lower)
        return self._classes[lower]

    def _object_class(self, lower: str) -> Optional[ObjectClass]:
        raw = self._raw_classes.get(lower)
        if raw is None:
            return None
        found = [self.object_class(name) for name in _many(raw.get("SUP"))]
        above = [class_ for class_ in found if class_ is not None]
        names = _many(raw.get("NAME")) or _many(raw["oid"])
        kind = next((kind for kind in ("ABSTRACT", "AUXILIARY") if kind in raw), "STRUCTURAL")
        return ObjectClass(
            name=names[0],
            kind=kind,
            must=frozenset(map(self.key, _many(raw.get("MUST")))).union(*(class_.must for class_ in above)),
            may=frozenset(map(self.key, _many(raw.get("MAY")))).union(*(class_.may for class_ in above)),
            above=frozenset(class_.name.lower() for class_ in above).union(*(class_.above for class_ in above)),
        )

    def fixed(self, key: str) -> bool:
        """Whether the server alone may set an attribute."""
        known = self.attribute(key)
        return known is not None and known.fixed

    def attribute_names(self) -> list[str]:
        return list(self._raw_types)

    def class_names(self) -> list[str]:
        return list(self._raw_classes)


def _by_name(definitions: Iterable[str]) -> Mapping[str, Mapping[str, Field]]:
    found: dict[str, Mapping[str, Field]] = {}
    for definition in definitions:
        raw = fields(definition)
        if raw:
            found.update({name.lower(): raw for name in [*_many(raw.get("NAME")), str(raw["oid"])]})
    return found


def _same(value: bytes) -> bytes:
    return value

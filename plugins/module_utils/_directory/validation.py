# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the server's schema has against an entry, found before anything is sent."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Optional

from .._engine.errors import Problem
from . import syntaxes, values
from .dn import Key
from .planning import CREATE, OBJECT_CLASS, REMOVE, Attributes, Change, with_rdn, with_superiors
from .schema import EXTENSIBLE, ObjectClass, Schema
from .wanted import EXACT, Wanted


class Validation:
    """Checks changed entries. ``unmet`` is what an earlier task of the same run may cure by loading a schema."""

    def __init__(self, schema: Schema, identity: Optional[str]) -> None:
        self.schema = schema
        self.identity = None if identity is None else schema.key(identity)
        self.problems: list[Problem] = []
        self.unmet: list[Problem] = []

    def check(self, wanted: Iterable[Wanted], changes: Sequence[Change]) -> None:
        if not self.schema.known:
            return
        changed: Mapping[Key, Change] = {change.key: change for change in changes if change.verb != REMOVE}
        for item in wanted:
            change = changed.get(item.final.key)
            if change is not None:
                self._entry(item, change)

    def _entry(self, item: Wanted, change: Change) -> None:
        new = change.verb == CREATE
        given = with_rdn(item, self.schema) if new else item.attributes
        usable = {key: one for key, one in given.items() if self._attribute(item, key, one)}
        self._named(item, given)
        have: Attributes = {} if new or change.before is None else change.before
        stored = [] if item.state == EXACT and OBJECT_CLASS in given else have.get(OBJECT_CLASS, [])
        declared = given.get(OBJECT_CLASS, [])
        classes = self._classes(item, [*stored, *declared])
        if classes is None:
            return
        if not classes:
            self._refuse(item, "objectClass", "is missing", "say of which classes the entry is")
            return
        self._structure(item, classes)
        if EXTENSIBLE not in with_superiors([*stored, *declared], self.schema):
            allowed = frozenset[str]().union(*(one.must | one.may for one in classes))
            for key, one in usable.items():
                base = key.partition(";")[0]
                if one and base not in allowed and not self._is_operational(base):
                    names = ", ".join(one.name for one in classes)
                    cure = "add a class that has it, or leave it out"
                    self._refuse(item, item.name(key), f"is not allowed by {names}", cure)
        self._required(item, change, classes, given, have)

    def _named(self, item: Wanted, given: Attributes) -> None:
        for name, value in item.final.rdns[0]:
            key, normal = self.schema.key(name), self.schema.normaliser(name)
            if key in given and normal(value) not in map(normal, given[key]):
                cure = "add it, leave the attribute out, or correct the name"
                self._refuse(
                    item, item.name(key), "lacks the value that the name says", cure, value.decode("utf-8", "replace")
                )

    def _attribute(self, item: Wanted, key: str, given: list[bytes]) -> bool:
        """Whether the attribute is known; its values are checked then."""
        known = self.schema.attribute(key)
        if known is None:
            if given:
                cure = did_you_mean(
                    item.name(key), self.schema.attribute_names(), "correct the name, or load its schema"
                )
                self._unmet(item, item.name(key), "is not in the schema of the server", cure)
            return False
        if known.fixed and key != self.identity:
            self._refuse(item, item.name(key), "is kept by the server itself", "leave it out")
        if known.single and len(given) > 1:
            self._refuse(item, item.name(key), f"has {len(given)} values and can have one", "keep one of them")
        seen: dict[bytes, bytes] = {}
        normal = self.schema.normaliser(key)
        for value in given:
            form = normal(value)
            if form in seen:
                self._refuse(
                    item, item.name(key), "has two values that are equal", "keep one of them", self._shown(key, value)
                )
            seen[form] = value
            fault = None if ";" in key else syntaxes.fault(known.syntax, value)
            if fault is not None:
                self._refuse(item, item.name(key), *fault, self._shown(key, value))
        return True

    def _shown(self, key: str, value: bytes) -> Any:
        return None if values.is_secret(key) else values.shown(key, [value])[0]

    def _classes(self, item: Wanted, names: Sequence[bytes]) -> Optional[list[ObjectClass]]:
        """The classes; nothing when one is unknown."""
        found: dict[str, ObjectClass] = {}
        known = True
        for value in names:
            name = value.decode("utf-8", "replace")
            one = self.schema.object_class(name)
            if one is None:
                known = False
                cure = did_you_mean(name, self.schema.class_names(), "correct the name, or load its schema")
                self._unmet(item, "objectClass", "is not in the schema of the server", cure, name)
            else:
                found[one.name] = one
        return list(found.values()) if known else None

    def _structure(self, item: Wanted, classes: Sequence[ObjectClass]) -> None:
        structural = [one for one in classes if one.kind == "STRUCTURAL"]
        if not structural:
            names = ", ".join(one.name for one in classes)
            cure = "add one that says what the entry is, such as inetOrgPerson"
            self._refuse(item, "objectClass", "holds no structural class", cure, names)
            return
        deepest = max(structural, key=lambda one: len(one.above))
        strange = [one.name for one in structural if one is not deepest and one.name.lower() not in deepest.above]
        if strange:
            names = f"{deepest.name}, {', '.join(strange)}"
            cure = "keep one of them, for an entry is one thing"
            self._refuse(item, "objectClass", "holds structural classes that have nothing in common", cure, names)

    def _required(
        self, item: Wanted, change: Change, classes: Sequence[ObjectClass], given: Attributes, have: Attributes
    ) -> None:
        """What the classes demand. Of an entry that exists, attributes that are not declared were not read."""
        after = {key.partition(";")[0] for key, one in given.items() if one}
        after |= {self.schema.key(name) for name, _value in item.final.rdns[0]}
        emptied = {key for key, one in given.items() if not one}
        if change.verb == CREATE or item.state == EXACT:
            held = after
        else:
            held = after | {key.partition(";")[0] for key in have if key not in emptied}
        for one in classes:
            for key in sorted(one.must - held):
                if change.verb == CREATE or item.state == EXACT or key in emptied:
                    name = self.schema.written(key)
                    self._refuse(item, name, f"is missing, and {one.name} demands it", "give it a value")
                    held = held | {key}

    def _is_operational(self, key: str) -> bool:
        known = self.schema.attribute(key)
        return known is not None and known.operational

    def _refuse(self, item: Wanted, name: str, message: str, cure: str, value: Any = None) -> None:
        self.problems.append(self._problem(item, name, message, cure, value))

    def _unmet(self, item: Wanted, name: str, message: str, cure: str, value: Any = None) -> None:
        self.unmet.append(self._problem(item, name, message, cure, value))

    def _problem(self, item: Wanted, name: str, message: str, cure: str, value: Any) -> Problem:
        return Problem(f"{item.where}attributes.{name}", f"of {item.final.text} {message}", cure, value)


def did_you_mean(name: str, known: Iterable[str], otherwise: str) -> str:
    """A cure for a name that is not known."""
    close = difflib.get_close_matches(name.lower(), known, n=1)
    return f"did you mean {close[0]}? Or else {otherwise}" if close else otherwise

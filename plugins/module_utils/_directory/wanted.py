# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is declared: entries with names that are read, attributes under their keys and values as bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Optional

from .._engine.errors import Problem
from . import values
from .dn import BadNameError, Dn, Key, escape
from .filters import ATTRIBUTE
from .ldif import Record
from .schema import Schema

PRESENT, EXACT, ABSENT = "present", "exact", "absent"
PLACEHOLDER = re.compile(r"\{([A-Za-z][A-Za-z0-9-]*)\}")
CURE_DN = "write it like uid=alice,ou=people,dc=example,dc=org, with a \\ before special characters"


class Wanted(NamedTuple):
    """One declared entry. ``where`` is the path of its options, ``dn`` its name before a rename to ``new``.

    ``attributes`` are values by the key of their attribute; ``written`` has the names that keys were declared
    under, for all entries of a call.
    """

    where: str
    dn: Dn
    new: Optional[Dn]
    state: str
    attributes: dict[str, list[bytes]]
    written: Mapping[str, str]
    recursive: bool
    on_create: bool

    @property
    def final(self) -> Dn:
        return self.new or self.dn

    def name(self, key: str) -> str:
        """An attribute as it was declared."""
        return self.written.get(key, key)


class Reader:
    """Reads items of options; everything wrong with them is in ``problems``."""

    def __init__(self, schema: Schema, params: Mapping[str, Any]) -> None:
        self.schema = schema
        self.problems: list[Problem] = []
        self.binary = {schema.key(name) for name in params.get("binary_attributes") or ()}
        self._plain: dict[str, str] = {}
        self._written: dict[str, str] = {}
        self._latest: dict[str, list[bytes]] = {}
        self.on_create = params.get("update_password") == "on_create"

    def entries(self, items: list[Mapping[str, Any]], option: str, records: Sequence[Record] = ()) -> list[Wanted]:
        """Declared items and LDIF; ``option`` is the list that items are in, empty for a module's own options.

        The list is emptied: a hundred thousand items and what is made of them need not be in memory together.
        """
        result: list[Wanted] = []
        found: dict[Key, Wanted] = {}
        items.reverse()
        for index in range(len(items)):
            self._take(self._entry(items.pop(), f"{option}[{index}]." if option else ""), result, found)
        for record in records:
            self._take(self._record(record), result, found)
        return result

    def _take(self, wanted: Optional[Wanted], result: list[Wanted], found: dict[Key, Wanted]) -> None:
        if wanted is None:
            return
        for dn in {wanted.dn.key: wanted.dn, wanted.final.key: wanted.final}.values():
            if dn.key in found:
                other = found[dn.key].where.rstrip(". ")
                self._refuse(f"{wanted.where}dn", f"is declared twice, also in {other}", "keep one", dn.text)
            found[dn.key] = wanted
        result.append(wanted)

    def _record(self, record: Record) -> Optional[Wanted]:
        where = f"{record.where} "
        dn = self.dn(f"{where}dn", record.dn)
        if dn is None or not dn.key:
            return None
        attributes: dict[str, list[bytes]] = {}
        for name, given in record.attributes.items():
            self._attribute(name, given, where, attributes)
        return Wanted(where, dn, None, PRESENT, attributes, self._written, False, self.on_create)

    def dn(self, option: str, text: Optional[str]) -> Optional[Dn]:
        if text is None:
            return None
        lacking = PLACEHOLDER.search(text)
        if lacking is not None:
            self._refuse(option, f"needs the attribute {lacking[1]}, which the entry does not give", "give it", text)
            return None
        try:
            return self.schema.names.read(text)
        except BadNameError as error:
            self._refuse(option, str(error), CURE_DN, text)
            return None

    def _entry(self, item: Mapping[str, Any], where: str) -> Optional[Wanted]:
        if "dn" not in item:
            return None
        dn, new = self.dn(f"{where}dn", item["dn"]), self.dn(f"{where}new_dn", item.get("new_dn"))
        if dn is not None and not dn.key:
            self._refuse(f"{where}dn", "is empty", CURE_DN)
            return None
        attributes = self._attributes(item.get("attributes") or {}, f"{where}attributes.")
        if dn is None:
            return None
        update = item.get("update_password")
        on_create = self.on_create if update is None else update == "on_create"
        return Wanted(where, dn, new, item["state"], attributes, self._written, item.get("recursive", False), on_create)

    def _attributes(self, given: Mapping[str, Any], where: str) -> dict[str, list[bytes]]:
        found: dict[str, list[bytes]] = {}
        for written, value in given.items():
            # The common case first: a text under a name that was read before and has nothing special.
            key = self._plain.get(written)
            if key is not None and isinstance(value, str) and value and key not in found:
                found[key] = self._shared(key, [value.encode("utf-8", "surrogateescape")])
            else:
                self._attribute(str(written), value, where, found)
        return found

    def _attribute(self, written: str, value: Any, where: str, found: dict[str, list[bytes]]) -> None:
        name, binary = values.plain_name(written)
        key = self.schema.key(name)
        shown = None if values.is_secret(key) else value
        if not ATTRIBUTE.fullmatch(name):
            self._refuse(f"{where}{written}", "is no name of an attribute", "use letters, digits and hyphens")
            return
        if key in found:
            self._refuse(f"{where}{written}", f"is given twice, also as {self._written[key]}", "keep one")
        try:
            binary = binary or key in self.binary
            found[key] = self._shared(key, values.to_bytes(value, binary))
            self._written.setdefault(key, name)
            if not binary:
                self._plain[written] = key
        except ValueError as error:
            self._refuse(f"{where}{written}", error.args[0], error.args[1], shown)

    def _shared(self, key: str, given: list[bytes]) -> list[bytes]:
        """The values; those of the entry before when they are equal, as of classes they are: once in memory for all."""
        latest = self._latest.get(key)
        if latest is not None and latest == given:
            return latest
        self._latest[key] = given
        return given

    def _refuse(self, option: str, message: str, cure: str, value: Any = None) -> None:
        self.problems.append(Problem(option, message, cure, value))


def with_defaults(items: Iterable[Mapping[str, Any]], defaults: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Items on top of a template: ``{name}`` in its texts stands for the first value of that attribute of the item."""
    if not defaults:
        return list(items)
    return [_filled(item, defaults) if isinstance(item, Mapping) else item for item in items]


def _filled(item: Mapping[str, Any], defaults: Mapping[str, Any]) -> Mapping[str, Any]:
    own = item.get("attributes")
    if own is not None and not isinstance(own, Mapping):
        return item
    first = {str(name).lower(): _first(value) for name, value in (own or {}).items()}
    result = {**defaults, **item}
    if "dn" not in item and isinstance(defaults.get("dn"), str):
        result["dn"] = PLACEHOLDER.sub(lambda found: _in_name(found, first), defaults["dn"])
    template = defaults.get("attributes")
    if isinstance(template, Mapping):
        given = {str(name).lower() for name in own or {}}
        filled = {name: _fill(value, first) for name, value in template.items() if str(name).lower() not in given}
        result["attributes"] = {**filled, **(own or {})}
    return result


def _fill(value: Any, first: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return PLACEHOLDER.sub(lambda found: first.get(found[1].lower(), found[0]), value)
    return [_fill(part, first) for part in value] if isinstance(value, list) else value


def _in_name(found: re.Match[str], first: Mapping[str, str]) -> str:
    value = first.get(found[1].lower())
    return found[0] if value is None else escape(value.encode("utf-8", "surrogateescape"))


def _first(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return str(value[0]) if value else ""
    return str(value)

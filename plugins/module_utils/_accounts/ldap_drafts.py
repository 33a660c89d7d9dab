# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries as they shall be, and the requests that make them so. Pure.

Each entry that is touched has a draft, and the requests follow from its difference to what was read: only attributes
that hold a fact are modified. Values that are deleted are named, and so a server refuses the change of an entry that
somebody else changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Optional

from .._directory.dn import Dn, Key, escape
from .._directory.messages import ADD, DELETE, REPLACE, Modification
from .._directory.planning import CREATE, OBJECT_CLASS, REMOVE, UPDATE, with_superiors
from .._directory.planning import Change as EntryChange
from .._directory.schema import Schema
from .._directory.values import is_hashed
from .._engine.errors import Problem
from .ldap_contents import Contents
from .ldap_facts import Facts, octets, text
from .ldap_layout import Kind, Layout, filled

# The option that a fact comes from.
OPTIONS: Mapping[str, str] = {
    "password": "password_hash",
    "forward": "forward_to",
    "sender": "send_as",
    "alias": "address",
    "account_control": "enabled",
    "domain_description": "description",
    "domain_enabled": "enabled",
    "domain_quota": "quota",
    "domain_mailbox_quota": "mailbox_quota",
    "domain_max_mailboxes": "max_mailboxes",
    "domain_max_aliases": "max_aliases",
    "group_address": "address",
    "group_forward": "destinations",
    "group_enabled": "enabled",
}
# Attributes that a class may demand of an entry that is made here.
NAMES = ("cn", "sn", "ou", "uid", "givenname")


class Draft:
    """An entry as it was and as it shall be; ``after`` is nothing for one that is deleted."""

    def __init__(self, dn: Dn, where: str, before: Optional[Mapping[str, list[bytes]]]) -> None:
        self.dn = dn
        self.where = where
        self.before = before
        self.after: Optional[dict[str, list[bytes]]] = {name: list(values) for name, values in (before or {}).items()}
        self.options: dict[str, str] = {}


class Drafts:
    """The drafts of one call, with what forbids them and what the user should know.

    ``where`` is, by address or domain, what comes before the name of an option in a message.
    """

    def __init__(self, contents: Contents, where: Mapping[str, str]) -> None:
        self.contents = contents
        self.layout: Layout = contents.layout
        self.schema: Schema = contents.schema
        self.where = where
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self.drafts: dict[Key, Draft] = {}

    def name_of(self, kind: Kind, address: str) -> Dn:
        attribute, value = filled(kind.rdn, address)
        return self.schema.names.read(f"{attribute}={escape(octets(value))},{kind.base}")

    def present(self, key: Key, where: str) -> Draft:
        if key not in self.drafts:
            entry = self.contents.entries[key]
            self.drafts[key] = Draft(self.schema.names.read(entry.dn), where, entry.attributes)
        return self.drafts[key]

    def new(self, kind: Kind, address: str, where: str, name: str = "") -> Draft:
        dn = self.name_of(kind, address)
        draft = self.drafts[dn.key] = Draft(dn, where, None)
        classes = [*kind.structure, kind.marker]
        after = draft.after = {OBJECT_CLASS: list(map(octets, classes))}
        after.update({self.schema.key(attribute): [value] for attribute, value in dn.rdns[0]})
        found = [self.schema.object_class(one) for one in classes]
        demanded = {attribute for one in found if one is not None for attribute in one.must}
        for attribute in demanded & {*NAMES} - {*after}:
            after[attribute] = [octets(name or address.partition("@")[0])]
        return draft

    def set_changed(self, draft: Draft, old: Facts, new: Facts, thing: Any) -> None:
        for fact, values in new.items():
            if fact not in old or old[fact] != values:
                self.set(draft, fact, values, getattr(thing, _field(fact), None))

    def set(self, draft: Draft, fact: str, values: Sequence[bytes], shown: Any, option: str = "") -> None:
        """Let an attribute hold exactly these values; those that are there already stay as they are written."""
        attribute = self.layout.attributes[fact]
        option = option or OPTIONS.get(fact, fact)
        if not attribute:
            if values:
                shown = None if fact == "password" else shown
                message = f"cannot be kept by the preset {self.layout.preset}"
                self.refuse(f"{draft.where}{option}", message, self.layout.cure(fact), shown)
            return
        if draft.after is None:
            return
        key, normal = self.schema.key(attribute), self.schema.normaliser(attribute)
        draft.options[key] = option
        stored = {normal(value): value for value in draft.after.get(key, [])}
        if fact == "address":
            values = [*values, *draft.after.get(key, [])]
        draft.after[key] = list({normal(value): stored.get(normal(value), value) for value in values}.values())

    def add(self, draft: Draft, attribute: str, value: bytes) -> None:
        if draft.after is not None:
            key, normal = self.schema.key(attribute), self.schema.normaliser(attribute)
            if normal(value) not in map(normal, draft.after.get(key, [])):
                draft.after[key] = [*draft.after.get(key, []), value]

    def is_auxiliary(self, name: str) -> bool:
        known = self.schema.object_class(name)
        return known is not None and known.kind == "AUXILIARY"

    def is_ours(self, draft: Draft) -> bool:
        """Whether an entry has nothing that is not made here, and nothing below it."""
        have = draft.before or {}
        kind = self.layout.people
        ours = with_superiors(map(octets, [*kind.structure, kind.marker]), self.schema)
        classes = with_superiors(have.get(OBJECT_CLASS, ()), self.schema)
        named = {self.schema.key(name) for name, _value in draft.dn.rdns[0]}
        facts = {self.schema.key(name) for name in self.layout.attributes.values() if name}
        strange = {*have} - facts - named - {*NAMES, OBJECT_CLASS, "hassubordinates"}
        return classes <= ours and not strange and have.get("hassubordinates") != [b"TRUE"]

    def remove(self, draft: Draft, kind: Kind, facts: Sequence[str]) -> None:
        """Delete an entry whose class is its own; of another, take away that class with what it holds."""
        if self.is_auxiliary(kind.marker) and not self.layout.delete_entries:
            self.strip(draft, kind.marker, facts)
            self.notes.append(f"{draft.dn.text} stays, without what it had for mail")
        else:
            draft.after = None

    def strip(self, draft: Draft, marker: str, facts: Iterable[str]) -> None:
        after = draft.after or {}
        named = {self.schema.key(name) for name, _value in draft.dn.rdns[0]}
        gone = {self.schema.key(self.layout.attributes[fact]) for fact in facts if self.layout.attributes[fact]}
        if self.is_auxiliary(marker):
            after[OBJECT_CLASS] = [one for one in after.get(OBJECT_CLASS, []) if text(one).lower() != marker.lower()]
            rest = [self.schema.object_class(text(one)) for one in after[OBJECT_CLASS]]
            allowed = frozenset[str]().union(*(one.must | one.may for one in rest if one is not None))
            known = self.schema.object_class(marker)
            gone |= (known.must | known.may) - allowed if known is not None else set()
        for key in gone - named:
            after.pop(key, None)

    def refuse(self, option: str, message: str, cure: str, value: Any = None) -> None:
        self.problems.append(Problem(option, message, cure, value))

    # --- requests ---

    def changes(self) -> list[EntryChange]:
        found = []
        for key, draft in self.drafts.items():
            if draft.after is None and draft.before is not None:
                found.append(EntryChange(REMOVE, key, draft.dn.text, draft.before, None))
            elif draft.after is not None and draft.before is None:
                after = {name: values for name, values in draft.after.items() if values}
                found.append(EntryChange(CREATE, key, draft.dn.text, None, after))
            elif draft.after is not None and draft.before is not None:
                made = modifications(draft.before, draft.after, self.schema)
                if made:
                    found.append(EntryChange(UPDATE, key, draft.dn.text, draft.before, draft.after, made))
        return found


def modifications(
    before: Mapping[str, Sequence[bytes]], after: Mapping[str, Sequence[bytes]], schema: Schema
) -> list[Modification]:
    """The difference. Classes come first, and go last, so that each attribute is allowed while it is there."""
    found = []
    for key in dict.fromkeys([*after, *before]):
        old, new = before.get(key, ()), after.get(key, ())
        removed, added = [one for one in old if one not in new], [one for one in new if one not in old]
        known = schema.attribute(key)
        if (removed or added) and (is_hashed(key) or (known is not None and known.equality is None)):
            found.append(Modification(REPLACE, key, list(new)))
            continue
        found += [Modification(DELETE, key, removed)] if removed else []
        found += [Modification(ADD, key, added)] if added else []
    return found


def _field(fact: str) -> str:
    """The field of the model with the value of a fact."""
    return {"forward": "forward_to", "sender": "send_as"}.get(fact, OPTIONS.get(fact, fact))

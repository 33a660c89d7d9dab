# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries of a directory as accounts: which entry is which domain, mailbox or alias. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import NamedTuple, Optional

from .._directory.dn import Key
from .._directory.messages import Entry
from .._directory.planning import OBJECT_CLASS, Present, with_superiors
from .._directory.schema import Schema
from .ldap_facts import folded, read_alias_address, read_domain, read_mailbox, text
from .ldap_layout import Layout
from .model import Alias, Domain, Mailbox, State

# What keeps an alias: the entry of a person who has the address, too, or an entry of its own.
PERSON, GROUP = "person", "group"


class Place(NamedTuple):
    """Where an alias is kept: in the values of ``fact`` of an entry."""

    kind: str
    key: Key
    fact: str


class Contents:
    """What was read. Entries are found by name; mailboxes, domains and aliases by address, in lower case.

    ``people`` are those that have an address and no mailbox: they can be given one.
    """

    def __init__(self, layout: Layout, schema: Schema) -> None:
        self.layout = layout
        self.schema = schema
        self.entries: dict[Key, Present] = {}
        self.mailboxes: dict[str, Key] = {}
        self.people: dict[str, list[Key]] = {}
        self.domains: dict[str, Key] = {}
        self.places: dict[str, list[Place]] = {}
        self.persons: set[Key] = set()

    def take(self, found: Iterable[Entry]) -> list[Key]:
        return [self.take_one(entry.dn, entry) for entry in found]

    def take_one(self, dn: str, entry: Entry) -> Key:
        key = self.schema.names.read(dn).key
        attributes = {self.schema.key(name): values for name, values in entry.attributes.items()}
        self.entries[key] = Present(entry.dn, attributes)
        return key

    def values(self, key: Key, fact: str) -> Sequence[bytes]:
        """The values of a fact in an entry."""
        attribute = self.layout.attributes[fact]
        present = self.entries.get(key)
        return present.attributes.get(self.schema.key(attribute), ()) if attribute and present is not None else ()

    def owner(self, key: Key) -> Optional[str]:
        """The address of a person."""
        found = folded(self.values(key, "address")) if key in self.persons else ()
        return found[0] if found else None

    def has_class(self, key: Key, name: str) -> bool:
        return bool(name) and name.lower() in with_superiors(
            self.entries[key].attributes.get(OBJECT_CLASS, ()), self.schema
        )

    def state(self, people: Iterable[Entry], domains: Iterable[Entry], groups: Iterable[Entry]) -> State:
        """The accounts in what was found of each kind."""
        boxes = self._mailboxes(self.take(people))
        aliases = self._aliases(self.take(groups))
        for address in boxes:
            aliases.pop(address, None)
        return State(self._domains(self.take(domains), aliases), boxes, aliases, frozenset(self.people))

    def _mailboxes(self, keys: Sequence[Key]) -> dict[str, Mailbox]:
        found: dict[str, Mailbox] = {}
        self.persons = set(keys)
        for key in keys:
            addresses = folded(self.values(key, "address"))
            if not addresses:
                continue
            if not self.has_class(key, self.layout.people.marker):
                self.people.setdefault(addresses[0], []).append(key)
                continue
            box = read_mailbox(self.layout, partial(self.values, key))
            # Of two entries with one address, the lookups find both; the first stands for it here.
            if found.setdefault(box.address, box) is box:
                self.mailboxes[box.address] = key
        return found

    def _domains(self, keys: Sequence[Key], aliases: Mapping[str, Alias]) -> dict[str, Domain]:
        found = {name: Domain(name) for name in self.layout.domain_names}
        for key in keys:
            for name in folded(self.values(key, "domain")):
                self.domains[name] = key
                found[name] = read_domain(partial(self.values, key), name, aliases.get(f"@{name}"))
        return found

    def _aliases(self, groups: Sequence[Key]) -> dict[str, Alias]:
        found: dict[str, Alias] = {}
        for owner, key in self.mailboxes.items():
            for value in self.values(key, "alias"):
                self._alias(found, read_alias_address(self.layout, value), (owner,), True, Place(PERSON, key, "alias"))
            for address in folded(self.values(key, "address"))[1:]:
                self._alias(found, address, (owner,), True, Place(PERSON, key, "address"))
        for key in groups:
            members = [self.schema.names.read(text(value)).key for value in self.values(key, "group_member")]
            reached = list(filter(None, map(self.owner, members)))
            destinations = tuple(dict.fromkeys([*folded(self.values(key, "group_forward")), *reached]))
            enabled = self.values(key, "group_enabled") != [b"FALSE"]
            for fact in ("group_address", "group_alias"):
                for address in folded(self.values(key, fact)):
                    self._alias(found, address, destinations, enabled, Place(GROUP, key, fact))
        return found

    def _alias(
        self,
        found: dict[str, Alias],
        address: Optional[str],
        destinations: tuple[str, ...],
        enabled: bool,
        place: Place,
    ) -> None:
        if address is None or address in self.mailboxes:
            return
        self.places.setdefault(address, []).append(place)
        before = found.get(address, Alias(address, (), False))
        both = tuple(dict.fromkeys([*before.destinations, *destinations]))
        found[address] = Alias(address, both, before.enabled or enabled)

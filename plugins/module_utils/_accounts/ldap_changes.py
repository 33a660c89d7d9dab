# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes of accounts as drafts of entries. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Optional

from .._directory.planning import OBJECT_CLASS
from .ldap_contents import GROUP, PERSON, Place
from .ldap_drafts import Draft, Drafts
from .ldap_facts import alias_value, domain_facts, folded, mailbox_facts, mailbox_problems, octets, text
from .model import Alias, Change, Changes, Domain, Mailbox

# What goes with a mailbox. Name and password are those of the person, who stays.
MAIL_FACTS = ("address", "alias", "forward", "quota", "enabled", "receive", "send", "login", "sender", "host")


class AccountDrafts(Drafts):
    """Drafts of the entries that changes of accounts touch."""

    def take(self, changes: Changes) -> None:
        for change in changes.domains:
            self._domain(change)
        for change in changes.mailboxes:
            self._mailbox(change)
        for change in changes.aliases:
            self._alias(change.key, change.after, self.where.get(change.key, ""))

    def names_of(self, addresses: Iterable[str]) -> list[str]:
        """The names that entries of new mailboxes get."""
        return [self.name_of(self.layout.people, address).text for address in addresses]

    # --- domains ---

    def _domain(self, change: Change) -> None:
        before: Optional[Domain] = change.before
        after: Optional[Domain] = change.after
        name, where = change.key, self.where.get(change.key, "")
        if not self.layout.attributes["domain"]:
            cure = "list it in directory_domain_names, or leave it out there"
            self.refuse(f"{where}domain", "cannot be kept: this directory has no entries of domains", cure, name)
            return
        if after is None:
            if name in self.contents.domains:
                self.remove(self.present(self.contents.domains[name], where), self.layout.domains, ("domain",))
            self._alias(f"@{name}", None, where)
            return
        if after.alias_of:
            cure = "give each address of the domain an alias of its own"
            self.refuse(f"{where}alias_of", "cannot be kept in a directory", cure, after.alias_of)
        if name in self.contents.domains:
            draft = self.present(self.contents.domains[name], where)
        else:
            draft = self.new(self.layout.domains, name, where)
            self.set(draft, "domain", [octets(name)], after.name)
        self.set_changed(draft, domain_facts(before) if before else {}, domain_facts(after), after)
        if after.catch_all != (before.catch_all if before else ()):
            catch_all = Alias(f"@{name}", after.catch_all, True) if after.catch_all else None
            self._alias(f"@{name}", catch_all, where, "catch_all")

    # --- mailboxes ---

    def _mailbox(self, change: Change) -> None:
        before: Optional[Mailbox] = change.before
        after: Optional[Mailbox] = change.after
        where = self.where.get(change.key, "")
        if after is None:
            self._remove_mailbox(self.present(self.contents.mailboxes[change.key], where), change.key)
            return
        self.problems += mailbox_problems(self.layout, before, after, where)
        draft = (
            self._person(after, where)
            if before is None
            else self.present(self.contents.mailboxes[after.address], where)
        )
        if draft is None:
            return
        get = partial(self.contents.values, draft.dn.key)
        old = mailbox_facts(self.layout, before, get) if before is not None else {}
        new = mailbox_facts(self.layout, after, get)
        if before is None and draft.before is not None:
            # Somebody who is in the directory already keeps what the declaration does not say.
            new = {fact: values for fact, values in new.items() if values or fact not in ("password", "name")}
        self.set_changed(draft, old, new, after)

    def _person(self, box: Mailbox, where: str) -> Optional[Draft]:
        """The entry that gets a new mailbox: that of somebody with the address, or one of its own."""
        keys = self.contents.people.get(box.address, [])
        name = self.name_of(self.layout.people, box.address)
        if len(keys) > 1:
            names = "; ".join(self.contents.entries[key].dn for key in keys)
            self.refuse(
                f"{where}address", f"is that of several entries: {names}", "leave it to one of them", box.address
            )
            return None
        if keys or name.key in self.contents.entries:
            draft = self.present(keys[0] if keys else name.key, where)
            others = set(folded(self.contents.values(draft.dn.key, "address"))) - {box.address}
            if not keys and others:
                message = f"would be that of {draft.dn.text}, which has the address {min(others)}"
                self.refuse(f"{where}address", message, "choose another directory_rdn", box.address)
                return None
            self.add(draft, OBJECT_CLASS, octets(self.layout.people.marker))
            self.notes.append(f"{box.address}: the mailbox is given to {draft.dn.text}, which exists")
        elif not self.layout.attributes["password"]:
            self.refuse(f"{where}address", "is nobody in this directory", "make the user there first", box.address)
            return None
        else:
            draft = self.new(self.layout.people, box.address, where, box.name)
        self.set(draft, "address", [octets(box.address)], box.address)
        return draft

    def _remove_mailbox(self, draft: Draft, address: str) -> None:
        if self.layout.delete_entries and self.is_ours(draft):
            draft.after = None
            return
        named = {self.schema.key(name): value for name, value in draft.dn.rdns[0]}
        marker = self.layout.people.marker
        key = self.schema.key(self.layout.attributes["address"])
        removable = self.is_auxiliary(marker) or key not in named
        if not removable:
            cure = "say directory_delete: entry, or give it another relative name"
            self.refuse(f"{draft.where}address", f"is the name of {draft.dn.text}, which stays", cure, address)
            return
        self.strip(draft, marker, MAIL_FACTS)
        self.notes.append(f"{address}: {draft.dn.text} stays, without what it had for mail")

    # --- aliases ---

    def _alias(self, address: str, after: Optional[Alias], where: str, option: str = "destinations") -> None:
        places = self.contents.places.get(address, [])
        persons = [place for place in places if place.kind == PERSON]
        groups = [place for place in places if place.kind == GROUP]
        if after is None:
            self._drop(address, places, where)
            return
        local = [self.contents.mailboxes[name] for name in after.destinations if name in self.contents.mailboxes]
        whole = after.enabled and len(local) == len(after.destinations) and self.layout.attributes["alias"]
        if whole and not groups and (persons or not self.layout.groups.marker):
            self._drop(address, [place for place in persons if place.key not in local], where)
            for key in local:
                if key not in [place.key for place in persons]:
                    self.add(
                        self.present(key, where), self.layout.attributes["alias"], alias_value(self.layout, address)
                    )
        elif self.layout.groups.marker:
            self._drop(address, persons, where)
            self._group(after, groups, where, option)
        else:
            message = "cannot be kept: here an alias is a further address of mailboxes"
            cure = "name mailboxes of this directory alone, or use a preset with groups"
            self.refuse(f"{where}{option}", message, cure, list(after.destinations))

    def _group(self, after: Alias, places: Sequence[Place], where: str, option: str) -> None:
        address = after.address
        own = [place for place in places if not self._is_shared(place)]
        self._drop(address, [place for place in places if place not in own[:1]], where)
        if own:
            draft = self.present(own[0].key, where)
        else:
            draft = self.new(self.layout.groups, address, where)
            self.set(draft, "group_address", [octets(address)], address)
        reached = set()
        members = []
        for value in self.contents.values(draft.dn.key, "group_member"):
            owner = self.contents.owner(self.schema.names.read(text(value)).key)
            if owner is None or owner in after.destinations:
                members.append(value)
                reached.add(owner)
        self.set(draft, "group_member", members, None)
        forwards = [octets(name) for name in after.destinations if name not in reached]
        self.set(draft, "group_forward", forwards, list(after.destinations), option)
        self.set(draft, "group_enabled", [] if after.enabled else [b"FALSE"], after.enabled)

    def _is_shared(self, place: Place) -> bool:
        addresses = [*self.contents.values(place.key, "group_address"), *self.contents.values(place.key, "group_alias")]
        return len(folded(addresses)) > 1

    def _drop(self, address: str, places: Iterable[Place], where: str) -> None:
        """Take an address away from entries; one of its own goes whole."""
        for place in places:
            draft = self.present(place.key, where)
            if draft.after is None:
                continue
            if place.kind == GROUP and not self._is_shared(place):
                draft.after = None
            elif place.fact == "group_address":
                message = f"is the first address of {draft.dn.text}, which has others"
                self.refuse(f"{where}address", message, "change the entry with ldap_entry", address)
            else:
                key = self.schema.key(self.layout.attributes[place.fact])
                form = alias_value(self.layout, address) if place.fact == "alias" else octets(address)
                draft.after[key] = [value for value in draft.after.get(key, []) if value.lower() != form.lower()]

# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts in a directory: the only file of this package that talks to a server.

All is read in one search for each kind of entry. The requests of a write are made, one after the other, by the writer
of the modules for entries, which says what was written and what was not when a server refuses one or goes away.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Optional

from .._directory import options
from .._directory.connection import Connection, connect
from .._directory.dn import join
from .._directory.errors import NO_SUCH_OBJECT, DirectoryError, NoServerYetError
from .._directory.messages import Entry
from .._directory.planning import CREATE, OBJECT_CLASS
from .._directory.planning import Change as EntryChange
from .._directory.reading import read_schema
from .._directory.schema import Schema
from .._directory.validation import Validation
from .._directory.wanted import Wanted
from .._directory.writing import Writer
from .._engine.errors import Error, Problem, refuse
from .ldap_changes import AccountDrafts
from .ldap_contents import Contents
from .ldap_drafts import Drafts
from .ldap_facts import MODIFIED, modified
from .ldap_layout import OF_DOMAIN, OF_GROUP, OF_MAILBOX, Kind, Layout, read_layout
from .model import EMPTY, Changes, Effect, State


class LdapStore:
    """One directory. ``params`` are those of the connection."""

    def __init__(self, layout: Layout, params: Mapping[str, Any]) -> None:
        self.layout = layout
        self.params = params
        self._notes: list[str] = []
        self._server: Optional[Connection] = None
        self._missing: Optional[NoServerYetError] = None
        self._contents = Contents(layout, Schema())
        self._planned: Optional[tuple[Changes, AccountDrafts]] = None
        self._exists = False

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> LdapStore:
        layout, problems = read_layout(params)
        refuse([*options.problems(params), *problems])
        if layout is None:
            raise Error("directory_preset: has no layout; choose another one")
        return cls(layout, params)

    @staticmethod
    def lock(params: Mapping[str, Any]) -> Optional[str]:
        return None

    def read(self) -> State:
        """All accounts. Where no server runs on this host yet, there are none."""
        try:
            self._server = connect(self.params)
        except NoServerYetError as error:
            self._missing = error
            return EMPTY
        schema = read_schema(self._server)
        self._contents = Contents(self.layout, schema)
        layout = self.layout
        return self._contents.state(
            self._search(layout.people, OF_MAILBOX, "address"),
            self._search(layout.domains, OF_DOMAIN, "domain") if layout.attributes["domain"] else [],
            self._search(layout.groups, OF_GROUP, "group_address") if layout.groups.marker else [],
        )

    def times(self) -> dict[str, int]:
        """When the entries of mailboxes were changed last, as the server notes it."""
        owners = {key: address for address, key in self._contents.mailboxes.items()}
        if self._server is None or not owners:
            return {}
        people, read = self.layout.people, self._contents.schema.names.read
        found = self._server.search(people.base, "sub", f"(objectClass={people.marker})", [MODIFIED])
        times = ((owners.get(read(entry.dn).key), modified(entry.attributes)) for entry in found)
        return {address: seconds for address, seconds in times if address is not None and seconds is not None}

    def faults(self) -> list[Effect]:
        """The schema and the entries above the accounts are made by others."""
        return []

    @property
    def warnings(self) -> list[str]:
        """Which entries are used that exist, and which stay."""
        return self._notes

    def accepts(self, address: str, clear: str) -> bool:
        key = self._contents.mailboxes.get(address)
        if self._server is None or key is None:
            return False
        return self._server.accepts(self._contents.entries[key].dn, clear)

    def problems(self, changes: Changes, where: Mapping[str, str]) -> list[Problem]:
        self._read_more(changes)
        drafts = self._drafts(changes, where)
        self._planned = changes, drafts
        self._notes = drafts.notes
        if drafts.problems or self._unknown(changes):
            return drafts.problems
        validation = self._validated(drafts)
        return [_by_option(problem, drafts) for problem in (*validation.problems, *validation.unmet)]

    def unmet(self, changes: Changes, where: Mapping[str, str]) -> list[Problem]:
        if self._missing is not None:
            return [Problem("server_uri", self._missing.message, "install and start slapd first")]
        if not self._exists:
            cure = "create it first, or correct it"
            return [
                Problem(
                    "directory_base",
                    "is no entry of the server, nor is what lies below it",
                    cure,
                    self.params["directory_base"],
                )
            ]
        planned = self._planned
        drafts = planned[1] if planned and planned[0] is changes else self._drafts(changes, where)
        return self._unknown(changes) or self._orphans(drafts.changes())

    def write(self, changes: Changes) -> None:
        if self._server is None:
            raise self._missing or Error("server_uri: was not read; read the accounts first")
        Writer(self._server, lambda change: change).write(self._drafts(changes, {}).changes())

    # --- reading ---

    def _search(self, kind: Kind, facts: Sequence[str], key: str) -> Iterable[Entry]:
        attributes = self.layout.attributes
        wanted = {attributes[fact] for fact in (*facts, "account_control") if attributes[fact]}
        marked = f"(objectClass={kind.marker})" if kind.marker else ""
        found = f"(|{marked}({attributes[key]}=*))" if facts is OF_MAILBOX else f"(&{marked}({attributes[key]}=*))"
        if self._server is None:
            return
        try:
            yield from self._server.search(kind.base, "sub", found, ["objectClass", *sorted(wanted)])
        except DirectoryError as error:
            if error.code != NO_SUCH_OBJECT:
                raise
        else:
            self._exists = True

    def _read_more(self, changes: Changes) -> None:
        """Entries that new mailboxes may be given, and the whole of those that are deleted."""
        if self._server is None:
            return
        contents, drafts = self._contents, AccountDrafts(self._contents, {})
        names = drafts.names_of(change.key for change in changes.mailboxes if change.before is None)
        known = ["objectClass", *sorted({name for name in self.layout.attributes.values() if name})]
        for entry in self._server.read_each(names, known):
            contents.take_one(entry.dn, entry)
        gone = [contents.mailboxes[change.key] for change in changes.mailboxes if change.after is None]
        gone += [
            contents.domains[change.key]
            for change in changes.domains
            if change.after is None and change.key in contents.domains
        ]
        for entry in self._server.read_each([contents.entries[key].dn for key in gone], ("*", "hasSubordinates")):
            contents.take_one(entry.dn, entry)

    # --- planning ---

    def _drafts(self, changes: Changes, where: Mapping[str, str]) -> AccountDrafts:
        drafts = AccountDrafts(self._contents, where)
        drafts.take(changes)
        return drafts

    def _unknown(self, changes: Changes) -> list[Problem]:
        """What the layout names and the schema of the server does not have, of the kinds that change."""
        schema, layout = self._contents.schema, self.layout
        kinds = [
            *([(layout.people, OF_MAILBOX)] if changes.mailboxes else []),
            *([(layout.domains, OF_DOMAIN)] if changes.domains else []),
            *([(layout.groups, OF_GROUP)] if changes.aliases and layout.groups.marker else []),
        ]
        if not schema.known:
            return []
        problems = []
        for kind, facts in kinds:
            for fact in facts:
                name = layout.attributes[fact]
                if name and schema.attribute(name) is None:
                    problems.append(_unknown(f"directory_attributes.{fact}", name, schema.attribute_names(), layout))
            for name in filter(None, (*kind.structure, kind.marker)):
                if schema.object_class(name) is None:
                    problems.append(_unknown("directory_preset", name, schema.class_names(), layout))
        return problems

    def _validated(self, drafts: Drafts) -> Validation:
        """What the schema of the server has against the entries."""
        validation = Validation(self._contents.schema, None)
        changes = drafts.changes()
        wanted = []
        for change in changes:
            draft = drafts.drafts[change.key]
            after, before = draft.after or {}, draft.before or {}
            # Values that the server has are right; and a hash is not checked, for it is not made yet.
            given = {key: values for key, values in after.items() if values != before.get(key) or key == OBJECT_CLASS}
            written = {key: self._contents.schema.written(key) for key in given}
            wanted.append(Wanted(draft.where, draft.dn, None, "present", given, written, False, False))
        validation.check(wanted, changes)
        return validation

    def _orphans(self, changes: Sequence[EntryChange]) -> list[Problem]:
        """Folders that new entries lie in and that do not exist."""
        if self._server is None:
            return []
        read = self._contents.schema.names.read
        parents = {join(read(change.dn).rdns[1:]) for change in changes if change.verb == CREATE}
        found = {entry.dn for entry in self._server.read_each(sorted(parents), ("1.1",))}
        places = {
            join(read(kind.base).rdns): option
            for kind, option in (
                (self.layout.groups, "directory_aliases"),
                (self.layout.domains, "directory_domains"),
                (self.layout.people, "directory_people"),
            )
        }
        return [
            Problem(places.get(name, "directory_base"), "is no entry of the server", "create it, or correct it", name)
            for name in sorted(parents - found)
        ]


def _unknown(option: str, name: str, known: Iterable[str], layout: Layout) -> Problem:
    close = difflib.get_close_matches(name.lower(), known, n=1)
    hint = f"did you mean {close[0]}? Or else " if close else ""
    message = f"is not in the schema of the server, and the preset {layout.preset} with its changes names it"
    return Problem(option, message, f"{hint}load the schema, or choose another preset", name)


def _by_option(problem: Problem, drafts: Drafts) -> Problem:
    """A problem of an attribute as one of the option that it comes from."""
    where, _here, attribute = problem.option.rpartition("attributes.")
    key = drafts.schema.key(attribute)
    for draft in drafts.drafts.values():
        if draft.where == where and key in draft.options and draft.dn.text in problem.message:
            message = f"is kept in {attribute}, which {problem.message}"
            return Problem(f"{where}{draft.options[key]}", message, problem.cure, problem.value)
    return Problem(
        where.rstrip(".") or "directory_preset", f"{attribute} {problem.message}", problem.cure, problem.value
    )

# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a server holds of the declared entries, read with as few requests as possible."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple, Optional

from .._engine.errors import Error
from . import schema as schema_module
from .connection import Connection
from .dn import Dn, Key, join
from .errors import NO_SUCH_OBJECT, SIZE_LIMIT, DirectoryError
from .filters import EVERYTHING, escape
from .messages import Entry, text
from .planning import Present
from .schema import Schema
from .wanted import ABSENT, EXACT, Wanted

# From so many declared entries with the same parent on, all of its children are read in one search.
MANY = 200
# The same for the search by an identifying attribute.
MANY_IDENTITIES = 20
NOTHING = ("1.1",)
HAS_CHILDREN = "hassubordinates"


class State(NamedTuple):
    """``present`` entries by key; ``found`` entries at another name by the key that they shall have."""

    present: dict[Key, Present]
    found: dict[Key, Present]


def read_schema(connection: Connection) -> Schema:
    values = _published(connection, schema_module.READ)
    return Schema(values.get("attributetypes", ()), values.get("objectclasses", ()))


def read_rules(connection: Connection) -> frozenset[str]:
    """Names and numbers of the matching rules, in lower case; none when the server does not list them."""
    rules = _published(connection, ("matchingRules",)).get("matchingrules", ())
    return frozenset(name.lower() for rule in rules for name in schema_module.names(rule))


def _published(connection: Connection, attributes: Sequence[str]) -> dict[str, list[str]]:
    """What the schema of a server says, by lower-case attribute."""
    root = connection.read("", ("subschemaSubentry",))
    place = _first(root, "subschemaSubentry") if root is not None else None
    entry = connection.read(place, attributes) if place is not None else None
    if entry is None:
        return {}
    return {name.lower(): [text(value) for value in values] for name, values in entry.attributes.items()}


def _first(entry: Entry, name: str) -> Optional[str]:
    values = {key.lower(): values for key, values in entry.attributes.items()}.get(name.lower())
    return text(values[0]) if values else None


class Readings:
    """Reads through one connection; ``schema`` says which names are equal."""

    def __init__(self, connection: Connection, schema: Schema) -> None:
        self.connection = connection
        self.schema = schema
        self._keys = schema.keys

    def state(self, wanted: Sequence[Wanted], identity: Optional[str], base: Optional[Dn]) -> State:
        attributes = requested(wanted, identity)
        names = {dn.key: dn for item in wanted for dn in (item.dn, item.final)}
        declared = {item.final.key: item for item in wanted}
        state = State(self.entries(names.values(), attributes, declared), {})
        self._follow_renames(wanted, state, attributes)
        if identity is not None:
            self._find_by_identity(wanted, state, identity, base, attributes)
        for item in wanted:
            if item.state == ABSENT:
                self._add_below(item, state)
        return state

    def entries(
        self, names: Iterable[Dn], attributes: Sequence[str], declared: Mapping[Key, Wanted]
    ) -> dict[Key, Present]:
        """Those of the named entries that are there."""
        by_parent: dict[Key, list[Dn]] = {}
        for dn in names:
            by_parent.setdefault(dn.key[1:], []).append(dn)
        found: dict[Key, Present] = {}
        few: list[Dn] = []
        for siblings in by_parent.values():
            children = self._children(siblings, attributes, declared) if len(siblings) >= MANY else None
            if children is None:
                few += siblings
            else:
                found.update(children)
        keys = {dn.text: dn.key for dn in few}
        for entry in self.connection.read_each(keys, attributes):
            found[keys[entry.dn]] = self._present(entry)
        return found

    def _children(
        self, siblings: Sequence[Dn], attributes: Sequence[str], declared: Mapping[Key, Wanted]
    ) -> Optional[dict[Key, Present]]:
        """Entries with one parent in one search; nothing when the server does not give as many."""
        keys = {dn.key for dn in siblings}
        # Most names are written by the server as they were declared: those need not be taken apart again.
        known = {dn.text: dn.key for dn in siblings}
        found: dict[Key, Present] = {}
        try:
            for entry in self.connection.search(join(siblings[0].rdns[1:]), "one", EVERYTHING, attributes):
                key = known.get(entry.dn) or self.schema.names.read(entry.dn).key
                if key in keys:
                    found[key] = _sharing(self._present(entry), declared.get(key))
        except DirectoryError as error:
            if error.code == NO_SUCH_OBJECT:
                return {}
            if error.code == SIZE_LIMIT:
                return None
            raise
        return found

    def _present(self, entry: Entry) -> Present:
        keys, key = self._keys, self.schema.key
        return Present(entry.dn, {keys.get(name) or key(name): values for name, values in entry.attributes.items()})

    def _follow_renames(self, wanted: Sequence[Wanted], state: State, attributes: Sequence[str]) -> None:
        """Entries below one that is renamed in this call come with it: they are read at the old name."""
        moves = {
            item.final.key: item.dn
            for item in wanted
            if item.new is not None and item.dn.key in state.present and item.final.key not in state.present
        }
        if not moves:
            return
        origins: dict[str, Dn] = {}
        for item in wanted:
            key = item.final.key
            above = next((key[place:] for place in range(1, len(key)) if key[place:] in moves), None)
            if above is not None and key not in state.present:
                place = len(key) - len(above)
                origins[join([*item.final.rdns[:place], *moves[above].rdns])] = item.final
        for entry in self.connection.read_each(origins, attributes):
            final = origins[entry.dn]
            state.present[final.key] = self._present(entry)._replace(dn=final.text)

    def _find_by_identity(
        self, wanted: Sequence[Wanted], state: State, identity: str, base: Optional[Dn], attributes: Sequence[str]
    ) -> None:
        """Entries that are not at their name, but somewhere else with the same identifying value."""
        key, normal = self.schema.key(identity), self.schema.normaliser(identity)
        missing = {
            normal(item.attributes[key][0]): item
            for item in wanted
            if item.final.key not in state.present and item.dn.key not in state.present
            if item.attributes.get(key)
        }
        if not missing:
            return
        taken = {item.final.key for item in wanted}
        for entry in self._with_identity(identity, list(missing), missing, base, attributes):
            present = self._present(entry)
            item = missing.get(normal(present.attributes[key][0])) if present.attributes.get(key) else None
            if item is None or self.schema.names.read(entry.dn).key in taken:
                continue
            if item.final.key in state.found:
                raise Error(
                    f"{item.where}dn: {item.final.text}: both {state.found[item.final.key].dn} and {entry.dn} have its "
                    f"{identity}; nothing was changed. Delete one of them, or use another identity"
                )
            state.found[item.final.key] = present

    def _with_identity(
        self,
        identity: str,
        forms: Sequence[bytes],
        missing: Mapping[bytes, Wanted],
        base: Optional[Dn],
        attributes: Sequence[str],
    ) -> Iterable[Entry]:
        key = self.schema.key(identity)
        place = base.text if base is not None else self.context(next(iter(missing.values())).final)
        if len(forms) > MANY_IDENTITIES:
            return self.connection.search(place, "sub", f"({identity}=*)", attributes)
        values = [missing[form].attributes[key][0] for form in forms]
        return self.connection.search(
            place, "sub", "(|" + "".join(f"({identity}={escape(value)})" for value in values) + ")", attributes
        )

    def context(self, dn: Dn) -> str:
        """The naming context that a name lies in."""
        contexts = self.connection.root_dse().get("namingContexts", [])
        for context in contexts:
            key = self.schema.names.read(text(context)).key
            if dn.key[len(dn.key) - len(key) :] == key:
                return text(context)
        raise Error(
            f"{dn.text}: the server holds no database for this name; its databases are "
            f"{', '.join(map(text, contexts)) or 'none'}"
        )

    def missing_parents(self, names: Sequence[Dn]) -> set[Key]:
        """Keys of parents that do not exist; the top of a database needs none."""
        if not names:
            return set()
        contexts = self.connection.root_dse().get("namingContexts", [])
        tops = {self.schema.names.read(text(context)).key for context in contexts}
        parents = {join(dn.rdns[1:]): dn.key[1:] for dn in names if dn.key not in tops}
        there = {entry.dn for entry in self.connection.read_each(parents, NOTHING)}
        return {key for name, key in parents.items() if name not in there}

    def _add_below(self, item: Wanted, state: State) -> None:
        """All that lies below an entry that shall go; its name alone is enough."""
        key = item.final.key if item.final.key in state.present else item.dn.key
        there = state.present.get(key)
        if there is None or there.attributes.get(HAS_CHILDREN) == [b"FALSE"]:
            return
        for entry in self.connection.search(there.dn, "sub", EVERYTHING, NOTHING):
            state.present.setdefault(self.schema.names.read(entry.dn).key, self._present(entry))

    def below(self, base: Dn, filter_: str) -> tuple[dict[Key, Present], list[Key]]:
        """All names below a base, and the keys of those that the filter finds."""
        everything = self._names(base, EVERYTHING)
        matching = list(everything if filter_ == EVERYTHING else self._names(base, filter_))
        return everything, matching

    def _names(self, base: Dn, filter_: str) -> dict[Key, Present]:
        try:
            found = [self._present(entry) for entry in self.connection.search(base.text, "sub", filter_, NOTHING)]
        except DirectoryError as error:
            if error.code == NO_SUCH_OBJECT:
                return {}
            raise
        return {self.schema.names.read(entry.dn).key: entry for entry in found}

    def whole(self, names: Collection[Key], present: Mapping[Key, Present]) -> dict[Key, Present]:
        """Entries that go, with their attributes, for the diff."""
        keys = {present[key].dn: key for key in names}
        return {keys[entry.dn]: self._present(entry) for entry in self.connection.read_each(keys)}


def _sharing(present: Present, item: Optional[Wanted]) -> Present:
    """The entry with the declared values in the place of equal ones, which are not needed in memory twice."""
    if item is None:
        return present
    given = item.attributes
    dn = item.final.text if item.final.text == present.dn else present.dn
    if given == present.attributes:
        return Present(dn, given)
    pairs = ((key, values, given.get(key)) for key, values in present.attributes.items())
    return Present(dn, {key: wanted if wanted == values else values for key, values, wanted in pairs})


def requested(wanted: Iterable[Wanted], identity: Optional[str]) -> list[str]:
    """The attributes that a comparison needs."""
    declared: dict[str, str] = {}
    operational: dict[str, None] = {}
    whole = False
    for item in wanted:
        whole = whole or item.state == EXACT or item.new is not None
        if item.state == ABSENT:
            operational["hasSubordinates"] = None
        if not declared.keys() >= item.attributes.keys():
            declared.update({key: item.name(key) for key in item.attributes})
    if identity is not None:
        operational[identity] = None
        whole = True
    names = dict.fromkeys(["objectClass", *declared.values(), *operational])
    return ["*", *names] if whole else [*names]

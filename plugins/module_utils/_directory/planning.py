# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a call decides: pure functions from declared and present entries to the changes between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple, Optional

from .._engine.errors import Problem
from .dn import Dn, Key, Rdn, rdn_text
from .matching import spaces_collapsed, without_order
from .messages import ADD, DELETE, REPLACE, Modification
from .schema import Schema
from .values import is_hashed
from .wanted import ABSENT, EXACT, Wanted

OBJECT_CLASS = "objectclass"
CREATE, UPDATE, RENAME, REMOVE = "create", "update", "rename", "delete"

Attributes = Mapping[str, list[bytes]]


class Present(NamedTuple):
    """An entry of the server: its name as the server writes it, attributes by key."""

    dn: str
    attributes: Attributes


class Change(NamedTuple):
    """What happens to one entry. ``key`` is its name after it, ``before`` and ``after`` its attributes by key.

    ``moved`` are the new relative name and, for another parent, the parent. ``clear`` are the keys of attributes whose
    last value is a password to hash.
    """

    verb: str
    key: Key
    dn: str
    before: Optional[Attributes]
    after: Optional[Attributes]
    modifications: Sequence[Modification] = ()
    moved: Optional[tuple[str, Optional[str]]] = None
    old_dn: str = ""


class Rules(NamedTuple):
    """How entries are compared: by whose schema, which attributes are only added to, and which are none of ours.

    ``fitting`` holds names and attributes whose declared clear password is the stored one.
    """

    schema: Schema
    additive: Collection[str] = ()
    ignored: Collection[str] = ()
    fitting: Collection[tuple[Key, str]] = ()


class Decision(NamedTuple):
    changes: list[Change]
    problems: list[Problem]
    warnings: list[str]


def decide(
    wanted: Iterable[Wanted],
    present: Mapping[Key, Present],
    rules: Rules,
    found: Optional[Mapping[Key, Present]] = None,
) -> Decision:
    """``found`` are entries at another name that are the wanted ones, by the key that they shall have."""
    changes: list[Change] = []
    problems: list[Problem] = []
    for item in wanted:
        final = item.final
        there = present.get(final.key)
        source = None if found is None else found.get(final.key)
        if item.new is not None and item.dn.key in present and item.dn.key != final.key:
            source = present[item.dn.key]
        if item.state == ABSENT:
            changes += _removals(item, there or source, present, problems)
        elif source is None:
            changes += [create(item, rules.schema)] if there is None else update(item, there, rules)
        elif there is None:
            changes += move(item, source, rules)
        else:
            message = f"exists, and so does {source.dn}, which shall get this name"
            cure = "delete one of the two, or leave new_dn out"
            problems.append(Problem(f"{item.where}dn", message, cure, final.text))
    return Decision(changes, problems, [])


def create(item: Wanted, schema: Schema) -> Change:
    after = {key: given for key, given in with_rdn(item, schema).items() if given and not schema.fixed(key)}
    return Change(CREATE, item.final.key, item.final.text, None, after)


def with_rdn(item: Wanted, schema: Schema) -> dict[str, list[bytes]]:
    """The declared attributes, and those of the relative name that were not declared."""
    named = [(schema.key(name), value) for name, value in item.final.rdns[0]]
    missing = {key: [value] for key, value in named if key not in item.attributes}
    return {**item.attributes, **missing} if missing else item.attributes


def update(item: Wanted, there: Present, rules: Rules) -> list[Change]:
    modifications = differences(item, there.attributes, rules)
    if not modifications:
        return []
    after = applied(there.attributes, modifications, rules.schema)
    return [Change(UPDATE, item.final.key, there.dn, there.attributes, after, modifications)]


def move(item: Wanted, source: Present, rules: Rules) -> list[Change]:
    """A rename, and after it what else differs."""
    schema, final = rules.schema, item.final
    old = schema.names.read(source.dn)
    parent = None if old.key[1:] == final.key[1:] else parent_text(final)
    attributes = renamed(source.attributes, old.rdns[0], final.rdns[0], schema)
    changes = [
        Change(
            RENAME,
            final.key,
            final.text,
            source.attributes,
            attributes,
            moved=(rdn_text(final.rdns[0]), parent),
            old_dn=source.dn,
        )
    ]
    return changes + update(item, Present(final.text, attributes), rules)


def parent_text(dn: Dn) -> str:
    return ",".join(rdn_text(rdn) for rdn in dn.rdns[1:])


def renamed(attributes: Attributes, old: Rdn, new: Rdn, schema: Schema) -> Attributes:
    """What a server makes of the attributes of an entry when its relative name changes."""
    result = {key: list(values) for key, values in attributes.items()}
    for name, value in old:
        key, normal = schema.key(name), schema.normaliser(name)
        result[key] = [other for other in result.get(key, []) if normal(other) != normal(value)]
    for name, value in new:
        key, normal = schema.key(name), schema.normaliser(name)
        if normal(value) not in map(normal, result.get(key, [])):
            result[key] = [*result.get(key, []), value]
    return {key: values for key, values in result.items() if values}


def _removals(
    item: Wanted, there: Optional[Present], present: Mapping[Key, Present], problems: list[Problem]
) -> list[Change]:
    if there is None:
        return []
    key = item.final.key if item.final.key in present else item.dn.key
    below = [other for other in present if len(other) > len(key) and other[-len(key) :] == key]
    if below and not item.recursive:
        cure = "set recursive to delete them, too"
        message = f"has {len(below)} entr{'y' if len(below) == 1 else 'ies'} below it"
        problems.append(Problem(f"{item.where}dn", message, cure, item.final.text))
        return []
    return [removal(other, present[other]) for other in [key, *below]]


def removal(key: Key, there: Present) -> Change:
    return Change(REMOVE, key, there.dn, there.attributes, None)


# --- attributes ------------------------------------------------------------------------------------------------------


def differences(item: Wanted, have: Attributes, rules: Rules) -> list[Modification]:
    """The smallest modification that makes an entry what is declared."""
    found: list[Modification] = []
    if have is item.attributes:
        return found
    for key, given in item.attributes.items():
        stored = have.get(key, [])
        if stored != given and key not in rules.ignored:
            found += difference(item, key, given, stored, rules)
    if item.state == EXACT:
        found += surplus(item, have, rules)
    return found


def surplus(item: Wanted, have: Attributes, rules: Rules) -> list[Modification]:
    named = {rules.schema.key(name) for name, _value in item.final.rdns[0]}
    return [
        Modification(DELETE, key)
        for key in have
        if key not in item.attributes and key not in rules.ignored and key not in named and key != OBJECT_CLASS
        if not is_foreign(key, rules.schema)
    ]


def is_foreign(key: str, schema: Schema) -> bool:
    """Whether an attribute is the server's own, or comes from another entry."""
    known = schema.attribute(key)
    return known is not None and (known.operational or known.fixed or known.collective)


def difference(item: Wanted, key: str, given: list[bytes], stored: list[bytes], rules: Rules) -> list[Modification]:
    """The changes of one attribute; ``stored`` are its values now."""
    known = rules.schema.attribute(key)
    kept = rules.schema.fixed(key)
    if is_hashed(key) and stored and given:
        kept = kept or item.on_create or (item.final.key, key) in rules.fitting
    if kept:
        return []
    if key == OBJECT_CLASS:
        return _classes(item, given, stored, rules.schema)
    if known is not None and known.ordered == "VALUES":
        return _ordered(key, given, stored, key in rules.additive)
    return _values(key, given, stored, rules)


def _values(key: str, given: list[bytes], stored: list[bytes], rules: Rules) -> list[Modification]:
    normal = rules.schema.normaliser(key)
    wanted = {normal(value): value for value in given}
    present = {normal(value): value for value in stored}
    added = [value for form, value in wanted.items() if form not in present]
    removed = [] if key in rules.additive else [value for form, value in present.items() if form not in wanted]
    if not given:
        return [Modification(DELETE, key)] if removed else []
    if not added and not removed:
        return []
    known = rules.schema.attribute(key)
    # Single values can be added or deleted only where the server can compare them.
    comparable = known is None or known.equality is not None
    if not stored or (comparable and not removed):
        return [Modification(ADD, key, added)]
    if not comparable and key in rules.additive:
        return [Modification(REPLACE, key, [*stored, *added])]
    if not comparable or is_hashed(key) or len(added) + len(removed) >= len(wanted):
        return [Modification(REPLACE, key, list(wanted.values()))]
    changes = [Modification(DELETE, key, removed)]
    return changes + ([Modification(ADD, key, added)] if added else [])


def _classes(item: Wanted, given: list[bytes], stored: list[bytes], schema: Schema) -> list[Modification]:
    """Object classes: those that others imply need not be stored, and only an exact entry loses any."""
    present = with_superiors(stored, schema)
    declared = with_superiors(given, schema)
    added = [value for value in given if value.decode("utf-8", "replace").lower() not in present]
    removed = [value for value in stored if value.decode("utf-8", "replace").lower() not in declared]
    changes = [Modification(DELETE, OBJECT_CLASS, removed)] if removed and item.state == EXACT else []
    return changes + ([Modification(ADD, OBJECT_CLASS, added)] if added else [])


def with_superiors(classes: Iterable[bytes], schema: Schema) -> set[str]:
    """Lower-case names of classes, all their own names, and those of the classes above them."""
    found: set[str] = set()
    for value in classes:
        name = value.decode("utf-8", "replace").lower()
        found.add(name)
        known = schema.object_class(name)
        if known is not None:
            found |= {known.name.lower(), *known.above}
    return found


def _ordered(key: str, given: list[bytes], stored: list[bytes], additive: bool) -> list[Modification]:
    """Values with a place each: compared in their order, written with the place; what is added goes to the end."""
    wanted = [without_order(value) for value in given]
    present = [without_order(value) for value in stored]
    if additive:
        present_forms = {spaces_collapsed(value) for value in present}
        missing = [value for value in wanted if spaces_collapsed(value) not in present_forms]
        return [Modification(ADD, key, missing)] if missing else []
    if [spaces_collapsed(value) for value in wanted] == [spaces_collapsed(value) for value in present]:
        return []
    if not wanted:
        return [Modification(DELETE, key)]
    numbered = [b"{%d}%s" % (place, value) for place, value in enumerate(wanted)]
    kept = len(present)
    if kept and [*map(spaces_collapsed, wanted[:kept])] == [*map(spaces_collapsed, present)]:
        return [Modification(ADD, key, numbered[kept:])]
    return [Modification(REPLACE if stored else ADD, key, numbered)]


def applied(have: Attributes, modifications: Iterable[Modification], schema: Schema) -> Attributes:
    """The attributes after a modification."""
    result = dict(have)
    for kind, name, values in modifications:
        key = schema.key(name)
        if kind == REPLACE:
            result[key] = list(values)
        elif kind == ADD:
            result[key] = [*result.get(key, []), *values]
        elif not values:
            result.pop(key, None)
        else:
            gone = Counter(values)
            result[key] = [value for value in result.get(key, []) if not gone[value]]
            if not result[key]:
                del result[key]
    return result


# --- purging ---------------------------------------------------------------------------------------------------------


def purged(
    present: Iterable[Key], matching: Collection[Key], kept: Collection[Key], base: Key
) -> tuple[list[Key], list[Key]]:
    """Which entries below ``base`` go, and which would if nothing were below them.

    ``present`` is everything below the base, ``matching`` what the filter finds there, ``kept`` what is declared.
    """
    held = {key[place:] for key in kept for place in range(len(key))}
    gone = {key for key in matching if key not in held and key != base}
    for key in present:
        if key not in gone:
            held |= {key[place:] for place in range(1, len(key))}
    return [key for key in matching if key in gone - held], [key for key in matching if key in gone & held]

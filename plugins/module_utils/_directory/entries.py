# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the options of ``ldap_entry`` and ``ldap_entries`` to a plan: read the server, decide, say what is done."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Optional

from .._engine.errors import Error, Problem, refuse
from .._engine.items import checked_items
from .._engine.plan import Plan, Step
from . import connection, filters, options, passwords, show
from .arguments import ENTRY
from .connection import Connection
from .dn import Dn, Key
from .errors import NoServerYetError
from .planning import CREATE, REMOVE, UPDATE, Change, Decision, Rules, decide, purged, removal
from .reading import Readings, State, read_schema
from .schema import Schema
from .values import is_hashed
from .wanted import ABSENT, Reader, Wanted, with_defaults
from .writing import Writer, summary

Params = Mapping[str, Any]


def plan_entry(params: dict[str, Any]) -> Plan:
    """The plan of ``ldap_entry``."""
    return _plan(params, [params], "", [])


def plan_entries(params: dict[str, Any]) -> Plan:
    """The plan of ``ldap_entries``."""
    items = with_defaults(params["entries"] or [], params["defaults"] or {})
    checked, problems = checked_items("entries", items, ENTRY)
    return _plan(params, checked, "entries", problems)


def _plan(params: Params, items: Sequence[Mapping[str, Any]], option: str, problems: list[Problem]) -> Plan:
    refuse([*problems, *options.problems(params), *_option_problems(params)])
    try:
        server = connection.connect(params)
    except NoServerYetError as error:
        return _without_server(params, items, option, error)
    schema = read_schema(server)
    reader = Reader(schema, params)
    wanted = reader.entries(items, option)
    base = reader.dn("base", params.get("base"))
    refuse(reader.problems)
    readings = Readings(server, schema)
    state = readings.state(wanted, params["identity"], base)
    rules = _rules(params, schema, wanted, state, server)
    decision = decide(wanted, state.present, rules, state.found)
    if params.get("purge") and base is not None:
        _purge(params, readings, base, wanted, decision)
    refuse(decision.problems)
    _cap(params, decision.changes)
    return _announce(params, server, schema, decision)


def _option_problems(params: Params) -> list[Problem]:
    found = []
    if params.get("purge") and params.get("base") is None:
        found.append(Problem("base", "is missing", "say below which entry everything undeclared shall go"))
    if params.get("filter") is not None:
        try:
            filters.encode(params["filter"])
        except filters.FilterError as error:
            cure = "write it like (objectClass=inetOrgPerson)"
            found.append(Problem("filter", str(error), cure, params["filter"]))
    if params["max_deletions"] < 0:
        found.append(Problem("max_deletions", "is negative", "give 0 or more", params["max_deletions"]))
    return found


def _without_server(params: Params, items: Sequence[Mapping[str, Any]], option: str, error: NoServerYetError) -> Plan:
    """Everything is new, as far as can be said without a schema; applying the plan fails with the reason."""
    reader = Reader(Schema(), params)
    wanted = reader.entries(items, option)
    reader.dn("base", params.get("base"))
    refuse(reader.problems)
    decision = decide(wanted, {}, Rules(reader.schema))
    plan = _announce(params, None, reader.schema, decision)

    def fail() -> None:
        raise error

    unmet = Step("see that a directory server runs", fail, changes=False)
    warning = f"{error.message}. Unless an earlier task of this run does so, this one fails"
    return Plan(plan.before, plan.after, [unmet, *plan.steps], plan.result, [warning])


def _rules(params: Params, schema: Schema, wanted: Sequence[Wanted], state: State, server: Connection) -> Rules:
    return Rules(
        schema,
        {schema.key(name) for name in params["additive_attributes"]},
        {schema.key(name) for name in params["ignored_attributes"]},
        _fitting(wanted, state, server),
    )


def _fitting(wanted: Sequence[Wanted], state: State, server: Connection) -> Collection[tuple[Key, str]]:
    """Declared clear passwords that are the stored ones; the server is asked where no hash can tell."""
    places = []
    pairs = []
    for item in wanted:
        there = state.present.get(item.final.key) or state.present.get(item.dn.key) or state.found.get(item.final.key)
        if there is None or item.on_create:
            continue
        for key, given in item.attributes.items():
            if is_hashed(key) and len(given.values) == 1 and not passwords.is_hash(given.values[0]):
                places.append((item.final.key, key, there.dn))
                pairs.append((given.values[0], there.attributes.get(key, [])))
    fitting = set()
    answers = passwords.fits_all(pairs) if pairs else []
    for (entry, key, dn), (clear, stored), fits in zip(places, pairs, answers):
        if fits or ((fits is None or not stored) and server.accepts(dn, clear.decode("utf-8", "surrogateescape"))):
            fitting.add((entry, key))
    return fitting


def _purge(params: Params, readings: Readings, base: Dn, wanted: Sequence[Wanted], decision: Decision) -> None:
    present, matching = readings.below(base, params["filter"] or filters.EVERYTHING)
    kept = {dn.key for item in wanted if item.state != ABSENT for dn in (item.dn, item.final)}
    kept |= {change.key for change in decision.changes if change.verb == REMOVE}
    gone, held = purged(present, matching, kept, base.key)
    _cap(params, [*decision.changes, *(removal(key, present[key]) for key in gone)])
    whole = readings.whole(gone, present)
    decision.changes.extend(removal(key, whole.get(key, present[key])) for key in gone)
    names = [present[key].dn for key in held]
    if names:
        decision.warnings.append(
            f"{len(names)} undeclared entries stay, for others below them stay: {'; '.join(names[:5])}"
        )


def _cap(params: Params, changes: Sequence[Change]) -> None:
    limit = params["max_deletions"]
    deletions = [change.dn for change in changes if change.verb == REMOVE]
    if len(deletions) > limit:
        raise Error(
            f"{len(deletions)} entries would be deleted, more than max_deletions={limit}; nothing was changed. "
            "Declare what shall stay, or raise max_deletions",
            deletions=deletions,
        )


def _announce(params: Params, server: Optional[Connection], schema: Schema, decision: Decision) -> Plan:
    changes = decision.changes

    def write() -> None:
        if server is not None:
            Writer(server, lambda change: _hashed(change, params["password_scheme"])).write(changes)

    steps = [Step(show.action(changes), write)] if changes else []
    before, after = show.Diff(changes, schema, show.BEFORE), show.Diff(changes, schema, show.AFTER)
    return Plan(before, after, steps, {"entries": summary(changes)}, decision.warnings)


def _hashed(change: Change, scheme: str) -> Change:
    """The change with hashes in the place of clear passwords."""
    if change.verb == CREATE and change.after is not None:
        clear = [name for name in change.after if is_hashed(name)]
        if clear:
            hashed = {name: [_hash(value, scheme) for value in change.after[name]] for name in clear}
            return change._replace(after={**change.after, **hashed})
    elif change.verb == UPDATE and any(is_hashed(one.attribute) for one in change.modifications):
        return change._replace(
            modifications=[
                one._replace(values=[_hash(value, scheme) for value in one.values])
                if is_hashed(one.attribute) and one.kind != 1
                else one
                for one in change.modifications
            ]
        )
    return change


def _hash(value: bytes, scheme: str) -> bytes:
    return value if passwords.is_hash(value) else passwords.make(value, scheme)

# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the options of ``ldap_entry`` and ``ldap_entries`` to a plan: read the server, decide, say what is done."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any, Optional

from .._engine.errors import Error, Problem, refuse
from .._engine.items import checked_items
from .._engine.plan import Plan, Step
from . import connection, filters, ldif, options, passwords, show
from .arguments import ENTRY
from .connection import Connection
from .dn import Dn, Key
from .errors import NoServerYetError
from .planning import CREATE, REMOVE, RENAME, UPDATE, Change, Decision, Rules, decide, parent_text, purged, removal
from .reading import Readings, State, read_schema
from .schema import Schema
from .validation import Validation
from .values import is_hashed
from .wanted import ABSENT, Reader, Wanted, with_defaults
from .writing import Writer, summary

Params = Mapping[str, Any]
LISTED = 5


def plan_entry(params: dict[str, Any]) -> Plan:
    """The plan of ``ldap_entry``."""
    return _plan(params, [params], "", [])


def plan_entries(params: dict[str, Any]) -> Plan:
    """The plan of ``ldap_entries``."""
    checked, problems = checked_items("entries", with_defaults(params["entries"], params["defaults"]), ENTRY)
    params["entries"].clear()
    return _plan(params, checked, "entries", problems)


def _plan(params: Params, items: list[Mapping[str, Any]], option: str, problems: list[Problem]) -> Plan:
    problems = [*problems, *options.problems(params), *_option_problems(params)]
    records, faults = _records(params)
    refuse([*problems, *faults])
    try:
        server = connection.connect(params)
    except NoServerYetError as error:
        return _without_server(params, items, option, records, error)
    schema = read_schema(server)
    wanted, base = _wanted(params, schema, items, option, records)
    readings = Readings(server, schema)
    state = readings.state(wanted, params["identity"], base)
    decision = decide(wanted, state.present, _rules(params, schema, wanted, state, server), state.found)
    validation = Validation(schema, params["identity"])
    validation.check(wanted, decision.changes)
    refuse([*decision.problems, *validation.problems])
    if params.get("purge") and base is not None:
        _purge(params, readings, base, wanted, decision)
    _cap(params, decision.changes)
    unmet = [*validation.unmet, *_orphans(readings, wanted, decision.changes)]
    plan = _announce(params, server, schema, decision)
    return _with_unmet(plan, unmet) if unmet else plan


def _records(params: Params) -> tuple[list[ldif.Record], list[Problem]]:
    """What ``ldif`` and ``ldif_path`` hold."""
    records: list[ldif.Record] = []
    problems: list[Problem] = []
    for option, text in (("ldif", params.get("ldif")), ("ldif_path", _content(params.get("ldif_path")))):
        if text is not None:
            found, faults = ldif.read(text, option)
            records += found
            problems += faults
    return records, problems


def _content(path: Optional[str]) -> Optional[str]:
    if path is None:
        return None
    with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
        return file.read()


def _wanted(
    params: Params,
    schema: Schema,
    items: list[Mapping[str, Any]],
    option: str,
    records: Sequence[ldif.Record],
) -> tuple[list[Wanted], Optional[Dn]]:
    reader = Reader(schema, params)
    wanted = reader.entries(items, option, records)
    base = reader.dn("base", params.get("base"))
    refuse(reader.problems)
    return wanted, base


def _orphans(readings: Readings, wanted: Sequence[Wanted], changes: Sequence[Change]) -> list[Problem]:
    """New entries whose parent neither exists nor is made by this call."""
    made = {change.key for change in changes if change.verb in (CREATE, RENAME)}
    parents: dict[Key, Wanted] = {}
    for item in wanted:
        if item.final.key in made and item.final.key[1:] not in made:
            parents.setdefault(item.final.key[1:], item)
    missing = readings.missing_parents([item.final for item in parents.values()])
    cure = "declare it, too, or create it first"
    return [
        Problem(f"{item.where}dn", f"lies below {parent_text(item.final)}, which does not exist", cure, item.final.text)
        for key, item in parents.items()
        if key in missing
    ]


def _with_unmet(plan: Plan, unmet: Sequence[Problem]) -> Plan:
    """A plan that an earlier task of the same run may make possible: a check warns, a run stops at once."""
    step = Step("see that the server has what the entries need", partial(refuse, unmet), changes=False)
    listed = "; ".join(str(problem) for problem in unmet[:LISTED])
    more = f"; and {len(unmet) - LISTED} more" if len(unmet) > LISTED else ""
    warning = f"unless an earlier task of this run cures it, this one fails: {listed}{more}"
    return Plan(plan.before, plan.after, [step, *plan.steps], plan.result, [*plan.warnings, warning])


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


def _without_server(
    params: Params,
    items: list[Mapping[str, Any]],
    option: str,
    records: Sequence[ldif.Record],
    error: NoServerYetError,
) -> Plan:
    """Everything is new, as far as can be said without a schema; applying the plan fails with the reason."""
    schema = Schema()
    wanted, _base = _wanted(params, schema, items, option, records)
    decision = decide(wanted, {}, Rules(schema))
    plan = _announce(params, None, schema, decision)

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
    hashed = [key for key in wanted[0].written if is_hashed(key)] if wanted else []
    for item in wanted:
        there = state.present.get(item.final.key) or state.present.get(item.dn.key) or state.found.get(item.final.key)
        if there is None or item.on_create:
            continue
        for key in hashed:
            given = item.attributes.get(key, [])
            if len(given) == 1 and not passwords.is_hash(given[0]):
                places.append((item.final.key, key, there.dn))
                pairs.append((given[0], there.attributes.get(key, [])))
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

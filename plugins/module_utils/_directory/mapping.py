# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a directory can answer the searches that somebody is about to be configured with (``ldap_mapping_info``).

A server answers a search for an attribute or a class that it does not know, or below an entry that is not there, as if
nobody were found: mail would be refused for good where only a name is wrong.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from .._engine.errors import Problem, refuse
from .._engine.plan import Plan, Step
from . import filters, options, syntaxes
from .connection import Connection, connect
from .dn import BadNameError, parse
from .errors import NO_SUCH_OBJECT, DirectoryError, UnreachableError
from .filters import Comparison
from .reading import NOTHING, read_rules, read_schema
from .schema import Schema
from .validation import did_you_mean

Params = Mapping[str, Any]
LOAD = "correct the name, or load its schema into the server"


class Server(NamedTuple):
    """What a server says of itself. ``rules`` are its matching rules by any name, none when it does not list them."""

    uri: str
    schema: Schema
    rules: Collection[str]


def plan_mapping(params: dict[str, Any]) -> Plan:
    """The plan of ``ldap_mapping_info``: nothing changes, so the server is asked at once."""
    refuse(options.problems(params))
    try:
        connection = connect(params)
    except UnreachableError as error:
        return _without_server(error)
    server = Server(connection.uri, read_schema(connection), read_rules(connection))
    problems = [*judge(params, server), *_missing(params["bases"], connection)]
    known = server.schema.known
    warnings = [] if known else [f"{server.uri}: no schema can be read there, so names were not checked"]
    return Plan(result=_result(server.uri, known, problems), warnings=warnings)


def _result(uri: str, known: bool, problems: list[Problem]) -> dict[str, Any]:
    return {"server": uri, "schema": known, "ok": not problems, "problems": [str(problem) for problem in problems]}


def _without_server(error: UnreachableError) -> Plan:
    def fail() -> None:
        raise error

    warning = f"{error.message}. Unless an earlier task of this run sets it up, this one fails"
    step = Step("see that a directory server answers", fail, changes=False)
    result: dict[str, Any] = {"server": None, "schema": False, "ok": False, "problems": []}
    return Plan(steps=[step], result=result, warnings=[warning])


def judge(params: Params, server: Server) -> list[Problem]:
    """What is wrong with names and filters, by the schema of the server. Pure."""
    found: list[Problem] = []
    for label, name in _given(params["attributes"]):
        found += _attribute(label, name, name, server)
    for label, text in _given(params["filters"]):
        try:
            filters.encode(text)
        except filters.FilterError as error:
            found.append(Problem(label, str(error), "write it like (mail=alice@example.org)", text))
            continue
        for one in filters.comparisons(text):
            found += _comparison(label, text, one, server)
    return found


def _given(texts: Params) -> list[tuple[str, str]]:
    """Labels and texts; an empty one is what this directory does not hold."""
    return [(label, str(text)) for label, text in texts.items() if text not in ("", None)]


def _attribute(label: str, given: str, name: str, server: Server) -> Iterator[Problem]:
    if not filters.ATTRIBUTE.fullmatch(name):
        yield Problem(label, "is no name of an attribute", "write it like mail", given)
    elif server.schema.known and server.schema.attribute(name) is None:
        words = f"names the attribute {name}, which the schema of {server.uri} does not have"
        yield Problem(label, words, did_you_mean(name, server.schema.attribute_names(), LOAD), given)


def _comparison(label: str, text: str, one: Comparison, server: Server) -> Iterator[Problem]:
    schema = server.schema
    if one.attribute:
        yield from _attribute(label, text, one.attribute, server)
    if one.rule is not None:
        if server.rules and one.rule.lower() not in server.rules:
            words = f"uses the matching rule {one.rule}, which {server.uri} does not have"
            yield Problem(label, words, "write the filter without it", text)
        return
    known = schema.attribute(one.attribute)
    if known is None or one.value is None:
        return
    value = one.value.decode("utf-8", "replace")
    if schema.key(one.attribute) == "objectclass":
        if schema.object_class(value) is None:
            words = f"asks for the class {value}, which the schema of {server.uri} does not have"
            yield Problem(label, words, did_you_mean(value, schema.class_names(), LOAD), text)
    # A server that lists no matching rules, such as Active Directory, has ways of its own to compare.
    elif server.rules:
        fault = syntaxes.fault(known.syntax, one.value)
        if known.equality is None:
            words = f"compares {one.attribute}, whose values {server.uri} cannot compare: its type has no EQUALITY"
            yield Problem(label, words, "use another attribute", text)
        elif fault is not None:
            yield Problem(label, f"compares {one.attribute} with {value}, which {fault[0]}", fault[1], text)


def _missing(bases: Params, connection: Connection) -> Iterator[Problem]:
    """Entries to search below that are not there."""
    for label, base in _given(bases):
        try:
            parse(base)
            # Success without an entry is one that is there and may not be read.
            list(connection.search(base, "base", attributes=NOTHING))
        except BadNameError as error:
            yield Problem(label, str(error), "write it like ou=people,dc=example,dc=org", base)
        except DirectoryError as error:
            if error.code != NO_SUCH_OBJECT:
                raise
            words = f"is not there, or {connection.params.get('bind_dn') or 'whoever asks'} may not see it"
            yield Problem(label, words, f"correct the name, or see to the rights at {connection.uri}", base)

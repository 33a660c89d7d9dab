# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The searches of ``ldap_search_info``: entries, a tree to browse, or LDIF."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._engine.errors import Error, Problem, refuse
from .._engine.plan import Plan, Step
from .._engine.secrets import HIDDEN
from . import filters, ldif, options, values
from .connection import Connection, connect
from .dn import BadNameError, rdn_text
from .errors import NoServerYetError
from .messages import Entry
from .reading import read_schema
from .schema import Schema

Params = Mapping[str, Any]


def plan_search(params: dict[str, Any]) -> Plan:
    """The plan of ``ldap_search_info``: nothing changes, so it is read at once."""
    refuse([*options.problems(params), *_problems(params)])
    try:
        server = connect(params)
    except NoServerYetError as error:
        return _without_server(params, error)
    schema = read_schema(server)
    base = params["base"] if params["base"] is not None else _default_base(server)
    found, complete = _found(server, base, params)
    result = _shown(found, schema, params)
    warnings = [f"the server refers to {uri}, which was not asked" for uri in dict.fromkeys(server.references)]
    if not complete:
        warnings.append(f"there is more than the first {len(found)} entries; narrow the search or raise size_limit")
    return Plan(result={**result, "count": len(found), "complete": complete, "base": base}, warnings=warnings)


def _problems(params: Params) -> list[Problem]:
    found = []
    try:
        filters.encode(filters.fill(params["filter"], params["filter_values"]))
    except filters.FilterError as error:
        found.append(Problem("filter", str(error), "write it like (mail=alice@example.org)", params["filter"]))
    if params["base"] is not None:
        try:
            Schema().names.read(params["base"])
        except BadNameError as error:
            found.append(Problem("base", str(error), "write it like ou=people,dc=example,dc=org", params["base"]))
    if params["size_limit"] < 0:
        found.append(Problem("size_limit", "is negative", "give 0 for no limit", params["size_limit"]))
    for name in params["attributes"]:
        if not filters.ATTRIBUTE.fullmatch(name) and name not in ("*", "+", "1.1"):
            found.append(Problem("attributes", "holds what is no attribute", "use names, * or +", name))
    return found


def _without_server(params: Params, error: NoServerYetError) -> Plan:
    def fail() -> None:
        raise error

    empty: dict[str, Any] = {"ldif": ""} if params["output"] == "ldif" else {params["output"]: []}
    warning = f"{error.message}. Unless an earlier task of this run does so, this one fails"
    step = Step("see that a directory server runs", fail, changes=False)
    return Plan(
        steps=[step], result={**empty, "count": 0, "complete": True, "base": params["base"]}, warnings=[warning]
    )


def _default_base(server: Connection) -> str:
    contexts = server.root_dse().get("namingContexts", [])
    if len(contexts) != 1:
        listed = ", ".join(context.decode("utf-8", "replace") for context in contexts) or "none"
        raise Error(f"base: is missing, and the server has not exactly one database but {listed}; name one of them")
    return contexts[0].decode("utf-8", "surrogateescape")


def _found(server: Connection, base: str, params: Params) -> tuple[list[Entry], bool]:
    """The entries, and whether they are all."""
    found: list[Entry] = []
    wanted = params["attributes"] if params["output"] != "tree" or params["attributes"] != ["*"] else ["objectClass"]
    filter_ = filters.fill(params["filter"], params["filter_values"])
    for entry in server.search(base, params["scope"], filter_, wanted):
        if params["size_limit"] and len(found) == params["size_limit"]:
            return found, False
        found.append(entry)
    return found, True


def _shown(found: Iterable[Entry], schema: Schema, params: Params) -> dict[str, Any]:
    entries = [_masked(entry, schema) for entry in found] if not params["show_secrets"] else list(found)
    if params["output"] == "ldif":
        return {"ldif": ldif.render(entries)}
    if params["output"] == "tree":
        return {"tree": tree(entries, schema)}
    return {"entries": [{"dn": entry.dn, **_listed(entry)} for entry in entries]}


def _masked(entry: Entry, schema: Schema) -> Entry:
    attributes = {
        name: [HIDDEN.encode("ascii")] * len(given) if values.is_secret(schema.key(name)) else given
        for name, given in entry.attributes.items()
    }
    return Entry(entry.dn, attributes)


def _listed(entry: Entry) -> dict[str, Any]:
    binary = [name for name, given in entry.attributes.items() if values.has_binary(given)]
    return {
        "attributes": {name: values.as_json(given, name in binary) for name, given in entry.attributes.items()},
        "binary_attributes": binary,
    }


def tree(entries: Iterable[Entry], schema: Schema) -> list[dict[str, Any]]:
    """Entries below their parents: each with its relative name, its classes and what is below it."""
    nodes: dict[Any, dict[str, Any]] = {}
    top: list[dict[str, Any]] = []
    names = sorted(((schema.names.read(entry.dn), entry) for entry in entries), key=lambda pair: pair[0].key[::-1])
    for dn, entry in names:
        parent = nodes.get(dn.key[1:])
        node = {
            "name": rdn_text(dn.rdns[0]) if parent is not None and dn.rdns else entry.dn,
            "dn": entry.dn,
            "attributes": _listed(entry)["attributes"],
            "children": [],
        }
        nodes[dn.key] = node
        (top if parent is None else parent["children"]).append(node)
    return top

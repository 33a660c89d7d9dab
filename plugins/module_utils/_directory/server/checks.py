# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with a new configuration beyond what slapd's own tools look at."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..._engine import certificates
from ..._engine.errors import Error, Problem
from . import host, schema_text, values
from .declared import Declared
from .names import SPECIAL
from .operations import Operation
from .tree import Node

ATTRIBUTE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.;-]*")
CERTIFICATE, KEY, AUTHORITIES = "olcTLSCertificateFile", "olcTLSCertificateKeyFile", "olcTLSCACertificateFile"


def input_problems(params: Mapping[str, Any], declared: Declared, after: Node) -> list[Problem]:
    """Contradictions within the options themselves."""
    problems = []
    for place, test in enumerate(params["access_tests"]):
        if not ATTRIBUTE.fullmatch(test["attribute"]):
            cure = "give its name, or entry or children"
            problems.append(Problem(f"access_tests[{place}].attribute", "is no attribute", cure, test["attribute"]))
        if not any(_holds(node, test["entry"]) for node in after.of_kind("olcDatabase")):
            cure = "name an entry below the suffix of a database"
            problems.append(Problem(f"access_tests[{place}].entry", "is in no database", cure, test["entry"]))
    if (after.one(CERTIFICATE) is None) != (after.one(KEY) is None):
        lacking = KEY if after.one(KEY) is None else CERTIFICATE
        problems.append(Problem("settings", f"lacks {lacking}", f"give both {CERTIFICATE} and {KEY}, or neither"))
    return problems


def _holds(node: Node, entry: str) -> bool:
    suffix, name = values.suffix_key(node.one("olcSuffix") or ""), values.suffix_key(entry)
    if node.name.lower() in SPECIAL:
        return name.endswith({"config": "cn=config", "monitor": "cn=monitor"}.get(node.name.lower(), "\n"))
    return name == suffix or name.endswith(f",{suffix}")


def lacking(params: Mapping[str, Any], after: Node, todo: Sequence[Operation]) -> list[Problem]:
    """What the host lacks, and an earlier task may bring: files of schemas, modules, a certificate."""
    problems = []
    for place, schema in enumerate(params["schemas"]):
        if schema.get("path") and host.text_of(schema["path"]) is None:
            cure = "name a file on this host, or give its content"
            problems.append(Problem(f"schemas[{place}].path", "does not exist", cure, schema["path"]))
    folders = [
        path
        for node in after.children
        if node.is_module_list
        for text in node.get("olcModulePath")
        for path in text.split(":")
    ]
    new = [
        values.module_name(value)
        for operation in todo
        for value in [
            *(value for _kind, name, texts in operation.changes if name.lower() == "olcmoduleload" for value in texts),
            *operation.attributes.get("olcModuleLoad", ()),
        ]
    ]
    for name in host.missing_modules([_without_number(name) for name in new], folders or ["/usr/lib/ldap"]):
        problems.append(
            Problem(
                "modules", f"has no file in {':'.join(folders)}", "install slapd-contrib, or correct the name", name
            )
        )
    return problems + _certificate(after)


def _without_number(name: str) -> str:
    return name.partition("}")[2] if name.startswith("{") else name


def _certificate(after: Node) -> list[Problem]:
    """A certificate that slapd cannot use lets it go on without TLS, or not start again."""
    paths = {name: after.one(name) for name in (CERTIFICATE, KEY, AUTHORITIES)}
    problems = [
        Problem(
            f"settings.{name}",
            "does not exist or cannot be read by the user that slapd runs as",
            "give it to that user's group",
            path,
        )
        for name, path in paths.items()
        if path is not None and not host.readable_for_slapd(path)
    ]
    certificate, key = paths[CERTIFICATE], paths[KEY]
    if problems or certificate is None or key is None:
        return problems
    try:
        found = certificates.inspect(
            (host.text_of(certificate) or "").encode(), (host.text_of(key) or "").encode(), certificate, key
        )
    except Error as error:
        return [Problem(f"settings.{CERTIFICATE}", error.message, "give a certificate and the key that belongs to it")]
    if not found.matches_key:
        return [
            Problem(f"settings.{KEY}", "does not belong to the certificate", "give the key of that certificate", key)
        ]
    return []


def orphans(directory: str, present: Node, after: Node) -> list[Problem]:
    """Definitions that would go while entries still use them."""
    problems = []
    databases = [node for node in present.of_kind("olcDatabase") if node.name.lower() == "mdb"]
    for attribute, filter_ in (("olcObjectClasses", "(objectClass={})"), ("olcAttributeTypes", "({}=*)")):
        for name in sorted(_defined(present, attribute) - _defined(after, attribute)):
            for database in databases:
                found = host.names_found(directory, database, filter_.format(name))
                if found:
                    users = f"{len(found)} entries use it, such as {found[0]}"
                    problems.append(Problem("schemas", f"would go, and {users}", "take it from them first", name))
    return problems


def _defined(root: Node, attribute: str) -> set[str]:
    schema = [child for child in root.children if child.name == "schema"]
    return {
        name.lower()
        for base in schema
        for node in base.children
        for definition in node.get(attribute)
        for name in schema_text.names(definition)
    }


def possible(present: Node, after: Node) -> Node:
    """A former configuration as far as a running slapd goes back to it.

    Modules stay loaded, schemas stay as empty shells, and the monitor stays: once deleted it cannot be added again
    before a restart.
    """
    lists = [child for child in present.children if child.is_module_list]
    others = [child for child in after.children if not child.is_module_list]
    if not any(child.name == "monitor" for child in others):
        others += [child for child in present.children if child.name == "monitor"]
    base = next(child for child in others if child.name == "schema")
    known = {child.name for child in base.children}
    shells = [
        replace(node, attributes={"objectClass": node.get("objectClass")})
        for child in present.children
        if child.name == "schema"
        for node in child.children
        if node.name not in known
    ]
    whole = replace(base, children=[*base.children, *shells])
    return replace(after, children=[*lists, *(whole if child is base else child for child in others)])

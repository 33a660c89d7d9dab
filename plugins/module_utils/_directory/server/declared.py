# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the options of ``openldap_config`` and the present configuration to the one that shall be.

An attribute that is declared has the declared values and no others, one that is null has none, and one that is not
declared stays. The same goes for the overlays of a database, and for the definitions of a schema.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Optional

from ..._engine.errors import Problem
from ..dn import BadNameError, parse
from . import schema_text, values
from .names import BACKENDS, INDEX_TYPES, OVERLAYS, SPECIAL, module_of_backend, module_of_overlay
from .tree import Node

# Options of a database and the attributes behind them.
OPTIONS = {
    "directory": "olcDbDirectory",
    "root_dn": "olcRootDN",
    "root_password": "olcRootPW",
    "indices": "olcDbIndex",
    "limits": "olcLimits",
    "access": "olcAccess",
}
ATTRIBUTE = re.compile(r"olc[A-Za-z]+(;[A-Za-z0-9-]+)*")
SCHEMA_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def options_named(said: str) -> list[str]:
    """The options of a database whose attributes a message of slapd names."""
    return [option for option, attribute in OPTIONS.items() if attribute.lower() in said.lower()]


@dataclass
class Declared:
    """What is declared, on its way into the configuration: ``problems`` and needed ``modules`` gather."""

    params: Mapping[str, Any]
    # What stands in schema files on the host, by path; nothing for a file that is not there.
    files: Mapping[str, Optional[str]]
    # The olcRootPW of each database that declares a password, by its place in the list.
    passwords: Mapping[int, str]
    # The suffix of the database that the package made, if it is to go.
    unused: Optional[str] = None
    problems: list[Problem] = field(default_factory=list)
    modules: list[str] = field(default_factory=list)

    def complain(self, option: str, message: str, cure: str, value: Any = None) -> None:
        self.problems.append(Problem(option, message, cure, value))


def wanted(present: Node, declared: Declared) -> Node:
    """The configuration that shall be; see ``declared.problems`` before it is used."""
    root = _with_attributes(present, _settings(declared, "settings", declared.params["settings"], ()))
    root = _with_databases(root, declared)
    root = _with_schemas(root, declared)
    declared.modules += declared.params["modules"]
    return _with_modules(root, declared.modules)


def _with_attributes(node: Node, attributes: Mapping[str, Sequence[str]]) -> Node:
    """The node with these attributes in place of its own of the same names; without those that are empty."""
    merged = dict(node.attributes)
    for name, new in attributes.items():
        known = next((present for present in merged if present.lower() == name.lower()), name)
        # What means the same stays as it is written: other blanks are no change.
        if not values.same(name, merged.get(known, ()), new):
            merged[known] = list(new)
    return replace(node, attributes={name: texts for name, texts in merged.items() if texts})


def _settings(declared: Declared, path: str, given: Mapping[str, Any], taken: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in (given or {}).items():
        if not ATTRIBUTE.fullmatch(name):
            declared.complain(path, "is no attribute of slapd's configuration", "write it like olcLogLevel", name)
        elif name.lower() in ("olcdatabase", "olcsuffix", "olcoverlay", "olcmoduleload", "olcmodulepath"):
            declared.complain(f"{path}.{name}", "says what an entry is, and cannot be set", "use the option for it")
        elif name.lower() in taken:
            declared.complain(f"{path}.{name}", "is given twice, by an option of its own as well", "leave out one")
        elif isinstance(value, Mapping):
            declared.complain(f"{path}.{name}", "is a dictionary", "give a text, a number, a boolean or a list of them")
        else:
            found[name] = values.texts(value)
    return found


# --- databases -------------------------------------------------------------------------------------------------------


def database_key(database: Mapping[str, Any]) -> tuple[str, str]:
    return database["backend"], values.suffix_key(database.get("suffix") or "")


def node_key(node: Node) -> tuple[str, str]:
    return node.name.lower(), values.suffix_key(node.one("olcSuffix") or "")


def _with_databases(root: Node, declared: Declared) -> Node:
    databases = {node_key(node): node for node in root.of_kind("olcDatabase")}
    if declared.unused is not None:
        databases.pop(("mdb", values.suffix_key(declared.unused)), None)
    seen = set()
    for place, database in enumerate(declared.params["databases"]):
        path, key = f"databases[{place}]", database_key(database)
        if key in seen:
            declared.complain(path, "is the same database as one before it", "declare it once", database.get("suffix"))
        seen.add(key)
        if not _is_sound(declared, path, database):
            continue
        if database["state"] == "absent":
            databases.pop(key, None)
        else:
            node = databases.get(key) or _new(declared, path, database)
            databases[key] = _with_options(declared, path, place, database, node)
    others = [child for child in root.children if child.kind != "olcDatabase"]
    return replace(root, children=[*others, *databases.values()])


def _is_sound(declared: Declared, path: str, database: Mapping[str, Any]) -> bool:
    before = len(declared.problems)
    special = database["backend"] in SPECIAL
    if special and database.get("suffix"):
        declared.complain(f"{path}.suffix", f"is none that a {database['backend']} database has", "leave it out")
    if not special and not database.get("suffix"):
        declared.complain(f"{path}.suffix", "is missing", "give the name below which its entries are, or the backend")
    if special and database["state"] == "absent":
        declared.complain(f"{path}.state", f"is not possible for the {database['backend']} database", "leave it out")
    return len(declared.problems) == before


def _new(declared: Declared, path: str, database: Mapping[str, Any]) -> Node:
    backend = database["backend"]
    class_ = BACKENDS.get(backend)
    attributes = {"objectClass": ["olcDatabaseConfig", *([class_] if class_ else [])]}
    if database.get("suffix"):
        attributes["olcSuffix"] = [database["suffix"]]
        if database.get("access") is None:
            why = "is missing, and without rules slapd lets everybody read everything"
            declared.complain(f"{path}.access", why, "say who may read and write what")
    if backend == "mdb":
        folder = re.sub(r"[^a-z0-9.-]+", "_", (database.get("suffix") or "").lower()).strip("_")
        attributes["olcDbDirectory"] = [f"/var/lib/ldap/{folder}"]
    return Node("olcDatabase", backend, attributes)


def _with_options(declared: Declared, path: str, place: int, database: Mapping[str, Any], node: Node) -> Node:
    module = module_of_backend(database["backend"])
    declared.modules += [module] if module else []
    attributes: dict[str, list[str]] = {}
    taken = []
    for option, attribute in OPTIONS.items():
        given = database.get(option)
        if given is not None:
            taken.append(attribute.lower())
            attributes[attribute] = _option(declared, f"{path}.{option}", option, given)
    if place in declared.passwords and not (attributes.get("olcRootDN") or node.one("olcRootDN")):
        declared.complain(f"{path}.root_dn", "is missing", "say whose password root_password is")
    if place in declared.passwords:
        attributes["olcRootPW"] = [declared.passwords[place]]
    settings = _settings(declared, f"{path}.settings", database.get("settings") or {}, taken)
    secrets = _settings(declared, f"{path}.secrets", database.get("secrets") or {}, [*taken, *map(str.lower, settings)])
    present = node.one("olcDbDirectory")
    moved = attributes.get("olcDbDirectory", [present])[0]
    if present is not None and moved != present and ("olcSuffix" in node.attributes and not _is_new(node, database)):
        cure = f"leave it out, or move the data by slapcat and slapadd; it is {present}"
        declared.complain(f"{path}.directory", "is not where the data of this database is", cure, moved)
    node = _with_attributes(node, {**attributes, **settings, **secrets})
    if database.get("overlays") is None:
        return node
    return _with_overlays(declared, path, node, database["overlays"])


def _is_new(node: Node, database: Mapping[str, Any]) -> bool:
    """Whether the node was made by :func:`_new`: its folder is the default then, and may be another one."""
    return set(node.attributes) <= {"objectClass", "olcSuffix", "olcDbDirectory"}


def _option(declared: Declared, path: str, option: str, given: Any) -> list[str]:
    if option == "indices":
        return _indices(declared, path, given)
    if option == "access":
        return [_rule(declared, f"{path}[{place}]", rule) for place, rule in enumerate(given)]
    texts = values.texts(given)
    if option == "root_dn":
        if not given.strip():
            declared.complain(path, "is empty", "name who may do everything, or leave it out", given)
        _check_name(declared, path, texts)
    return texts


def _check_name(declared: Declared, path: str, names: Sequence[str]) -> None:
    for name in names:
        try:
            parse(name)
        except BadNameError as error:
            declared.complain(path, str(error), "write a distinguished name, such as cn=admin,dc=example,dc=org", name)


def _indices(declared: Declared, path: str, given: Mapping[str, Any]) -> list[str]:
    found = []
    for attribute, types in given.items():
        kinds = [kind for text in values.texts(types) for kind in re.split(r"[ ,]+", text.strip()) if kind]
        unknown = [kind for kind in kinds if kind not in INDEX_TYPES]
        if unknown:
            cure = f"use some of {', '.join(sorted(INDEX_TYPES))}"
            declared.complain(f"{path}.{attribute}", "is no kind of index", cure, ", ".join(unknown))
        found.append(f"{attribute} {','.join(kinds)}".strip())
    return found


def _rule(declared: Declared, path: str, rule: Any) -> str:
    """One access rule: as slapd writes it, or as what it is for and a list of who may do what."""
    if isinstance(rule, str):
        text = " ".join(rule.split())
        if not text.startswith("to "):
            declared.complain(path, "does not begin with to", "write it like: to * by self write by * none", rule)
        return text
    if not isinstance(rule, Mapping) or set(rule) != {"to", "by"} or not values.texts(rule["by"]):
        declared.complain(path, "is neither a rule nor to and by", "give a text, or a dictionary of to and by", rule)
        return ""
    return " ".join([f"to {rule['to']}", *(f"by {who}" for who in values.texts(rule["by"]))])


def _with_overlays(declared: Declared, path: str, node: Node, given: Sequence[Mapping[str, Any]]) -> Node:
    present = node.of_kind("olcOverlay")
    overlays = []
    for place, overlay in enumerate(given):
        where, name = f"{path}.overlays[{place}]", overlay["name"]
        module = module_of_overlay(name)
        declared.modules += [module] if module else []
        settings = _settings(declared, f"{where}.settings", overlay.get("settings") or {}, ())
        known = next((child for child in present if child.name.lower() == name.lower()), None)
        if known is None:
            class_ = OVERLAYS.get(name, "olcOverlayConfig")
            known = Node("olcOverlay", name, {"objectClass": list(dict.fromkeys(["olcOverlayConfig", class_]))})
        else:
            present.remove(known)
        overlays.append(_with_attributes(known, settings))
    others = [child for child in node.children if child.kind != "olcOverlay"]
    return replace(node, children=[*others, *overlays])


# --- schemas and modules ---------------------------------------------------------------------------------------------


def _with_schemas(root: Node, declared: Declared) -> Node:
    if not declared.params["schemas"]:
        return root
    base = next(child for child in root.children if child.kind == "cn" and child.name == "schema")
    present = {child.name.lower(): child for child in base.children}
    seen = set()
    for place, schema in enumerate(declared.params["schemas"]):
        path, name = f"schemas[{place}]", schema["name"]
        if not SCHEMA_NAME.fullmatch(name):
            declared.complain(f"{path}.name", "is no name of a schema", "use letters, digits, - and _", name)
        if name.lower() in seen:
            declared.complain(f"{path}.name", "is given twice", "declare it once", name)
        seen.add(name.lower())
        definitions = _definitions(declared, path, schema)
        if definitions is not None and (definitions or name.lower() in present):
            node = present.get(name.lower()) or Node("cn", name, {"objectClass": ["olcSchemaConfig"]})
            empty: dict[str, Sequence[str]] = {kind: [] for kind in node.attributes if kind != "objectClass"}
            present[name.lower()] = _with_attributes(node, {**empty, **definitions})
    others = [child for child in root.children if child is not base]
    return replace(root, children=[*others, replace(base, children=list(present.values()))])


def _definitions(declared: Declared, path: str, schema: Mapping[str, Any]) -> Optional[schema_text.Definitions]:
    content = schema.get("content")
    if schema["state"] == "absent":
        return {}
    if (content is None) == (schema.get("path") is None):
        declared.complain(path, "needs either content or path", "give one of them", schema["name"])
        return None
    option, text = "content", content
    if content is None:
        option, text = "path", declared.files.get(schema["path"])
    if text is None:
        return None
    try:
        return schema_text.read(text)
    except schema_text.SchemaError as error:
        declared.complain(f"{path}.{option}", str(error), "correct the text of the schema", schema.get("path"))
        return None


def _with_modules(root: Node, names: Sequence[str]) -> Node:
    """Modules that are missing go behind the last one: slapd cannot unload any."""
    lists = [child for child in root.children if child.is_module_list]
    loaded = {values.module_name(value) for child in lists for value in child.get("olcModuleLoad")}
    missing = [name for name in dict.fromkeys(map(values.module_name, names)) if name not in loaded]
    if not missing:
        return root
    last = lists[-1] if lists else Node("cn", "module", {"objectClass": ["olcModuleList"]})
    new = _with_attributes(last, {"olcModuleLoad": [*last.get("olcModuleLoad"), *missing]})
    kept = [child for child in root.children if child is not last]
    place = next((index for index, child in enumerate(root.children) if child is last), 0)
    return replace(root, children=[*kept[:place], new, *kept[place:]])

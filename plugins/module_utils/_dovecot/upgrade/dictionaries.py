# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The section ``dict``: dictionaries that other processes ask a server for, to the section ``dict_server``."""

from __future__ import annotations

import re
from typing import Any

from .external import Externals
from .ledger import Entry, Ledger, Target
from .merging import Node
from .services import uri
from .variables import converted

SQL = ("mysql", "pgsql", "sqlite")
# Who asks for a dictionary by its name, but for plugins that 2.4 does not have.
ASKED = re.compile(r"proxy:[^:]*:(\w[\w-]*)")
UNHEARD = ("expire_dict",)
MAP = {"table": "sql_table", "username_field": "username_field", "expire_field": "expire_field"}


def served(root: Node, ledger: Ledger, external: Externals) -> None:
    values = [entry.value for entry in root.everything() if entry.key not in UNHEARD]
    asked = [match[1] for value in values for match in ASKED.finditer(value)]
    for node in root.take_children("dict"):
        for entry in node.rest():
            target: Target = ("dict_server", f"dict {entry.key}")
            driver, _colon, path = entry.value.partition(":")
            text, unknown = converted(entry.value)
            found = None if unknown else uri(text)
            if driver in SQL:
                file = external.node(entry, path)
                if file:
                    ledger.convert(entry, (*target, "driver"), "sql")
                    _sql(file, driver, target, ledger, external)
            elif found is not None:
                ((header, inside),) = found.items()
                ledger.convert(entry, target, {"driver": header.partition(" ")[2], **_plain(inside)})
            elif not any(name == entry.key for name in asked):
                ledger.drop(entry, "nothing asks for a dictionary of this name")
            else:
                ledger.ask(entry, f"write a section `dict {entry.key}` in dict_server for it")


def _plain(inside: Any) -> dict[str, Any]:
    return {key if "_" in key or " " in key else f"dict_file_{key}": value for key, value in inside.items()}


def _sql(file: Node, driver: str, target: Target, ledger: Ledger, external: Externals) -> None:
    """The file of an SQL dictionary: the connection, and a map from keys to tables."""
    connect = file.entries.get("connect")
    if connect:
        ledger.put((*target, "sql_driver"), driver)
        external.connect(driver, connect, target)
    for node in file.children:
        pattern = node.entries.get("pattern")
        if node.kind == "map" and pattern:
            _map(node, pattern, target, ledger)
        else:
            for entry in node.everything():
                ledger.ask(entry, "is in no map with a pattern")


def _map(node: Node, pattern: Entry, target: Target, ledger: Ledger) -> None:
    header = f"dict_map {pattern.value}"
    ledger.convert(pattern, (*target, header, "pattern"), pattern.value)
    fields = node.entries.get("value_field")
    for entry in node.entries.values():
        if entry.key in MAP:
            ledger.convert(entry, (*target, header, MAP[entry.key]), entry.value)
        elif entry is fields:
            for name in entry.words:
                ledger.section((*target, header, f"value_field {name}"))
            ledger.done(entry)
        elif entry.key == "value_type":
            for name, kind in zip(fields.words if fields else (), entry.words):
                ledger.convert(entry, (*target, header, f"value_field {name}", "type"), kind)
        elif entry.key != "pattern":
            ledger.ask(entry, "is no setting of a map")
    for child in node.children:
        for entry in child.everything():
            ledger.convert(entry, (*target, header, f"key_field {entry.key}", "value"), entry.value)

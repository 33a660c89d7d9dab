# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of one entry, and those that ``ldap_entry`` and ``ldap_entries`` share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._engine.items import Spec

ON_UPDATE: Mapping[str, Any] = {"type": "str", "choices": ["always", "on_create"], "no_log": False}

ENTRY: Spec = {
    "dn": {"type": "str", "required": True},
    "new_dn": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "exact", "absent"], "default": "present"},
    "attributes": {"type": "dict", "default": {}, "no_log": True},
    "recursive": {"type": "bool", "default": False},
    "update_password": ON_UPDATE,
}
LIST: Spec = {
    "entries": {"type": "list", "elements": "dict", "default": [], "no_log": True},
    "defaults": {"type": "dict", "default": {}, "no_log": True},
    "ldif": {"type": "str", "no_log": True},
    "ldif_path": {"type": "path"},
    "filter": {"type": "str"},
}
COMPARISON: Spec = {
    "identity": {"type": "str"},
    "base": {"type": "str"},
    "additive_attributes": {"type": "list", "elements": "str", "default": []},
    "ignored_attributes": {"type": "list", "elements": "str", "default": []},
    "binary_attributes": {"type": "list", "elements": "str", "default": []},
    "password_scheme": {
        "type": "str",
        "choices": ["CRYPT", "SSHA", "SSHA512", "none"],
        "default": "CRYPT",
        "no_log": False,
    },
}
UPDATE_PASSWORD: Spec = {"update_password": {**ON_UPDATE, "default": "always"}}
MAX_DELETIONS: Spec = {"max_deletions": {"type": "int", "default": 10}}
SEARCH: Spec = {
    "base": {"type": "str"},
    "scope": {"type": "str", "choices": ["base", "one", "sub"], "default": "sub"},
    "filter": {"type": "str", "default": "(objectClass=*)"},
    "filter_values": {"type": "dict", "default": {}},
    "attributes": {"type": "list", "elements": "str", "default": ["*"]},
    "size_limit": {"type": "int", "default": 0},
    "output": {"type": "str", "choices": ["entries", "tree", "ldif"], "default": "entries"},
    "show_secrets": {"type": "bool", "default": False, "no_log": False},
}
MAPPING: Spec = {name: {"type": "dict", "default": {}} for name in ("attributes", "filters", "bases")}

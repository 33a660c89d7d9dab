# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of ``openldap_config``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .access import ANONYMOUS, LEVELS

STATE: Mapping[str, Any] = {"type": "str", "choices": ["present", "absent"], "default": "present"}
OVERLAY: Mapping[str, Any] = {"name": {"type": "str", "required": True}, "settings": {"type": "dict"}}
DATABASE: Mapping[str, Any] = {
    "suffix": {"type": "str"},
    "backend": {"type": "str", "default": "mdb"},
    "state": STATE,
    "directory": {"type": "path"},
    "root_dn": {"type": "str"},
    "root_password": {"type": "str", "no_log": True},
    "indices": {"type": "dict"},
    "limits": {"type": "list", "elements": "str"},
    "access": {"type": "list", "elements": "raw"},
    "settings": {"type": "dict"},
    "secrets": {"type": "dict", "no_log": True},
    "overlays": {"type": "list", "elements": "dict", "options": OVERLAY},
}
SCHEMA: Mapping[str, Any] = {
    "name": {"type": "str", "required": True},
    "content": {"type": "str"},
    "path": {"type": "path"},
    "state": STATE,
}
TEST: Mapping[str, Any] = {
    "who": {"type": "str", "default": ANONYMOUS},
    "entry": {"type": "str", "required": True},
    "attribute": {"type": "str", "default": "entry"},
    "access": {"type": "str", "choices": LEVELS, "default": "read"},
    "expect": {"type": "str", "choices": ["allowed", "denied"], "default": "allowed"},
}
OPTIONS: Mapping[str, Any] = {
    "config_directory": {"type": "path", "default": "/etc/ldap/slapd.d"},
    "settings": {"type": "dict", "default": {}},
    "modules": {"type": "list", "elements": "str", "default": []},
    "schemas": {"type": "list", "elements": "dict", "default": [], "options": SCHEMA},
    "databases": {"type": "list", "elements": "dict", "default": [], "options": DATABASE},
    "replace_package_database": {"type": "bool", "default": False},
    "access_tests": {"type": "list", "elements": "dict", "default": [], "options": TEST},
}

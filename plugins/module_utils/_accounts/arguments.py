# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of one domain, one mailbox, one alias: those of the singular module, and of each item of the plural."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .passwords import SCHEMES

Spec = Mapping[str, Mapping[str, Any]]

STATE: Mapping[str, Any] = {"type": "str", "choices": ["present", "absent"], "default": "present"}
ON_UPDATE: Mapping[str, Any] = {"type": "str", "choices": ["always", "on_create"], "no_log": False}

DOMAIN: Spec = {
    "domain": {"type": "str", "required": True},
    "state": STATE,
    "description": {"type": "str"},
    "enabled": {"type": "bool"},
    "max_mailboxes": {"type": "int"},
    "max_aliases": {"type": "int"},
    "quota": {"type": "str"},
    "mailbox_quota": {"type": "str"},
    "alias_of": {"type": "str"},
    "catch_all": {"type": "list", "elements": "str"},
}
MAILBOX: Spec = {
    "address": {"type": "str", "required": True},
    "state": STATE,
    "password": {"type": "str", "no_log": True},
    "password_hash": {"type": "str", "no_log": True},
    "password_file": {"type": "path", "no_log": False},
    "update_password": ON_UPDATE,
    "name": {"type": "str"},
    "quota": {"type": "str"},
    "enabled": {"type": "bool"},
    "receive": {"type": "bool"},
    "send": {"type": "bool"},
    "login": {"type": "bool"},
    "forward_to": {"type": "list", "elements": "str"},
    "keep_copy": {"type": "bool"},
    "send_as": {"type": "list", "elements": "str"},
    "host": {"type": "str"},
    "delete_mail": {"type": "bool", "default": False},
}
ALIAS: Spec = {
    "address": {"type": "str", "required": True},
    "state": STATE,
    "destinations": {"type": "list", "elements": "str"},
    "enabled": {"type": "bool"},
}

RECURSIVE: Spec = {"recursive": {"type": "bool", "default": False}}
PURGE_DOMAINS: Spec = {"purge_domains": {"type": "list", "elements": "str"}}
PASSWORD_SCHEME: Spec = {
    "password_scheme": {"type": "str", "choices": list(SCHEMES), "default": "SHA512-CRYPT", "no_log": False}
}
MAIL_DIRECTORY: Spec = {"mail_directory": {"type": "path", "default": "/var/vmail"}}
UPDATE_PASSWORD: Spec = {"update_password": {**ON_UPDATE, "default": "always"}}

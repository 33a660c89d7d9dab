# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Argument specs that several modules share. Each has a documentation fragment of the same name in doc_fragments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SHARED: Mapping[str, Mapping[str, Any]] = {
    "backup": {
        "backup": {"type": "bool", "default": True},
        "backup_count": {"type": "int", "default": 20},
        "backup_directory": {"type": "path", "default": "/var/backups/postfix_manager"},
    },
    "rollback": {
        "state": {"type": "str", "choices": ["present", "rolled_back"], "default": "present"},
        "backup_id": {"type": "str", "default": "last"},
        "force": {"type": "bool", "default": False},
    },
    "findings": {
        "ignore_findings": {"type": "list", "elements": "str", "default": []},
    },
    "purge": {
        "purge": {"type": "bool", "default": False, "aliases": ["prune"]},
        "max_deletions": {"type": "int", "default": 10},
    },
    "store": {
        "store": {"type": "str", "choices": ["sqlite"], "default": "sqlite"},
        "database": {"type": "path", "default": "/var/lib/postfix_manager/accounts.sqlite"},
        "database_owner": {"type": "str", "default": "root"},
        "database_group": {"type": "str", "default": "postfix"},
    },
}


def module_spec(*shared: str, options: Mapping[str, Any], **constraints: Any) -> dict[str, Any]:
    """Keyword arguments for AnsibleModule: the named shared specs, the module's own options, its constraints."""
    argument_spec: dict[str, Any] = {}
    for name in shared:
        argument_spec.update(SHARED[name])
    argument_spec.update(options)
    return {"argument_spec": argument_spec, **constraints}

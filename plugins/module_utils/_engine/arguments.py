# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Argument specs that several modules share. Each has a documentation fragment of the same name in doc_fragments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

DIRECTORY: Mapping[str, Any] = {
    "server_uri": {"type": "list", "elements": "str", "default": ["ldapi:///"]},
    "start_tls": {"type": "bool", "default": False},
    "ca_path": {"type": "path"},
    "validate_certs": {"type": "bool", "default": True},
    "client_cert": {"type": "path"},
    "client_key": {"type": "path", "no_log": False},
    "bind_dn": {"type": "str"},
    "bind_password": {"type": "str", "no_log": True},
    "connect_timeout": {"type": "int", "default": 5},
    "timeout": {"type": "int", "default": 60},
}

# How a database of PostgreSQL is reached.
POSTGRESQL: Mapping[str, Any] = {
    "database_host": {"type": "str", "default": ""},
    "database_port": {"type": "int", "default": 5432},
    "database_name": {"type": "str", "default": "mail"},
    "database_user": {"type": "str", "default": "postfix_manager"},
    "database_password": {"type": "str", "no_log": True},
    "database_sslmode": {
        "type": "str",
        "choices": ["disable", "prefer", "require", "verify-ca", "verify-full"],
        "default": "prefer",
    },
    "database_ca_path": {"type": "path"},
}

# What ``account_sync`` reads, a directory or another store.
SOURCE: Mapping[str, Any] = {
    "store": {"type": "str", "choices": ["sqlite", "postgresql", "ldap"], "default": "ldap"},
    "database": {"type": "path"},
    **POSTGRESQL,
    **DIRECTORY,
    "base": {"type": "str"},
    "scope": {"type": "str", "choices": ["base", "one", "sub"], "default": "sub"},
    "filter": {"type": "str"},
    "disabled_filter": {"type": "str"},
    "identity": {"type": "str"},
    "preset": {
        "type": "str",
        "choices": ["postfix_manager", "inetorgperson", "inetlocalmailrecipient", "postfixbook", "active_directory"],
        "default": "inetorgperson",
    },
    "mapping": {"type": "dict", "default": {}},
    "include": {"type": "list", "elements": "str", "default": []},
    "exclude": {"type": "list", "elements": "str", "default": []},
}

SHARED: Mapping[str, Mapping[str, Any]] = {
    "account_sync": {
        "name": {"type": "str", "required": True},
        "source": {"type": "dict", "required": True, "options": SOURCE},
        "conflict": {"type": "str", "choices": ["source", "destination", "newest", "report"], "default": "source"},
        "vanished": {"type": "str", "choices": ["disable", "delete", "keep"], "default": "delete"},
        "grace_days": {"type": "float", "default": 30.0},
        "max_deletions": {"type": "int", "default": 10},
        "create_domains": {"type": "bool", "default": False},
        "adopt": {"type": "bool", "default": True},
        "keep_old_address": {"type": "bool", "default": True},
    },
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
    "directory": DIRECTORY,
    "instance": {
        "config_directory": {"type": "path"},
        "instance": {"type": "str"},
    },
    "privacy": {
        "addresses": {"type": "str", "choices": ["shown", "hashed", "dropped"], "default": "shown"},
        "addresses_salt": {"type": "str", "no_log": True},
    },
    "purge": {
        "purge": {"type": "bool", "default": False, "aliases": ["prune"]},
        "max_deletions": {"type": "int", "default": 10},
    },
    "queue_filter": {
        "filter": {"type": "dict"},
        "list_limit": {"type": "int", "default": 100},
        "recipient_limit": {"type": "int", "default": 10},
    },
    "store": {
        "store": {"type": "str", "choices": ["sqlite", "postgresql", "ldap"], "default": "sqlite"},
        "database": {"type": "path", "default": "/var/lib/postfix_manager/accounts.sqlite"},
        "database_owner": {"type": "str", "default": "root"},
        "database_group": {"type": "str", "default": "postfix"},
        **POSTGRESQL,
        "directory_base": {"type": "str"},
        "directory_people": {"type": "str"},
        "directory_domains": {"type": "str"},
        "directory_aliases": {"type": "str"},
        "directory_preset": {
            "type": "str",
            "choices": [
                "postfix_manager",
                "inetorgperson",
                "inetlocalmailrecipient",
                "postfixbook",
                "active_directory",
            ],
            "default": "postfix_manager",
        },
        "directory_attributes": {"type": "dict", "default": {}},
        "directory_domain_names": {"type": "list", "elements": "str", "default": []},
        "directory_rdn": {"type": "str", "default": "uid={address}"},
        "directory_delete": {"type": "str", "choices": ["facts", "entry"], "default": "facts"},
    },
}

# Options of a shared spec that contradict each other.
EXCLUSIVE: Mapping[str, Sequence[str]] = {"instance": ("config_directory", "instance")}


def module_spec(*shared: str, options: Mapping[str, Any], **constraints: Any) -> dict[str, Any]:
    """Keyword arguments for AnsibleModule: the named shared specs, the module's own options, its constraints."""
    argument_spec: dict[str, Any] = {}
    for name in shared:
        argument_spec.update(SHARED[name])
    argument_spec.update(options)
    exclusive = [EXCLUSIVE[name] for name in shared if name in EXCLUSIVE]
    more = {"mutually_exclusive": [*constraints.pop("mutually_exclusive", ()), *exclusive]} if exclusive else {}
    return {"argument_spec": argument_spec, **constraints, **more}

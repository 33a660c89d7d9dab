# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of ``openldap_restore``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

RESTORE: Mapping[str, Any] = {
    "backup_directory": {"type": "path", "default": "/var/backups/openldap"},
    "backup_id": {"type": "str", "default": "newest"},
    "config_directory": {"type": "path", "default": "/etc/ldap/slapd.d"},
    "parts": {"type": "list", "elements": "str", "choices": ["config", "data"], "default": ["config", "data"]},
    "force": {"type": "bool", "default": False},
}

# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of ``openldap_info`` besides those of the connection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

INFO: Mapping[str, Any] = {
    "suffix": {"type": "str"},
    "max_lag": {"type": "int", "default": 30},
    "patience": {"type": "int", "default": 2},
    "max_usage": {"type": "int", "default": 80},
    "backup_directory": {"type": "path"},
    "max_backup_age": {"type": "int", "default": 36},
}

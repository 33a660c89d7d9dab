# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the last backup of the directory went, by the status that the program of the role ``openldap`` writes."""

from __future__ import annotations

import calendar
import json
import os
import time
from typing import Any

from ..._engine import disk
from .states import amount

STATUS = "status.json"
TIME = "%Y-%m-%dT%H:%M:%SZ"


def look(directory: str, now: float, longest: float) -> tuple[dict[str, Any], list[str]]:
    """The status, with the age of the last good backup in seconds, and what is wrong with it."""
    content = disk.read(os.path.join(directory, STATUS))
    if content is None:
        return {}, [f"{directory} says nothing of a backup; run the role openldap, or the playbook directory_backup"]
    try:
        status = dict(json.loads(content))
        last = status.get("last_success")
        age = now - calendar.timegm(time.strptime(last, TIME)) if last else None
    except (ValueError, TypeError):
        return {}, [f"{os.path.join(directory, STATUS)} cannot be read; run the playbook directory_backup"]
    wrong = [] if status.get("ok") else [f"the last backup failed: {status.get('message')}"]
    if age is None:
        wrong.append("there never was a good backup")
    elif age > longest:
        wrong.append(f"the last good backup is {amount(age)} old")
    return {**status, "age": None if age is None else round(age)}, wrong

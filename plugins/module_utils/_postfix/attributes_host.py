# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mode and owners of a file on the host."""

from __future__ import annotations

import grp
import os
import pwd
import stat
from collections.abc import Callable, Sequence
from typing import Any, Optional

from .attributes import Attributes


def read_attributes(path: str) -> Attributes:
    status = os.stat(path)
    return Attributes(
        stat.S_IMODE(status.st_mode), _name(pwd.getpwuid, status.st_uid), _name(grp.getgrgid, status.st_gid)
    )


def missing_account(attributes: Attributes) -> Optional[str]:
    """What the host lacks for a file to belong to them, in words."""
    for kind, lookup, name in (("user", pwd.getpwnam, attributes.owner), ("group", grp.getgrnam, attributes.group)):
        try:
            _entry = None if name is None or name.isdigit() else lookup(name)
        except KeyError:
            return f"there is no {kind} {name}"
    return None


def _name(lookup: Callable[[int], Sequence[Any]], number: int) -> str:
    try:
        return str(lookup(number)[0])
    except KeyError:
        return str(number)

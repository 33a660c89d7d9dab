# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes of a directory as they happen: LDAP content synchronisation, refreshAndPersist (RFC 4533)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..._directory.watching import Watch
from .rules import reading_of

# How often something is said when nothing happens.
IDLE = 5.0


def changes_of(source: Mapping[str, Any]) -> Iterator[bool]:
    """True once all is known, and for each change or several that came together; false when it was quiet for a while.

    What changed is not told: whoever listens reads the source anew.
    """
    server = Watch.begun(source)
    try:
        yield from server.changes(source["base"], source["scope"], reading_of(source).filter, IDLE)
    finally:
        server.close()

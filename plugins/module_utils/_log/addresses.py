# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses as they are counted: the domain in lower case, the local part as it was logged."""

from __future__ import annotations

LIMIT = 50_000


class Addresses(dict[bytes, tuple[bytes, bytes]]):
    """Address as logged to (address as counted, domain); a cache, because most addresses come again."""

    def __missing__(self, raw: bytes) -> tuple[bytes, bytes]:
        if len(self) > LIMIT:
            self.clear()
        local, at, domain = raw.rpartition(b"@")
        domain = domain.lower() if at else b""
        found = self[raw] = (local + at + domain if at else raw, domain)
        return found

# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logins, whichever daemon saw them: by user, protocol and address; and who may be guessing passwords."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from .tally import Tally

SUCCEEDED, FAILED = 0, 1
USERS_SHOWN = 5


def login(tally: Tally, protocol: bytes, user: bytes, address: bytes) -> None:
    tally.counts["logins"] += 1
    _count(tally, protocol, user, address, SUCCEEDED)


def failed_login(tally: Tally, protocol: bytes, user: bytes, address: bytes) -> None:
    """A connection whose password was wrong, once or several times."""
    tally.counts["failed_logins"] += 1
    _count(tally, protocol, user, address, FAILED)
    tally.count("login_failures", address + b" " + user)


def _count(tally: Tally, protocol: bytes, user: bytes, address: bytes, column: int) -> None:
    tally.count("login_protocols", protocol, column)
    tally.count("login_addresses", address, column)
    tally.count("logins", user, column)


def guessers(tally: Tally, threshold: int) -> list[dict[str, Any]]:
    """Addresses with at least ``threshold`` failed logins and more failures than successes, the busiest first."""
    tried = defaultdict(list)
    for key, row in tally.tables["login_failures"].items():
        address, _space, user = key.partition(b" ")
        tried[address].append((row[0], user))
    found = []
    for address, row in tally.tables["login_addresses"].items():
        if row[FAILED] >= threshold and row[FAILED] > row[SUCCEEDED]:
            users = [user for _count, user in sorted(tried[address], key=lambda pair: (-pair[0], pair[1]))]
            found.append(
                {
                    "address": address,
                    "failed": row[FAILED],
                    "succeeded": row[SUCCEEDED],
                    "users": len(users),
                    "most_tried": users[:USERS_SHOWN],
                }
            )
    return sorted(found, key=lambda item: (-item["failed"], item["address"]))

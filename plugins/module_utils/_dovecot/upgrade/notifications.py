# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is told of new mail: each ``push_notification_driver`` to a section."""

from __future__ import annotations

from .ledger import Entry, Ledger

# Option of a driver to the setting, and the unit of a number alone.
OX = {
    "url": "push_notification_ox_url",
    "cache_lifetime": "push_notification_ox_cache_ttl",
    "user_from_metadata": "push_notification_ox_user_from_metadata",
    "timeout": "http_client_request_timeout",
    "max_retries": "http_client_request_max_attempts",
}
MSECS = "timeout_msecs"
DRIVERS = ("dlog", "lua", "ox")


def notification(entry: Entry, ledger: Ledger) -> None:
    """``ox:url=http://.. user_from_metadata``, ``lua:file=/path``, ``dlog``."""
    driver, _colon, rest = entry.value.partition(":")
    if driver not in DRIVERS:
        ledger.ask(entry, f"Dovecot's own 2.4 has no push notifications of {driver}: use {', '.join(DRIVERS)}")
        return
    number = entry.key[len("push_notification_driver") :]
    section = f"push_notification {driver}{number}"
    ledger.convert(entry, (section, "driver"), driver)
    for word in rest.split():
        key, equals, value = word.partition("=")
        if driver == "lua" and key == "file":
            ledger.same(entry, (section, "lua_file"), value)
        elif driver == "lua":
            ledger.convert(entry, (section, "lua_settings", key), value)
        elif driver == "ox" and key == MSECS:
            ledger.convert(entry, (section, OX["timeout"]), f"{value}ms")
        elif driver == "ox" and key in OX:
            ledger.same(entry, (section, OX[key]), _ox(key, value) if equals else "yes")
        else:
            ledger.ask(entry, f"2.4 has nothing for {word}")


def _ox(key: str, value: str) -> str:
    """The first try counts in 2.4. A number of seconds needs its unit."""
    if key == "max_retries" and value.isdigit():
        return str(int(value) + 1)
    return f"{value} secs" if key in ("cache_lifetime", "timeout") and value.isdigit() else value

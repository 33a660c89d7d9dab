# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""cn=Monitor as data."""

from __future__ import annotations

from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.health import monitor
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.messages import Entry


def entry(dn, **attributes):
    return Entry(
        f"{dn},cn=Monitor" if dn else "cn=Monitor", {name: [text.encode()] for name, text in attributes.items()}
    )


ENTRIES = [
    entry("", monitoredInfo="OpenLDAP: slapd 2.6.10+dfsg-1 (May 29 2025)"),
    entry("cn=Uptime,cn=Time", monitoredInfo="77"),
    entry("cn=Current,cn=Connections", monitorCounter="3"),
    entry("cn=Bind,cn=Operations", monitorOpInitiated="9", monitorOpCompleted="8"),
    entry("cn=Max,cn=Threads", monitoredInfo="16"),
    entry("cn=Database 0,cn=Databases", namingContexts="cn=config"),
    entry(
        "cn=Database 2,cn=Databases",
        namingContexts="dc=example,dc=org",
        olmMDBPagesMax="1000",
        olmMDBPagesUsed="900",
        olmMDBPagesFree="50",
        olmMDBEntries="12",
    ),
]


def test_it_is_read():
    found = monitor.read(ENTRIES)
    assert found["version"] == "2.6.10"
    assert found["uptime"] == 77
    assert found["connections"]["current"] == 3
    assert found["connections"]["total"] is None
    assert found["operations"] == {"bind": {"initiated": 9, "completed": 8}}
    assert found["threads"]["most"] == 16
    [database] = found["databases"]
    assert database["suffix"] == "dc=example,dc=org"
    assert database["entries"] == 12
    assert database["used_percent"] == 85.0
    assert database["max_bytes"] == 4096000


def test_a_server_that_says_nothing_is_no_failure():
    assert monitor.read([])["databases"] == []

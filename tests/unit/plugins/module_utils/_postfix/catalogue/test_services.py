# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services: programs, listeners, the jail."""

import pytest


@pytest.mark.parametrize(("asked", "severity"), [([("pickup", "unix", {})], "error"), ([], "warning")])
def test_unknown_daemons(catalogue, asked, severity):
    catalogue.facts["missing_daemons"] = frozenset({"pickup"})
    (found,) = catalogue.findings(asked=asked)
    assert (found.code, found.severity, found.line, found.name) == ("unknown_daemon", severity, 2, "pickup/unix")
    assert "/usr/lib/postfix/sbin" in found.message


def test_a_queue_that_is_not_there(catalogue):
    catalogue.files["/nosuch"] = None
    assert catalogue("queue_directory = /nosuch\n") == [("missing_directory", "error", 1, "queue_directory")]


def test_listeners(catalogue):
    found = catalogue(unusable_listeners={"smtp/inet": "bad"}, busy_listeners={"pickup/unix": "busy"})
    assert found == [("unusable_listener", "error", 1, "smtp/inet"), ("unusable_listener", "warning", 2, "pickup/unix")]


def test_an_empty_jail(catalogue):
    catalogue.files["/var/spool/postfix/etc/resolv.conf"] = None
    assert catalogue() == []
    catalogue.facts["fills_jail"] = False
    assert catalogue() == [("empty_jail", "warning", 1, "smtp/inet")]
    assert catalogue("", "smtp inet n - n - - smtpd\n") == []
    catalogue.files["/var/spool/postfix/etc/resolv.conf"] = "nameserver 192.0.2.1\n"
    assert catalogue() == []

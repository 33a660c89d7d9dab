# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Listeners of inet services."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.listeners import (
    Listener,
    known_ports,
    listeners,
    port_number,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.master_cf import Service


@pytest.mark.parametrize(
    ("name", "interfaces", "protocols", "host", "port"),
    [
        ("smtp", "all", "all", "0.0.0.0", "smtp"),
        ("587", "loopback-only", "ipv4", "127.0.0.1", "587"),
        ("smtp", "192.0.2.1, 127.0.0.1", "all", None, "smtp"),
        ("smtp", "all", "ipv6", None, "smtp"),
        ("127.0.0.1:10025", "all", "all", "127.0.0.1", "10025"),
        ("[::1]:smtp", "all", "all", "::1", "smtp"),
        ("::1:smtp", "all", "all", "::1", "smtp"),
        ("localhost:smtp", "192.0.2.1", "all", "localhost", "smtp"),
    ],
)
def test_addresses(name, interfaces, protocols, host, port):
    services = [Service(name, "inet"), Service("smtp", "unix")]
    assert listeners(services, interfaces, protocols) == [Listener(f"{name}/inet", host, port)]


@pytest.mark.parametrize(
    ("port", "number"),
    [("25", 25), ("smtps", 465), ("submissions", 465), ("0", None), ("65536", None), ("nosuch", None), ("²", None)],
)
def test_port_numbers(port, number):
    assert port_number(port, known_ports("lmtp=24, smtp=25, smtps=submissions=465, bad=x, worse")) == number

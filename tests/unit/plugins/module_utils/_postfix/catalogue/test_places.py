# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults are found wherever they stand in files as people write them. What postconf(1) has to say first is not here."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix import logical_lines
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.catalogue.staged import Entry, Pem

MAIN = (
    "# what this host is\n"
    "myhostname=mx.example.test\n"
    "\n"
    "mydestination = $myhostname,\r\n"
    "  localhost\n"
    "   # not for others\n"
    "\tlocalhost.localdomain\n"
    "smtpd_recipient_restrictions =\n"
    "# guests first\n"
    "    permit_mynetworks\n"
    "\n"
    "    #permit_sasl_authenticated,\n"
    "    reject_unauth_destination,\n"
    "smtpd_banner = $myhostname   ESMTP # 1\n"
    "alias_maps = hash:/etc/aliases"
)
MASTER = (
    "smtp inet n - y - - smtpd\n  -o smtpd_helo_required=yes\n# none\n\n  -vo biff=no\npickup unix n - y 60 1 pickup\n"
)
FAULTS = {
    "biff = maybe": "not_boolean",
    "smtpd_timeout=5 m": "bad_time",
    "message_size_limit = 50M": "bad_number",
    "smtp_tls_security_level\t=\tmayy": "unknown_word",
    "smtpd_client_restrictions =\n  permit_mynetwork\n": "unknown_restriction",
    "transport_maps = nosuch:/x": "unsupported_map_type",
    "transport_maps = static:a,\n# b\n proxy:hash:/nosuch": "missing_map",
    "transport_maps = hash:/stale": "stale_index",
    "smtpd_tls_chain_files = /other": "mismatched_certificate",
    "smtpd_tls_cert_file = /old": "expired_certificate",
    "mynetworks = 0.0.0.0/0": "open_relay",
    "relay_domains = static:all": "open_relay",
    "myhostname = again.example.test": "defined_twice",
    "biff = yes # why": "comment_in_value",
    "aa = $bb\nbb = ${aa}": "recursive_name",
    "virtual_transport = nosuch:": "unknown_transport",
}


def places(text):
    """Every number of lines before which a new logical line may begin."""
    chunks = logical_lines.split(text)
    return [chunk.number - 1 for chunk in chunks] + [text.count("\n") + 1]


@pytest.fixture
def host(catalogue):
    catalogue.files.update({"/nosuch": None, "/nosuch.db": None})
    catalogue.files.update({"/stale": Entry(modified=2.0), "/stale.db": Entry(modified=1.0)})
    catalogue.pem["/other"] = [Pem(True, "a"), Pem(False, "b", 90)]
    catalogue.pem["/old"] = [Pem(True, "a"), Pem(False, "a", -3)]
    return catalogue


@pytest.mark.parametrize(("fault", "code"), FAULTS.items())
@pytest.mark.parametrize("place", places(MAIN))
def test_a_fault_in_main_cf(host, fault, code, place):
    lines = MAIN.split("\n")
    text = "\n".join([*lines[:place], fault.rstrip("\n"), *lines[place:]])
    assert code in host.codes(text, MASTER)


OVERRIDES = {
    "-o smtpd_tls_auth_only=maybe": "not_boolean",
    "-o{ smtpd_timeout = 5 m }": "bad_time",
    "-vo smtpd_tls_security_level=mayy": "unknown_word",
    "-o smtpd_client_restrictions=permit_mynetwork": "unknown_restriction",
    "-o transport_maps=hash:/nosuch": "missing_map",
    "-o mynetworks=0.0.0.0/0": "open_relay",
    "-o mynetworks = 192.0.2.1": "bad_argument",
    "-o content_filter=nosuch:": "unknown_transport",
}


@pytest.mark.parametrize(("fault", "code"), OVERRIDES.items())
@pytest.mark.parametrize("place", [1, 2, 3, 4, 5])
def test_a_fault_in_an_override(host, fault, code, place):
    lines = MASTER.split("\n")
    text = "\n".join([*lines[:place], f"  {fault}", *lines[place:]])
    assert code in host.codes(MAIN, text)


def test_the_samples_have_no_fault(host):
    assert host(MAIN, MASTER) == []

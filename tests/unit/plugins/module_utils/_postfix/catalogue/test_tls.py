# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates and keys, and passwords on the way."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.catalogue.staged import Entry, Pem

KEY, LEAF, OTHER = Pem(True, "A"), Pem(False, "A", 90), Pem(False, "B", 90)
CHAIN = "smtpd_tls_chain_files"
SASL = "smtp inet n - y - - smtpd -o smtpd_sasl_auth_enable=yes"


def findings(catalogue, main, *blocks, files=("/k", "/c"), **options):
    catalogue.pem.update(zip(files, blocks))
    return [(one.code, one.severity) for one in catalogue.findings(main, **options)]


@pytest.mark.parametrize(
    ("main", "blocks"),
    [
        (f"{CHAIN} = /k, /c\n", [[KEY], [LEAF]]),
        (f"{CHAIN} = /k\n", [[KEY, LEAF]]),
        ("smtpd_tls_key_file = /k\nsmtpd_tls_cert_file = /c\n", [[KEY], [LEAF]]),
        ("smtpd_tls_cert_file = /k\n", [[KEY, LEAF]]),
        ("smtpd_tls_cert_file = none\n", []),
        (f"{CHAIN} = /k\nsmtpd_tls_cert_file = /c\n", [[KEY, LEAF], [OTHER]]),
        (f"{CHAIN} = /k, /c\n", [[KEY, LEAF], [Pem(True, "B"), OTHER]]),
    ],
)
def test_good_pairs(catalogue, main, blocks):
    assert findings(catalogue, main, *blocks) == []


@pytest.mark.parametrize(
    ("main", "blocks", "code"),
    [
        (f"{CHAIN} = /k, /c\n", [[KEY], [OTHER]], "mismatched_certificate"),
        ("smtpd_tls_key_file = /k\nsmtpd_tls_cert_file = /c\n", [[KEY], [OTHER]], "mismatched_certificate"),
        (f"{CHAIN} = /k\n", [[KEY]], "bad_certificate"),
        (f"{CHAIN} = /c\n", [[], [LEAF]], "bad_certificate"),
        (f"{CHAIN} = /k, /c\n", [[Pem(True, None)], [LEAF]], "bad_certificate"),
    ],
)
def test_bad_pairs(catalogue, main, blocks, code):
    assert findings(catalogue, main, *blocks) == [(code, "warning")]
    asked = ["smtpd_tls_chain_files", "smtpd_tls_cert_file"]
    assert findings(catalogue, main, *blocks, asked=asked) == [(code, "error")]


@pytest.mark.parametrize(("days", "codes"), [(-1, ["expired"]), (0, ["expiring"]), (13, ["expiring"]), (14, [])])
def test_certificates_that_end(catalogue, days, codes):
    found = findings(catalogue, f"{CHAIN} = /k\n", [KEY, Pem(False, "A", days)], asked=[CHAIN])
    assert found == [(f"{code}_certificate", "warning") for code in codes]


@pytest.mark.parametrize(("asked", "severity"), [([CHAIN], "missing"), ([], "warning")])
def test_certificates_that_are_not_there(catalogue, asked, severity):
    catalogue.files["/c"] = None
    assert findings(catalogue, f"{CHAIN} = /k, /c\n", [KEY], asked=asked) == [("missing_certificate", severity)]


def test_certificates_that_may_not_be_read(catalogue):
    catalogue.files["/k"] = Entry(readable=False)
    assert findings(catalogue, f"{CHAIN} = /k, /c\n") == []


@pytest.mark.parametrize(("asked", "severity"), [(["smtp_tls_CAfile"], "missing"), ([], "warning")])
def test_authorities(catalogue, asked, severity):
    assert findings(catalogue, "smtp_tls_CAfile = /ca\n") == []
    catalogue.files["/ca"] = None
    assert findings(catalogue, "smtp_tls_CAfile = /ca\n", asked=asked) == [("missing_authorities", severity)]


def test_a_key_that_everybody_can_read(catalogue):
    catalogue.files["/k"] = catalogue.files["/c"] = Entry(public=True)
    assert findings(catalogue, f"{CHAIN} = /k, /c\n", [KEY], [LEAF]) == [("public_secret", "warning")]


@pytest.mark.parametrize(
    ("main", "options", "codes"),
    [
        ("", "", ["cleartext_passwords"]),
        ("smtpd_tls_auth_only = yes", "", []),
        ("", "-o smtpd_tls_auth_only=yes", []),
        ("", "-o smtpd_sasl_auth_enable=no", []),
        ("smtpd_sasl_security_options = noanonymous, noplaintext", "", []),
        (f"{CHAIN} = /k", "-o smtpd_tls_security_level=encrypt", []),
        (f"{CHAIN} = /k", "-o smtpd_tls_wrappermode=yes", []),
        (f"{CHAIN} = /k", "-o smtpd_tls_security_level=may", ["cleartext_passwords"]),
    ],
)
def test_passwords_on_the_way(catalogue, main, options, codes):
    found = findings(catalogue, f"{main}\n", [KEY, LEAF], master=f"{SASL} {options}\n")
    assert found == [(code, "warning") for code in codes]


@pytest.mark.parametrize("level", ["smtpd_tls_security_level=encrypt", "smtpd_tls_wrappermode=yes"])
def test_tls_without_a_certificate(catalogue, level):
    master = f"465 inet n - y - - smtpd -o {level}\n"
    assert findings(catalogue, "", master=master) == [("no_certificate", "warning")]
    assert findings(catalogue, "", master=master, asked=[("465", "inet", {})]) == [("no_certificate", "error")]
    assert findings(catalogue, f"{CHAIN} = /k\n", [KEY, LEAF], master=master) == []


def test_tls_that_is_only_offered(catalogue):
    assert findings(catalogue, "smtpd_use_tls = yes\n") == [("no_certificate", "warning")]
    assert findings(catalogue, "smtpd_tls_security_level = none\n") == []


@pytest.mark.parametrize(
    ("name", "interfaces", "found"),
    [
        ("127.0.0.1:10025", "all", False),
        ("[::1]:10025", "all", False),
        ("localhost:10025", "all", False),
        ("10025", "loopback-only", False),
        ("10025", "127.0.0.1, [::1]", False),
        ("10025", "127.0.0.1, 192.0.2.1", True),
        ("192.0.2.1:25", "loopback-only", True),
        ("10025", "all", True),
    ],
)
def test_passwords_that_never_leave_the_host(catalogue, name, interfaces, found):
    main = f"smtpd_sasl_auth_enable = yes\ninet_interfaces = {interfaces}\n"
    assert ("cleartext_passwords" in catalogue.codes(main, f"{name} inet n - n - - smtpd\n")) is found

# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Passwords that others can read."""

from __future__ import annotations

from typing import Any, Callable

import pytest

Found = Callable[..., list[tuple[Any, ...]]]

CLEARTEXT = "lets clients send passwords over connections without TLS"


@pytest.mark.parametrize(
    ("syntax", "text", "findings"),
    [
        ("2.3", "disable_plaintext_auth = no\n", [("cleartext", "warning", 1, CLEARTEXT)]),
        (
            "2.4",
            "auth_allow_cleartext = yes\nprotocols = pop3\nssl = no\npassdb pam {\n}\n",
            [("cleartext", "warning", 1, CLEARTEXT)],
        ),
        ("2.4", "auth_allow_cleartext = yes\n", []),
        ("2.3", "disable_plaintext_auth = no\nprotocols =\n", []),
        ("2.3", "disable_plaintext_auth = yes\n", []),
        ("2.4", "auth_allow_cleartext = no\n", []),
        ("2.3", "disable_plaintext_auth = no\nssl = required\n", []),
        ("2.3", "disable_plaintext_auth = no\nlisten = 127.0.0.1, ::1\n", []),
        ("2.3", "remote 10.0.0.0/8 {\n  disable_plaintext_auth = no\n}\n", []),
    ],
)
def test_cleartext(found: Found, syntax: str, text: str, findings: list[Any]) -> None:
    assert found(syntax, text, programs=["pop3", "pop3-login"]) == findings


def test_a_password_in_a_file_for_everybody(found: Found) -> None:
    text = "doveadm_password = hush\ndoveadm_api_key = more\n"
    message = "everybody on this host can read the password in /etc/dovecot/dovecot.conf"
    assert found("2.4", text, readable=["/etc/dovecot/dovecot.conf"]) == [("readable", "warning", 1, message)]
    assert found("2.4", text) == []
    assert (
        found("2.4", "doveadm_password = </etc/secret\n", files=["/etc/secret"], readable=["/etc/dovecot/dovecot.conf"])
        == []
    )


def test_a_short_password_does_not_garble_the_message(found: Found) -> None:
    message = "everybody on this host can read the password in /etc/dovecot/dovecot.conf"
    text = "doveadm_password = o\n"
    assert found("2.4", text, readable=["/etc/dovecot/dovecot.conf"]) == [("readable", "warning", 1, message)]


def test_a_password_in_a_file_beside_it(found: Found) -> None:
    text = "userdb {\n  driver = sql\n  args = /etc/sql.ext\n}\n"
    others = {"/etc/sql.ext": "driver = sqlite\nconnect = host=a password=hush\n"}
    host = {"files": ["/etc/sql.ext"], "modules": ["libdriver_sqlite.so"]}
    message = "everybody on this host can read the password in /etc/sql.ext"
    assert found("2.3", text, others, readable=["/etc/sql.ext"], **host) == [("readable", "warning", 2, message)]
    assert found("2.3", text, others, **host) == []


def test_a_key_for_everybody(found: Found) -> None:
    text = "ssl_server_key_file = /etc/a.key\n"
    message = "everybody on this host can read the key in /etc/a.key"
    assert found("2.4", text, files=["/etc/a.key"], readable=["/etc/a.key"]) == [("readable", "warning", 1, message)]
    assert found("2.4", text, files=["/etc/a.key"]) == []

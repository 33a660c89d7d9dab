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
            "auth_allow_cleartext = yes\nprotocols = pop3\nssl = no\npassdb pam {\n}\nuserdb passwd {\n}\n",
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
    message = "everybody on this host can read /etc/dovecot/dovecot.conf"
    assert found("2.4", text, readable=["/etc/dovecot/dovecot.conf"]) == [("readable", "warning", 1, message)]
    assert found("2.4", text) == []
    assert (
        found("2.4", "doveadm_password = </etc/secret\n", files=["/etc/secret"], readable=["/etc/dovecot/dovecot.conf"])
        == []
    )


def test_a_short_password_does_not_garble_the_message(found: Found) -> None:
    message = "everybody on this host can read /etc/dovecot/dovecot.conf"
    text = "doveadm_password = o\n"
    assert found("2.4", text, readable=["/etc/dovecot/dovecot.conf"]) == [("readable", "warning", 1, message)]


def test_a_password_in_a_file_beside_it(found: Found) -> None:
    text = "userdb {\n  driver = sql\n  args = /etc/sql.ext\n}\n"
    others = {"/etc/sql.ext": "driver = sqlite\nconnect = host=a password=hush\n"}
    host = {"files": ["/etc/sql.ext"], "modules": ["libdriver_sqlite.so"]}
    message = "everybody on this host can read /etc/sql.ext"
    assert found("2.3", text, others, readable=["/etc/sql.ext"], **host) == [("readable", "warning", 2, message)]
    assert found("2.3", text, others, **host) == []


@pytest.mark.parametrize(
    ("syntax", "text", "content", "line"),
    [
        ("2.3", "passdb {\n  driver = passwd-file\n  args = scheme=PLAIN /etc/users\n}\nprotocols =\n", "a:pw\n", 3),
        ("2.4", "passdb passwd-file {\n  passwd_file_path = /etc/users\n}\n", "# x\nb:{CRYPT}$6$x::\n", 2),
        ("2.4", "passdb passwd-file {\n  passwd_file_path = /etc/users\n}\n", "a:x:1:1::/home/a\n", None),
        ("2.4", "userdb passwd-file {\n  passwd_file_path = /etc/users\n}\n", "a:pw:1:1::/home/a\n", None),
        ("2.4", "doveadm_password = </etc/users\n", "hush\n", 1),
        ("2.4", "login_greeting = </etc/users\n", "hush\n", None),
        ("2.4", "!include /etc/users\n", "doveadm_password = hush\n", 1),
        ("2.3", "dict {\n  x = mysql:/etc/users\n}\n", "connect = host=a password=hush\n", 1),
        ("2.3", "dict {\n  x = file:/etc/users\n}\n", "map {\n}\n", None),
    ],
)
def test_files_with_passwords_for_everybody(found: Found, syntax: str, text: str, content: str, line: Any) -> None:
    findings = found(
        syntax, text, {"/etc/users": content}, contents={"/etc/users": content.encode()}, readable=["/etc/users"]
    )
    expected = [("readable", "warning", line, "everybody on this host can read /etc/users")]
    assert findings == (expected if line else [])


def test_a_key_for_everybody(found: Found) -> None:
    text = "ssl_server_key_file = /etc/a.key\n"
    message = "everybody on this host can read /etc/a.key"
    assert found("2.4", text, files=["/etc/a.key"], readable=["/etc/a.key"]) == [("readable", "warning", 1, message)]
    assert found("2.4", text, files=["/etc/a.key"]) == []

# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings that lead mail or logins astray."""

from __future__ import annotations

from typing import Any, Callable

import pytest

Found = Callable[..., list[tuple[Any, ...]]]


@pytest.mark.parametrize(
    ("syntax", "text", "findings"),
    [
        ("2.4", "mail_path = ~/%{user | domain | lower}/%{userdb:x}/%{user | substr(0, 1)}\n", []),
        ("2.4", "mail_path = ~/%{usr}\n", [("variable", "error", 1, "%{usr} is not known")]),
        ("2.4", "mail_home = /v/%{user | foo}\n", [("variable", "error", 1, "foo is not a filter")]),
        ("2.4", "mail_home = /v/%{domain}\n", [("variable", "error", 1, "%{domain} is no variable of Dovecot 2.4")]),
        ("2.4", "login_greeting = %{usr}\nmail_log_prefix = %{x} %u\nmail_path = %%{usr}\n", []),
        (
            "2.4",
            "userdb static {\n  fields {\n    home = /v/%d\n    gid = %{mech}\n  }\n}\nprotocols =\n",
            [
                ("variable", "error", 3, "%d is no variable of Dovecot 2.4"),
                ("variable", "error", 4, "%{mech} is no variable of Dovecot 2.4"),
            ],
        ),
        (
            "2.3",
            "mail_home = /v/%{user | domain}\n",
            [("variable", "error", 1, "%{user | domain} is not known before Dovecot 2.4")],
        ),
        ("2.3", "mail_home = /v/%{user}/%{if;%u;eq;a;b;c}/%d\n", []),
        (
            "2.3",
            "auth_username_format = %Ln\nmail_home = /v/%d/%n\n",
            [("domain", "error", 2, "goes by the domain, which auth_username_format = %Ln takes away")],
        ),
        (
            "2.4",
            "auth_username_format = %{user | username | lower}\nmail_path = /v/%{user | domain}\n",
            [
                (
                    "domain",
                    "error",
                    2,
                    "goes by the domain, which auth_username_format = %{user | username | lower} takes away",
                )
            ],
        ),
        ("2.4", "auth_username_format = %{user | lower}\nmail_path = /v/%{user | domain}\n", []),
        ("2.3", "auth_username_format = %Ln\nmail_home = /v/%n\n", []),
        (
            "2.4",
            "mail_driver = mbox\nmail_path = ~/mail\n",
            [("inbox", "warning", 1, "mail_inbox_path says nothing of where new mail is")],
        ),
        ("2.4", "mail_driver = mbox\nmail_path = ~/mail\nmail_inbox_path = /var/mail/%{user}\n", []),
        ("2.4", "mail_driver = maildir\nmail_path = ~/mail\n", []),
        (
            "2.4",
            "passdb pam {\n}\nmail_home = ~/x\n",
            [("protocol", "warning", 3, "nobody is served: 2.4 has no protocols by default")],
        ),
        ("2.4", "passdb pam {\n}\nmail_home = ~/x\nprotocols {\n}\n", []),
        ("2.4", "passdb pam {\n}\n", []),
        ("2.4", "passdb pam {\n}\nprotocols {\n  imap = no\n}\n", []),
        ("2.3", "passdb {\n  driver = pam\n}\nuserdb {\n  driver = passwd\n}\n", []),
        (
            "2.3",
            "log_path = /a\nservice x {\n  client_limit = 1\n  client_limit = 2\n}\nlog_path = /b\n",
            [
                ("duplicate", "warning", 3, "has no effect: line 4 sets it again"),
                ("duplicate", "warning", 1, "has no effect: line 6 sets it again"),
            ],
        ),
        (
            "2.3",
            "passdb {\n  driver = pam\n}\npassdb {\n  driver = passwd\n}\nlog_path = /a\nlog_path = /a\n"
            "userdb {\n  driver = passwd\n}\nauth_debug = yes\nmail_plugins = a\nmail_plugins = $mail_plugins b\n",
            [],
        ),
    ],
)
def test_mail(found: Found, syntax: str, text: str, findings: list[Any]) -> None:
    assert found(syntax, text, plugins=["a", "b"]) == findings


def test_what_another_file_sets_again_is_meant(found: Found) -> None:
    text = "log_path = /a\n!include_try /etc/dovecot/local.conf\n"
    assert found("2.3", text, {"/etc/dovecot/local.conf": "log_path = /b\n"}) == []

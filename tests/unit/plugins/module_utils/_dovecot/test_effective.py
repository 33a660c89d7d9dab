# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What doveconf prints, and the lines that it comes from."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.effective import (
    as_written,
    in_effect,
    shown,
    words,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.flattening import lines_of
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.reading import parse
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.settings import Line


def written(text: str) -> list[Line]:
    return lines_of(parse(text))


def short(entries: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [("/".join(entry["section"]), entry["name"], entry["value"], entry["line"]) for entry in entries]


@pytest.mark.parametrize(
    ("said", "text", "line"),
    [
        ("log_path = /b", "log_path = /a\nlog_path = /b\n", 2),
        ("ssl_server {\n  cert_file = /c\n}", "ssl_server_cert_file = /c\n", 1),
        ("ssl_server_cert_file = /c", "ssl_server {\n  cert_file = /c\n}\n", 2),
        ("passdb ldap {\n  bind = yes\n}", "passdb ldap {\n  passdb_ldap_bind = yes\n}\n", 2),
        ("passdb ldap {\n  bind = yes\n}", "passdb ldap {\n  ldap_bind = yes\n}\n", 2),
        ("protocols {\n  imap = yes\n}", "ssl = no\nprotocols = pop3 imap\n", 2),
        ('mailbox "Sent Mail" {\n  auto = create\n}', 'mailbox "Sent Mail" {\n  auto = create\n}\n', 2),
        ("service x {\n  user = a\n}", "service x {\n  user = b\n}\nservice x {\n  user = a\n}\n", 5),
        ("service x {\n  user = a\n}", "service y {\n  user = a\n}\n", None),
        ("prefix = a", "", None),
        ("a {\n  b {\n    c = 1\n  }\n}", "a_b {\n  c = 1\n}\n", 2),
    ],
)
def test_a_setting_is_traced_to_its_line(said: str, text: str, line: Any) -> None:
    (entry,) = in_effect(shown(said), [], written(text))
    assert entry["line"] == line
    assert (entry["file"] is None) == (line is None)


def test_passdbs_of_2_3_are_told_apart() -> None:
    text = "passdb {\n  driver = pam\n}\npassdb {\n  driver = sql\n}\n"
    assert short(in_effect(shown(text), [], written(text))) == [
        ("passdb", "driver", "pam", 2),
        ("passdb", "driver", "sql", 5),
    ]


def test_defaults() -> None:
    entries = in_effect(shown("ssl = no\nother = 1\n"), shown("ssl = yes\n"), written("ssl = no\n"))
    assert [(entry["name"], entry["default"]) for entry in entries] == [("ssl", "yes"), ("other", None)]


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("a = b", "b"),
        ("a = ", ""),
        ('a = "b # c"', "b # c"),
        ('a = " b \\"c\\" "', ' b "c" '),
        ('a = "b"', '"b"'),
        ('a = "b" "c"', '"b" "c"'),
        ("a = it's $x", "it's $x"),
        ("a = \\", "\\"),
        ("a = b\\", "b\\"),
        ("a = <b", "<b"),
    ],
)
def test_a_printed_value_is_itself(said: str, value: str) -> None:
    assert [(line.name, line.value) for line in shown(f"{said}\nz = 1\n")] == [("a", value), ("z", "1")]


def test_what_nobody_changed_is_left_out() -> None:
    said = "capability = x\nwords {\n  a = yes\n  b = yes\n  c = no\n}\nother = 1\n"
    entries = in_effect(shown(said), shown("capability = x\nwords = a c\n"), written(""))
    assert [(entry["name"], entry["default"]) for entry in entries] == [("b", None), ("c", "yes"), ("other", None)]


def test_secrets_are_masked() -> None:
    said = (
        "ssl_key = # hidden, use -P to show it\ndoveadm_password = # hidden, use -P to show it\n"
        "auth_x = host=a password=hush\n"
    )
    text = "ssl_key = </etc/key.pem\ndoveadm_password = hush\nauth_x = host=a password=hush\n"
    shows = [
        ("", "ssl_key", "</etc/key.pem", 1),
        ("", "doveadm_password", "(secret)", 2),
        ("", "auth_x", "(secret)", 3),
    ]
    assert short(in_effect(shown(said), [], written(text))) == shows
    assert short(as_written(written(text))) == shows


def test_without_doveconf_the_last_of_each_counts() -> None:
    assert short(as_written(written("ssl = no\nssl = yes\nx {\n  ssl = no\n}\n"))) == [
        ("", "ssl", "yes", 2),
        ("x", "ssl", "no", 4),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mail_plugins = a b\nprotocol x {\n  mail_plugins = $mail_plugins c a\n}\n", ["a", "b", "c"]),
        ("mail_plugins {\n  a = yes\n  b = no\n}\n", ["a"]),
        ("protocols = imap\n", []),
    ],
)
def test_words_of_a_list(text: str, found: list[str]) -> None:
    assert words(written(text), "mail_plugins") == found

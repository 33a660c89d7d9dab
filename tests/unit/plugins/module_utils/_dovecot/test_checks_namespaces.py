# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Namespaces that do not go together: Dovecot 2.3.19 and 2.4.1 end each session with them."""

from __future__ import annotations

from typing import Any, Callable

import pytest

Found = Callable[..., list[tuple[Any, ...]]]

NO_INBOX = ("namespace", "error", 1, "no namespace has inbox = yes: nobody can open a mailbox")
A = "namespace a {\n  inbox = yes\n%s}\n"
B = "namespace b {\n  prefix = B/\n%s}\n"


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        ("", []),
        (A % "", []),
        (A % "" + B % "", []),
        (B % "", [NO_INBOX]),
        ("namespace a {\n}\nnamespace a {\n  inbox = yes\n}\n", []),
        ("namespace a {\n  inbox = yes\n  disabled = yes\n}\n", []),
        ("namespace a {\n  inbox = no\n}\n", [NO_INBOX]),
        ("namespace a {\n  mailbox x {\n    inbox = yes\n  }\n}\n", [NO_INBOX]),
        # A filter may add it.
        (B % "" + "protocol imap {\n  namespace b {\n    inbox = yes\n  }\n}\n", []),
        ("namespace a {\n  inbox = %{x}\n}\n", []),
        (
            A % "" + B % "  inbox = yes\n",
            [("namespace", "error", 6, "there is one inbox, and that is in the namespace at line 2")],
        ),
        (A % "" + B % "  inbox = yes\n  disabled = yes\n", []),
        (
            A % "" + "namespace c {\n  prefix =\n}\n",
            [("namespace", "error", 5, "has the same prefix as the namespace at line 1")],
        ),
        (
            A % "" + B % "" + "namespace c {\n  prefix = B/\n}\n",
            [("namespace", "error", 8, "has the same prefix as the namespace at line 5")],
        ),
        (A % "" + B % "" + "namespace c {\n  prefix = C/\n}\n", []),
        (A % "" + B % "" + "namespace c {\n  prefix = B/\n  disabled = yes\n}\n", []),
    ],
)
@pytest.mark.parametrize("syntax", ["2.3", "2.4"])
def test_namespaces(found: Found, syntax: str, text: str, findings: list[Any]) -> None:
    assert found(syntax, f"{text}protocols = lmtp\n", programs=["lmtp"]) == findings


def test_those_of_2_3_without_a_name_are_several(found: Found) -> None:
    text = "namespace {\n  inbox = yes\n}\nnamespace {\n  prefix = %s\n}\n"
    assert found("2.3", text % "x/") == []
    assert [line for _code, _severity, line, _message in found("2.3", text % "")] == [5]


def test_where_no_mail_is_served_they_do_not_matter(found: Found) -> None:
    assert found("2.4", B % "") == []


def test_a_lookup_may_change_them(found: Found) -> None:
    text = B % "" + "userdb static {\n  fields {\n    namespace/b/inbox = yes\n    x = namespace/b/inbox=yes\n  }\n}\n"
    assert found("2.4", f"{text}protocols = lmtp\n", programs=["lmtp"]) == []


def test_the_other_one_may_be_in_another_file(found: Found) -> None:
    others = {"/etc/dovecot/a.conf": A % ""}
    ((*_at, message),) = found("2.3", "!include /etc/dovecot/a.conf\n" + B % "  inbox = yes\n", others)
    assert message == "there is one inbox, and that is in the namespace at line 2 of /etc/dovecot/a.conf"

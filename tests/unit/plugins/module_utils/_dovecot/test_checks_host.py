# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files, accounts and users for mail, in configurations that somebody wrote."""

from __future__ import annotations

from typing import Any, Callable

import pytest

Found = Callable[..., list[tuple[Any, ...]]]
LOW = "mail has the number 8, and first_valid_uid is %d"


@pytest.mark.parametrize(
    ("syntax", "text", "findings"),
    [
        ("2.3", "mail_uid = mail\n", [("account", "error", 1, LOW % 500)]),
        ("2.3", "mail_uid = mail\nfirst_valid_uid = 8\n", []),
        ("2.3", "mail_uid = 5000\n", []),
        ("2.3", "mail_uid = mail\nprotocols =\n", []),
        (
            "2.3",
            "first_valid_uid = 9\nmail_uid = 8\n",
            [("account", "error", 2, "8 has the number 8, and first_valid_uid is 9")],
        ),
        (
            "2.3",
            "userdb {\n  driver = static\n  args = uid=mail gid=none home=/v/%u\n}\n",
            [("account", "missing", 3, "there is no group none"), ("account", "error", 3, LOW % 500)],
        ),
        (
            "2.4",
            "protocols = lmtp\nuserdb static {\n  fields {\n    uid = mail\n    gid = %{user}\n  }\n}\n",
            [("account", "error", 4, LOW % 500)],
        ),
        ("2.4", "userdb static {\n  fields {\n    uid = mail\n  }\n}\n", []),
        ("2.4", "passdb static {\n  fields {\n    uid = none\n  }\n}\nprotocols =\n", []),
        (
            "2.3",
            "passdb {\n  driver = passwd-file\n  args = scheme=CRYPT username_format=%n /etc/none\n}\n",
            [("file", "missing", 3, "does not exist")],
        ),
        ("2.3", "passdb {\n  driver = passwd-file\n  args = /etc/%d/shadow\n}\n", []),
        ("2.3", "passdb {\n  driver = pam\n  args = dovecot\n}\nmail_uid = 5000\n", []),
        (
            "2.4",
            "passdb passwd-file {\n  passwd_file_path = /etc/none\n}\n",
            [("file", "missing", 2, "does not exist")],
        ),
    ],
)
def test_host(found: Found, syntax: str, text: str, findings: list[Any]) -> None:
    host = {"users": ["mail"], "groups": ["mail"], "numbers": {"mail": 8}, "programs": ["lmtp"]}
    assert found(syntax, text, **host) == findings

# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lookups of users that fail or mislead at the first login."""

from __future__ import annotations

from typing import Any, Callable

import pytest

Found = Callable[..., list[tuple[Any, ...]]]

LDAP = """passdb ldap {
  ldap_bind = %s
  fields {
    user = %%{ldap:uid}
    %s = %%{ldap:userPassword}
  }
}
protocols =
"""
QUOTA = """protocols =
userdb static {
  fields {
    %s = 5M
  }
}
quota user {
  driver = count
  %s = 10M
}
"""


@pytest.mark.parametrize(
    ("syntax", "text", "findings"),
    [
        (
            "2.4",
            "protocols = imap\nssl = no\n",
            [("passdb", "error", 1, "there is no passdb to look passwords up in")],
        ),
        ("2.4", "protocols = imap\nssl = no\npassdb pam {\n}\nuserdb passwd {\n}\n", []),
        ("2.4", "protocols = lmtp\n", []),
        ("2.3", "protocols = imap\nssl = no\nauth_mechanisms = external\n", []),
        (
            "2.4",
            LDAP % ("yes", "password"),
            [("field", "warning", 5, "is not needed with ldap_bind, and logs an error at each login")],
        ),
        ("2.4", LDAP % ("no", "password"), []),
        ("2.4", LDAP % ("yes", "home"), []),
        (
            "2.4",
            LDAP % ("yes", "user_attrs"),
            [("field", "error", 5, "is a setting of 2.3, which 2.4 takes for a field of the user")],
        ),
        (
            "2.4",
            QUOTA % ("quota_storage_size", "storage_size"),
            [("quota", "warning", 9, "outranks the quota_storage_size of each user")],
        ),
        (
            "2.4",
            QUOTA % ("quota_storage_size", "quota_storage_size"),
            [("quota", "warning", 9, "outranks the quota_storage_size of each user")],
        ),
        ("2.4", QUOTA % ("home", "storage_size"), []),
        ("2.4", QUOTA % ("quota_storage_size", "storage_grace"), []),
    ],
)
def test_lookups(found: Found, syntax: str, text: str, findings: list[Any]) -> None:
    assert found(syntax, text, programs=["imap", "imap-login", "lmtp"]) == findings


NO_USERDB = "there is no userdb, and no mail_uid: nobody can open a mailbox"
NO_HOME = "needs a home, and there is neither a userdb nor mail_home: nobody can open a mailbox"


@pytest.mark.parametrize(
    ("syntax", "text", "findings"),
    [
        ("2.3", "passdb {\n  driver = pam\n}\n", [("userdb", "error", 1, NO_USERDB)]),
        ("2.4", "passdb pam {\n}\nprotocols = lmtp\n", [("userdb", "error", 1, NO_USERDB)]),
        ("2.4", "passdb pam {\n}\nmail_uid =\nprotocols = lmtp\n", [("userdb", "error", 1, NO_USERDB)]),
        ("2.4", "passdb pam {\n}\nuserdb passwd {\n}\nprotocols = lmtp\n", []),
        ("2.4", "passdb pam {\n}\nmail_uid = 5000\nprotocols = lmtp\n", []),
        # Passwords alone are looked up.
        ("2.4", "passdb pam {\n}\n", []),
        ("2.3", "passdb {\n  driver = pam\n}\nprotocols =\n", []),
        # The passdb may know more than the password.
        ("2.3", "passdb {\n  driver = lua\n}\n", []),
        ("2.3", "passdb {\n  driver = static\n  args = proxy=y host=10.0.0.1 nopassword=y\n}\n", []),
        ("2.3", "passdb {\n  driver = static\n  args = password=myproxies\n}\n", [("userdb", "error", 1, NO_USERDB)]),
        ("2.4", "passdb static {\n  fields {\n    userdb_uid = 5000\n  }\n}\nprotocols = lmtp\n", []),
        (
            "2.4",
            "passdb static {\n  fields {\n    uid = 5000\n  }\n}\nprotocols = lmtp\n",
            [("userdb", "error", 1, NO_USERDB)],
        ),
        ("2.3", "passdb {\n  driver = passwd-file\n  args = /etc/a\n}\n", [("userdb", "error", 1, NO_USERDB)]),
        ("2.3", "passdb {\n  driver = passwd-file\n  args = /etc/b\n}\n", []),
        ("2.3", "passdb {\n  driver = sql\n  args = /etc/c\n}\n", [("userdb", "error", 1, NO_USERDB)]),
        ("2.3", "passdb {\n  driver = sql\n  args = /etc/d\n}\n", []),
        # Where mail is may depend on a home.
        (
            "2.3",
            "passdb {\n  driver = pam\n}\nmail_uid = 5000\nmail_location = maildir:~/x\n",
            [("userdb", "error", 5, NO_HOME)],
        ),
        (
            "2.4",
            "passdb pam {\n}\nmail_uid = 5000\nmail_path = %{home}/x\nprotocols = lmtp\n",
            [("userdb", "error", 4, NO_HOME)],
        ),
        ("2.3", "passdb {\n  driver = pam\n}\nmail_uid = 5000\nmail_location = maildir:/x/%u\n", []),
        ("2.3", "passdb {\n  driver = pam\n}\nmail_uid = 5000\nmail_location = maildir:~/x\nmail_home = /x/%u\n", []),
    ],
)
def test_without_a_userdb(found: Found, syntax: str, text: str, findings: list[Any]) -> None:
    contents = {"/etc/a": b"a:b\n", "/etc/b": b"a:b::::::userdb_uid=5000\n"}
    others = {"/etc/c": "password_query = SELECT 1\n", "/etc/d": "password_query = SELECT 1 AS userdb_uid\n"}
    host = {"contents": contents, "files": ["/etc/c", "/etc/d"], "programs": ["lmtp"]}
    assert found(syntax, text, others, **host) == findings


@pytest.mark.parametrize(
    ("driver", "good", "bad"), [("ldap", "uris", "ldap_uris"), ("sql", "user_query", "userdb_query")]
)
def test_names_in_the_files_of_2_3(found: Found, driver: str, good: str, bad: str) -> None:
    text = f"userdb {{\n  driver = {driver}\n  args = /etc/x.ext\n}}\n"
    ((code, severity, line, message),) = found(
        "2.3", text, {"/etc/x.ext": f"# x\n{good} = a\n{bad} = b\n"}, files=["/etc/x.ext"]
    )
    assert (code, severity, line, message) == ("setting", "error", 3, f"is not known in an {driver.upper()} file")

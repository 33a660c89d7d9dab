# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two servers, one with 2.3 and one with 2.4 on a copy of its accounts and mail: who gets in, and what they find.

What writes comes in another file, which runs after this one.
"""

from __future__ import annotations

import imaplib
import os
import pathlib
import re
import subprocess

import pytest
import testinfra
from clients import MailServer

PASSWORD = "{}-test-password"
USERS = [f"{name}@example.test" for name in ("anna", "berta", "carla", "dora", "fiona")] + ["emma@partner.test"]
CERTIFICATE = "/etc/ssl/postfix_manager/mail.pem"
# What 2.3 gives in one field, 2.4 gives in several.
SPLIT = (
    "mail",
    "mail_driver",
    "mail_path",
    "mail_index_path",
    "quota_rule",
    "quota_storage_size",
    "quota_message_count",
)


class Host:
    """A server as its clients see it, and as doveadm on it does."""

    def __init__(self, platform: str) -> None:
        name = "-".join([os.environ["TESTBED_PREFIX"], os.environ["MOLECULE_SCENARIO_NAME"], platform])
        argv = [pathlib.Path(os.environ["TESTBED_ROOT"], "tools/container"), "address", name]
        address = subprocess.run(argv, capture_output=True, text=True, check=True).stdout.strip()
        self.shell = testinfra.get_host(f"podman://{name}")
        self.server = MailServer(address, "mail.example.test", self.shell.file(CERTIFICATE).content_string)

    def doveadm(self, *words: str) -> list[list[str]]:
        """The words of each line that doveadm prints."""
        return [row.split() for row in self.shell.check_output("doveadm " + " ".join(words)).splitlines()]

    def imap(self, user: str, password: str | None = None):
        return self.server.imap(user, password or PASSWORD.format(user.partition("@")[0]))


@pytest.fixture(scope="module")
def both() -> tuple[Host, Host]:
    return Host("debian12"), Host("debian13")


def listed(session: imaplib.IMAP4) -> list[str]:
    """The mailboxes, without what the server remembers of recent mail."""
    return sorted(re.sub(r" ?\\(?:Unm|M)arked", "", line.decode()) for line in session.list()[1])


@pytest.mark.parametrize("user", USERS)
def test_mailboxes_and_mail(both: tuple[Host, Host], user: str) -> None:
    seen = []
    for host in both:
        with host.imap(user) as session:
            session.select("Project", readonly=True)
            _status, flags = session.fetch("1:*", "(UID FLAGS)")
            seen.append((listed(session), [re.sub(rb"\\Recent ?", b"", row) for row in flags]))
    assert len(seen[0][1]) == (2 if user.startswith("anna") else 1)
    assert seen[1] == seen[0]


@pytest.mark.parametrize("user", ["carla@example.test", "emma@partner.test", "gone@example.test"])
def test_a_wrong_password_is_refused(both: tuple[Host, Host], user: str) -> None:
    """By all databases, which is another answer than that of one that does not work."""
    for host in both:
        password = None if user.startswith("gone") else "wrong"
        with pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"), host.imap(user, password):
            pass


def test_a_master_gets_in_as_somebody_else(both: tuple[Host, Host]) -> None:
    """And sees what rights show to a master: with none of his own, only what everybody may see."""
    seen = []
    for host in both:
        with host.imap("anna@example.test*master", "master-test-password") as session:
            seen.append((listed(session), session.select("Project", readonly=True)[0]))
    assert seen[0][1] == "NO"
    assert seen[1] == seen[0]


@pytest.mark.parametrize("user", USERS)
def test_fields_of_users(both: tuple[Host, Host], user: str) -> None:
    old, new = (
        {row[0].rstrip(":"): row[-1] for row in host.doveadm("user", "-u", user) if len(row) > 1} for host in both
    )
    assert {name: new.get(name) for name in old if name not in SPLIT} == {
        name: value for name, value in old.items() if name not in SPLIT
    }
    assert old["home"]
    place = old.get("mail", "maildir:").split(":")
    assert (new.get("mail_driver", "maildir"), new.get("mail_path", "")) == (place[0], place[1])


@pytest.mark.parametrize("user", USERS)
def test_quotas(both: tuple[Host, Host], user: str) -> None:
    old, new = (host.doveadm("quota", "get", "-u", user) for host in both)
    limits = {"anna": "5120", "berta": "-", "carla": "7168", "dora": "10240", "emma": "10240", "fiona": "3072"}
    assert old[1][4] == limits[user.partition("@")[0]]
    assert new == old


def test_all_users_are_known(both: tuple[Host, Host]) -> None:
    old, new = (sorted(host.doveadm("user", "'*'")) for host in both)
    assert old == sorted([user] for user in [*USERS, "guest@example.test"])
    assert new == old


def test_rights_and_shared_mailboxes(both: tuple[Host, Host]) -> None:
    seen = []
    for host in both:
        with host.imap("berta@example.test") as session:
            names = listed(session)
            shared = session.select("Shared/anna@example.test/Project", readonly=True)
            mine = session.myrights("Shared/anna@example.test/Project")[1]
        with host.imap("anna@example.test") as session:
            own = [session.myrights(name)[1] for name in ("INBOX", "Trash", "Project")]
        seen.append((names, shared, mine, own, host.doveadm("acl", "get", "-u", "anna@example.test", "Project")))
    assert seen[0][1] == ("OK", [b"2"])
    assert seen[1] == seen[0]


def test_what_is_in_dictionaries(both: tuple[Host, Host]) -> None:
    query = "'SELECT * FROM user_shares; SELECT * FROM quota2 ORDER BY username'"
    old, new = (host.shell.check_output(f"sqlite3 /srv/accounts/accounts.db {query}") for host in both)
    assert old.startswith("anna@example.test|berta@example.test|1\n")
    assert len(old.splitlines()) == 1 + len(USERS)
    assert new == old

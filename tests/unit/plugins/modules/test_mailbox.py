# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One mailbox, on a real database, with passwords hashed by the system's libxcrypt."""

import os
import stat

import pytest
from ansible_collections.postfix_manager.mail.plugins.modules import mailbox, virtual_domain

ALICE = "alice@example.org"


@pytest.fixture(autouse=True)
def domain(accounts):
    accounts(virtual_domain, domain="example.org")


def test_a_clear_password_in_four_steps(accounts):
    said = accounts.four_steps(
        mailbox, address="Alice@Example.org", password="correct horse", quota="50M", name="Alice"
    )
    assert said["mailboxes"]["created"] == [ALICE]
    ((password, quota, maildir),) = accounts.rows("SELECT password, quota, maildir FROM mailbox")
    assert password.startswith("{SHA512-CRYPT}$6$")
    assert (quota, maildir) == (50 * 1024 * 1024, "example.org/alice/")
    assert accounts.rows("SELECT goto FROM alias WHERE address = 'alice@example.org'") == [(ALICE,)]
    assert "correct horse" not in str(said)


def test_another_password_is_a_change_unless_on_create(accounts):
    accounts(mailbox, address=ALICE, password="first password")
    before = accounts.rows("SELECT password FROM mailbox")
    assert accounts(mailbox, address=ALICE, password="second password", update_password="on_create")["changed"] is False
    said = accounts.four_steps(mailbox, address=ALICE, password="second password")
    assert accounts.rows("SELECT password FROM mailbox") != before
    assert "(secret, changed)" in str(said["diff"])
    assert before[0][0] not in str(said)


def test_a_password_file_is_made_once_and_only_for_its_owner(accounts, tmp_path):
    path = tmp_path / "secrets" / "probe"
    accounts.four_steps(mailbox, address=ALICE, password_file=str(path))
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert len(path.read_text().strip()) >= 20
    os.chmod(path, 0o644)
    accounts.four_steps(mailbox, address=ALICE, password_file=str(path))
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600


def test_forwards_rights_and_switches_in_four_steps(accounts):
    accounts(mailbox, address=ALICE, password="some password")
    accounts.four_steps(mailbox, address=ALICE, forward_to=["x@example.net"], send_as=["info@example.org"], login=False)
    assert accounts.rows("SELECT goto FROM alias") == [(f"{ALICE},x@example.net",)]
    assert accounts.rows("SELECT address, username FROM mailbox_send_as") == [("info@example.org", ALICE)]
    assert accounts.rows("SELECT receive, send, login FROM mailbox_rights") == [(1, 1, 0)]


def test_deleting_leaves_the_mail_and_says_where(accounts):
    accounts(mailbox, address=ALICE, password="some password")
    mail = accounts.mail / "example.org" / "alice" / "Maildir"
    mail.mkdir(parents=True)
    said = accounts.four_steps(mailbox, address=ALICE, state="absent")
    assert said["mail_left"] == [str(mail.parent)]
    assert mail.is_dir()
    accounts.four_steps(mailbox, address=ALICE, state="absent", delete_mail=True)
    assert not mail.parent.exists()


@pytest.mark.parametrize(
    "address",
    [
        "alice", "@example.org", "a b@example.org", "a..b@example.org", ".a@example.org", "a/b@example.org",
        "a+b@example.org", '"a"@example.org', "a" * 65 + "@example.org", "a@192.0.2.1", "a@[192.0.2.1]",
        "a@-bad.example", "a@" + "b" * 64 + ".example", "a\nb@example.org", "alice@elsewhere.example",
    ],
)  # fmt: skip
def test_a_bad_address_is_refused(accounts, address):
    said = accounts(mailbox, address=address, password="some password")
    assert said["failed"] is True
    assert "address" in said["msg"]
    assert "some password" not in str(said)
    assert accounts.rows("SELECT * FROM mailbox") == []


@pytest.mark.parametrize(
    "options", [{"password": "line\nbreak"}, {"password_hash": "clear text"}, {"password": "x", "quota": "-1"}]
)
def test_bad_options_are_refused_without_being_repeated(accounts, options):
    said = accounts(mailbox, address=ALICE, **options)
    assert said["failed"] is True
    assert "clear text" not in str(said)
    assert accounts.rows("SELECT * FROM mailbox") == []

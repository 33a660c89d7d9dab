# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One domain, on a real database."""

from ansible_collections.postfix_manager.mail.plugins.modules import mailbox, virtual_domain

HASH = "{SHA512-CRYPT}$6$salt$" + "a" * 86


def test_a_domain_comes_and_goes_in_four_steps(accounts):
    said = accounts.four_steps(virtual_domain, domain="Example.ORG", description="Ours", mailbox_quota="2M")
    assert said["domains"]["created"] == ["example.org"]
    assert accounts.rows("SELECT domain, description, maxquota, active FROM domain") == [("example.org", "Ours", 2, 1)]
    said = accounts.four_steps(virtual_domain, domain="example.org", state="absent")
    assert said["domains"]["deleted"] == ["example.org"]
    assert accounts.rows("SELECT * FROM domain") == []


def test_a_name_in_unicode_is_stored_in_ascii(accounts):
    accounts(virtual_domain, domain="bücher.example")
    assert accounts.rows("SELECT domain FROM domain") == [("xn--bcher-kva.example",)]


def test_a_domain_with_mailboxes_goes_only_when_asked_twice(accounts):
    accounts(virtual_domain, domain="example.org")
    accounts(mailbox, address="alice@example.org", password_hash=HASH)
    (accounts.mail / "example.org" / "alice").mkdir(parents=True)
    said = accounts(virtual_domain, domain="example.org", state="absent")
    assert said["failed"] is True
    assert accounts.rows("SELECT domain FROM domain") == [("example.org",)]
    said = accounts.four_steps(virtual_domain, domain="example.org", state="absent", recursive=True)
    assert said["mail_left"] == [str(accounts.mail / "example.org" / "alice")]
    assert accounts.rows("SELECT * FROM mailbox") == []


def test_a_bad_name_is_refused_before_anything_is_made(accounts):
    said = accounts(virtual_domain, domain="not a domain")
    assert said["failed"] is True
    assert "not a domain" in said["msg"]
    assert not (accounts.mail.parent / "accounts.sqlite").exists()

# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many aliases in one call, on a real database."""

from ansible_collections.postfix_manager.mail.plugins.modules import mail_aliases, mailbox, virtual_domain

HASH = "{SHA512-CRYPT}$6$salt$" + "a" * 86


def test_purge_leaves_the_rows_of_mailboxes_and_catch_alls(accounts):
    accounts(virtual_domain, domain="example.org", catch_all=["all@example.net"])
    accounts(mailbox, address="alice@example.org", password_hash=HASH)
    aliases = [{"address": f"{name}@example.org", "destinations": ["alice@example.org"]} for name in ("info", "sales")]
    said = accounts.four_steps(mail_aliases, aliases=aliases)
    assert said["aliases"]["created"] == ["info@example.org", "sales@example.org"]
    accounts.four_steps(mail_aliases, aliases=aliases[:1], purge=True)
    assert {address for (address,) in accounts.rows("SELECT address FROM alias")} == {
        "@example.org",
        "alice@example.org",
        "info@example.org",
    }


def test_an_alias_must_not_take_a_mailbox_address(accounts):
    accounts(virtual_domain, domain="example.org")
    accounts(mailbox, address="alice@example.org", password_hash=HASH)
    said = accounts(mail_aliases, aliases=[{"address": "alice@example.org", "destinations": ["x@example.net"]}])
    assert said["failed"] is True
    assert accounts.rows("SELECT goto FROM alias") == [("alice@example.org",)]


def test_the_same_address_twice_is_refused(accounts):
    accounts(virtual_domain, domain="example.org")
    alias = {"address": "info@example.org", "destinations": ["x@example.net"]}
    said = accounts(mail_aliases, aliases=[alias, {**alias, "address": "INFO@example.org"}])
    assert said["failed"] is True
    assert "aliases[1]" in said["msg"]

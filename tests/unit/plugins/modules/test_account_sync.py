# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One database follows another, on real databases."""

import os
import stat

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.sync import memory_host
from ansible_collections.postfix_manager.mail.plugins.modules import (
    account_sync,
    mail_aliases,
    mailboxes,
    virtual_domain,
)

HASH = "{SHA512-CRYPT}$6$salt$" + "a" * 86


@pytest.fixture
def source(accounts, tmp_path, monkeypatch):
    """A database with three mailboxes, and what names it."""
    monkeypatch.setattr(memory_host, "FOLDER", str(tmp_path / "sync"))
    database = str(tmp_path / "source.sqlite")

    def change(module, **options):
        said = accounts(module, **{"database": database, **options})
        assert not said.get("failed"), said

    change(virtual_domain, domain="example.org")
    change(mailboxes, mailboxes=[{"address": f"user{n}@example.org", "password_hash": HASH} for n in range(3)])
    change.options = {"name": "other", "source": {"store": "sqlite", "database": database}, "create_domains": True}
    return change


def decided(said):
    return [(one["decision"], one["address"]) for one in said["decisions"]]


def test_all_is_copied_in_four_steps_then_only_what_changes(accounts, source):
    said = accounts.four_steps(account_sync, **source.options)
    assert said["counts"]["created"] == 3
    assert accounts.rows("SELECT username, password FROM mailbox WHERE username LIKE 'user1@%'") == [
        ("user1@example.org", HASH)
    ]
    source(mailboxes, mailboxes=[{"address": "user1@example.org", "name": "One", "send": False}])
    source(mail_aliases, aliases=[{"address": "one@example.org", "destinations": ["user1@example.org"]}])
    said = accounts.four_steps(account_sync, **source.options)
    assert decided(said) == [("updated", "user1@example.org")]
    assert "name" in said["decisions"][0]["reason"]
    assert accounts.rows("SELECT goto FROM alias WHERE address = 'one@example.org'") == [("user1@example.org",)]


def test_the_memory_is_for_its_owner_alone_and_holds_no_hash(accounts, source, tmp_path):
    accounts(account_sync, **source.options)
    path = tmp_path / "sync/other/memory.json"
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert "a" * 86 not in path.read_text()
    path.write_text("{}}")
    said = accounts(account_sync, **source.options)
    assert "is damaged" in said["msg"]


def test_a_cap_and_an_empty_source(accounts, source):
    accounts(account_sync, **source.options)
    source(mailboxes, mailboxes=[{"address": "user0@example.org"}], purge=True)
    said = accounts(account_sync, **source.options, max_deletions=1)
    assert said["failed"] is True
    assert said["deletions"] == ["user1@example.org", "user2@example.org"]
    said = accounts(account_sync, **source.options, grace_days=0)
    assert decided(said) == [("deleted", "user1@example.org"), ("deleted", "user2@example.org")]
    source(mailboxes, mailboxes=[], purge=True)
    said = accounts(account_sync, **source.options)
    assert "no accounts at all" in said["msg"]
    assert accounts.rows("SELECT username, active FROM mailbox") == [("user0@example.org", 1)]


def test_the_newer_side_wins(accounts, source):
    accounts(account_sync, **source.options)
    accounts(mailboxes, mailboxes=[{"address": "user0@example.org", "name": "Here"}])
    source(mailboxes, mailboxes=[{"address": "user0@example.org", "name": "There"}])
    said = accounts(account_sync, **source.options, conflict="report")
    assert decided(said) == [("conflict", "user0@example.org")]
    said = accounts(account_sync, **source.options, conflict="newest")
    assert ("conflict", "user0@example.org") in decided(said)


def test_all_bad_options_are_named_at_once(accounts, source):
    options = {
        "name": "A b",
        "grace_days": -1,
        "source": {"base": None, "filter": "((", "mapping": {"x": "y", "name": "{cn"}, "server_uri": ["http://x"]},
    }
    said = accounts(account_sync, **options)
    for option in (
        *("name", "grace_days", "source.base", "source.filter", "source.mapping.x", "source.mapping.name"),
        "source.server_uri",
    ):
        assert option in [problem["option"] for problem in said["problems"]]


def test_a_database_cannot_follow_itself(accounts, source):
    same = {"store": "sqlite", "database": accounts.database}
    said = accounts(account_sync, **{**source.options, "source": same})
    assert "source.database" in said["msg"]

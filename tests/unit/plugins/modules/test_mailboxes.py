# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many mailboxes in one call, on a real database."""

import os
import stat

import pytest
from ansible_collections.postfix_manager.mail.plugins.modules import mailboxes, virtual_domain

HASH = "{SHA512-CRYPT}$6$salt$" + "a" * 86


@pytest.fixture
def domain(accounts):
    accounts(virtual_domain, domain="example.org")


def boxes(count):
    return [{"address": f"user{number}@example.org", "password_hash": HASH} for number in range(count)]


@pytest.mark.usefixtures("domain")
def test_a_list_in_four_steps_and_only_what_differs_is_written(accounts):
    said = accounts.four_steps(mailboxes, mailboxes=boxes(50))
    assert len(said["mailboxes"]["created"]) == 50
    changed = boxes(50)
    changed[7]["name"] = "Seven"
    said = accounts.four_steps(mailboxes, mailboxes=changed)
    assert said["mailboxes"] == {"created": [], "updated": ["user7@example.org"], "deleted": []}


@pytest.mark.usefixtures("domain")
def test_purge_with_a_cap(accounts):
    accounts(mailboxes, mailboxes=boxes(5))
    said = accounts(mailboxes, mailboxes=boxes(1), purge=True, max_deletions=3)
    assert said["failed"] is True
    assert len(accounts.rows("SELECT * FROM mailbox")) == 5
    accounts.four_steps(mailboxes, mailboxes=boxes(1), purge=True, max_deletions=4)
    assert accounts.rows("SELECT username FROM mailbox") == [("user0@example.org",)]


@pytest.mark.usefixtures("domain")
def test_the_side_files_stay_and_their_drift_is_repaired(accounts):
    accounts(mailboxes, mailboxes=boxes(2))
    for suffix in ("-wal", "-shm"):
        assert os.path.exists(accounts.database + suffix)
    os.chmod(accounts.database, 0o644)
    os.unlink(accounts.database + "-shm")
    accounts.four_steps(mailboxes, mailboxes=boxes(2))
    assert stat.S_IMODE(os.stat(accounts.database).st_mode) == 0o640
    assert os.path.exists(accounts.database + "-shm")


def test_on_a_bare_host_check_mode_plans_and_a_run_refuses(accounts):
    said = accounts(mailboxes, mailboxes=boxes(1), check=True)
    assert said["changed"] is True
    assert not os.path.exists(accounts.database)
    said = accounts(mailboxes, mailboxes=boxes(1))
    assert said["failed"] is True
    assert "example.org" in said["msg"]


@pytest.mark.usefixtures("domain")
def test_all_problems_at_once_and_no_secret(accounts):
    items = [
        {"address": "a b@example.org", "password": "marked-secret"},
        {"address": "x@example.org", "password_hash": "marked-secret"},
        {"address": "y@example.org", "password": "long enough", "quota": "lots"},
        {"address": "y@example.org", "password": "long enough"},
    ]
    said = accounts(mailboxes, mailboxes=items)
    assert said["failed"] is True
    for option in ("mailboxes[0].address", "mailboxes[1].password_hash", "mailboxes[2].quota", "mailboxes[3]"):
        assert option in said["msg"]
    assert "marked-secret" not in str(said)

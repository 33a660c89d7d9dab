# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which rows of the accounts come back."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._backup.account_rows import (
    belongs_to,
    describe,
    rows_to_put,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._backup.database_host import Table

ALICE = {"username": "alice@a.test", "password": "secret-1", "domain": "a.test"}
BOB = {"username": "bob@b.test", "password": "secret-2", "domain": "b.test"}
ALIAS = {"address": "info@a.test", "goto": "alice@a.test", "domain": "a.test"}
DOMAIN = {"domain": "a.test", "quota": 1}


def tables(**found):
    keys = {"mailbox": "username", "alias": "address", "domain": "domain"}
    return {name: Table([keys[name]], {(row[keys[name]],): row for row in rows}) for name, rows in found.items()}


SAVED = tables(mailbox=[ALICE, BOB], alias=[ALIAS], domain=[DOMAIN])


def everything(_row):
    return True


def test_missing_rows_come_back_and_others_stay():
    present = tables(mailbox=[{**ALICE, "password": "new"}], alias=[], domain=[DOMAIN])
    assert rows_to_put(SAVED, present, False, everything) == {"alias": [ALIAS], "mailbox": [BOB]}
    assert rows_to_put(SAVED, present, True, everything) == {"alias": [ALIAS], "mailbox": [ALICE, BOB]}
    assert rows_to_put(SAVED, SAVED, True, everything) == {}


def test_a_column_that_is_gone_is_left_out():
    present = tables(mailbox=[{"username": "x@a.test", "password": "y"}])
    assert rows_to_put(SAVED, present, False, everything)["mailbox"][0] == {
        "username": "alice@a.test",
        "password": "secret-1",
    }


@pytest.mark.parametrize(
    ("mailboxes", "domains", "all_of_it", "expected"),
    [
        (["Alice@a.test"], [], False, [ALICE, DOMAIN]),
        ([], ["a.test"], False, [ALICE, ALIAS, DOMAIN]),
        ([], [], True, [ALICE, BOB, ALIAS, DOMAIN]),
        (["bob@b.test"], [], False, [BOB]),
    ],
)
def test_the_rows_of_a_mailbox_and_of_a_domain(mailboxes, domains, all_of_it, expected):
    belongs = belongs_to(mailboxes, domains, all_of_it)
    assert [row for row in (ALICE, BOB, ALIAS, DOMAIN) if belongs(row)] == expected


def test_nothing_secret_is_said_of_a_row():
    assert describe({"mailbox": [ALICE]}, SAVED) == ["mailbox alice@a.test"]

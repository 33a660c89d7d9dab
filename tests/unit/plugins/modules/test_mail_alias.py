# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One alias, on a real database."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.modules import mail_alias, virtual_domain


@pytest.fixture(autouse=True)
def domain(accounts):
    accounts(virtual_domain, domain="example.org")


def test_an_alias_comes_changes_and_goes_in_four_steps(accounts):
    said = accounts.four_steps(mail_alias, address="Info@example.org", destinations=["a@example.net", "b@example.net"])
    assert said["aliases"]["created"] == ["info@example.org"]
    assert accounts.rows("SELECT goto FROM alias") == [("a@example.net,b@example.net",)]
    accounts.four_steps(mail_alias, address="info@example.org", enabled=False)
    assert accounts.rows("SELECT active FROM alias") == [(0,)]
    accounts.four_steps(mail_alias, address="info@example.org", state="absent")
    assert accounts.rows("SELECT * FROM alias") == []


@pytest.mark.parametrize("destinations", [[], ["no address"], ["a@b@c"], ["x@example.net\ny@example.net"]])
def test_bad_destinations_are_refused(accounts, destinations):
    said = accounts(mail_alias, address="info@example.org", destinations=destinations)
    assert said["failed"] is True
    assert "destinations" in said["msg"]
    assert accounts.rows("SELECT * FROM alias") == []

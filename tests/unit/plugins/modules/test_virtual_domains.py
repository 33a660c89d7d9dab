# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many domains in one call, on a real database."""

from ansible_collections.postfix_manager.mail.plugins.modules import virtual_domains


def test_a_list_with_alias_domain_and_catch_all_in_four_steps(accounts):
    domains = [
        {"domain": "example.org", "catch_all": ["postmaster@example.net"]},
        {"domain": "example.com", "alias_of": "example.org"},
    ]
    said = accounts.four_steps(virtual_domains, domains=domains)
    assert said["domains"]["created"] == ["example.org", "example.com"]
    assert accounts.rows("SELECT alias_domain, target_domain FROM alias_domain") == [("example.com", "example.org")]
    assert accounts.rows("SELECT goto FROM alias WHERE address = '@example.org'") == [("postmaster@example.net",)]


def test_purge_removes_the_undeclared_up_to_the_cap(accounts):
    accounts(virtual_domains, domains=[{"domain": f"d{number}.example"} for number in range(4)])
    keep = [{"domain": "d0.example"}]
    said = accounts(virtual_domains, domains=keep, purge=True, max_deletions=2)
    assert said["failed"] is True
    assert len(said["deletions"]) == 3
    assert len(accounts.rows("SELECT * FROM domain")) == 4
    accounts.four_steps(virtual_domains, domains=keep, purge=True, max_deletions=3)
    assert accounts.rows("SELECT domain FROM domain") == [("d0.example",)]


def test_all_bad_items_are_reported_at_once(accounts):
    domains = [{"domain": "a b"}, {"domain": "192.0.2.1"}, {"domain": "ok.example", "quota": "much"}, {"surprise": 1}]
    said = accounts(virtual_domains, domains=domains)
    assert said["failed"] is True
    for option in ("domains[0].domain", "domains[1].domain", "domains[2].quota", "domains[3]"):
        assert option in said["msg"]

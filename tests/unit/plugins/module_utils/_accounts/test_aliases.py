# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deciding on aliases, and what a deletion leaves dangling."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.aliases import reconcile_aliases
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.decision import Purge, dangling
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.model import (
    EMPTY,
    Alias,
    Change,
    Changes,
    Domain,
    Mailbox,
    State,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.wanted import WantedAlias

TEAM = "team@example.org"
DOMAIN = Domain("example.org")


def wanted(address=TEAM, is_present=True, destinations=None, enabled=None):
    return WantedAlias(f"{address}: ", address, is_present, destinations, enabled)


def state(*aliases, domain=DOMAIN, mailboxes=()):
    return State(
        {domain.name: domain},
        {address: box(address) for address in mailboxes},
        {alias.address: alias for alias in aliases},
    )


def box(address, *forwards):
    return Mailbox(address, "", "", "", 0, True, (address, *forwards), True, True, True, True, ())


def test_a_new_alias():
    decision = reconcile_aliases([wanted(destinations=("a@x.y",))], state())
    assert decision.changes.aliases == [Change(TEAM, None, Alias(TEAM, ("a@x.y",), True))]
    assert (decision.problems, decision.unmet) == ([], [])


def test_a_new_alias_needs_destinations():
    (problem,) = reconcile_aliases([wanted()], state()).problems
    assert problem.option == f"{TEAM}: destinations"


def test_destinations_are_exact_and_have_no_order():
    before = Alias(TEAM, ("a@x.y", "b@x.y"), True)
    assert reconcile_aliases([wanted(destinations=("b@x.y", "a@x.y"))], state(before)).changes.aliases == []
    (change,) = reconcile_aliases([wanted(destinations=("c@x.y", "a@x.y"))], state(before)).changes.aliases
    assert change.after == Alias(TEAM, ("c@x.y", "a@x.y"), True)


def test_an_alias_can_be_disabled_alone():
    before = Alias(TEAM, ("a@x.y",), True)
    (change,) = reconcile_aliases([wanted(enabled=False)], state(before)).changes.aliases
    assert change.after == before._replace(enabled=False)
    assert reconcile_aliases([wanted()], state(before)).changes.aliases == []


def test_an_absent_alias_is_deleted_once():
    before = Alias(TEAM, ("a@x.y",), True)
    assert reconcile_aliases([wanted(is_present=False)], state(before)).changes.aliases == [Change(TEAM, before, None)]
    assert reconcile_aliases([wanted(is_present=False)], state()).changes.aliases == []


@pytest.mark.parametrize("is_present", [True, False])
def test_a_mailbox_is_no_alias(is_present):
    decision = reconcile_aliases([wanted(destinations=("a@x.y",), is_present=is_present)], state(mailboxes=[TEAM]))
    assert "forward_to" in decision.problems[0].cure


def test_a_missing_domain_is_unmet():
    decision = reconcile_aliases([wanted(destinations=("a@x.y",))], EMPTY)
    assert decision.problems == []
    assert [problem.option for problem in decision.unmet] == [f"{TEAM}: address"]


def test_a_purge_leaves_catch_alls_alone_and_keeps_to_its_domains():
    there = state(
        Alias(TEAM, ("a@x.y",), True), Alias("@example.org", ("a@x.y",), True), Alias("b@example.net", ("c@x.y",), True)
    )
    assert [change.key for change in reconcile_aliases([], there, Purge(True)).changes.aliases] == [
        TEAM,
        "b@example.net",
    ]
    kept = Purge(True, {"example.net"})
    assert [change.key for change in reconcile_aliases([], there, kept).changes.aliases] == ["b@example.net"]


@pytest.mark.parametrize(("limit", "allowed"), [(0, True), (2, True), (1, False), (-1, False)])
def test_a_domain_may_limit_the_number_of_aliases(limit, allowed):
    domain = Domain("example.org", max_aliases=limit)
    there = state(Alias("b@example.org", ("a@x.y",), True), Alias("@example.org", ("a@x.y",), True), domain=domain)
    problems = reconcile_aliases([wanted(destinations=("a@x.y",))], there).problems
    assert [problem.option for problem in problems] == ([] if allowed else [f"{TEAM}: address"])


def test_what_leads_to_a_deleted_address_is_named():
    there = state(
        Alias(TEAM, ("a@example.org", "b@example.org"), True),
        Alias("gone@example.org", ("a@example.org",), True),
        Alias("fixed@example.org", ("a@example.org",), True),
    )._replace(
        mailboxes={"a@example.org": box("a@example.org"), "c@example.org": box("c@example.org", "a@example.org")}
    )
    changes = Changes(
        mailboxes=[Change("a@example.org", there.mailboxes["a@example.org"], None)],
        aliases=[
            Change("gone@example.org", there.aliases["gone@example.org"], None),
            Change(
                "fixed@example.org",
                there.aliases["fixed@example.org"],
                Alias("fixed@example.org", ("c@example.org",), True),
            ),
        ],
    )
    assert dangling(changes, there) == [
        "team@example.org still leads to a@example.org, which is deleted",
        "c@example.org still leads to a@example.org, which is deleted",
    ]
    assert dangling(Changes(), there) == []

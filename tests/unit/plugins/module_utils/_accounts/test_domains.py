# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deciding on domains."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.decision import Purge
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.domains import reconcile_domains
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.model import Alias, Change, Domain, State
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.wanted import WantedDomain

PLAIN = Domain("example.org")
OTHER = Domain("example.net", alias_of="example.org")
FULL = State(
    {"example.org": PLAIN, "example.net": OTHER},
    {"a@example.org": object(), "b@example.net": object()},
    {
        "@example.org": Alias("@example.org", ("a@example.org",), True),
        "t@example.org": Alias("t@example.org", ("x@y.z",), True),
    },
)


def wanted(name, present=True, **facts):
    return WantedDomain(f"{name}: ", name, present, **facts)


def state(*domains):
    return State({domain.name: domain for domain in domains}, {}, {})


def test_a_new_domain_gets_defaults():
    decision = reconcile_domains([wanted("example.org", quota=5)], state())
    assert decision.changes.domains == [Change("example.org", None, Domain("example.org", quota=5))]
    assert (decision.problems, list(decision.unmet)) == ([], [])


def test_what_is_declared_changes_and_the_rest_stays():
    before = Domain("example.org", description="old", max_mailboxes=3, catch_all=("a@example.org",))
    decision = reconcile_domains([wanted("example.org", description="new", enabled=False)], state(before))
    assert decision.changes.domains == [
        Change("example.org", before, before._replace(description="new", enabled=False))
    ]


@pytest.mark.parametrize(
    "facts", [{}, {"description": "", "enabled": True}, {"catch_all": ("b@x.y", "a@x.y")}, {"max_mailboxes": 0}]
)
def test_what_is_so_already_is_no_change(facts):
    before = Domain("example.org", catch_all=("a@x.y", "b@x.y"))
    assert reconcile_domains([wanted("example.org", **facts)], state(before)).changes.domains == []


def test_a_catch_all_and_an_alias_can_end():
    before = Domain("example.org", alias_of="example.net", catch_all=("a@x.y",))
    (change,) = reconcile_domains([wanted("example.org", alias_of="", catch_all=())], state(before)).changes.domains
    assert change.after == Domain("example.org")


def test_an_absent_domain_that_is_absent_is_no_change():
    assert reconcile_domains([wanted("example.org", present=False)], state()).changes.domains == []


def test_an_empty_domain_is_deleted_with_its_catch_all():
    full = FULL._replace(
        mailboxes={}, aliases={"@example.org": FULL.aliases["@example.org"]}, domains={"example.org": PLAIN}
    )
    decision = reconcile_domains([wanted("example.org", present=False)], full)
    assert decision.problems == []
    assert decision.changes.domains == [Change("example.org", PLAIN, None)]
    assert [change.key for change in decision.changes.aliases] == ["@example.org"]


def test_a_domain_with_anything_in_it_is_not_deleted():
    decision = reconcile_domains([wanted("example.org", present=False)], FULL)
    (problem,) = decision.problems
    assert problem.option == "example.org: domain"
    assert "a@example.org, t@example.org, alias domain example.net" in problem.message
    assert "recursive: true" in problem.cure


def test_a_long_list_of_contents_is_cut():
    full = State({"example.org": PLAIN}, {f"{number}@example.org": object() for number in range(12)}, {})
    (problem,) = reconcile_domains([wanted("example.org", present=False)], full).problems
    assert problem.message.endswith("8@example.org, 9@example.org and 2 more")


def test_recursive_takes_the_contents_along_and_frees_alias_domains():
    decision = reconcile_domains([wanted("example.org", present=False)], FULL, recursive=True)
    assert decision.problems == []
    assert decision.changes.domains == [
        Change("example.org", PLAIN, None),
        Change("example.net", OTHER, Domain("example.net")),
    ]
    assert [change.key for change in decision.changes.mailboxes] == ["a@example.org"]
    assert [change.key for change in decision.changes.aliases] == ["@example.org", "t@example.org"]
    assert all(change.after is None for change in decision.changes.mailboxes + decision.changes.aliases)


def test_an_alias_domain_may_change_its_target_while_the_old_one_goes():
    domains = [
        wanted("example.org", present=False),
        wanted("example.com"),
        wanted("example.net", alias_of="example.com"),
    ]
    decision = reconcile_domains(domains, state(PLAIN, OTHER))
    assert decision.problems == []
    assert {change.key: change.after for change in decision.changes.domains} == {
        "example.org": None,
        "example.com": Domain("example.com"),
        "example.net": Domain("example.net", alias_of="example.com"),
    }


def test_a_purge_deletes_the_undeclared():
    decision = reconcile_domains([wanted("example.org")], state(PLAIN, Domain("example.com")), Purge(True))
    assert decision.changes.domains == [Change("example.com", Domain("example.com"), None)]


def test_a_purge_does_not_delete_what_is_in_use():
    decision = reconcile_domains([wanted("example.org")], FULL, Purge(True))
    assert [(problem.option, problem.value) for problem in decision.problems] == [("purge", "example.net")]


def test_without_purge_the_undeclared_stays():
    assert reconcile_domains([], FULL).changes.domains == []


def test_a_target_may_be_declared_in_the_same_call():
    decision = reconcile_domains([wanted("example.net", alias_of="example.org"), wanted("example.org")], state())
    assert (decision.problems, decision.unmet) == ([], [])


def test_a_target_that_another_task_may_create_is_unmet():
    decision = reconcile_domains([wanted("example.net", alias_of="example.org")], state())
    assert decision.problems == []
    assert [(problem.option, problem.value) for problem in decision.unmet] == [("example.net: alias_of", "example.org")]


def test_a_target_that_is_deleted_is_a_problem():
    domains = [wanted("example.net", alias_of="example.org"), wanted("example.org", present=False)]
    decision = reconcile_domains(domains, state(PLAIN), recursive=True)
    assert "is deleted" in decision.problems[0].message


def test_a_target_that_is_an_alias_itself_is_a_problem():
    decision = reconcile_domains([wanted("example.com", alias_of="example.net")], state(PLAIN, OTHER))
    assert decision.problems[0].cure == "name example.org itself"

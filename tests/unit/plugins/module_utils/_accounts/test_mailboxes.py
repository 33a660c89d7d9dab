# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deciding on mailboxes."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.decision import Purge
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.mailboxes import (
    PENDING,
    reconcile_mailboxes,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.model import (
    EMPTY,
    Alias,
    Change,
    Domain,
    Mailbox,
    State,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.wanted import WantedMailbox

HASH = "{SHA512-CRYPT}$6$abcdefgh$" + "x" * 86
ALICE = "alice@example.org"
DOMAIN = Domain("example.org")
MIB = 1024 * 1024


def present(address=ALICE, **facts):
    local, _at, domain = address.partition("@")
    box = Mailbox(address, HASH, "", f"{domain}/{local}/", 0, True, (address,), True, True, True, True, ())
    return box._replace(**facts)


def wanted(address=ALICE, is_present=True, **facts):
    return WantedMailbox(f"{address}: ", address, is_present, **facts)


def state(*boxes, domain=DOMAIN):
    return State({domain.name: domain}, {box.address: box for box in boxes}, {})


def after(box, before, **options):
    """What becomes of one present mailbox; itself when nothing changes."""
    decision = reconcile_mailboxes([box], state(before), **options)
    assert decision.problems == []
    return decision.changes.mailboxes[0].after if decision.changes.mailboxes else before


def test_a_new_mailbox_gets_defaults():
    decision = reconcile_mailboxes([wanted(password_hash=HASH)], state())
    assert decision.changes.mailboxes == [Change(ALICE, None, present())]
    assert (decision.problems, decision.unmet) == ([], [])


def test_a_new_mailbox_gets_the_quota_of_its_domain():
    domain = Domain("example.org", mailbox_quota=100)
    (change,) = reconcile_mailboxes([wanted(password_hash=HASH)], state(domain=domain)).changes.mailboxes
    assert change.after.quota == 100 * MIB
    (change,) = reconcile_mailboxes([wanted(password_hash=HASH, quota=0)], state(domain=domain)).changes.mailboxes
    assert change.after.quota == 0


@pytest.mark.parametrize("mailbox_quota", [0, -1])
def test_postfixadmins_marks_for_no_limit_give_no_quota(mailbox_quota):
    domain = Domain("example.org", mailbox_quota=mailbox_quota)
    (change,) = reconcile_mailboxes([wanted(password_hash=HASH)], state(domain=domain)).changes.mailboxes
    assert change.after.quota == 0


def test_a_new_mailbox_needs_a_password():
    (problem,) = reconcile_mailboxes([wanted()], state()).problems
    assert (problem.option, problem.value) == (f"{ALICE}: address", ALICE)
    assert "without a password" in problem.message


@pytest.mark.parametrize("facts", [{"password": "x"}, {"password_file": "/x"}])
def test_clear_passwords_are_hashed_later(facts):
    (change,) = reconcile_mailboxes([wanted(**facts)], state()).changes.mailboxes
    assert change.after.password == PENDING


def test_an_alias_in_the_way_is_a_problem():
    there = State({"example.org": DOMAIN}, {}, {ALICE: Alias(ALICE, ("x@y.z",), True)})
    (problem,) = reconcile_mailboxes([wanted(password_hash=HASH)], there).problems
    assert "is an alias already" in problem.message


def test_a_missing_domain_is_unmet_but_the_change_is_planned():
    decision = reconcile_mailboxes([wanted(password_hash=HASH)], EMPTY)
    assert decision.problems == []
    assert [problem.cure for problem in decision.unmet] == ["create example.org with virtual_domain first"]
    assert decision.changes.mailboxes == [Change(ALICE, None, present())]


def test_a_mailbox_that_exists_needs_nothing():
    assert after(wanted(), present()) == present()


@pytest.mark.parametrize(
    "facts",
    [
        {"name": "Alice"},
        {"quota": 5},
        {"receive": False},
        {"send": False},
        {"login": False},
        {"send_as": ("@a.example",)},
    ],
)
def test_declared_facts_change_alone(facts):
    assert after(wanted(**facts), present()) == present(**facts)
    assert after(wanted(**facts), present(**facts)) == present(**facts)


def test_a_disabled_mailbox_is_not_routed():
    assert after(wanted(enabled=False), present()) == present(enabled=False, routed=False)
    assert after(wanted(), present(enabled=False, routed=False)) == present(enabled=False, routed=False)


def test_send_as_has_no_order():
    before = present(send_as=("a@x.y", "b@x.y"))
    assert after(wanted(send_as=("b@x.y", "a@x.y")), before) == before


def test_a_lost_alias_row_is_made_again():
    assert after(wanted(), present(route=(), routed=False)) == present()


# --- passwords ---


def test_an_unchanged_clear_password_is_no_change():
    assert after(wanted(password="x"), present(), unchanged={ALICE}) == present()


def test_another_clear_password_is_a_change():
    assert after(wanted(password="x"), present()) == present(password=PENDING)
    assert after(wanted(password_file="/x"), present()) == present(password=PENDING)


def test_the_same_hash_in_another_form_is_no_change():
    bare = HASH.partition("}")[2]
    assert after(wanted(password_hash=bare), present()) == present()
    assert after(wanted(password_hash=HASH), present(password=bare)) == present(password=bare)


def test_another_hash_is_stored_as_given():
    other = "$2y$05$" + "y" * 53
    assert after(wanted(password_hash=other), present()) == present(password=other)


@pytest.mark.parametrize("facts", [{"password": "x"}, {"password_hash": "y"}, {"password_file": "/z"}])
def test_on_create_leaves_a_password_alone(facts):
    assert after(wanted(on_create=True, **facts), present()) == present()
    (change,) = reconcile_mailboxes([wanted(on_create=True, **facts)], state()).changes.mailboxes
    assert change.after.password == facts.get("password_hash", PENDING)


# --- forwarding ---


@pytest.mark.parametrize(
    ("before", "facts", "route"),
    [
        ((ALICE,), {"forward_to": ("b@x.y",)}, (ALICE, "b@x.y")),
        ((ALICE,), {"forward_to": ("b@x.y",), "keep_copy": False}, ("b@x.y",)),
        ((ALICE, "b@x.y"), {"keep_copy": False}, ("b@x.y",)),
        (("b@x.y",), {"keep_copy": True}, (ALICE, "b@x.y")),
        (("b@x.y",), {"forward_to": ("c@x.y",)}, ("c@x.y",)),
        ((ALICE, "b@x.y"), {"forward_to": ()}, (ALICE,)),
        ((ALICE, "b@x.y", "c@x.y"), {"forward_to": ("c@x.y", "b@x.y")}, (ALICE, "b@x.y", "c@x.y")),
        (("b@x.y", ALICE), {"keep_copy": True}, ("b@x.y", ALICE)),
        ((), {"forward_to": ("b@x.y",)}, (ALICE, "b@x.y")),
    ],
)
def test_forwards_and_copies(before, facts, route):
    assert after(wanted(**facts), present(route=before)) == present(route=route)


def test_a_vacation_reply_of_postfixadmin_stays_on():
    vacation = "alice#example.org@autoreply.example.org"
    before = present(route=(ALICE, "b@x.y", vacation))
    assert after(wanted(forward_to=("c@x.y",)), before) == present(route=(ALICE, "c@x.y", vacation))


@pytest.mark.parametrize("facts", [{"keep_copy": False}, {"keep_copy": False, "forward_to": ()}])
def test_mail_must_go_somewhere(facts):
    (problem,) = reconcile_mailboxes([wanted(**facts)], state(present())).problems
    assert problem.option == f"{ALICE}: keep_copy"


# --- deleting ---


def test_an_absent_mailbox_is_deleted_once():
    assert reconcile_mailboxes([wanted(is_present=False)], state(present())).changes.mailboxes == [
        Change(ALICE, present(), None)
    ]
    assert reconcile_mailboxes([wanted(is_present=False)], state()).changes.mailboxes == []


def test_a_purge_can_be_kept_to_domains():
    boxes = [present(), present("bob@example.org"), present("carol@example.net")]
    gone = [change.key for change in reconcile_mailboxes([wanted()], state(*boxes), Purge(True)).changes.mailboxes]
    assert gone == ["bob@example.org", "carol@example.net"]
    kept = Purge(True, {"example.org"})
    assert [change.key for change in reconcile_mailboxes([wanted()], state(*boxes), kept).changes.mailboxes] == [
        "bob@example.org"
    ]


# --- limits ---


@pytest.mark.parametrize(("limit", "allowed"), [(0, True), (2, True), (1, False), (-1, False)])
def test_a_domain_may_limit_the_number_of_mailboxes(limit, allowed):
    there = state(present("bob@example.org"), domain=Domain("example.org", max_mailboxes=limit))
    problems = reconcile_mailboxes([wanted(password_hash=HASH)], there).problems
    assert [problem.option for problem in problems] == ([] if allowed else [f"{ALICE}: address"])


def test_a_deletion_makes_room():
    there = state(present("bob@example.org"), domain=Domain("example.org", max_mailboxes=1))
    boxes = [wanted(password_hash=HASH), wanted("bob@example.org", is_present=False)]
    assert reconcile_mailboxes(boxes, there).problems == []


def test_being_over_a_limit_already_forbids_no_other_change():
    there = state(
        present(quota=9 * MIB), present("bob@example.org"), domain=Domain("example.org", max_mailboxes=1, quota=5)
    )
    assert reconcile_mailboxes([wanted(name="A", quota=8 * MIB)], there).problems == []


@pytest.mark.parametrize(("quota", "allowed"), [(3, True), (4, False)])
def test_a_domain_may_limit_the_sum_of_quotas(quota, allowed):
    there = state(present("bob@example.org", quota=2 * MIB), domain=Domain("example.org", quota=5))
    problems = reconcile_mailboxes([wanted(password_hash=HASH, quota=quota * MIB)], there).problems
    assert [problem.option for problem in problems] == ([] if allowed else [f"{ALICE}: quota"])


@pytest.mark.parametrize(("host", "then"), [(None, "a"), ("b", "b"), ("", "")])
def test_who_keeps_the_mail(host, then):
    assert after(wanted(host=host), present(host="a")).host == then

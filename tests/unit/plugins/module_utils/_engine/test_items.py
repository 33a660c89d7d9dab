# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Items of plural modules, checked as Ansible checks options."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.arguments import ALIAS, DOMAIN, MAILBOX
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.items import checked_items


def test_values_are_converted_and_defaults_filled_in():
    given = {
        "address": "a@example.org",
        "enabled": "no",
        "send": True,
        "quota": 1024,
        "forward_to": "b@example.org, c@example.org",
        "send_as": ["d@example.org"],
        "name": None,
    }
    items, problems = checked_items("mailboxes", [given], MAILBOX)
    assert problems == []
    assert items == [
        {
            "address": "a@example.org",
            "state": "present",
            "delete_mail": False,
            "enabled": False,
            "send": True,
            "quota": "1024",
            "forward_to": ["b@example.org", "c@example.org"],
            "send_as": ["d@example.org"],
        }
    ]


def test_an_empty_text_is_an_empty_list():
    items, problems = checked_items("aliases", [{"address": "a@example.org", "destinations": ""}], ALIAS)
    assert (items[0]["destinations"], problems) == ([], [])


@pytest.mark.parametrize(
    ("spec", "item", "option", "message", "cure"),
    [
        (MAILBOX, {"adress": "x"}, "x[1].adress", "is not an option", "did you mean address"),
        (MAILBOX, {"address": "x", "zzz": 1}, "x[1].zzz", "is not an option", "use one of address"),
        (MAILBOX, {}, "x[1].address", "is missing", "every item needs address"),
        (MAILBOX, {"address": None}, "x[1].address", "is missing", "every item needs address"),
        (MAILBOX, {"address": ["a"]}, "x[1].address", "is not a text", "quotes"),
        (MAILBOX, {"address": "a", "name": True}, "x[1].name", "is not a text", "quotes"),
        (MAILBOX, {"address": "a", "state": "gone"}, "x[1].state", "none of the choices", "present, absent"),
        (MAILBOX, {"address": "a", "enabled": "maybe"}, "x[1].enabled", "neither true nor false", "true or false"),
        (MAILBOX, {"address": "a", "forward_to": {"b": 1}}, "x[1].forward_to", "is not a list", "list"),
        (DOMAIN, {"domain": "a", "max_aliases": "many"}, "x[1].max_aliases", "not a whole number", "number"),
        (DOMAIN, {"domain": "a", "max_aliases": True}, "x[1].max_aliases", "not a whole number", "number"),
    ],
)
def test_faults_are_named_with_their_place(spec, item, option, message, cure):
    good = {name: "a" for name, entry in spec.items() if entry.get("required")}
    _items, problems = checked_items("x", [good, item], spec)
    found = [problem for problem in problems if problem.option == option]
    assert len(found) == 1
    assert message in found[0].message
    assert cure in found[0].cure


def test_an_item_that_is_no_mapping_is_a_fault():
    _items, problems = checked_items("mailboxes", ["alice@example.org", {"address": "b@example.org"}], MAILBOX)
    assert [problem.option for problem in problems] == ["mailboxes[0]"]


def test_all_faults_are_found_and_secrets_are_not_shown():
    given = [{"address": "a", "password": ["secret"]}, {"address": "b", "password_hash": True, "send": 7}]
    _items, problems = checked_items("mailboxes", given, MAILBOX)
    assert [problem.option for problem in problems] == [
        "mailboxes[0].password",
        "mailboxes[1].password_hash",
        "mailboxes[1].send",
    ]
    assert "secret" not in "".join(map(str, problems))

# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a restore may be asked for."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._backup.selection import (
    matches,
    problems,
    selection_from,
)

NOTHING = {
    "mailboxes": [],
    "domains": [],
    "all_mail": False,
    "search": None,
    "accounts": "none",
    "paths": [],
    "queue": False,
}


def found(**options):
    params = {**NOTHING, **options}
    return [problem.option for problem in problems(selection_from(params), params)]


@pytest.mark.parametrize(
    "options",
    [
        {"mailboxes": ["a@b.test"]},
        {"mailboxes": ["a@b.test"], "search": {"subject": "x", "folder": "INBOX"}},
        {"domains": ["b.test"]},
        {"all_mail": True},
        {"accounts": "missing"},
        {"paths": ["/etc/postfix"]},
        {"queue": True},
    ],
)
def test_good_options_pass(options):
    assert found(**options) == []


@pytest.mark.parametrize(
    ("options", "option"),
    [
        ({}, ["mailboxes"]),
        ({"mailboxes": ["alice"]}, ["mailboxes"]),
        ({"mailboxes": ["a@../b"]}, ["mailboxes"]),
        ({"mailboxes": ["a@.."]}, ["mailboxes"]),
        ({"domains": [".."]}, ["domains"]),
        ({"domains": ["a/b"]}, ["domains"]),
        ({"paths": ["etc"]}, ["paths"]),
        ({"paths": ["/etc/../root"]}, ["paths"]),
        ({"all_mail": True, "domains": ["a.test"]}, ["all_mail"]),
        ({"mailboxes": ["a@b.test"], "search": {"sender": "x"}}, ["search.sender", "search"]),
        ({"domains": ["b.test"], "search": {"subject": "x"}}, ["search"]),
    ],
)
def test_bad_options_are_named(options, option):
    assert found(**options) == option


def test_where_it_lies():
    selection = selection_from({**NOTHING, "mailboxes": ["A@b.test", "a@B.test"], "domains": ["C.test"]})
    assert selection.wholes == ["c.test", "b.test/a"]
    assert selection_from({**NOTHING, "all_mail": True}).wholes == [""]


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        ({"message_id": "a@b"}, True),
        ({"message_id": "<a@b>"}, True),
        ({"message_id": "a"}, False),
        ({"subject": "INVOICE"}, True),
        ({"subject": "bill"}, False),
        ({"message_id": "a@b", "subject": "bill"}, False),
    ],
)
def test_a_message_is_found_by_its_headers(wanted, fits):
    assert matches(wanted, " <a@b>", "Your invoice 4711") is fits

# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each server of each table was asked by itself, and what is wrong with two of them was said."""

from __future__ import annotations

import json

import pytest

WHOLE, PART, DEAD = (f"ldap://127.0.0.1:{port}" for port in (3891, 3892, 3893))


@pytest.fixture(scope="module")
def answers(host):
    return json.loads(host.file("/srv/answers.json").content_string)


def by_place(answers, table):
    return {
        (one["server"], one["key"]): (one["status"], one["answer"])
        for one in answers["asked"]["lookups"]
        if one["map"] == f"ldap:/etc/postfix/ldap/{table}.cf"
    }


def test_a_bare_host_is_asked_nothing(answers):
    assert (answers["bare"]["installed"], answers["bare"]["ok"], answers["bare"]["lookups"]) == (False, False, [])


def test_domains_are_asked_for_at_each_server(answers):
    assert by_place(answers, "domains") == {
        (WHOLE, "example.test"): ("found", "example.test"),
        (PART, "example.test"): ("found", "example.test"),
        (DEAD, "example.test"): ("failed", None),
    }


def test_mailboxes_are_asked_for_at_each_server(answers):
    assert by_place(answers, "mailboxes") == {
        (WHOLE, "alice@example.test"): ("found", "alice@example.test"),
        (PART, "alice@example.test"): ("absent", None),
        (DEAD, "alice@example.test"): ("failed", None),
        (WHOLE, "nobody@example.test"): ("absent", None),
        (PART, "nobody@example.test"): ("absent", None),
        (DEAD, "nobody@example.test"): ("failed", None),
    }


def test_what_is_wrong_is_said_and_nothing_else(answers):
    problems = answers["asked"]["problems"]
    dead = [line for line in problems if f"at {DEAD} cannot answer for" in line]
    disagree = [
        line for line in problems if line.startswith("the servers of ldap:/etc/postfix/ldap/mailboxes.cf disagree")
    ]
    assert (len(dead), len(disagree), len(problems)) == (3, 1, 4)
    assert not answers["asked"]["ok"]


def test_a_failure_is_told_in_the_words_of_postfix(answers):
    failed = [one["message"] for one in answers["asked"]["lookups"] if one["status"] == "failed"]
    assert all("Can't contact LDAP server" in message for message in failed), failed


def test_a_single_server_is_asked_as_it_stands(answers):
    assert [(one["server"], one["status"]) for one in answers["chosen"]["lookups"]] == [(WHOLE, "absent")]
    assert answers["chosen"]["problems"] == ["no table knows alice@example.test"]


def test_no_secret_is_shown_and_no_copy_is_left(answers, host):
    assert "marked-bind-secret" not in json.dumps(answers)
    assert host.run("ls -d /tmp/postfix_manager-*").rc == 2

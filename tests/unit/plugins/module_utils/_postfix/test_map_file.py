# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lookup table files: rendered whole, and their secrets masked."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix import map_file


def test_rendering():
    text = map_file.render({"dbpath": "/x.sqlite", "query": "SELECT a FROM b WHERE c = '%s'", "empty": ""})
    assert text == map_file.HEADER + "dbpath = /x.sqlite\nquery = SELECT a FROM b WHERE c = '%s'\nempty =\n"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("password", "x", True),
        ("bind_pw", "x", True),
        ("PASSWD", "x", True),
        ("client_secret", "x", True),
        ("hosts", "postgresql://user:x@db.example.org/mail", True),
        ("password", "", False),
        ("hosts", "postgresql://db.example.org/mail", False),
        ("server_host", "ldap://ldap.example.org:389", False),
        ("query", "SELECT password FROM x", False),
        ("dbpath", "/var/lib/x", False),
        ("power", "x", False),
    ],
)
def test_secrets_are_known_by_name_and_value(name, value, expected):
    assert map_file.looks_secret(name, value) is expected


OLD = (
    "# password = hunter1\nuser = mail\npassword = hunter2\n  hunter3\nhosts = pg://u:hunter4@db\ndeclared = hunter5\n"
)


@pytest.mark.parametrize("new", [OLD, OLD.replace("hunter", "fisher"), "user = other\n", None])
def test_no_secret_is_shown(new):
    for text in (*map_file.masked(OLD, new, {"declared"}), *map_file.masked(new, OLD, {"declared"})):
        assert "hunter" not in (text or "")
        assert "fisher" not in (text or "")


def test_what_changes_is_seen():
    before, after = map_file.masked(OLD, OLD.replace("hunter5", "other"), {"declared"})
    assert before.splitlines()[-2:] == ["hosts = (secret)", "declared = (secret)"]
    assert after.splitlines()[-2:] == ["hosts = (secret)", "declared = (secret, changed)"]
    assert before.splitlines()[:2] == ["# (secret)", "user = mail"]
    assert map_file.masked(OLD, OLD, {"declared"})[0] == map_file.masked(OLD, OLD, {"declared"})[1]


def test_a_file_that_is_not_there_is_shown_as_none():
    assert map_file.masked(None, "a = 1\n", ()) == (None, "a = 1\n")
    assert map_file.masked("a = 1\n", None, ()) == ("a = 1\n", None)

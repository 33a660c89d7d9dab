# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries as declared: every problem at once, none for what Postfix takes."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.pattern_file import Rule
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.table_request import (
    read_entries,
    read_rules,
)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"a": "b"}, {"a": "b"}),
        ([{"key": "a", "value": "b c"}], {"a": "b c"}),
        ({"a": 5, "b": True, "c": ["x", "y"], "d": None}, {"a": "5", "b": "yes", "c": "x, y", "d": None}),
        ({'"a b"@x': "y", "\u00e4": "z"}, {'"a b"@x': "y", "\u00e4": "z"}),
        ({}, {}),
        ([], {}),
    ],
)
def test_good_entries(given, wanted):
    assert read_entries(given, "hash", secret=False) == (wanted, [])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"a b": "x"}, "white space"),
        ({"a\tb": "x"}, "white space"),
        ({"": "x"}, "empty key"),
        ({"a\nb": "x"}, "line break"),
        ({"#a": "x"}, "comment"),
        ({" #a": "x"}, "comment"),
        ({'"a': "x"}, "quote"),
        ({"a:": "x"}, "alias file"),
        ({"k" * 511: "x"}, "510 bytes"),
        ({"a": "x", "A": "y"}, "upper and lower case"),
        ([{"key": "a", "value": "x"}, {"key": "a", "value": "x"}], "upper and lower case"),
        ({"a": ""}, "no value"),
        ({"a": "  "}, "no value"),
        ({"a": "x\ny z"}, "line break"),
        ({"a": 1.5}, "fraction"),
        ({"a": {"b": "c"}}, "dictionary"),
        ([{"key": "a"}], "not understood"),
        ([{"key": "a", "value": "b", "x": 1}], "not understood"),
        (["a b"], "not understood"),
        ("a b", "neither a list nor a dictionary"),
    ],
)
def test_a_problem_is_found_alone_and_among_good_entries(given, said):
    problems = read_entries(given, "lmdb", secret=False)[1]
    assert len(problems) == 1
    assert said in problems[0].message
    if isinstance(given, dict):
        assert read_entries({"good": "one", **given}, "lmdb", secret=False)[1] == problems


def test_only_lmdb_has_short_keys():
    assert read_entries({"k" * 510: "x"}, "lmdb", secret=False)[1] == []
    assert read_entries({"k" * 511: "x"}, "hash", secret=False)[1] == []


def test_all_problems_come_at_once_and_no_secret_is_in_them():
    problems = read_entries({"a b": "hunter2", "#": ["hunter2", 1.5], "c": "hunter2\n"}, None, secret=True)[1]
    assert len(problems) == 4
    assert "hunter2" not in str([problem.as_dict() for problem in problems])


def test_rules_with_conditions_become_lines():
    given = [{"if": "/x/", "entries": [{"pattern": "/y/", "value": "OK"}]}, {"pattern": "/z/", "value": None}]
    lines = [(Rule("if /x/"), True), (Rule("/y/", "OK"), True), (Rule("endif"), True), (Rule("/z/"), False)]
    assert read_rules(given, secret=False) == (lines, [])


@pytest.mark.parametrize(
    ("given", "option"),
    [
        ({"/a/": "b"}, "entries"),
        ([{"pattern": "/a b", "value": "x"}], "entries[0].pattern"),
        ([{"pattern": "", "value": "x"}], "entries[0].pattern"),
        ([{"pattern": "if /a/", "value": "x"}], "entries[0].pattern"),
        ([{"pattern": "/a/\n/b/", "value": "x"}], "entries[0].pattern"),
        ([{"pattern": "/a/", "value": ""}], "entries[0].value"),
        ([{"pattern": "/a/", "value": "x"}, {"pattern": "/a/", "value": "y"}], "entries[1]"),
        ([{"if": "/a/", "entries": [{"pattern": "/b/"}]}], "entries[0].entries[0]"),
        ([{"if": "/a/"}], "entries[0]"),
    ],
)
def test_bad_rules_are_named(given, option):
    assert [problem.option for problem in read_rules(given, secret=False)[1]] == [option]

# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The alias file: what a person wrote stays, what is declared holds."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix import table_file
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.alias_file import (
    ALIASES,
    problems,
    values,
)

WRITTEN = """\
# See aliases(5)

postmaster:    root
Root: admin@example.org,
  # out of office
  second@example.org
"list owner": |"/usr/bin/owner -x", bob
postmaster: twice
"""


def edit(text, aliases, purge):
    return table_file.edit(text, values(aliases), purge, ALIASES).text


def test_what_is_declared_already_changes_nothing():
    declared = {
        "root": ["admin@example.org", "second@example.org"],
        "list owner": '|"/usr/bin/owner -x", bob',
    }
    assert edit(WRITTEN, declared, purge=False) == WRITTEN
    assert edit(WRITTEN, {}, purge=False) == WRITTEN


def test_a_changed_alias_keeps_its_place_and_later_duplicates_go():
    text = edit(WRITTEN, {"Postmaster": "alice"}, purge=False)
    assert text == WRITTEN.replace("postmaster:    root", "Postmaster: alice").replace("postmaster: twice\n", "")
    assert edit(text, {"Postmaster": "alice"}, purge=False) == text


def test_new_ones_come_last_and_null_removes():
    assert edit("# mine\na: b\n", {"a": None, "c d": ["e", "f"]}, purge=False) == '# mine\n"c d": e, f\n'


def test_purge_keeps_comments_and_declared_ones():
    assert edit(WRITTEN, {"root": "x"}, purge=True) == "# See aliases(5)\n\nroot: x\n  # out of office\n"


def test_an_include_list_and_a_line_without_colon_survive():
    text = "all: :include:/etc/list\nodd line\n"
    assert table_file.entries(text, ALIASES) == {"all": ":include:/etc/list"}
    assert edit(text, {}, purge=False) == text


@pytest.mark.parametrize(
    ("aliases", "option"),
    [
        ({"": "x"}, "aliases"),
        ({'a"b': "x"}, "aliases"),
        ({"a": ""}, "aliases.a"),
        ({"a": []}, "aliases.a"),
        ({"a": [1]}, "aliases.a"),
        ({"a": "b\nroot: evil"}, "aliases.a"),
        ({"a": "b", "A": "c"}, "aliases.A"),
    ],
)
def test_bad_input_is_named(aliases, option):
    assert [problem.option for problem in problems(aliases)] == [option]


def test_good_input_has_no_problem():
    assert problems({"root": "alice", "list": ["a", "b"], "gone": None}) == []

# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables whose rules are tried in order: the order is kept, comments stay, no secret is shown."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.pattern_file import (
    Rule,
    edit,
    masked,
    merged,
    rule,
    rules,
)

WRITTEN = """\
# first
/^a/   ONE
# second
/^b/i
    TWO words
if /^c/
/d/!/e/ THREE
endif
# last
"""
RULES = [Rule("/^a/", "ONE"), Rule("/^b/i", "TWO words"), Rule("if /^c/"), Rule("/d/!/e/", "THREE"), Rule("endif")]


def test_a_file_becomes_rules():
    assert rules(WRITTEN) == RULES


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("/a b/x OK", Rule("/a b/x", "OK")),
        ("!/a/ OK", Rule("!/a/", "OK")),
        (r"/a\/ b/ OK", Rule(r"/a\/ b/", "OK")),
        ("%/a/% OK", Rule("%/a/%", "OK")),
        ("192.0.2.0/24 OK", Rule("192.0.2.0/24", "OK")),
        ("::1/128 OK", Rule("::1/128", "OK")),
        ("::/0 OK", Rule("::/0", "OK")),
        ("!10.0.0.0/8 OK", Rule("!10.0.0.0/8", "OK")),
        ("IF  !/x/", Rule("if !/x/")),
        ("endif", Rule("endif")),
        ("/open", Rule("/open")),
    ],
)
def test_a_pattern_ends_where_postfix_ends_it(line, found):
    assert rule(line) == found


def test_the_same_rules_change_nothing():
    assert edit(WRITTEN, RULES).text == WRITTEN


def test_a_changed_rule_keeps_its_place_and_comments_stay():
    done = edit(WRITTEN, [RULES[0], Rule("/^b/i", "2"), Rule("/new/", "NEW"), *RULES[2:4], RULES[4]])
    assert done.text == WRITTEN.replace("/^b/i\n    TWO words\n", "/^b/i\t2\n/new/\tNEW\n")
    assert (done.added, done.changed, done.removed) == (("/new/",), ("/^b/i",), ())


def test_another_order_is_written():
    assert rules(edit(WRITTEN, [RULES[1], RULES[0]]).text) == [RULES[1], RULES[0]]


def test_a_new_rule_follows_the_declared_one_before_it():
    present = [Rule("/a/", "1"), Rule("/b/", "2"), Rule("/c/", "3")]
    new = Rule("/n/", "N")
    assert merged(present, [(present[0], True), (new, True)]) == ([present[0], new, *present[1:]], True)
    assert merged(present, [(new, True), (present[1], True)]) == ([present[0], new, *present[1:]], True)
    assert merged(present, [(new, True)]) == ([*present, new], True)
    assert merged(present, [(Rule("/b/"), False)]) == ([present[0], present[2]], True)
    assert merged(present, [(present[2], True), (present[0], True)])[1] is False


def test_masks_hide_values_and_comments():
    assert masked("# hunter1\n/a/ hunter2\n", "/a/ hunter2\n/b/ hunter3\nif /x/\nendif\n") == (
        "/a/\t(secret)\n",
        "/a/\t(secret)\n/b/\t(secret, changed)\nif /x/\nendif\n",
    )
